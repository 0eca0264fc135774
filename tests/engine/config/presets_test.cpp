// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/config/embedded_presets.h"
#include "engine/config/run_spec.h"

namespace ecumene::engine::config {
namespace {

/// Parameters of a Llama decoder without biases (transformers' LlamaForCausalLM): embedding, per layer two norms, q, k,
/// v, o, gate, up, down; final norm; head.
std::int64_t llamaParameters(const models::spec::LanguageSpec& s) {
  const std::int64_t query = s.heads * s.headWidth, keyValue = s.keyValueHeads * s.headWidth;
  const std::int64_t layer = 2 * s.width + 2 * s.width * query + 2 * s.width * keyValue + 3 * s.width * s.intermediate;
  return (s.tiedHead ? 1 : 2) * s.vocabulary * s.width + s.layers * layer + s.width;
}

TEST(Presets, AreNamedFromSmallToLarge) {
  EXPECT_EQ(presets(), (std::vector<std::string>{"nano", "demo", "base", "full"}));
  std::int64_t last = 0;
  for (const std::string& name : presets()) {
    const std::int64_t size = llamaParameters(preset(name).model.language);
    EXPECT_GT(size, last) << name;
    last = size;
  }
}

TEST(Presets, EmbeddedTextIsTheFile) {
  for (const EmbeddedPreset& row : embeddedPresets()) {
    EXPECT_EQ(readFile("resources/presets/" + std::string(row.name) + ".toml"), row.toml) << row.name;
  }
}

TEST(Presets, AreWholeValidAndWrittenAsToTomlWrites) {
  for (const EmbeddedPreset& row : embeddedPresets()) {
    SCOPED_TRACE(row.name);
    const RunSpec spec = preset(std::string(row.name));
    EXPECT_NO_THROW(validate(spec));
    // A head of comments, an empty line, then every option.
    const std::size_t head = row.toml.find("\n\n");
    ASSERT_NE(head, std::string_view::npos);
    EXPECT_EQ(toToml(spec), row.toml.substr(head + 2));
  }
}

TEST(Presets, UnknownNameIsRefusedWithTheNames) {
  try {
    (void)preset("ful");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.expectation(), "one of nano, demo, base, full");
    EXPECT_NE(error.nextStep().find("full?"), std::string::npos);
  }
}

TEST(Presets, FullHasTheMissionsSizesAndSettings) {
  const RunSpec full = preset("full");
  const models::spec::LanguageSpec& language = full.model.language;
  EXPECT_EQ(language.layers, 56);
  EXPECT_EQ(language.width, 4352);
  EXPECT_EQ(language.heads * language.headWidth, 4352);
  EXPECT_EQ(language.keyValueHeads, 16);
  EXPECT_EQ(language.intermediate, 13952);
  EXPECT_FALSE(language.tiedHead);
  // 2 x 32,000 x 4,352 + 56 x (2 x 4,352 + 2 x 4,352^2 + 2 x 4,352 x 1,088 + 3 x 4,352 x 13,952) + 4,352.
  EXPECT_EQ(llamaParameters(language), 13131415808);
  EXPECT_NEAR(static_cast<double>(llamaParameters(language)), 13.13e9, 0.005e9);
  EXPECT_EQ(full.model.graph.layers, 12);
  EXPECT_EQ(full.model.graph.heads, 16);
  EXPECT_EQ(full.model.fusion.width, 256);
  EXPECT_EQ(full.model.fusion.heads, 8);
  EXPECT_EQ(full.model.fusion.layers, 3);
  EXPECT_EQ(full.train.optimiser, "adamw");
  EXPECT_EQ(full.train.schedule, "cosine");
  EXPECT_EQ(full.train.learningRate, 1e-4);
  EXPECT_EQ(full.train.beta1, 0.9);
  EXPECT_EQ(full.train.beta2, 0.999);
  EXPECT_EQ(full.train.weightDecay, 0.01);
  EXPECT_EQ(full.train.microBatch, 1);
  EXPECT_EQ(full.train.accumulate, 32);
  EXPECT_EQ(full.train.epochs, 200);
  EXPECT_EQ(full.train.patience, 20);
  EXPECT_EQ(full.train.clip, 1.0);
  EXPECT_EQ(full.train.parts, "all");
  EXPECT_EQ(full.data.textLength, 512);
}

/// engine/config/OPTIONS.md. ECUMENE_WRITE_PAGE=1 writes it anew.
TEST(ReferencePage, IsCurrent) {
  const std::string page = "engine/config/OPTIONS.md";
  if (std::getenv("ECUMENE_WRITE_PAGE") != nullptr) writeFileAtomically(page, referencePage());
  EXPECT_EQ(readFile(page), referencePage()) << "run this test from the repository root with ECUMENE_WRITE_PAGE=1";
}

}  // namespace
}  // namespace ecumene::engine::config
