// SPDX-License-Identifier: Apache-2.0
// Truth: the same step without checkpointing; what low-rank additions must leave alone.
#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/models/gradient_check.h"
#include "tests/models/language/reference.h"

namespace {

using namespace ecumene::models;
using namespace ecumene::models::language;
using layers::Init;

spec::LanguageSpec tiny() {
  spec::LanguageSpec spec;
  spec.vocabulary = 19;
  spec.width = 16;
  spec.layers = 3;
  spec.heads = 4;
  spec.keyValueHeads = 2;
  spec.headWidth = 4;
  spec.intermediate = 24;
  return spec;
}

LanguageInput text() {
  LanguageInput input;
  input.ids_BT = torch::arange(24, torch::kInt64).mul(7).add(1).remainder(19).view({2, 12});
  input.keep_BT = torch::ones({2, 12}, torch::kBool);
  input.labels_BT = input.ids_BT;
  return input;
}

std::map<std::string, torch::Tensor> gradients(const spec::LanguageSpec& spec, const torch::Dtype autocast) {
  LanguageModel model(Init(3), spec);
  fill(model);
  model.train();
  torch::manual_seed(7);
  torch::Tensor loss;
  at::autocast::set_autocast_dtype(at::kCPU, autocast);
  at::autocast::set_autocast_enabled(at::kCPU, autocast != torch::kFloat32);
  loss = languageLoss(model, text(), model.forward(text())).loss;
  at::autocast::set_autocast_enabled(at::kCPU, false);
  at::autocast::clear_cache();
  loss.backward();
  std::map<std::string, torch::Tensor> gradients{{"loss", loss.detach()}, {"next draw", torch::rand({1})}};
  for (const auto& parameter : model.named_parameters()) gradients[parameter.key()] = parameter.value().grad();
  return gradients;
}

void expectCheckpointingChangesNothing(spec::LanguageSpec spec, const torch::Dtype autocast) {
  const auto expected = gradients(spec, autocast);
  spec.checkpointing = true;
  const auto found = gradients(spec, autocast);
  for (const auto& [name, gradient] : expected) {
    ASSERT_EQ(gradient.defined(), found.at(name).defined()) << name;
    if (!gradient.defined()) continue;
    EXPECT_TRUE(torch::equal(gradient, found.at(name))) << name;
  }
}

TEST(Checkpointing, GradientsAreBitEqual) {
  expectCheckpointingChangesNothing(tiny(), torch::kFloat32);
}

TEST(Checkpointing, DropoutIsReplayed) {
  spec::LanguageSpec spec = tiny();
  spec.dropout = 0.4;
  expectCheckpointingChangesNothing(spec, torch::kFloat32);
}

TEST(Checkpointing, AutocastIsReplayed) {
  expectCheckpointingChangesNothing(tiny(), torch::kBFloat16);
}

TEST(Checkpointing, FrozenWeightsAndMambaLayersGoThrough) {
  spec::LanguageSpec spec = tiny();
  spec.loraRank = 2;
  spec.attention = "flash,mamba";
  expectCheckpointingChangesNothing(spec, torch::kFloat32);
}

TEST(Checkpointing, KeepsLessForTheBackwardPass) {
  // Counts the bytes that the graph of the forward pass holds on to.
  const auto kept = [](bool checkpointing) {
    spec::LanguageSpec spec = tiny();
    spec.checkpointing = checkpointing;
    LanguageModel model(Init(3), spec);
    model.train();
    std::int64_t nodes = 0;
    const torch::Tensor hidden = model.forward(text()).hidden_BTC;
    std::vector<torch::autograd::Node*> todo{hidden.grad_fn().get()};
    std::set<torch::autograd::Node*> seen;
    while (!todo.empty()) {
      torch::autograd::Node* node = todo.back();
      todo.pop_back();
      if (node == nullptr || !seen.insert(node).second) continue;
      ++nodes;
      for (const auto& edge : node->next_edges()) todo.push_back(edge.function.get());
    }
    return nodes;
  };
  EXPECT_LT(kept(true) * 2, kept(false));
}

TEST(Lora, BeginsAsTheModelWithoutAndTrainsTheFactorsAlone) {
  spec::LanguageSpec spec = tiny();
  LanguageModel plain(Init(3, torch::kFloat64), spec);
  spec.loraRank = 2;
  LanguageModel adapted(Init(3, torch::kFloat64), spec);
  EXPECT_TRUE(torch::equal(adapted.forward(text()).hidden_BTC, plain.forward(text()).hidden_BTC));
  std::int64_t factors = 0, frozen = 0;
  for (const auto& parameter : adapted.named_parameters()) {
    const std::string& name = parameter.key();
    if (name.ends_with("lora_a") || name.ends_with("lora_b")) ++factors;
    const bool projection = name.find("_proj.weight") != std::string::npos;
    EXPECT_EQ(parameter.value().requires_grad(), !projection) << name;
    if (projection) ++frozen;
  }
  EXPECT_EQ(frozen, 3 * 7);
  EXPECT_EQ(factors, 2 * frozen);
}

TEST(Lora, ReachesEveryProjection) {
  spec::LanguageSpec spec = tiny();
  spec.loraRank = 2;
  spec.layers = 1;
  LanguageModel model(Init(3, torch::kFloat64), spec);
  fill(model);
  const auto loss = [&] { return languageLoss(model, text(), model.forward(text())).loss; };
  expectGradientsMatchDifferences(model, loss);
  for (const auto& parameter : model.named_parameters()) {
    if (!parameter.value().requires_grad()) continue;
    EXPECT_GT(parameter.value().grad().abs().max().item<double>(), 0.0) << parameter.key();
  }
}

}  // namespace
