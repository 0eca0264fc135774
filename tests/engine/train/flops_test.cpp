// SPDX-License-Identifier: Apache-2.0
#include "engine/train/flops.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "engine/train/learner.h"
#include "engine/train/peak.h"
#include "engine/train/side_by_side.h"
#include "models/layers/checkpointed.h"
#include "tests/engine/train/fake_run.h"

namespace ecumene::engine::train {
namespace {

template <class Work>
double countOf(Work work) {
  const FlopCounter counter;
  work();
  return counter.count();
}

torch::Tensor learned(at::IntArrayRef sizes) {
  return torch::randn(sizes).requires_grad_(true);
}

TEST(FlopCounter, AProductIsTwoOperationsAPairForwardsAndAsMuchForEachGradient) {
  const torch::Tensor x = torch::randn({5, 7}), weight = learned({3, 7}), bias = learned({3});
  const double product = 2.0 * 5 * 7 * 3;
  torch::Tensor y;
  EXPECT_EQ(countOf([&] { y = torch::nn::functional::linear(x, weight, bias); }), product);
  // x wants no gradient.
  EXPECT_EQ(countOf([&] { y.sum().backward(); }), product);
  const torch::Tensor a = learned({4, 2, 6, 5}), b = learned({4, 2, 5, 3});
  EXPECT_EQ(countOf([&] { torch::matmul(a, b).sum().backward(); }), 3 * 2.0 * 4 * 2 * 6 * 5 * 3);
  EXPECT_EQ(countOf([&] { (void)(x + 1.0).exp().sum(); }), 0.0);
  (void)torch::mm(x, weight.t());  // nobody counts
  EXPECT_EQ(countOf([] {}), 0.0);
}

TEST(FlopCounter, AConvolutionSumsOverItsKernelForEachResult) {
  // 9 x 8 maps, padded by 1, steps of 2: 5 x 4 results of 6 channels, each of 3 x 3 numbers of the 4 / 2 channels of
  // its group.
  const torch::Tensor maps = learned({2, 4, 9, 8}), kernel = learned({6, 2, 3, 3});
  const double forward = 2.0 * (2 * 6 * 5 * 4) * (2 * 3 * 3);
  EXPECT_EQ(countOf([&] {
              torch::conv2d(maps, kernel, std::nullopt, {2, 2}, at::IntArrayRef{1, 1}, {1, 1}, 2).sum().backward();
            }),
            3 * forward);
  // One number for all axes, as the climate part says it: 7 x 6 results.
  EXPECT_EQ(countOf([&] { (void)torch::conv2d(maps, kernel, std::nullopt, 1, at::IntArrayRef{0}, 1, 2); }),
            2.0 * (2 * 6 * 7 * 6) * (2 * 3 * 3));
}

TEST(FlopCounter, AttentionIsItsTwoProducts) {
  const std::int64_t samples = 2, heads = 3, queries = 4, keys = 6, width = 8;
  const torch::Tensor q = learned({samples, heads, queries, width}), k = learned({samples, heads, keys, width}),
                      v = learned({samples, heads, keys, width});
  const auto product = static_cast<double>(2 * samples * heads * queries * keys * width);
  EXPECT_EQ(countOf([&] { (void)at::scaled_dot_product_attention(q, k, v); }), 2 * product);
  EXPECT_EQ(countOf([&] { at::scaled_dot_product_attention(q, k, v).sum().backward(); }), 6 * product);
}

TEST(FlopCounter, WhatIsComputedASecondTimeToSaveMemoryIsNotCounted) {
  const torch::Tensor x = learned({5, 7}), weight = learned({7, 3});
  const auto forward = [&](const std::vector<torch::Tensor>& given) { return torch::mm(given.front(), weight); };
  EXPECT_EQ(countOf([&] { forward({x}).sum().backward(); }), 3 * 2.0 * 5 * 7 * 3);
  EXPECT_EQ(countOf([&] { models::layers::checkpointed(forward, {x}, {weight}).sum().backward(); }),
            3 * 2.0 * 5 * 7 * 3);
}

TEST(FlopCounter, MicroBatchesSideBySideAreCounted) {
  config::TrainSpec spec;
  spec.threads = 3;
  const torch::Tensor x = torch::randn({5, 7}), weight = learned({7, 3});
  EXPECT_EQ(countOf([&] {
              runSideBySide(3, spec, 3,
                            [&](std::size_t) { (void)torch::autograd::grad({torch::mm(x, weight).sum()}, {weight}); });
            }),
            3 * 2 * 2.0 * 5 * 7 * 3);
}

TEST(Learner, AnglesAreThoseToTheMeanOfEarlierGradients) {
  for (const char* optimiser : {"adamw", "lion", "sophia"}) {
    config::TrainSpec spec = config::preset("nano").train;
    spec.optimiser = optimiser;
    auto module = std::make_shared<torch::nn::Module>();
    torch::Tensor fusion = module->register_parameter("fusion", torch::ones({2, 2}));
    torch::Tensor graph = module->register_parameter("graph", torch::ones({2}));
    Learner learner(module, {}, spec);
    const auto angle = [&](const char* parameter) { return learner.gradientAngles().at(partOf(parameter)); };
    fusion.mutable_grad() = torch::tensor({{3.0F, 0.0F}, {0.0F, 0.0F}});
    EXPECT_TRUE(std::isnan(angle("fusion"))) << "nothing before the first";
    learner.update(1e-3, 0.0);
    // The mean is along the first axis now, however long it is.
    EXPECT_NEAR(angle("fusion"), 0.0, 0.05);
    fusion.mutable_grad() = torch::tensor({{1.0F, std::sqrt(3.0F)}, {0.0F, 0.0F}});
    EXPECT_NEAR(angle("fusion"), 60.0, 1e-4) << optimiser;
    fusion.mutable_grad() = torch::tensor({{0.0F, 0.0F}, {0.0F, 5.0F}});
    EXPECT_NEAR(angle("fusion"), 90.0, 1e-4) << optimiser;
    fusion.mutable_grad() = torch::tensor({{-1.0F, 1.0F}, {0.0F, 0.0F}});
    EXPECT_NEAR(angle("fusion"), 135.0, 1e-4) << optimiser;
    EXPECT_TRUE(std::isnan(angle("graph"))) << "it has no gradient";
  }
}

TEST(Peak, MfuIsTheShareOfAKnownPeakAndElseThereIsNone) {
  // NVIDIA's H200 data sheet: 1,979 TFLOP/s in bfloat16 with sparsity, 67 in FP32.
  EXPECT_NEAR(peakFlopsPerSecond("NVIDIA H200", "bfloat16").value(), 1979e12 / 2, 1e9);
  EXPECT_EQ(peakFlopsPerSecond("NVIDIA H200", "float32"), 67e12);
  // A slice of one has not its peak.
  EXPECT_EQ(peakFlopsPerSecond("NVIDIA H200 MIG 1g.18gb", "bfloat16"), std::nullopt);
  EXPECT_EQ(peakFlopsPerSecond(deviceName(torch::Device(torch::kCPU)), "float32"), std::nullopt);

  StepGradient step;
  step.samples = 4;
  const auto rowOf = [&](std::optional<double> peak, double flops) {
    Journal journal(peak);
    journal.restartClock({});
    journal.add(step, {}, 1e-3, 0.0);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    (void)journal.row({});
    journal.add(step, {}, 1e-3, 0.0);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (flops > 0.0) journal.add({flops, {}});
    std::map<std::string, double> row;
    for (const run::Metric& metric : journal.row({})) row[metric.name] = metric.value;
    return row;
  };
  const auto known = rowOf(1e9, 8e6), unknown = rowOf(std::nullopt, 8e6), plain = rowOf(1e9, 0.0);
  EXPECT_NEAR(known.at("mfu"), known.at("flops_per_s") / 1e9, 1e-12);
  // 2e6 operations a sample, 8 samples in the 10 ms or more of two rows.
  EXPECT_GT(known.at("flops_per_s"), 0.0);
  EXPECT_LE(known.at("flops_per_s"), 2e6 * 8 / 0.010);
  EXPECT_TRUE(unknown.contains("flops_per_s"));
  EXPECT_FALSE(unknown.contains("mfu"));
  EXPECT_FALSE(plain.contains("flops_per_s"));
}

TEST(Loop, LooksCloserEveryTenStepsAndSaysWhyThereIsNoMfu) {
  test::FakeRun fake({"train.epochs=6"});  // of 4 steps
  test::Hooks hooks;
  // The tenth step alone goes the other way.
  hooks.gradient = [](std::int64_t step) { return step == 9 ? -1.0 : 1.0; };
  (void)fake.train(hooks);
  const auto angles = test::metric(fake.run, "gradient_angle.fusion");
  ASSERT_EQ(angles.size(), 2U);
  EXPECT_NEAR(angles.at(10), 180.0, 0.05);
  EXPECT_NEAR(angles.at(20), 0.0, 0.05);
  EXPECT_EQ(test::metric(fake.run, "flops_per_s").size(), 2U);
  EXPECT_TRUE(test::metric(fake.run, "mfu").empty());
  const auto said = test::events(fake.run, "peak");
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said.front().text.find("no mfu"), std::string::npos) << said.front().text;
}

TEST(Journal, RatesAreOfTheTimeThatIsCounted) {
  Journal journal(std::nullopt);
  StepGradient step;
  step.samples = 1000;
  journal.restartClock({});
  journal.add(step, {}, 1e-3, 0.0);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  // An evaluation: what was before it is not held against the time after it.
  journal.restartClock({});
  step.samples = 1;
  journal.add(step, {}, 1e-3, 0.0);
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  for (const run::Metric& metric : journal.row({})) {
    if (metric.name == "samples_per_s") {
      EXPECT_LE(metric.value, 1 / 0.010);
    }
  }
}

}  // namespace
}  // namespace ecumene::engine::train
