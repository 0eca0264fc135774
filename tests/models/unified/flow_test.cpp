// SPDX-License-Identifier: Apache-2.0
// Proof of flow: on real samples the supervised loss reaches every parameter on the way to fusion, with the gradient
// that central differences give; the combined loss reaches all others; and nothing but the samples speaks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/base/random.h"
#include "engine/train/draws.h"
#include "tests/models/unified/planets.h"

namespace ecumene::models::unified {
namespace {

/// What does not reach a parameter.
enum class Missing {
  kSupervised,  ///< the supervised loss alone; the combined loss does
  kNothing,     ///< any loss, before the first step
  kFrozen,      ///< any loss, ever: it asks for no gradient
  kRows,        ///< any loss, in the rows that the batch has nothing of
};
/// All exceptions from "every loss reaches every parameter", by a part of their names, and why.
struct Exception {
  std::string_view name;
  Missing missing;
  std::string_view why;
};
constexpr Exception kExceptions[] = {
    {"climate.unmerge.", Missing::kSupervised, "decoder of hidden patches"},
    {"climate.reconstruct", Missing::kSupervised, "decoder of hidden patches"},
    {"graph.decoder.", Missing::kSupervised, "decoder of reactions and fluxes"},
    {"graph.row_bias", Missing::kSupervised, "decoder of reactions and fluxes"},
    {"language.lm_head.", Missing::kSupervised, "next token"},
    {"reasoning.", Missing::kSupervised, "has a supervised loss of its own"},
    {"contrast.", Missing::kSupervised, "contrastive loss"},
    {".lora_a", Missing::kNothing, "its partner lora_b begins at zero"},
    {"_proj.weight", Missing::kFrozen, "LoRA learns in its place"},
    {"language.model.embed_tokens.", Missing::kRows, "pieces that no text of the batch has"},
    {"archetype.", Missing::kRows, "archetypes that no sample of the batch has"},
};

const Exception* exceptionFor(const std::string& name, Missing missing) {
  const auto* const found = std::ranges::find_if(kExceptions, [&](const Exception& one) {
    return one.missing == missing && name.find(one.name) != std::string::npos;
  });
  return found == std::end(kExceptions) ? nullptr : found;
}

class Flow : public testing::Test {
 protected:
  explicit Flow(engine::config::RunSpec runSpec = nano())
      : spec(std::move(runSpec)),
        batch(Planets::shared().batch({0, 1, 2})),
        model(Planets::shared().model(spec, torch::kFloat64)) {
    engine::train::drawForTraining(batch.input, batch.ids(), spec, 0);
    input = inFloat64(batch.input);
    // Patches of every cube: the draw hides those of half of them.
    input.climate.hidden_BP = input.climate.hidden_BP.any(0, true).expand({3, -1}).contiguous();
    if (!input.climate.hidden_BP.any().item<bool>()) input.climate.hidden_BP.slice(1, 0, 8) = true;
    model.eval();
  }
  torch::Tensor supervised() {
    return fusion::supervisedLoss(model.forward(input).fusion.prediction, input.targets, spec.loss).total;
  }
  torch::Tensor combined() {
    return model.loss(input, model.forward(input), spec.loss, inFloat64(Planets::shared().scale()), 1.0).total;
  }

