// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/composition.h"

#include <array>

#include "data/physics/constants.h"

namespace ecumene::data::physics::generator {
namespace {

using planet::Gas;
using planet::RedoxScenario;

// Reducing: volcanic H2 with CO2 and CO on a young rocky planet (H2 of 1e-3 to 0.1: Wordsworth & Pierrehumbert 2013,
// Science 339, 64).
constexpr auto kReducing = std::to_array<GasRange>({{Gas::kH2, 1e-3, 0.1},
                                                    {Gas::kCO2, 1e-3, 0.2},
                                                    {Gas::kCO, 1e-5, 1e-2},
                                                    {Gas::kCH4, 1e-6, 3e-3},
                                                    {Gas::kH2S, 1e-8, 1e-5}});
// Neutral CO2: N2-CO2 air of a weakly outgassing planet.
constexpr auto kNeutral = std::to_array<GasRange>({{Gas::kCO2, 3e-4, 0.5},
                                                   {Gas::kH2, 1e-7, 1e-4},
                                                   {Gas::kCO, 1e-7, 1e-3},
                                                   {Gas::kCH4, 1e-8, 1e-5},
                                                   {Gas::kO2, 1e-8, 1e-5},
                                                   {Gas::kH2S, 1e-10, 1e-7}});
// Archean without haze: CH4/CO2 < 0.1 keeps organic haze away (Arney et al. 2016); drawArchean holds the ratio.
constexpr auto kArchean = std::to_array<GasRange>({{Gas::kCO2, 3e-3, 0.1},
                                                   {Gas::kCH4, 1e-4, 5e-3},
                                                   {Gas::kH2, 1e-5, 1e-3},
                                                   {Gas::kCO, 1e-6, 1e-4},
                                                   {Gas::kN2O, 1e-9, 1e-7},
                                                   {Gas::kO2, 1e-10, 1e-6},
                                                   {Gas::kH2S, 1e-9, 1e-6}});
// Oxic: Proterozoic to Phanerozoic air.
constexpr auto kOxic = std::to_array<GasRange>({{Gas::kO2, 1e-3, 0.35},
                                                {Gas::kO3, 2e-8, 6e-7},
                                                {Gas::kCO2, 1e-4, 1e-2},
                                                {Gas::kCH4, 1e-6, 3e-4},
                                                {Gas::kN2O, 1e-7, 1e-6},
                                                {Gas::kH2, 1e-7, 1e-6},
                                                {Gas::kCO, 5e-8, 1e-6}});
constexpr auto kThin = std::to_array<GasRange>({{Gas::kCO2, 1e-2, 0.9},
                                                {Gas::kO2, 1e-5, 3e-3},
                                                {Gas::kCO, 1e-5, 1e-3},
                                                {Gas::kH2, 1e-7, 1e-4},
                                                {Gas::kCH4, 1e-9, 1e-6}});
constexpr auto kDense = std::to_array<GasRange>({{Gas::kCO2, 3e-2, 0.6},
                                                 {Gas::kH2, 1e-6, 3e-3},
                                                 {Gas::kCH4, 1e-7, 3e-4},
                                                 {Gas::kCO, 1e-6, 1e-3},
                                                 {Gas::kH2S, 1e-9, 1e-6}});

constexpr auto kScenarios = std::to_array<ScenarioPrior>({
    {RedoxScenario::kReducing, 0.20, 0.5, 3.0, kReducing},
    {RedoxScenario::kNeutralCO2, 0.17, 0.3, 3.0, kNeutral},
    {RedoxScenario::kArchean, 0.18, 0.5, 2.0, kArchean},
    {RedoxScenario::kOxic, 0.25, 0.4, 2.5, kOxic},
    {RedoxScenario::kThin, 0.10, 0.05, 0.4, kThin},
    {RedoxScenario::kDense, 0.10, 3.0, 8.0, kDense},
});

constexpr double kHazeRatio = 0.1;  // CH4/CO2 above which organic haze forms

}  // namespace

std::span<const ScenarioPrior> scenarioPriors() {
  return kScenarios;
}

planet::Atmosphere drawAtmosphere(Random& random) {
  double position = random.uniform();
  const ScenarioPrior* chosen = &kScenarios.back();
  for (const ScenarioPrior& s : kScenarios) {
    if (position < s.share) {
      chosen = &s;
      break;
    }
    position -= s.share;
  }
  planet::Atmosphere air;
  air.scenario = chosen->scenario;
  air.surfacePressurePa = kBarPa * random.logUniform(chosen->pressureLowBar, chosen->pressureHighBar);
  for (;;) {
    double sum = 0.0;
    for (const GasRange& g : chosen->gases) {
      air.ratio(g.gas) = random.logUniform(g.low, g.high);
      sum += air.ratio(g.gas);
    }
    const bool hazy =
        air.scenario == RedoxScenario::kArchean && air.ratio(Gas::kCH4) > kHazeRatio * air.ratio(Gas::kCO2);
    if (sum < 1.0 && !hazy) {
      air.ratio(Gas::kN2) = 1.0 - sum;
      return air;
    }
  }
}

}  // namespace ecumene::data::physics::generator
