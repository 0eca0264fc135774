// SPDX-License-Identifier: Apache-2.0
#include "data/planet/system.h"

namespace ecumene::data::planet {
namespace {

constexpr std::array<std::string_view, kGasCount> kGasNames{"N2", "CO2", "H2O", "CH4", "O2",
                                                            "O3", "N2O", "CO",  "H2",  "H2S"};
// IUPAC 2021 abridged atomic weights.
constexpr std::array<double, kGasCount> kGasMasses{28.014, 44.009, 18.015, 16.043, 31.998,
                                                   47.997, 44.013, 28.010, 2.016,  34.076};
constexpr std::array<std::string_view, 7> kScenarioNames{"reducing", "neutral_co2", "archean", "oxic",
                                                         "thin",     "dense",       "unknown"};
constexpr std::array<std::string_view, 4> kStarNames{"M", "K", "G", "F"};

}  // namespace

std::string_view name(Gas gas) {
  return kGasNames.at(static_cast<std::size_t>(gas));
}
double molarMass(Gas gas) {
  return kGasMasses.at(static_cast<std::size_t>(gas));
}
std::string_view name(RedoxScenario scenario) {
  return kScenarioNames.at(static_cast<std::size_t>(scenario));
}
std::string_view name(StarType type) {
  return kStarNames.at(static_cast<std::size_t>(type));
}
std::string_view name(StartState state) {
  return state == StartState::kWarm ? "warm" : "cold";
}

StarType starType(double temperatureK) {
  if (temperatureK < 3900.0) return StarType::kM;
  if (temperatureK < 5300.0) return StarType::kK;
  if (temperatureK < 6000.0) return StarType::kG;
  return StarType::kF;
}

}  // namespace ecumene::data::planet