  const engine::config::RunSpec spec;
  Batch batch;
  UnifiedInput input;
  UnifiedModel model;
};

/// Compares the gradient with central differences along a direction of two entries of a parameter: that of the largest
/// gradient, and a drawn one.
template <class Loss>
void expectGradientMatchesDifferences(const std::string& name, torch::Tensor parameter, const Loss& loss) {
  const torch::NoGradGuard noGradients;
  const torch::Tensor gradient = parameter.grad().contiguous();
  torch::Tensor direction = torch::zeros_like(parameter);
  Random numbers(1, name);
  direction.view(-1)[numbers.below(static_cast<std::uint32_t>(gradient.numel()))] = 0.7;
  direction.view(-1)[gradient.abs().argmax().item<std::int64_t>()] = 1.0;
  const torch::Tensor kept = parameter.clone();
  const double found = (gradient * direction).sum().item<double>(), largest = gradient.abs().max().item<double>();
  double expected = 0.0, tolerance = 0.0;
  // The corner of a relu may lie within the larger step; the smaller one loses digits.
  for (const double step : {2e-6, 1e-7}) {
    parameter.copy_(kept + direction * step);
    const double above = loss();
    parameter.copy_(kept - direction * step);
    const double below = loss();
    parameter.copy_(kept);
    expected = (above - below) / (2.0 * step);
    tolerance = 1e-5 * largest + 1e-14 / step;
    if (std::abs(found - expected) <= tolerance) return;
  }
  EXPECT_NEAR(found, expected, tolerance) << name;
}

TEST_F(Flow, SupervisedLossReachesEveryParameterOnTheWayToFusion) {
  supervised().backward();
  const auto value = [&] { return supervised().item<double>(); };
  for (const auto& parameter : model.named_parameters()) {
    const torch::Tensor gradient = parameter->grad();
    const bool reached = gradient.defined() && gradient.abs().max().item<double>() > 0.0;
    const Exception* exception = exceptionFor(parameter.key(), Missing::kSupervised);
    EXPECT_EQ(reached, exception == nullptr) << parameter.key() << (exception ? exception->why : "");
    if (reached) expectGradientMatchesDifferences(parameter.key(), parameter.value(), value);
  }
}

TEST_F(Flow, CombinedLossReachesTheOthers) {
  combined().backward();
  const auto value = [&] { return combined().item<double>(); };
  for (const auto& parameter : model.named_parameters()) {
    const torch::Tensor gradient = parameter->grad();
    const bool reached = gradient.defined() && gradient.abs().max().item<double>() > 0.0;
    EXPECT_TRUE(reached) << parameter.key();
    if (reached && exceptionFor(parameter.key(), Missing::kSupervised) != nullptr) {
      expectGradientMatchesDifferences(parameter.key(), parameter.value(), value);
    }
  }
}

TEST_F(Flow, OfAnEmbeddingTheRowsOfTheBatchAreReached) {
  combined().backward();
  std::size_t embeddings = 0;
  for (const auto& parameter : model.named_parameters()) {
    const std::string& name = parameter.key();
    if (exceptionFor(name, Missing::kRows) == nullptr) continue;
    ++embeddings;
    const torch::Tensor used =
        name.starts_with("language.") ? input.text.ids_BT.masked_select(input.text.keep_BT) : input.graph.archetype_B;
    const torch::Tensor expected = torch::zeros({parameter->size(0)}, torch::kBool).index_fill(0, used, 1);
    EXPECT_TRUE(torch::equal(parameter->grad().abs().amax(1) > 0.0, expected)) << name;
    EXPECT_FALSE(expected.all().item<bool>()) << name;
  }
  EXPECT_EQ(embeddings, 2U);
}

class FlowWithLora : public Flow {
 protected:
  FlowWithLora() : Flow(withLora()) {}
  static engine::config::RunSpec withLora() {
    engine::config::RunSpec spec = nano();
    spec.model.language.loraRank = 2;
    return spec;
  }
};

TEST_F(FlowWithLora, CombinedLossReachesAllButTheFrozenAndThePartnersOfZero) {
  combined().backward();
  const auto parameters = model.named_parameters();
  std::size_t frozen = 0, unreached = 0;
  for (const auto& parameter : parameters) {
    const std::string& name = parameter.key();
    const torch::Tensor gradient = parameter->grad();
    const bool reached = gradient.defined() && gradient.abs().max().item<double>() > 0.0;
    const bool excepted = exceptionFor(name, Missing::kNothing) != nullptr;
    if (!parameter->requires_grad()) {
      EXPECT_NE(exceptionFor(name, Missing::kFrozen), nullptr) << name;
      const std::string layer = name.substr(0, name.rfind('.'));
      EXPECT_TRUE(parameters.contains(layer + ".lora_a")) << name;
      EXPECT_FALSE(gradient.defined()) << name;
      ++frozen;
    } else {
      EXPECT_EQ(reached, !excepted) << name;
      unreached += excepted ? 1 : 0;
    }
  }
  const auto projections = static_cast<std::size_t>(7 * spec.model.language.layers);
  EXPECT_EQ(frozen, projections);
  EXPECT_EQ(unreached, projections);
}

TEST_F(FlowWithLora, OnceThePartnerHasLeftZeroTheLossReachesBoth) {
  {
    const torch::NoGradGuard noGradients;
    for (const auto& parameter : model.named_parameters()) {
      if (!parameter.key().ends_with(".lora_b")) continue;
      parameter->copy_(torch::arange(parameter->numel(), torch::kFloat64).sin().mul(0.1).view(parameter->sizes()));
    }
  }
  // The supervised loss alone, and the combined one.
  for (const bool all : {false, true}) {
    const auto loss = [&] { return all ? combined() : supervised(); };
    model.zero_grad();
    loss().backward();
    const auto value = [&] { return loss().item<double>(); };
    for (const auto& parameter : model.named_parameters()) {
      const std::string& name = parameter.key();
      if (!name.ends_with(".lora_a") && !name.ends_with(".lora_b")) continue;
      ASSERT_TRUE(parameter->grad().defined()) << name;
      EXPECT_GT(parameter->grad().abs().max().item<double>(), 0.0) << name;
      if (name.find("layers.0.") != std::string::npos) expectGradientMatchesDifferences(name, parameter.value(), value);
    }
  }
}

torch::Tensor numbersOf(const fusion::Prediction& p) {
  return torch::cat({p.regime_BG, p.habitable_B.unsqueeze(1), p.viable_B.unsqueeze(1), p.fHab.logits, p.h050.logits},
                    1);
}

TEST_F(Flow, RemovingAViewChangesTheSamplesThatHaveItAndNoOther) {
  const torch::NoGradGuard noGradients;
  const torch::Tensor before = numbersOf(model.forward(input).fusion.prediction);
  ASSERT_TRUE(before.isfinite().all().item<bool>());
  for (std::size_t view = 0; view < fusion::kViewCount; ++view) {
    engine::train::Hidden hidden;
    for (torch::Tensor& of : hidden) of = torch::zeros({3}, torch::kBool);
    hidden[view][1] = true;
    UnifiedInput fewer = input;
    engine::train::hide(fewer, hidden);
    const torch::Tensor moved = (numbersOf(model.forward(fewer).fusion.prediction) - before).abs().amax(1);
    EXPECT_GT(moved[1].item<double>(), 1e-6) << fusion::name(static_cast<fusion::View>(view));
    EXPECT_LT(moved[0].item<double>(), 1e-9) << fusion::name(static_cast<fusion::View>(view));
    EXPECT_LT(moved[2].item<double>(), 1e-9) << fusion::name(static_cast<fusion::View>(view));
  }
}

TEST_F(Flow, EveryViewButTheTextReachesTheTextsLastStates) {
  const torch::NoGradGuard noGradients;
  const torch::Tensor before = model.forward(input).text.hidden_BTC;
  for (std::size_t view = 0; view < fusion::kViewCount; ++view) {
    if (view == fusion::kText) continue;
    engine::train::Hidden hidden;
    for (torch::Tensor& of : hidden) of = torch::zeros({3}, torch::kBool);
    hidden[view].fill_(true);
    UnifiedInput fewer = input;
    engine::train::hide(fewer, hidden);
    const torch::Tensor moved = (model.forward(fewer).text.hidden_BTC - before).abs().amax({1, 2});
    EXPECT_GT(moved.min().item<double>(), 1e-6) << fusion::name(static_cast<fusion::View>(view));
  }
}

TEST_F(Flow, AllViewsMayBeMissing) {
  UnifiedInput nothing = input;
  engine::train::keepOnly(nothing, 0);
  const UnifiedOutput output = model.forward(nothing);
  const UnifiedLoss loss = model.loss(nothing, output, spec.loss, inFloat64(Planets::shared().scale()), 1.0);
  loss.total.backward();
  EXPECT_TRUE(loss.total.isfinite().item<bool>());
  for (const auto& parameter : model.named_parameters()) {
    if (parameter->grad().defined()) {
      EXPECT_TRUE(parameter->grad().isfinite().all().item<bool>()) << parameter.key();
    }
  }
}

TEST_F(Flow, WhatIsAbsentReachesNeitherLossNorGradients) {
  engine::train::Hidden hidden;
  for (torch::Tensor& of : hidden) of = torch::zeros({3}, torch::kBool);
  hidden[fusion::kClimate][0] = hidden[fusion::kSpectrum][1] = hidden[fusion::kGraph][2] = true;
  hidden[fusion::kScalars][0] = hidden[fusion::kText][1] = true;
  engine::train::hide(input, hidden);
  const auto gradients = [&](double filler) {
    UnifiedInput changed = input;
    if (filler != 0.0) {
      const auto fill = [&](torch::Tensor& x, std::int64_t sample) {
        x = x.clone();
        x[sample] = filler;
      };
      fill(changed.climate.levels_BVEMYXL, 0);
      fill(changed.climate.surface_BSEMYX, 0);
      fill(changed.spectrum.values_BPK, 1);
      fill(changed.scalars.values_BN, 0);
      const std::int64_t first = input.graph.first[2], count = input.graph.first[3] - first;
      for (torch::Tensor* x : {&changed.graph.nodes_NF, &changed.graph.laplacian_NK, &changed.graph.randomWalk_NK,
                               &changed.graph.degree_N, &changed.graph.flux_N}) {
        *x = x->clone();
        x->narrow(0, first, count).fill_(filler);
      }
      fill(changed.graph.noise_BZ, 2);
    }
    model.zero_grad();
    const torch::Tensor loss =
        model.loss(changed, model.forward(changed), spec.loss, inFloat64(Planets::shared().scale()), 1.0).total;
    loss.backward();
    std::vector<torch::Tensor> all{loss.detach().view({1})};
    for (const torch::Tensor& parameter : model.parameters()) {
      if (parameter.grad().defined()) all.push_back(parameter.grad().flatten().clone());
    }
    return torch::cat(all);
  };
  const torch::Tensor clean = gradients(0.0);
  EXPECT_TRUE(clean.isfinite().all().item<bool>());
  EXPECT_TRUE(torch::equal(clean, gradients(7.0)));
  EXPECT_TRUE(torch::equal(clean, gradients(std::nan(""))));
}

TEST_F(Flow, SoftTokensAreThoseThatTheLanguagePartReads) {
  const torch::NoGradGuard noGradients;
  const UnifiedOutput encoded = model.encode(input);
  for (const unsigned subset : {31U, 1U | 8U, 2U | 8U | 16U}) {
    UnifiedInput shown = input;
    engine::train::keepOnly(shown, subset);
    language::LanguageInput text = shown.text;
    text.soft = model.softTokens(shown, encoded);
    const torch::Tensor kept_V = text.soft.keep_BT[0].view({4, -1}).all(1),
                        any_V = text.soft.keep_BT[0].view({4, -1}).any(1);
    // Climate, spectrum, graph, scalars, as many tokens each.
    const auto has = [subset](unsigned view) { return (subset & view) != 0; };
    const torch::Tensor expected_V = torch::tensor({has(1U), has(4U), has(2U), has(16U)});
    EXPECT_TRUE(torch::equal(kept_V, expected_V)) << subset;
    EXPECT_TRUE(torch::equal(any_V, expected_V)) << subset;
    EXPECT_TRUE(torch::equal(model.language->forward(text).hidden_BTC, model.forward(shown).text.hidden_BTC)) << subset;
  }
}

TEST_F(Flow, ForwardDrawsNoRandomNumbers) {
  model.train();
  const at::Generator generator = at::globalContext().defaultGenerator(torch::kCPU);
  const torch::Tensor state = generator.get_state();
  const auto once = [&] {
    const UnifiedOutput output = model.forward(input);
    const UnifiedLoss loss = model.loss(input, output, spec.loss, inFloat64(Planets::shared().scale()), 1.0);
    return torch::cat({numbersOf(output.fusion.prediction).flatten(), numbersOf(output.reasoning).flatten(),
                       output.graph.latent_BZ.flatten(), output.climate.features_BC.flatten(),
                       loss.parts.at("supervised").view({1}), loss.parts.at("physics").view({1}),
                       loss.parts.at("graph").view({1}), loss.parts.at("language").view({1})});
  };
  const torch::Tensor first = once();
  EXPECT_TRUE(torch::equal(first, once()));
  EXPECT_TRUE(torch::equal(state, generator.get_state()));
}

}  // namespace
}  // namespace ecumene::models::unified
