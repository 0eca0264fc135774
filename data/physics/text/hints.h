// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "data/base/random.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::text {

/// How often a statement about redox state or ocean is right (dataset.md, "Text").
inline constexpr double kHintRight = 0.8;

/// What the one or two statements of a text will say; not the truth. Absent: no such statement.
struct Hints {
  std::optional<planet::RedoxScenario> scenario;
  std::optional<bool> ocean;
  bool operator==(const Hints&) const = default;
};

/// Draws what a text claims: a statement on the scenario, on the ocean, or on both (a third each), each right with
/// probability kHintRight; a wrong scenario is any of the others with equal chance. This is the only function here that
/// sees the truth, and it sees no more than this. kUnknown (planets without composition) gives the ocean alone.
Hints drawHints(planet::RedoxScenario scenario, bool hasOcean, Random& random);

}  // namespace ecumene::data::physics::text
