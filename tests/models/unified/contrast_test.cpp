// SPDX-License-Identifier: Apache-2.0
// Truth: InfoNCE by naive loops, the bank's content after known batches, finite differences.
#include "models/unified/contrast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace {

using namespace ecumene::models;
using fusion::kClimate;
using fusion::kGraph;
using fusion::kSpectrum;
using layers::Init;
using unified::Contrast;

constexpr double kTemperature = 0.2;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kWide = 6;

Contrast contrast() {
  return Contrast(Init(3, torch::kFloat64), {kWide, kWide, kWide, 0, 0});
}

torch::Tensor features(std::int64_t batch, double phase) {
  const torch::Tensor place = torch::arange(batch * kWide, torch::kFloat64);
  return torch::sin(place * place * 0.37 + phase).view({batch, kWide});
}

/// Climate, graph and spectrum of every sample of a batch.
struct Batch {
  Contrast::Features features{}, keep{};
  torch::Tensor planet{};
};

Batch batchOf(const std::vector<std::int64_t>& planets, double phase = 0.0) {
  const auto count = static_cast<std::int64_t>(planets.size());
  Batch batch{.planet = torch::tensor(planets, torch::kLong)};
  for (const std::size_t view : {kClimate, kGraph, kSpectrum}) {
    batch.features[view] = features(count, phase + static_cast<double>(view));
    batch.keep[view] = torch::ones({count}, torch::kBool);
  }
  return batch;
}

/// As a step does: the loss, then, in training, the batch enters the bank.
torch::Tensor lossOf(Contrast& contrast, const Batch& batch) {
  Contrast::Seen seen;
  const torch::Tensor loss = contrast.loss(batch.features, batch.keep, batch.planet, kTemperature, &seen);
  if (contrast.is_training()) contrast.remember(seen);
  return loss;
}

/// One sample seen before: its embeddings and planet.
struct Seen {
  std::array<std::vector<double>, 3> embedding{};
  std::array<bool, 3> has{};
  std::int64_t planet = 0;
};

std::vector<double> embed(const Contrast& contrast, const std::string& view, const torch::Tensor& row) {
  const torch::Tensor weight = contrast.named_parameters()[view + ".weight"];
  const torch::Tensor bias = contrast.named_parameters()[view + ".bias"];
  std::vector<double> out;
  double norm = 0.0;
  for (std::int64_t d = 0; d < Contrast::kWidth; ++d) {
    out.push_back((weight[d] * row).sum().item<double>() + bias[d].item<double>());
    norm += out.back() * out.back();
  }
  for (double& x : out) x /= std::sqrt(norm);
  return out;
}

std::vector<Seen> samplesOf(const Contrast& contrast, const Batch& batch) {
  const std::array<std::string, 3> names{"climate", "graph", "spectrum"};
  std::vector<Seen> samples;
  for (std::int64_t i = 0; i < batch.planet.size(0); ++i) {
    Seen sample{.planet = batch.planet[i].item<std::int64_t>()};
    for (std::size_t view = 0; view < 3; ++view) {
      if (!batch.features[view].defined()) continue;
      sample.has[view] = batch.keep[view][i].item<bool>();
      sample.embedding[view] = embed(contrast, names[view], batch.features[view][i]);
    }
    samples.push_back(sample);
  }
  return samples;
}

/// The definition: for each ordered pair of views the mean over samples of -log(e^own / (e^own + sum of e^negatives)).
double naive(const std::vector<Seen>& batch, const std::vector<Seen>& bank) {
  double sum = 0.0;
  int pairs = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      if (a == b) continue;
      double loss = 0.0;
      int count = 0;
      for (const Seen& self : batch) {
        if (!self.has[a] || !self.has[b]) continue;
        const auto score = [&](const Seen& other) {
          const auto& x = self.embedding[a];
          return std::exp(std::inner_product(x.begin(), x.end(), other.embedding[b].begin(), 0.0) / kTemperature);
        };
        double all = score(self);
        for (const auto* others : {&batch, &bank}) {
          for (const Seen& other : *others) {
            if (other.planet != self.planet && other.has[b]) all += score(other);
          }
        }
        loss -= std::log(score(self) / all);
        ++count;
      }
      if (count == 0) continue;
      sum += loss / count;
      ++pairs;
    }
  }
  return pairs == 0 ? 0.0 : sum / pairs;
}

