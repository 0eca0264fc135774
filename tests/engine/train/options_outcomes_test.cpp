// SPDX-License-Identifier: Apache-2.0
// Every option of data and training does something: two values, two outcomes. Here what loop, feed and draws read; what
// needs a whole training stands elsewhere, and is named.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <unordered_map>

#include "data/base/error.h"
#include "engine/train/draws.h"
#include "engine/train/feed.h"
#include "engine/train/run_content.h"
#include "engine/train/tensors.h"
#include "tests/engine/train/fake_run.h"

namespace ecumene::engine::train {
namespace {

using test::FakeRun;
using test::Hooks;
using test::nano;

using Settings = std::vector<std::string>;
/// What comes of settings, in words that differ where anything does.
using Tell = std::string (*)(const Settings&);

std::string hex(const torch::Tensor& x) {
  std::ostringstream text;
  text << std::hexfloat;
  const torch::Tensor flat = x.detach().to(torch::kFloat64).contiguous().flatten();
  for (std::int64_t i = 0; i < flat.numel(); ++i) text << flat[i].item<double>() << ' ';
  return text.str();
}

/// A run of the loop: its journal but for what the clock says, its weights, the checkpoints that are left.
std::string ofLoop(const Settings& settings) {
  Settings all = {"train.epochs=6", "train.checkpoint_minutes=720"};
  all.insert(all.end(), settings.begin(), settings.end());
  FakeRun fake(all);
  std::ostringstream told;
  told << std::hexfloat;
  Hooks hooks;
  std::size_t evaluations = 0;
  constexpr std::array<double, 6> kScores = {5.0, 4.0, 3.0, 6.0, 7.0, 8.0};
  hooks.score = [&](double weight) { return kScores.at(evaluations++) + 1e-3 * weight; };
  hooks.gradient = [](std::int64_t step) {
    return step == 18 ? 60.0 : 1.0 + 0.1 * std::sin(static_cast<double>(step));
  };
  hooks.asked = [&](const config::RunSpec& /*spec*/, const StepKey& key) { told << "kl " << key.klShare << '\n'; };
  told << fake.train(hooks).step << '\n';
  for (const run::MetricRow& row : fake.run.metricsAfter(0)) {
    if (!test::isOfClock(row.name)) told << row.step << ' ' << row.name << ' ' << row.value << '\n';
  }
  const checkpoint::Checkpoint last = test::lastCheckpoint(fake.run);
  for (const auto* tensors : {&last.model, &last.averaged, &last.optimiser}) {
    for (const auto& [name, tensor] : *tensors) told << name << ' ' << hex(tensor) << '\n';
  }
  std::set<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator(fake.run.checkpoints())) {
    folders.insert(entry.path().filename());
  }
  for (const std::string& folder : folders) told << folder << '\n';
  return told.str();
}

struct SmallContent {
  SmallContent() : store(storeOf(nano())), content(makeContent(store, nano(), folder.path())) {}
  static const SmallContent& shared() {
    static const SmallContent made;
    return made;
  }
  test::TempFolder folder;
  data::store::Store store;
  data::batch::TrainingContent content;
};

/// The first epoch's micro-batches.
std::string ofFeed(const Settings& settings) {
  const config::RunSpec spec = nano(settings);
  const data::store::Store store = storeOf(spec);
  Feed feed(store, SmallContent::shared().content, spec, ofSplit(trainSplit(spec.data), spec));
  feed.start(0);
  std::ostringstream told;
  data::batch::MultiModalBatch batch;
  while (feed.next(batch)) {
    told << batch.textLength << " pieces:";
    for (const std::string& id : batch.sampleIds) told << ' ' << id;
    told << '\n';
  }
  return told.str();
}

std::ptrdiff_t threadsOfThisProcess() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

/// Threads that a feed has while a step computes.
std::string ofReaders(const Settings& settings) {
  Settings all = {"train.micro_batch=1"};  // more batches than may wait
  all.insert(all.end(), settings.begin(), settings.end());
  const config::RunSpec spec = nano(all);
  Feed feed(SmallContent::shared().store, SmallContent::shared().content, spec, ofSplit(trainSplit(spec.data), spec));
  const std::ptrdiff_t before = threadsOfThisProcess();
  feed.start(0);
  return std::to_string(threadsOfThisProcess() - before);
}

/// What a step draws for its samples.
std::string ofDraws(const Settings& settings) {
  static const auto batch = [] {
    const config::RunSpec spec = nano({"train.micro_batch=16"});
    const SmallContent& small = SmallContent::shared();
    Feed feed(small.store, small.content, spec, ofSplit(trainSplit(spec.data), spec));
    feed.start(0);
    data::batch::MultiModalBatch read;
    EXPECT_TRUE(feed.next(read));
    return read;
  }();
  models::unified::UnifiedInput input = toTensors(batch, torch::kCPU);
  drawForTraining(input, batch.sampleIds, nano(settings), 0);
  std::ostringstream told;
  const torch::Tensor masked = input.climate.hidden_BP.defined() ? input.climate.hidden_BP : torch::zeros({1});
  for (const torch::Tensor& x :
       {input.climate.keep_B, masked, input.graph.keep_B, input.graph.noise_BZ, input.spectrum.keep_B,
        input.text.keep_BT.any(1), input.scalars.present_BN, input.scalars.values_BN}) {
    told << hex(x) << '\n';
  }
  return told.str();
}

/// What Torch keeps for the whole process.
std::string ofTorch(const Settings& settings) {
  prepareTorch(nano(settings).train);
  std::ostringstream told;
  told << torch::get_num_threads() << (at::globalContext().deterministicAlgorithms() ? " the same bits" : "");
  // Written to twice, one place holds either value.
  const torch::Tensor one = torch::zeros({1});
  try {
    one.put_(torch::zeros({2}, torch::kInt64), torch::ones({2}));
    told << ", whichever comes last";
  } catch (const c10::Error&) {
    told << ", refused";
  }
  prepareTorch(nano().train);
  return told.str();
}

std::string ofDevice(const Settings& settings) {
  try {
    return deviceOf(nano(settings).train).str();
  } catch (const Error& error) {
    return error.what();
  }
}

/// Other planets than those of the small store.
const std::filesystem::path& otherStore() {
  static const test::TempFolder folder;
  static const std::filesystem::path store = [] {
    const std::filesystem::path made = folder / "store";
    const std::vector<std::string> words = {"generate",  "--planets", "6",       "--seed",     "43",
                                            "--threads", "1",         "--store", made.string()};
    EXPECT_EQ(test::ecumeneData(words).code, 0);
    return made;
  }();
  return store;
}

struct TwoValues {
  std::string key, value;  ///< another value than the preset nano's
  Tell tell;
  Settings with;  ///< settings without which the option says nothing
};

const std::vector<TwoValues>& cases() {
  static const std::vector<TwoValues> rows = {
      {"data.store", otherStore().string(), ofFeed, {}},
      {"data.split", "real", ofFeed, {}},
      {"data.text_length", "12", ofFeed, {}},
      {"data.graph_nodes", "450", ofFeed, {}},
      {"data.threads", "3", ofReaders, {}},
      {"data.together", "2", ofFeed, {}},
      {"data.scalar_error", "0.5", ofDraws, {}},
      {"train.seed", "2", ofDraws, {}},
      {"train.epochs", "3", ofLoop, {}},
      {"train.micro_batch", "4", ofLoop, {}},
      {"train.accumulate", "2", ofLoop, {}},
      {"train.optimiser", "lion", ofLoop, {}},
      {"train.lr", "0.002", ofLoop, {}},
      {"train.beta1", "0.5", ofLoop, {}},
      {"train.beta2", "0.9", ofLoop, {}},
      {"train.weight_decay", "0.5", ofLoop, {}},
      {"train.schedule", "constant", ofLoop, {}},
      {"train.warmup_share", "0.5", ofLoop, {}},
      {"train.final_share", "0.5", ofLoop, {}},
      {"train.restarts", "2", ofLoop, {"train.schedule=restarts"}},
      {"train.clip", "3", ofLoop, {}},
      {"train.ema", "0.5", ofLoop, {}},
      {"train.spike", "0", ofLoop, {}},
      {"train.device", "cuda", ofDevice, {}},
      {"train.threads", "2", ofTorch, {}},
      {"train.deterministic", "false", ofTorch, {}},
      {"train.rope_share", "0.5", ofLoop, {}},
      {"train.rope_begin", "0.5", ofLoop, {"train.rope_share=0.5"}},
      {"train.masked_share", "0.25", ofDraws, {}},
      {"train.kl_share", "0.5", ofLoop, {}},
      {"train.evaluate_epochs", "2", ofLoop, {}},
      {"train.patience", "2", ofLoop, {}},
      {"train.journal_steps", "3", ofLoop, {}},
      {"train.keep_checkpoints", "4", ofLoop, {}},
      {"train.hide.climate", "1", ofDraws, {}},
      {"train.hide.graph", "1", ofDraws, {}},
      {"train.hide.spectrum", "1", ofDraws, {}},
      {"train.hide.text", "1", ofDraws, {}},
      {"train.hide.scalars", "1", ofDraws, {}},
  };
  return rows;
}

/// Options whose two values are tried by another test, by its file and name.
struct Elsewhere {
  const char *key, *file, *test;
};
constexpr Elsewhere kElsewhere[] = {
    {"data.corpus", "adapt_test.cpp", "RefusesAnotherCorpusAndAnotherTokeniser"},
    {"data.tokeniser", "options_test.cpp", "IsTheFilesWhereOneIsGiven"},
    {"train.precision", "options_test.cpp", "Bfloat16IsNearToSinglePrecisionAndNotTheSame"},
    {"train.side_by_side", "trainer_test.cpp", "MicroBatchesSideBySideGiveTheWeightsOfOneAfterAnother"},
    {"train.parts", "trainer_test.cpp", "FrozenPartsKeepTheirWeights"},
    {"train.begin", "trainer_test.cpp", "BeginsWithThePartsThatOthersTrained"},
    {"train.checkpoint_minutes", "options_live_test.cpp", "AreDueByTheClockOrByWhatOneCosts"},
    {"train.failures_per_day", "options_live_test.cpp", "AreDueByTheClockOrByWhatOneCosts"},
    {"train.rate.climate", "options_test.cpp", "OfAPartMovesThatPartAlone"},
    {"train.rate.graph", "options_test.cpp", "OfAPartMovesThatPartAlone"},
    {"train.rate.spectrum", "options_test.cpp", "OfAPartMovesThatPartAlone"},
    {"train.rate.scalars", "options_test.cpp", "OfAPartMovesThatPartAlone"},
    {"train.rate.language", "options_test.cpp", "OfAPartMovesThatPartAlone"},
    {"train.rate.fusion", "options_test.cpp", "OfAPartMovesThatPartAlone"},
    {"train.rate.coupling", "options_test.cpp", "OfAPartMovesThatPartAlone"},
};

TEST(TrainOptions, TwoValuesGiveTwoOutcomes) {
  std::unordered_map<Tell, std::map<Settings, std::string>> usual;
  for (const TwoValues& of : cases()) {
    SCOPED_TRACE(of.key);
    Settings settings = of.with;
    const auto [found, fresh] = usual[of.tell].try_emplace(of.with);
    if (fresh) {
      found->second = of.tell(settings);
      EXPECT_EQ(found->second, of.tell(settings));  // or everything would differ
    }
    settings.push_back(of.key + "=" + of.value);
    EXPECT_TRUE(of.tell(settings) != found->second);
  }
}

TEST(TrainOptions, EachIsTriedHereOrWhereThisSays) {
  std::set<std::string> tried, all;
  for (const TwoValues& of : cases()) EXPECT_TRUE(tried.insert(of.key).second) << of.key;
  for (const Elsewhere& other : kElsewhere) {
    EXPECT_TRUE(tried.insert(other.key).second) << other.key;
    std::ifstream file(std::string("tests/engine/train/") + other.file);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NE(text.find(std::string(", ") + other.test + ") {"), std::string::npos) << other.file << ' ' << other.test;
  }
  config::RunSpec spec;
  models::spec::Options options;
  options.group("data", [&] { describe(options, spec.data); });
  options.group("train", [&] { describe(options, spec.train); });
  for (const models::spec::Option& row : options.rows()) all.insert(row.key);
  EXPECT_EQ(tried, all);
}

TEST(TrainOptions, MaskedShareIsThatOfEveryHiddenCube) {
  for (const double share : {0.25, 0.75}) {
    const std::string settings = "train.masked_share=" + std::to_string(share);
    const config::RunSpec spec = nano({"train.micro_batch=16", settings});
    Feed feed(SmallContent::shared().store, SmallContent::shared().content, spec, ofSplit(trainSplit(spec.data), spec));
    feed.start(0);
    data::batch::MultiModalBatch batch;
    ASSERT_TRUE(feed.next(batch));
    std::int64_t hidden = 0;
    for (std::int64_t step = 0; step < 6; ++step) {
      models::unified::UnifiedInput input = toTensors(batch, torch::kCPU);
      drawForTraining(input, batch.sampleIds, spec, step);
      const torch::Tensor share_Q = input.climate.hidden_BP.to(torch::kFloat64).mean(1);
      for (std::int64_t cube = 0; cube < share_Q.size(0); ++cube) {
        const double found = share_Q[cube].item<double>();
        EXPECT_TRUE(found == 0.0 || found == share) << found;
        hidden += found > 0.0 ? 1 : 0;
      }
    }
    EXPECT_GT(hidden, 0);
  }
}

}  // namespace
}  // namespace ecumene::engine::train
