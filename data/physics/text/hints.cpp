// SPDX-License-Identifier: Apache-2.0
#include "data/physics/text/hints.h"

#include <cstdint>

namespace ecumene::data::physics::text {

Hints drawHints(planet::RedoxScenario scenario, bool hasOcean, Random& random) {
  constexpr auto kKnown = static_cast<std::uint32_t>(planet::RedoxScenario::kUnknown);
  const std::uint32_t which = random.below(3);
  const bool scenarioRight = random.chance(kHintRight);
  const std::uint32_t other = random.below(kKnown - 1);
  const bool oceanRight = random.chance(kHintRight);
  const bool known = scenario != planet::RedoxScenario::kUnknown;

  Hints hints;
  if (known && which != 1) {
    const auto truth = static_cast<std::uint32_t>(scenario);
    hints.scenario = scenarioRight ? scenario : static_cast<planet::RedoxScenario>(other < truth ? other : other + 1);
  }
  if (!known || which != 0) hints.ocean = oceanRight ? hasOcean : !hasOcean;
  return hints;
}

}  // namespace ecumene::data::physics::text