TEST(Contrast, IsInfoNceOverBatchAndBank) {
  Contrast module = contrast();
  Batch first = batchOf({4, 9, 4, 7}), second = batchOf({9, 11, 12}, 0.5);
  first.keep[kGraph][1] = false;
  second.keep[kSpectrum][0] = false;
  const std::vector<Seen> early = samplesOf(module, first);
  EXPECT_NEAR(lossOf(module, first).item<double>(), naive(early, {}), 1e-10);
  EXPECT_NEAR(lossOf(module, second).item<double>(), naive(samplesOf(module, second), early), 1e-10);
}

TEST(Contrast, TheSamePlanetIsNeverANegative) {
  Contrast module = contrast();
  // In the batch: nothing but the same planet.
  EXPECT_NEAR(lossOf(module, batchOf({5, 5, 5})).item<double>(), 0.0, 1e-12);
  // In the bank: the three above.
  EXPECT_NEAR(lossOf(module, batchOf({5}, 0.9)).item<double>(), 0.0, 1e-12);
  EXPECT_GT(lossOf(module, batchOf({6}, 0.9)).item<double>(), 0.1);
}

TEST(Contrast, TheBankGivesNegativesToABatchOfOne) {
  Contrast module = contrast();
  std::vector<Seen> bank;
  for (std::int64_t planet = 0; planet < 5; ++planet) {
    const Batch batch = batchOf({planet}, 0.3 * static_cast<double>(planet));
    const double expected = naive(samplesOf(module, batch), bank);
    EXPECT_NEAR(lossOf(module, batch).item<double>(), expected, 1e-10) << planet;
    for (const Seen& sample : samplesOf(module, batch)) bank.push_back(sample);
  }
}

TEST(Contrast, TheLossAloneReadsTheBankButDoesNotEnterIt) {
  Contrast module = contrast();
  lossOf(module, batchOf({1, 2}));
  const auto read = [&](const Batch& batch) {
    return module.loss(batch.features, batch.keep, batch.planet, kTemperature).item<double>();
  };
  const double once = read(batchOf({3}, 0.9));
  read(batchOf({8}, 0.4));
  EXPECT_EQ(read(batchOf({3}, 0.9)), once);
  EXPECT_GT(once, 0.1);
}

TEST(Contrast, ASlotUsedAgainForgetsTheViewsOfThePlanetBefore) {
  Contrast module = contrast();
  std::vector<std::int64_t> planets(Contrast::kBank);
  std::iota(planets.begin(), planets.end(), 0);
  lossOf(module, batchOf(planets));
  Batch next = batchOf({1000});
  next.features[kSpectrum].reset();  // nobody has it now
  next.keep[kSpectrum].reset();
  lossOf(module, next);
  const torch::Tensor keep = module.named_buffers()["bank_keep"], planet = module.named_buffers()["bank_planet"];
  EXPECT_EQ(planet[0].item<std::int64_t>(), 1000);
  EXPECT_TRUE(keep[kClimate][0].item<bool>());
  EXPECT_FALSE(keep[kSpectrum][0].item<bool>());
  EXPECT_TRUE(keep[kSpectrum][1].item<bool>());
}

TEST(Contrast, OfABatchLargerThanTheBankTheLastStay) {
  Contrast module = contrast();
  std::vector<std::int64_t> planets(Contrast::kBank + 10);
  std::iota(planets.begin(), planets.end(), 0);
  lossOf(module, batchOf(planets));
  const torch::Tensor kept = std::get<0>(module.named_buffers()["bank_planet"].sort());
  EXPECT_TRUE(torch::equal(kept, torch::arange(10, Contrast::kBank + 10)));
}

