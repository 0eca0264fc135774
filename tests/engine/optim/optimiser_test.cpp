// SPDX-License-Identifier: Apache-2.0
// Truth: torch.optim.AdamW through tests/oracles/training.py; for the others steps worked out by hand.
#include "engine/optim/optimiser.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "engine/optim/ema.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine;
using namespace ecumene::engine::optim;
using nlohmann::json;

torch::Tensor tensor(const json& values) {
  if (values.at(0).is_array()) {
    std::vector<torch::Tensor> rows;
    for (const json& row : values) rows.push_back(tensor(row));
    return torch::stack(rows);
  }
  return torch::tensor(values.get<std::vector<double>>(), torch::kFloat64);
}

torch::Tensor leaf(const torch::Tensor& values) {
  return values.detach().clone().requires_grad_();
}
torch::Tensor number(double value) {
  return torch::full({1}, value, torch::kFloat64);
}

config::TrainSpec withOptimiser(const std::string& optimiser) {
  config::TrainSpec spec;
  spec.optimiser = optimiser;
  return spec;
}

/// The message of the Error that `act` throws; empty if it throws none.
template <class Act>
std::string refusalOf(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

class EveryOptimiser : public testing::TestWithParam<const char*> {};

TEST(AdamW, StepsLikePyTorch) {
  std::ifstream file("tests/oracles/reference/training.json");
  const json reference = json::parse(file).at("adamw");
  const torch::Tensor first = leaf(tensor(reference.at("first"))), second = leaf(tensor(reference.at("second")));
  config::TrainSpec spec = withOptimiser("adamw");
  spec.beta1 = reference.at("betas").at(0);
  spec.beta2 = reference.at("betas").at(1);
  const auto optimiser = makeOptimiser(spec, {{{{"first", first}}, 1.0, reference.at("decay_first").get<double>()},
                                              {{{"second", second}}, reference.at("rate_factor").get<double>(), 0.0}});
  for (const json& step : reference.at("steps")) {
    first.mutable_grad() = tensor(step.at("first_gradient"));
    const json& gradient = step.at("second_gradient");
    second.mutable_grad() = gradient.is_null() ? torch::Tensor() : tensor(gradient);
    optimiser->step(reference.at("rate"));
    EXPECT_TRUE(torch::allclose(first, tensor(step.at("first")), 0.0, 1e-13)) << first;
    EXPECT_TRUE(torch::allclose(second, tensor(step.at("second")), 0.0, 1e-13)) << second;
  }
}

TEST(Lion, StepsAsWorkedOutByHand) {
  const torch::Tensor p = leaf(number(1.0)), q = leaf(number(1.0));
  config::TrainSpec spec = withOptimiser("lion");
  spec.beta1 = 0.9;
  spec.beta2 = 0.99;
  const auto optimiser = makeOptimiser(spec, {{{{"p", p}}, 1.0, 0.2}, {{{"q", q}}, 0.5, 0.0}});
  const auto stepTo = [&](double gradient, double atP, double atQ) {
    p.mutable_grad() = number(gradient);
    q.mutable_grad() = number(gradient);
    optimiser->step(0.1);
    EXPECT_NEAR(p.item<double>(), atP, 1e-14);
    EXPECT_NEAR(q.item<double>(), atQ, 1e-14);
  };
  stepTo(0.5, 0.88, 0.95);      // direction 0.05; momentum 0.005
  stepTo(-2.0, 0.9624, 1.0);    // direction 0.0045 - 0.2; momentum -0.01505
  stepTo(0.1, 1.043152, 1.05);  // direction -0.013545 + 0.01: the momentum decides
  EXPECT_NEAR(optimiser->state().at("exp_avg/p").item<double>(), -0.0138995, 1e-15);
  EXPECT_EQ(optimiser->state().at("steps/p").item<double>(), 3.0);
}

TEST(Sophia, StepsAsWorkedOutByHand) {
  const torch::Tensor p = leaf(number(1.0));
  config::TrainSpec spec = withOptimiser("sophia");
  spec.beta1 = 0.9;
  spec.beta2 = 0.99;
  spec.microBatch = 2;
  spec.accumulate = 2;
  const auto optimiser = makeOptimiser(spec, {{{{"p", p}}, 1.0, 0.2}});
  const auto stepTo = [&](double gradient, double expected) {
    p.mutable_grad() = number(gradient);
    optimiser->step(0.1);
    EXPECT_NEAR(p.item<double>(), expected, 1e-12);
  };
  // Curvature 0.01 * 4 * 100^2 = 400, times 0.04 is 16; momentum 10.
  stepTo(100.0, 0.98 - 0.1 * 10.0 / 16.0);
  stepTo(-30.0, 0.9175 * 0.98 - 0.1 * 6.0 / 16.0);  // momentum 6; the curvature waits for the eleventh step
  stepTo(-1000.0, 0.86165 * 0.98 + 0.1);            // momentum -94.6: clipped to one
  for (int step = 4; step <= 10; ++step) {
    p.mutable_grad() = number(0.0);
    optimiser->step(0.1);
  }
  EXPECT_NEAR(optimiser->state().at("curvature/p").item<double>(), 400.0, 1e-10);
  p.mutable_grad() = number(50.0);
  optimiser->step(0.1);
  EXPECT_NEAR(optimiser->state().at("curvature/p").item<double>(), 396.0 + 100.0, 1e-10);
}

/// Two parameters, and the gradients that step `step` gives them.
struct Training {
  torch::Tensor a = leaf(torch::linspace(-1.0, 1.0, 6).view({2, 3})), b = leaf(torch::linspace(0.0, 2.0, 5));
  std::unique_ptr<Optimiser> optimiser;

  explicit Training(const std::string& kind)
      : optimiser(makeOptimiser(withOptimiser(kind), {{{{"a", a}}, 1.0, 0.1}, {{{"b", b}}, 0.3, 0.0}})) {}
  void steps(int from, int to) {
    for (int step = from; step < to; ++step) {
      a.mutable_grad() = torch::sin(a.detach() * 3.0 + step);
      b.mutable_grad() = torch::cos(b.detach() * 2.0 - step);
      optimiser->step(0.01);
    }
  }
};

TEST_P(EveryOptimiser, ContinuesBitEqualFromItsState) {
  Training whole(GetParam()), begun(GetParam()), resumed(GetParam());
  whole.steps(0, 25);
  begun.steps(0, 13);
  NamedTensors saved;
  for (const auto& [name, value] : begun.optimiser->state()) saved[name] = value.clone();
  {
    const torch::NoGradGuard noGradients;
    resumed.a.copy_(begun.a);
    resumed.b.copy_(begun.b);
  }
  resumed.optimiser->load(saved);
  resumed.steps(13, 25);
  EXPECT_TRUE(torch::equal(resumed.a, whole.a));
  EXPECT_TRUE(torch::equal(resumed.b, whole.b));
  for (const auto& [name, value] : whole.optimiser->state()) {
    EXPECT_TRUE(torch::equal(resumed.optimiser->state().at(name), value)) << name;
  }
}

TEST_P(EveryOptimiser, RefusesAnotherStateByNameAndStaysAsItWas) {
  Training run(GetParam());
  run.steps(0, 3);
  NamedTensors right, before;
  for (const auto& [name, value] : run.optimiser->state()) {
    right[name] = torch::ones_like(value);
    before[name] = value.clone();
  }
  const auto refusal = [&](const NamedTensors& state) { return refusalOf([&] { run.optimiser->load(state); }); };
  NamedTensors lacking = right, tooMany = right, wrongShape = right, wrongType = right;
  lacking.erase("exp_avg/b");
  tooMany["hessian/a"] = torch::ones({2, 3});
  wrongShape["exp_avg/b"] = torch::ones({1});
  wrongType["exp_avg/b"] = torch::ones({5}, torch::kFloat64);
  EXPECT_NE(refusal(lacking).find("exp_avg/b"), std::string::npos) << refusal(lacking);
  EXPECT_NE(refusal(tooMany).find("hessian/a"), std::string::npos) << refusal(tooMany);
  EXPECT_NE(refusal(wrongShape).find("exp_avg/b"), std::string::npos) << refusal(wrongShape);
  EXPECT_NE(refusal(wrongType).find("exp_avg/b"), std::string::npos) << refusal(wrongType);
  for (const auto& [name, value] : run.optimiser->state()) EXPECT_TRUE(torch::equal(value, before.at(name))) << name;
  EXPECT_EQ(refusal(right), "");
}

TEST_P(EveryOptimiser, LeavesAParameterWithoutGradientAlone) {
  Training run(GetParam());
  run.steps(0, 2);
  const torch::Tensor kept = run.b.detach().clone(), moved = run.a.detach().clone();
  run.optimiser->zeroGradients();
  EXPECT_FALSE(run.a.grad().defined());
  run.a.mutable_grad() = torch::ones_like(run.a).detach();
  run.optimiser->step(0.01);
  EXPECT_TRUE(torch::equal(run.b, kept));
  EXPECT_FALSE(torch::equal(run.a, moved));
  EXPECT_EQ(run.optimiser->state().at("steps/a").item<double>(), 3.0);
  EXPECT_EQ(run.optimiser->state().at("steps/b").item<double>(), 2.0);
}

INSTANTIATE_TEST_SUITE_P(All, EveryOptimiser, testing::Values("adamw", "lion", "sophia"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST(Optimisers, TheStateOfOneIsRefusedByAnother) {
  const Training adamw("adamw"), lion("lion"), sophia("sophia");
  const auto load = [](const Training& to, const Training& from) {
    return refusalOf([&] { to.optimiser->load(from.optimiser->state()); });
  };
  EXPECT_NE(load(lion, adamw).find("exp_avg_sq/a"), std::string::npos) << load(lion, adamw);
  EXPECT_NE(load(adamw, lion).find("exp_avg_sq/a"), std::string::npos) << load(adamw, lion);
  EXPECT_NE(load(sophia, adamw).find("curvature/a"), std::string::npos) << load(sophia, adamw);
}

TEST(Optimisers, AnUnknownNameIsRefused) {
  EXPECT_NE(refusalOf([] { makeOptimiser(withOptimiser("adam"), {}); }).find("found adam"), std::string::npos);
}

TEST(ClipGradients, ScalesAllTogetherToTheNorm) {
  const torch::Tensor a = leaf(number(0.0)), b = leaf(torch::zeros({2}, torch::kFloat64)), idle = leaf(number(0.0));
  const std::vector<Group> groups{{{{"a", a}}, 1.0, 0.0}, {{{"b", b}, {"idle", idle}}, 1.0, 0.0}};
  EXPECT_EQ(clipGradients(groups, 1.0), 0.0);
  a.mutable_grad() = number(3.0);
  b.mutable_grad() = torch::tensor({4.0, 12.0}, torch::kFloat64);
  EXPECT_DOUBLE_EQ(clipGradients(groups, 0.0), 13.0);
  EXPECT_DOUBLE_EQ(clipGradients(groups, 13.1), 13.0);
  EXPECT_EQ(a.grad().item<double>(), 3.0);
  EXPECT_DOUBLE_EQ(clipGradients(groups, 6.5), 13.0);
  EXPECT_DOUBLE_EQ(a.grad().item<double>(), 1.5);
  EXPECT_TRUE(torch::allclose(b.grad(), torch::tensor({2.0, 6.0}, torch::kFloat64)));
  for (const double bad : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    a.mutable_grad() = number(bad);
    EXPECT_FALSE(std::isfinite(clipGradients(groups, 1.0)));
    EXPECT_TRUE(torch::allclose(b.grad(), torch::tensor({2.0, 6.0}, torch::kFloat64)));
  }
}

TEST(Ema, FollowsItsRecursion) {
  torch::Tensor weight = number(1.0);
  for (const double decay : {0.999, 0.2}) {
    weight.fill_(1.0);
    Ema ema({{"w", weight}}, decay);
    weight.fill_(2.0);
    ema.update();  // d = 2/11
    EXPECT_NEAR(ema.averages().at("w").item<double>(), 20.0 / 11.0, 1e-14);
    weight.fill_(3.0);
    ema.update();  // d = 3/12, or 0.2
    const double expected = decay > 0.5 ? 5.0 / 11.0 + 2.25 : 4.0 / 11.0 + 2.4;
    EXPECT_NEAR(ema.averages().at("w").item<double>(), expected, 1e-14);
    EXPECT_EQ(ema.steps(), 2);
    EXPECT_EQ(weight.item<double>(), 3.0);
  }
}

TEST(Ema, SwapsThereAndBackBitEqual) {
  torch::Tensor weight = leaf(torch::linspace(-0.7, 0.9, 7));
  const torch::Tensor before = weight.detach().clone();
  Ema ema({{"w", weight}}, 0.9);
  {
    const torch::NoGradGuard noGradients;
    weight.mul_(1.7);
  }
  ema.update();
  const torch::Tensor now = weight.detach().clone(), average = ema.averages().at("w").clone();
  ema.swap();
  EXPECT_TRUE(torch::equal(weight, average));
  EXPECT_THROW(ema.update(), Error);
  ema.swap();
  EXPECT_TRUE(torch::equal(weight, now) && torch::equal(ema.averages().at("w"), average));

  Ema resumed({{"head.bias", weight}}, 0.9);
  EXPECT_NE(refusalOf([&] { resumed.load({}, 1); }).find("head.bias"), std::string::npos);
  EXPECT_NE(refusalOf([&] {
              resumed.load({{"head.bias", torch::ones({1})}}, 1);
            }).find("head.bias"),
            std::string::npos);
  resumed.load({{"head.bias", average}}, 1);
  resumed.update();
  ema.update();
  EXPECT_TRUE(torch::equal(ema.averages().at("w"), resumed.averages().at("head.bias")));
}

}  // namespace
