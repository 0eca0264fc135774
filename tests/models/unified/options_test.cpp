// SPDX-License-Identifier: Apache-2.0
// Every option of the model and of its loss does something: two values, two outcomes.
#include <c10/util/ThreadLocalDebugInfo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "engine/train/draws.h"
#include "models/spec/attention_kind.h"
#include "tests/models/unified/planets.h"

namespace ecumene::models::unified {
namespace {

struct Case {
  std::string key, value;         ///< another value than the preset nano's
  std::vector<std::string> with;  ///< settings without which the option says nothing
};

/// For a readable name of a test's case.
void PrintTo(const Case& of, std::ostream* to) {
  *to << of.key << '=' << of.value;
}

/// Bytes that this thread has taken and not given back, as Torch's allocator tells.
class Held : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void* /*at*/, std::int64_t bytes, std::size_t /*allocated*/, std::size_t /*reserved*/,
                         c10::Device /*device*/) override {
    bytes_ += bytes;
  }
  [[nodiscard]] bool memoryProfilingEnabled() const override { return true; }
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }

 private:
  std::int64_t bytes_ = 0;
};

/// What a model is and says.
struct Outcome {
  std::map<std::string, std::vector<std::int64_t>> shapes;  ///< of weights by name; learning ones alone
  std::vector<std::string> attention;
  torch::Tensor said;     ///< all that its heads, its text part and its decoders say of a training step's batch
  std::int64_t held = 0;  ///< bytes for the backward pass
  bool operator==(const Outcome& other) const {
    return shapes == other.shapes && attention == other.attention && held == other.held &&
           said.sizes() == other.said.sizes() && torch::equal(said, other.said);
  }
};

engine::config::RunSpec specOf(const std::vector<std::string>& settings) {
  engine::config::RunSpec spec = nano();
  for (const std::string& setting : settings) engine::config::set(spec, setting);
  engine::config::validate(spec);
  return spec;
}

class ModelOption : public testing::TestWithParam<Case> {
 protected:
  static const Batch& batch() {
    static const Batch made = [] {
      Batch drawn = Planets::shared().batch({0, 1, 2});
      engine::train::drawForTraining(drawn.input, drawn.ids(), nano(), 0);
      // Texts of unequal lengths.
      drawn.input.text.keep_BT = drawn.input.text.keep_BT.clone();
      drawn.input.text.keep_BT[1].slice(0, 9).fill_(false);
      return drawn;
    }();
    return made;
  }

  static Outcome outcome(const std::vector<std::string>& settings) {
    const engine::config::RunSpec spec = specOf(settings);
    UnifiedModel model = Planets::shared().model(spec, torch::kFloat32);
    Outcome made;
    made.attention = spec::describeAttention(spec.model);
    for (const auto& parameter : model.named_parameters()) {
      if (parameter->requires_grad()) made.shapes[parameter.key()] = parameter->sizes().vec();
      // The second factor of a low-rank addition begins at zero.
      const torch::NoGradGuard noGradients;
      if (parameter.key().ends_with(".lora_b")) parameter->fill_(0.1);
    }
    model.train();
    UnifiedInput input = batch().input;
    input.graph.noise_BZ = torch::ones({3, spec.model.graph.latentWidth});
    input.climate.hidden_BP.reset();
    torch::manual_seed(1);
    const auto held = std::make_shared<Held>();
    const c10::DebugInfoGuard counted(c10::DebugInfoKind::PROFILER_STATE, held);
    const UnifiedOutput output = model.forward(input);
    made.held = held->bytes();
    const fusion::Prediction& p = output.fusion.prediction;
    made.said = torch::cat({p.regime_BG.flatten(), p.habitable_B, p.viable_B, p.fHab.logits.flatten(),
                            p.h050.logits.flatten(), output.reasoning.viable_B, output.graph.flux_BR.flatten()})
                    .detach();
    return made;
  }
};

TEST_P(ModelOption, TwoValuesGiveTwoOutcomes) {
  const Case& of = GetParam();
  std::vector<std::string> settings = of.with;
  const Outcome usual = outcome(settings);
  EXPECT_EQ(usual, outcome(settings));  // or everything would differ
  settings.push_back(of.key + "=" + of.value);
  EXPECT_FALSE(usual == outcome(settings));
}

const std::vector<std::string> kStretched = {"model.language.rope_scaling=llama3", "model.language.rope_factor=4",
                                             "model.language.rope_original_length=200"};
const std::vector<std::string> kSliding = {"model.language.attention=sliding", "model.language.sliding_window=4"};

