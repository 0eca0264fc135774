// SPDX-License-Identifier: Apache-2.0
// The same step and the same run on a GPU as on the CPU, which is the truth here. What needs a GPU says so where there
// is none; the narrower types and a run that goes on are tried on the CPU too.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "data/base/files.h"
#include "engine/train/step.h"
#include "tests/engine/train/small_run.h"

namespace ecumene::engine::train {
namespace {

bool lacks(const std::string& device) {
  return device != "cpu" && !torch::cuda::is_available();
}
constexpr const char* kNoGpu = "there is no GPU that Torch can use";

/// The first step of the preset nano, and the weights that it makes.
struct FirstStep {
  FirstStep(const std::string& device, const std::string& precision) {
    const config::RunSpec spec = test::nano({"train.device=" + device, "train.precision=" + precision});
    prepareTorch(spec.train);
    const data::store::Store store = storeOf(spec);
    const test::TempFolder folder;
    const data::batch::TrainingContent content = makeContent(store, spec, folder.path());
    Network network(spec, content, deviceOf(spec.train));
    network.model->train();
    Learner learner(network.model, network.attention, spec.train);
    Feed feed(store, content, spec, ofSplit(trainSplit(spec.data), spec));
    feed.start(0);
    StepKey key;
    if (precision == "float16") key.lossScale = 1024.0;
    std::vector<data::batch::MultiModalBatch> batches;
    gradient = takeGradient(network, learner, feed, spec, key, batches);
    for (const auto& parameter : network.model->named_parameters()) {
      before[parameter.key()] = parameter.value().detach().to(torch::kCPU, torch::kFloat64, false, true);
      if (!parameter.value().grad().defined()) continue;
      gradients[parameter.key()] = parameter.value().grad().to(torch::kCPU, torch::kFloat64, false, true);
    }
    learner.update(spec.train.learningRate, 0.0);
    for (const auto& parameter : network.model->named_parameters()) {
      EXPECT_EQ(parameter.value().device().type(), deviceOf(spec.train).type()) << parameter.key();
      after[parameter.key()] = parameter.value().detach().to(torch::kCPU, torch::kFloat64, false, true);
    }
  }
  StepGradient gradient;
  std::map<std::string, torch::Tensor> gradients, before, after;
};

const FirstStep& truth() {
  static const FirstStep made("cpu", "float32");
  return made;
}

struct Kind {
  const char *device, *precision;
  double ofLoss, ofGradient;  ///< largest relative error
};
struct FirstStepOn : testing::TestWithParam<Kind> {};

TEST_P(FirstStepOn, IsThatOfTheCpuInFloat32) {
  const Kind kind = GetParam();
  if (lacks(kind.device)) GTEST_SKIP() << kNoGpu;
  const FirstStep &made = FirstStep(kind.device, kind.precision), &expected = truth();
  EXPECT_EQ(made.gradient.sampleIds, expected.gradient.sampleIds);
  EXPECT_NEAR(made.gradient.loss, expected.gradient.loss, kind.ofLoss * std::abs(expected.gradient.loss));
  ASSERT_EQ(made.gradients.size(), expected.gradients.size());
  std::map<std::size_t, std::pair<double, double>> squares;  // of errors and of gradients, by part
  for (const auto& [name, gradient] : expected.gradients) {
    auto& [error, size] = squares[partOf(name)];
    error += (made.gradients.at(name) - gradient).square().sum().item<double>();
    size += gradient.square().sum().item<double>();
    EXPECT_TRUE(made.after.at(name).isfinite().all().item<bool>()) << name;
    const bool moves = !torch::equal(made.after.at(name), made.before.at(name));
    EXPECT_TRUE(moves || made.gradients.at(name).count_nonzero().item<std::int64_t>() == 0) << name;
  }
  for (const auto& [part, sums] : squares) {
    const double relative = std::sqrt(sums.first / sums.second);
    RecordProperty(std::string(config::kPartNames.at(part)), std::to_string(relative));
    EXPECT_LT(relative, kind.ofGradient) << config::kPartNames.at(part);
  }
}

std::string nameOf(const testing::TestParamInfo<Kind>& kind) {
  return kind.param.precision;
}

INSTANTIATE_TEST_SUITE_P(Cpu, FirstStepOn,
                         testing::Values(Kind{"cpu", "bfloat16", 2e-2, 0.1}, Kind{"cpu", "float16", 5e-3, 0.02}),
                         nameOf);
// Convolutions of a GPU round to TF32 in float32.
INSTANTIATE_TEST_SUITE_P(Gpu, FirstStepOn,
                         testing::Values(Kind{"cuda", "float32", 1e-3, 0.01}, Kind{"cuda", "bfloat16", 2e-2, 0.1},
                                         Kind{"cuda", "float16", 5e-3, 0.02}),
                         nameOf);

/// What a run's weights say of a planet on a device.
std::vector<report::Prediction> saidOn(const run::RunDirectory& run, const std::string& device) {
  Asked asked;
  asked.planet = storeOf(run.spec()).list().front().id;
  asked.place.device = device;
  return predictPlanets(run, asked);
}

/// A run that was never cut, on the CPU.
struct WholeRun {
  std::map<std::int64_t, double> losses;
  std::vector<report::Prediction> said;
};
const WholeRun& wholeRun() {
  static const WholeRun whole = [] {
    const test::TempFolder folder;
    run::RunDirectory run = test::makeRun(folder / "run", test::nano({"train.epochs=1"}));
    EXPECT_EQ(test::trainHere(run).ending, Ending::kFinished);
    return WholeRun{test::metric(run, "loss.total"), saidOn(run, "cpu")};
  }();
  return whole;
}

struct Devices {
  const char *from, *to;
};
struct RunGoesOn : testing::TestWithParam<Devices> {};

TEST_P(RunGoesOn, AndPredictsThere) {
  const auto [from, to] = GetParam();
  if (lacks(from) || lacks(to)) GTEST_SKIP() << kNoGpu;
  constexpr std::int64_t kCut = 3;
  const test::TempFolder folder;
  config::RunSpec spec = test::nano({"train.epochs=1", std::string("train.device=") + from});
  {
    run::RunDirectory run = test::makeRun(folder / "run", spec);
    std::int64_t made = 0;
    TrainOptions cut;
    cut.onStep = [&](const Status& status) { made = status.step; };
    cut.interrupted = [&] { return made == kCut; };
    EXPECT_EQ(test::trainHere(run, cut).ending, Ending::kInterrupted);
    EXPECT_EQ(test::lastCheckpoint(run).progress.step, kCut);
  }
  spec = run::RunDirectory::open(folder / "run").spec();
  spec.train.device = to;
  writeFileAtomically(folder / "run" / "run.toml", config::toToml(spec));
  run::RunDirectory run = run::RunDirectory::open(folder / "run");
  EXPECT_EQ(test::trainHere(run).ending, Ending::kFinished);
  const auto losses = test::metric(run, "loss.total");
  ASSERT_EQ(losses.size(), wholeRun().losses.size());
  for (const auto& [step, loss] : wholeRun().losses) EXPECT_NEAR(losses.at(step), loss, 0.01 * std::abs(loss)) << step;

  // A GPU's steps make other weights than the CPU's, so its predictions are held against these weights on the CPU.
  const bool onGpu = std::string(from) != "cpu" || std::string(to) != "cpu";
  const auto there = saidOn(run, to), here = onGpu ? saidOn(run, "cpu") : wholeRun().said;
  ASSERT_EQ(there.size(), here.size());
  for (std::size_t i = 0; i < here.size(); ++i) {
    EXPECT_EQ(there[i].sample, here[i].sample);
    EXPECT_NEAR(there[i].viable, here[i].viable, 1e-3);
    EXPECT_NEAR(there[i].fHab.mean, here[i].fHab.mean, 1e-3);
  }
}

std::string wayOf(const testing::TestParamInfo<Devices>& way) {
  return std::string(way.param.from) + "_" + way.param.to;
}

INSTANTIATE_TEST_SUITE_P(Cpu, RunGoesOn, testing::Values(Devices{"cpu", "cpu"}), wayOf);
INSTANTIATE_TEST_SUITE_P(Gpu, RunGoesOn,
                         testing::Values(Devices{"cuda", "cuda"}, Devices{"cuda", "cpu"}, Devices{"cpu", "cuda"}),
                         wayOf);

}  // namespace
}  // namespace ecumene::engine::train
