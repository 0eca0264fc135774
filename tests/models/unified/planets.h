// SPDX-License-Identifier: Apache-2.0
// Real samples for the tests of the whole model: generated planets through store, loader and collate.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/batch/collate.h"
#include "data/batch/training_content.h"
#include "engine/config/run_spec.h"
#include "models/unified/unified.h"
#include "tests/support/temp_folder.h"

namespace ecumene::models::unified {

/// Preset nano with nothing hidden by chance.
engine::config::RunSpec nano();

/// A batch as tensors, and the memory that they look at.
struct Batch {
  std::shared_ptr<data::batch::MultiModalBatch> memory;
  UnifiedInput input;
  [[nodiscard]] const std::vector<std::string>& ids() const { return memory->sampleIds; }
};

/// Planets that the generator makes of seed 42, in a store of their own, and what a run makes of it. On each some
/// metabolisms are viable and some are not. Made once for all tests of the program.
class Planets {
 public:
  static constexpr std::array<std::uint64_t, 4> kNumbers{1, 5, 8, 11};
  static constexpr std::size_t kPlanets = kNumbers.size(), kArchetypes = 8;
  static Planets& shared();

  /// Samples by number, below kPlanets x kArchetypes, each once: of each planet in turn one archetype, then another of
  /// each.
  [[nodiscard]] Batch batch(const std::vector<std::size_t>& numbers);
  [[nodiscard]] UnifiedModel model(const engine::config::RunSpec& spec, torch::ScalarType type) const;
  [[nodiscard]] climate::ClimateScale scale() const;

 private:
  Planets();
  test::TempFolder folder_;
  data::batch::TrainingContent content_;
  std::vector<data::loader::Sample> samples_;
};

/// Floating-point tensors of the input in float64, as copies.
UnifiedInput inFloat64(UnifiedInput input);
climate::ClimateScale inFloat64(climate::ClimateScale scale);

}  // namespace ecumene::models::unified
