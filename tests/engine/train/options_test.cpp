// SPDX-License-Identifier: Apache-2.0
// Options of a training do what they say: learning rates by part, precision, and what is changed while it goes on.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <thread>
#include <utility>

#include "data/batch/collate.h"
#include "data/batch/planet_samples.h"
#include "data/batch/tokeniser.h"
#include "engine/train/learner.h"
#include "engine/train/run_content.h"
#include "engine/train/tensors.h"
#include "tests/engine/train/small_run.h"

namespace ecumene::engine::train {
namespace {

using test::makeRun;
using test::metric;
using test::nano;
using test::trainHere;

TEST(TrainRate, OfAPartMovesThatPartAlone) {
  const test::TempFolder folder;
  const config::RunSpec plain = nano();
  const data::batch::TrainingContent content = makeContent(storeOf(plain), plain, folder.path());
  // How far each weight goes in a first step in which every gradient is 1.
  const auto moved = [&](const config::RunSpec& spec) {
    const Network network(spec, content, torch::kCPU);
    Learner learner(network.model, network.attention, spec.train);
    const auto before = learner.capture();
    std::map<std::string, torch::Tensor> first;
    for (const auto& [name, weight] : before.model) first[name] = weight.detach().to(torch::kFloat64);
    for (torch::Tensor& weight : learner.learning()) weight.mutable_grad() = torch::ones_like(weight);
    learner.update(1e-3, 0.0);
    std::map<std::string, torch::Tensor> distance;
    for (const auto& [name, weight] : learner.capture().model) {
      distance[name] = weight.detach().to(torch::kFloat64) - first[name];
    }
    return distance;
  };
  const auto usual = moved(plain);
  for (const std::string_view part : config::kPartNames) {
    config::RunSpec spec = plain;
    config::set(spec, "train.rate." + std::string(part) + "=4");
    std::size_t its = 0;
    for (const auto& [name, distance] : moved(spec)) {
      if (config::kPartNames.at(partOf(name)) != part) {
        EXPECT_TRUE(torch::equal(distance, usual.at(name))) << part << ' ' << name;
        continue;
      }
      ++its;
      // AdamW's first step and its decay are both proportional to the rate; weights of about 1 are rounded at 6e-8.
      EXPECT_TRUE(torch::allclose(distance, 4.0 * usual.at(name), 1e-3, 1e-6)) << part << ' ' << name;
      EXPECT_GT(distance.abs().max().item<double>(), 3e-3) << part << ' ' << name;
    }
    EXPECT_GT(its, 0U) << part;
  }
}

/// Losses of the steps of a run without dropout.
std::map<std::int64_t, double> losses(const std::vector<std::string>& settings) {
  const test::TempFolder folder;
  std::vector<std::string> all = {"train.epochs=1", "train.schedule=constant", "train.warmup_share=0"};
  all.insert(all.end(), settings.begin(), settings.end());
  run::RunDirectory run = makeRun(folder / "run", nano(all));
  (void)trainHere(run);
  std::map<std::int64_t, double> made = metric(run, "loss.total");
  for (const auto& [step, scale] : metric(run, "loss_scale")) {
    EXPECT_EQ(scale > 1.0, std::ranges::count(settings, "train.precision=float16") > 0) << step;
  }
  return made;
}

/// Of each step that both made.
void expectNear(const std::map<std::int64_t, double>& exact, const std::map<std::int64_t, double>& coarse,
                double tolerance) {
  ASSERT_FALSE(coarse.empty());
  EXPECT_GE(coarse.size() + 4, exact.size());  // a loss scale that is too large costs a step
  for (const auto& [step, loss] : coarse) {
    EXPECT_NE(exact.at(step), loss) << step;
    EXPECT_NEAR(exact.at(step), loss, tolerance * std::abs(exact.at(step))) << step;
  }
}

TEST(TrainPrecision, Bfloat16IsNearToSinglePrecisionAndNotTheSame) {
  // Eight bits of a product's factors, 2^-9 of each at most, in a few dozen layers whose errors partly cancel.
  expectNear(losses({"train.lr=0"}), losses({"train.lr=0", "train.precision=bfloat16"}), 0.02);
}

TEST(TrainPrecision, Float16IsNearerStill) {
  // A step that the loss scale costs is not remembered by the contrast.
  const std::vector<std::string> usual = {"train.lr=0", "loss.contrastive=0"};
  const auto with = [&](const char* precision) {
    std::vector<std::string> settings = usual;
    settings.emplace_back(std::string("train.precision=") + precision);
    return losses(settings);
  };
  const auto exact = losses(usual), narrow = with("float16"), brief = with("bfloat16");
  expectNear(exact, narrow, 0.01);
  // Of the steps that all made: float16 has three more bits.
  double ofNarrow = 0.0, ofBrief = 0.0;
  for (const auto& [step, loss] : narrow) {
    ofNarrow += std::abs(loss - exact.at(step));
    ofBrief += std::abs(brief.at(step) - exact.at(step));
  }
  EXPECT_LT(ofNarrow, ofBrief);
}

TEST(TrainPrecision, NarrowTypesLearnWhatSinglePrecisionLearns) {
  const std::vector<std::string> usual = {"train.epochs=3", "train.lr=0.003"};
  const auto with = [&](const char* precision) {
    std::vector<std::string> settings = usual;
    settings.emplace_back(std::string("train.precision=") + precision);
    return losses(settings);
  };
  const auto exact = losses(usual);
  const double first = exact.begin()->second, last = exact.rbegin()->second;
  ASSERT_LT(last, 0.8 * first);
  expectNear(exact, with("bfloat16"), 0.05);
  // The scale of its loss costs float16 some of the few steps.
  EXPECT_LT(with("float16").rbegin()->second, last + 0.2 * first);
}

TEST(Tokeniser, IsTheFilesWhereOneIsGiven) {
  const test::TempFolder folder;
  const std::string given = (folder / "given.model").string();
  const std::vector<std::string> texts = {"A tokeniser of its own, trained on a text that no planet has."};
  const std::string sha256 = data::batch::Tokeniser::train(texts, {300}, given).sha256();
  const auto made = [&](const config::RunSpec& spec, const char* name) {
    std::filesystem::create_directory(folder / name);
    return makeContent(storeOf(spec), spec, folder / name).tokeniser->sha256();
  };
  EXPECT_EQ(made(nano({"data.tokeniser=" + given}), "with"), sha256);
  EXPECT_NE(made(nano(), "without"), sha256);
}

/// A run in which `settings` are set after its first step, and what it then is in its journal and checkpoints.
struct Changed {
  explicit Changed(const std::vector<std::string>& settings, std::vector<std::string> before = {})
      : run(makeRun(folder / "run", begun(std::move(before)))) {
    TrainOptions options;
    std::int64_t made = 0;
    options.onStep = [&](const Status& status) {
      made = status.step;
      if (status.step != 1 || !status.note.empty()) return;
      for (const std::string& setting : settings) (void)run.request("set", setting);
      // Commands are looked for ten times a second.
      std::this_thread::sleep_for(std::chrono::milliseconds(120));
    };
    options.interrupted = [&] { return made >= 2; };
    (void)trainHere(run, options);
    for (const run::Command& command : run.commands()) EXPECT_EQ(command.state, "done") << command.answer;
  }
  static config::RunSpec begun(std::vector<std::string> before) {
    before.insert(before.end(), {"train.epochs=1", "train.keep_checkpoints=9", "train.accumulate=1"});
    return nano(before);
  }
  [[nodiscard]] double at(const std::string& name, std::int64_t step) const { return metric(run, name).at(step); }
  [[nodiscard]] checkpoint::Checkpoint checkpoint(std::int64_t step) const {
    return checkpoint::read(checkpoint::folderOf(run.checkpoints(), step));
  }
  test::TempFolder folder;
  run::RunDirectory run;
};

TEST(LiveOptions, WeightsOfTheLossHoldFromTheNextStepOn) {
  const Changed changed({"loss.supervised=2", "loss.language=0.5", "loss.graph=0", "loss.physics=0",
                         "loss.contrastive=0", "loss.reasoning=0"});
  const auto total = [&](std::int64_t step) {
    return 2.0 * changed.at("loss.supervised", step) + 0.5 * changed.at("loss.language", step);
  };
  EXPECT_NEAR(changed.at("loss.total", 2), total(2), 1e-5 * total(2));
  EXPECT_GT(std::abs(changed.at("loss.total", 1) - total(1)), 1e-2);
}

TEST(LiveOptions, ViewsAreHiddenFromTheNextStepOn) {
  // Nothing is hidden at first; then one view, of which its part learns nothing any more. The language part still reads
  // the others, but there is no text to be scored.
  const std::vector<std::string> none = {"train.hide.climate=0", "train.hide.graph=0", "train.hide.spectrum=0",
                                         "train.hide.text=0", "train.hide.scalars=0"};
  const std::map<std::string, std::string> readBy = {{"climate", "gradient.climate"},
                                                     {"graph", "gradient.graph"},
                                                     {"spectrum", "gradient.spectrum"},
                                                     {"text", "loss.language"},
                                                     {"scalars", "gradient.scalars"}};
  for (const auto& [hidden, its] : readBy) {
    const Changed changed({"train.hide." + hidden + "=1"}, none);
    for (const auto& [view, metric] : readBy) {
      EXPECT_GT(changed.at(metric, 1), 0.0) << hidden << ": " << metric;
      if (view == hidden) {
        EXPECT_EQ(changed.at(metric, 2), 0.0) << metric;
      } else {
        EXPECT_GT(changed.at(metric, 2), 0.0) << hidden << ": " << metric;
      }
    }
  }
}

TEST(LiveOptions, ClippingHoldsFromTheNextStepOn) {
  const Changed changed({"train.clip=1e-9"});
  EXPECT_GT(changed.at("gradient.norm", 2), 1e-3);
  // AdamW's first moment: m_2 = 0.9 m_1 + 0.1 g_2, with g_2 of norm 1e-9.
  const auto first = changed.checkpoint(1), second = changed.checkpoint(2);
  for (const auto& [name, moment] : second.optimiser) {
    if (!name.starts_with("exp_avg/")) continue;
    EXPECT_TRUE(torch::allclose(moment, 0.9 * first.optimiser.at(name), 1e-5, 1e-9)) << name;
  }
  const Changed usual({});
  bool differs = false;
  const auto other = usual.checkpoint(2);
  for (const auto& [name, moment] : second.optimiser) {
    differs = differs || (name.starts_with("exp_avg/") && !torch::allclose(moment, other.optimiser.at(name)));
  }
  EXPECT_TRUE(differs);
}

TEST(LiveOptions, DropoutHoldsFromTheNextStepOn) {
  const Changed usual({}), changed({"model.language.dropout=0.5"});
  EXPECT_EQ(changed.at("loss.language", 1), usual.at("loss.language", 1));
  EXPECT_NE(changed.at("loss.language", 2), usual.at("loss.language", 2));
}

TEST(PastEpochs, AStoreThatHasThemTrainsAndAnswers) {
  const test::TempFolder folder;
  const std::string store = (folder / "store").string();
  const test::Finished generated = test::ecumeneData(
      {"generate", "--planets", "3", "--epochs", "2", "--seed", "42", "--threads", "1", "--store", store});
  ASSERT_EQ(generated.code, 0) << generated.err;
  config::RunSpec spec = nano({"train.epochs=1"});
  spec.data.store = store;
  run::RunDirectory run = makeRun(folder / "run", spec);
  EXPECT_EQ(trainHere(run).ending, Ending::kFinished);
  for (const auto& [step, loss] : metric(run, "loss.total")) EXPECT_TRUE(std::isfinite(loss)) << step;
  const auto said = predictPlanets(run, {"all", {}});
  EXPECT_EQ(said.size(), 3 * data::planet::kArchetypeCount);
  for (const auto& row : said) EXPECT_TRUE(std::isfinite(row.fHab.mean)) << row.sample;

  // Another past of the same present is another answer.
  const data::batch::TrainingContent content = loadContent(run, spec);
  const Network network = loadBest(run, spec, content);
  data::batch::Collator collator(content.statistics, content.tokeniser, content.vocabulary,
                                 {.textLength = static_cast<std::size_t>(spec.data.textLength)});
  const auto answer = [&](const data::planet::Planet& planet) {
    const torch::NoGradGuard noGradients;
    data::loader::Batch samples;
    samples.samples = data::batch::samplesOf(planet);
    const data::batch::MultiModalBatch batch = collator.collate(samples);
    return network.model->forward(toTensors(batch, torch::kCPU)).fusion.prediction.fHab.logits.clone();
  };
  data::planet::Planet planet = storeOf(spec).get(said.front().planet);
  const std::size_t epochs = planet.climate->grid.epochs();
  ASSERT_GT(epochs, 1U);
  ASSERT_LT(planet.climate->grid.epochGyr.front(), planet.climate->grid.epochGyr.back());
  const torch::Tensor own = answer(planet);
  EXPECT_TRUE(torch::equal(answer(planet), own));
  for (data::planet::Field& field : planet.climate->fields) {
    if (field.id != data::planet::VariableId::kSurfaceTemperature) continue;
    const auto first = static_cast<std::ptrdiff_t>(field.values.size() / epochs);
    for (auto value = field.values.begin(); value != field.values.begin() + first; ++value) *value -= 30.0F;
  }
  EXPECT_GT((answer(planet) - own).abs().max().item<double>(), 1e-5);
}

}  // namespace
}  // namespace ecumene::engine::train
