// SPDX-License-Identifier: Apache-2.0
// Options of a training do what they say: learning rates by part, precision, and what is changed while it goes on.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <map>
#include <thread>

#include "engine/train/learner.h"
#include "engine/train/run_content.h"
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
  return metric(run, "loss.total");
}

TEST(TrainPrecision, Bfloat16IsNearToSinglePrecisionAndNotTheSame) {
  const auto exact = losses({"train.lr=0"}), coarse = losses({"train.lr=0", "train.precision=bfloat16"});
  ASSERT_EQ(exact.size(), coarse.size());
  for (const auto& [step, loss] : exact) {
    EXPECT_NE(coarse.at(step), loss);
    // Eight bits of a product's factors, 2^-9 of each at most, in a few dozen layers whose errors partly cancel.
    EXPECT_NEAR(coarse.at(step), loss, 0.02 * std::abs(loss)) << step;
  }
}

/// A run in which `settings` are set after its first step, and what it then is in its journal and checkpoints.
struct Changed {
  explicit Changed(const std::vector<std::string>& settings)
      : run(makeRun(folder / "run", nano({"train.epochs=1", "train.keep_checkpoints=9", "train.accumulate=1"}))) {
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
  const Changed text({"train.hide.text=1"});
  EXPECT_GT(text.at("loss.language", 1), 0.0);
  EXPECT_EQ(text.at("loss.language", 2), 0.0);  // nothing is scored
  EXPECT_GT(text.at("gradient.language", 2), 0.0);
  const Changed graph({"train.hide.graph=1"});
  EXPECT_GT(graph.at("gradient.graph", 1), 0.0);
  const Changed all({"train.hide.climate=1", "train.hide.graph=0", "train.hide.spectrum=0", "train.hide.text=0",
                     "train.hide.scalars=0"});
  EXPECT_GT(all.at("loss.language", 2), 0.0);
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
}

}  // namespace
}  // namespace ecumene::engine::train