TEST(Contrast, StateIsInBuffersAndContinuesBitEqual) {
  Contrast one = contrast(), other = contrast();
  for (std::int64_t planet = 0; planet < 3; ++planet) lossOf(one, batchOf({planet, planet + 10}));
  const torch::NoGradGuard noGradients;
  EXPECT_EQ(one.named_buffers().keys(), (std::vector<std::string>{"bank", "bank_keep", "bank_planet", "bank_next"}));
  for (auto& item : other.named_buffers()) item.value().copy_(one.named_buffers()[item.key()]);
  for (int step = 0; step < 2; ++step) {
    const Batch batch = batchOf({50 + step, 60}, 0.7);
    EXPECT_TRUE(torch::equal(lossOf(one, batch), lossOf(other, batch)));
  }
  for (auto& item : other.named_buffers()) {
    EXPECT_TRUE(torch::equal(item.value(), one.named_buffers()[item.key()])) << item.key();
  }
}

TEST(Contrast, IsLowerWhereViewsAgree) {
  Contrast module = contrast();
  module.eval();
  {
    const torch::NoGradGuard noGradients;
    auto parameters = module.named_parameters();
    for (const char* view : {"graph.weight", "spectrum.weight"}) parameters[view].copy_(parameters["climate.weight"]);
  }
  Batch agreeing = batchOf({1, 2, 3, 4});
  agreeing.features[kGraph] = agreeing.features[kSpectrum] = agreeing.features[kClimate];
  Batch shuffled = agreeing;
  shuffled.features[kGraph] = agreeing.features[kClimate].roll(1, 0);
  EXPECT_LT(lossOf(module, agreeing).item<double>(), lossOf(module, shuffled).item<double>() - 0.5);
}

TEST(Contrast, WithoutAPairLossAndGradientsAreZero) {
  Contrast module = contrast();
  lossOf(module, batchOf({1, 2}));
  Batch batch = batchOf({3, 4});
  batch.keep[kClimate] = torch::tensor({true, false});
  batch.keep[kGraph] = torch::tensor({false, true});
  batch.keep[kSpectrum] = torch::tensor({false, false});
  const torch::Tensor loss = lossOf(module, batch);
  EXPECT_EQ(loss.item<double>(), 0.0);
  loss.backward();
  for (const torch::Tensor& parameter : module.parameters()) {
    EXPECT_TRUE(parameter.grad().eq(0).all().item<bool>());
  }
  EXPECT_EQ(module.loss({}, {}, batch.planet, kTemperature).item<double>(), 0.0);
}

TEST(Contrast, FeaturesThatAreNotThereAreNeverRead) {
  Contrast one = contrast(), other = contrast();
  Batch batch = batchOf({1, 2, 3});
  batch.keep[kGraph][1] = false;
  Batch bad = batch;
  bad.features[kGraph] = batch.features[kGraph].clone();
  bad.features[kGraph][1].fill_(kNan);
  const torch::Tensor expected = lossOf(one, batch), found = lossOf(other, bad);
  EXPECT_TRUE(torch::equal(expected, found));
  expected.backward();
  found.backward();
  for (const auto& item : other.named_parameters()) {
    EXPECT_TRUE(torch::equal(item.value().grad(), one.named_parameters()[item.key()].grad())) << item.key();
  }
  EXPECT_TRUE(torch::equal(lossOf(one, batchOf({7})), lossOf(other, batchOf({7}))));  // nor kept in the bank
}

TEST(Contrast, GradientsAgreeWithFiniteDifferences) {
  Contrast module = contrast();
  lossOf(module, batchOf({1, 2, 3}));
  module.eval();
  const Batch batch = batchOf({3, 5}, 0.4);
  lossOf(module, batch).backward();
  const torch::NoGradGuard noGradients;
  constexpr double kStep = 1e-5;
  for (auto& item : module.named_parameters()) {
    torch::Tensor flat = item.value().detach().view(-1);
    for (const std::int64_t at : {std::int64_t{1}, flat.numel() / 2}) {
      const double kept = flat[at].item<double>();
      flat[at] = kept + kStep;
      const double above = lossOf(module, batch).item<double>();
      flat[at] = kept - kStep;
      const double below = lossOf(module, batch).item<double>();
      flat[at] = kept;
      EXPECT_NEAR(item.value().grad().view(-1)[at].item<double>(), (above - below) / (2.0 * kStep), 1e-7) << item.key();
    }
  }
}

}  // namespace
