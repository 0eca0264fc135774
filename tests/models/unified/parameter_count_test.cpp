// SPDX-License-Identifier: Apache-2.0
#include "models/unified/parameter_count.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "engine/config/run_spec.h"
#include "tests/models/unified/planets.h"

namespace ecumene::models::unified {
namespace {

std::map<std::string, PartCount> counted(const std::string& preset) {
  std::map<std::string, PartCount> parts;
  for (const PartCount& part : countParameters(engine::config::preset(preset).model)) parts[part.part] = part;
  return parts;
}

double total(const std::map<std::string, PartCount>& parts) {
  double sum = 0.0;
  for (const auto& [name, part] : parts) sum += static_cast<double>(part.parameters);
  return sum;
}

TEST(ParameterCount, FullHasTheSizesOfTheMission) {
  const auto parts = counted("full");
  const std::map<std::string, double> billions{{"language", 13.13}, {"climate", 2.5}, {"graph", 1.2}};
  for (const auto& [name, expected] : billions) {
    const PartCount& part = parts.at(name);
    RecordProperty(name, std::to_string(part.parameters));
    EXPECT_NEAR(static_cast<double>(part.parameters), expected * 1e9, 0.02 * expected * 1e9) << name;
  }
  EXPECT_NEAR(total(parts), 16.83e9, 0.02 * 16.83e9);
}

TEST(ParameterCount, PartsAreThoseThatTrainPartsNames) {
  std::set<std::string> expected(engine::config::kPartNames.begin(), engine::config::kPartNames.end()), found;
  for (const auto& [name, part] : counted("nano")) found.insert(name);
  EXPECT_EQ(found, expected);
}

/// The other parts have too few tensors for it: see models/unified/README.md.
TEST(ParameterCount, FullHasNoLargeTensorInAPartOfManyLayers) {
  const auto parts = counted("full");
  for (const char* name : {"language", "climate", "graph", "spectrum"}) {
    const PartCount& part = parts.at(name);
    EXPECT_LT(static_cast<double>(part.largestValues), 0.05 * static_cast<double>(part.parameters)) << part.largest;
  }
}

TEST(ParameterCount, LanguageIsAsTheLlamaFamilyCounts) {
  const spec::LanguageSpec s = engine::config::preset("full").model.language;
  const std::int64_t attention = 2 * s.width * s.headWidth * (s.heads + s.keyValueHeads);
  const std::int64_t layer = attention + 3 * s.width * s.intermediate + 2 * s.width;
  EXPECT_EQ(counted("full").at("language").parameters, s.layers * layer + 2 * s.vocabulary * s.width + s.width);
}

TEST(ParameterCount, SmallPresetsKeepTheirSizes) {
  EXPECT_LT(total(counted("nano")), 1e6);
  EXPECT_GT(total(counted("demo")), 4.5e6);
  EXPECT_LT(total(counted("demo")), 8e6);
  EXPECT_NEAR(total(counted("base")), 300e6, 60e6);
}

TEST(ParameterCount, IsThatOfTheModelThatTrains) {
  const engine::config::RunSpec spec = nano();
  const graph::ReactionVocabulary vocabulary{torch::zeros({30, 20}), torch::zeros({30, graph::kElements}),
                                             torch::zeros({20}, torch::kBool), torch::zeros({20})};
  const UnifiedModel model(layers::Init(1), spec.model, vocabulary);
  std::int64_t expected = 0, found = 0;
  for (const torch::Tensor& parameter : model.parameters()) expected += parameter.numel();
  for (const PartCount& part : countParameters(spec.model, 20, 30)) found += part.parameters;
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace ecumene::models::unified