std::vector<Case> modelCases() {
  return {{"model.climate.width", "24", {}},
          {"model.climate.heads", "4", {}},
          {"model.climate.local_blocks", "2", {}},
          {"model.climate.global_blocks", "2", {}},
          {"model.climate.attention", "linear", {}},
          {"model.climate.patch_latitude", "16", {}},
          {"model.climate.patch_longitude", "16", {}},
          {"model.climate.patch_months", "3", {}},
          {"model.climate.feature_width", "48", {}},
          {"model.climate.dropout", "0.5", {}},
          {"model.graph.width", "24", {}},
          {"model.graph.layers", "2", {}},
          {"model.graph.heads", "4", {}},
          {"model.graph.latent_width", "24", {}},
          {"model.graph.feature_width", "48", {}},
          {"model.graph.tokens", "3", {}},
          {"model.graph.adapter_width", "6", {}},
          {"model.graph.largest_distance", "3", {}},
          {"model.graph.layer_scale", "0.2", {}},
          {"model.graph.dropout", "0.5", {}},
          {"model.spectrum.width", "24", {}},
          {"model.spectrum.heads", "4", {}},
          {"model.spectrum.blocks", "2", {}},
          {"model.spectrum.patch_points", "40", {}},
          {"model.spectrum.feature_width", "48", {}},
          {"model.spectrum.dropout", "0.5", {}},
          {"model.scalars.width", "24", {}},
          {"model.language.vocabulary", "600", {}},
          {"model.language.width", "48", {}},
          {"model.language.layers", "3", {}},
          {"model.language.heads", "2", {}},
          {"model.language.kv_heads", "1", {}},
          {"model.language.head_dim", "16", {}},
          {"model.language.intermediate", "96", {}},
          {"model.language.context_length", "4096", {"model.language.attention=auto"}},
          {"model.language.rope_theta", "500", {}},
          {"model.language.rope_scaling", "linear", kStretched},
          {"model.language.rope_factor", "8", kStretched},
          {"model.language.rope_low_freq_factor", "2", kStretched},
          {"model.language.rope_high_freq_factor", "3", kStretched},
          {"model.language.rope_original_length", "100", kStretched},
          {"model.language.norm_eps", "0.1", {}},
          {"model.language.attention", "linear", {}},
          {"model.language.sliding_window", "8", kSliding},
          {"model.language.global_tokens", "2", kSliding},
          {"model.language.tied_head", "true", {}},
          {"model.language.lora_rank", "2", {}},
          {"model.language.lora_alpha", "32", {"model.language.lora_rank=2"}},
          {"model.language.soft_tokens", "3", {}},
          {"model.language.dropout", "0.5", {}},
          {"model.language.checkpointing", "true", {}},
          {"model.language.packed", "true", {}},
          {"model.fusion.width", "48", {}},
          {"model.fusion.heads", "2", {}},
          {"model.fusion.layers", "2", {}},
          {"model.fusion.queries", "6", {}},
          {"model.fusion.dropout", "0.5", {}}};
}

/// "model.language.width" as "language_width".
std::string caseName(const testing::TestParamInfo<Case>& of) {
  std::string name = of.param.key.substr(of.param.key.find('.') + 1);
  std::ranges::replace(name, '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, ModelOption, testing::ValuesIn(modelCases()), caseName);

class LossOption : public testing::TestWithParam<Case> {
 protected:
  /// The loss of a step's batch, by the same model.
  static double loss(const std::vector<std::string>& settings) {
    static Batch batch = [] {
      Batch drawn = Planets::shared().batch({0, 1, 8, 9});
      engine::train::drawForTraining(drawn.input, drawn.ids(), nano(), 0);
      return drawn;
    }();
    static UnifiedModel model = Planets::shared().model(nano(), torch::kFloat32);
    const torch::NoGradGuard noGradients;
    model.eval();
    static const UnifiedOutput output = model.forward(batch.input);
    return model.loss(batch.input, output, specOf(settings).loss, Planets::shared().scale(), 1.0).total.item<double>();
  }
};

TEST_P(LossOption, TwoValuesGiveTwoOutcomes) {
  const Case& of = GetParam();
  std::vector<std::string> settings = of.with;
  const double usual = loss(settings);
  EXPECT_EQ(usual, loss(settings));
  settings.push_back(of.key + "=" + of.value);
  EXPECT_GT(std::abs(loss(settings) - usual), 1e-4);
}

std::vector<Case> lossCases() {
  const std::vector<std::string> focal = {"loss.class_loss=focal"};
  return {{"loss.supervised", "2", {}},
          {"loss.language", "2", {}},
          {"loss.graph", "2", {}},
          {"loss.physics", "2", {}},
          {"loss.contrastive", "2", {}},
          {"loss.reasoning", "2", {}},
          {"loss.kl", "1", {}},
          {"loss.class_loss", "focal", {}},
          {"loss.label_smoothing", "0.4", {}},
          {"loss.focal_alpha", "0.9", focal},
          {"loss.focal_gamma", "0.5", focal},
          {"loss.temperature", "1", {}}};
}

INSTANTIATE_TEST_SUITE_P(Each, LossOption, testing::ValuesIn(lossCases()), caseName);

TEST(ModelOptions, EachIsTriedAbove) {
  std::set<std::string> tried, all;
  for (const auto& cases : {modelCases(), lossCases()}) {
    for (const Case& of : cases) EXPECT_TRUE(tried.insert(of.key).second) << of.key;
  }
  engine::config::RunSpec run;
  spec::Options options;
  options.group("model", [&] { describe(options, run.model); });
  options.group("loss", [&] { describe(options, run.loss); });
  for (const spec::Option& row : options.rows()) all.insert(row.key);
  EXPECT_EQ(tried, all);
}

TEST(ModelOptions, FeatureWidthIsThatOfTheOneVector) {
  const engine::config::RunSpec spec =
      specOf({"model.climate.feature_width=40", "model.graph.feature_width=44", "model.spectrum.feature_width=48"});
  UnifiedModel model = Planets::shared().model(spec, torch::kFloat32);
  const torch::NoGradGuard noGradients;
  const UnifiedOutput output = model.encode(Planets::shared().batch({0}).input);
  EXPECT_EQ(output.climate.features_BC.size(1), 40);
  EXPECT_EQ(output.graph.features_BC.size(1), 44);
  EXPECT_EQ(output.spectrum.features_BC.size(1), 48);
}

}  // namespace
}  // namespace ecumene::models::unified
