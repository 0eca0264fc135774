// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ecumene::data::planet {

/// Gases of the one composition vector (dataset.md, "Atmosphere, spectrum").
enum class Gas { kN2, kCO2, kH2O, kCH4, kO2, kO3, kN2O, kCO, kH2, kH2S };
inline constexpr std::size_t kGasCount = 10;
std::string_view name(Gas gas);
/// Molar mass in g/mol.
double molarMass(Gas gas);

enum class RedoxScenario { kReducing, kNeutralCO2, kArchean, kOxic, kThin, kDense, kUnknown };
std::string_view name(RedoxScenario scenario);

enum class StarType { kM, kK, kG, kF };
std::string_view name(StarType type);
/// M below 3900 K, K below 5300 K, G below 6000 K, else F (Pecaut & Mamajek 2013, ApJS 208, 9, main-sequence table).
StarType starType(double temperatureK);

enum class StartState { kWarm, kCold };
std::string_view name(StartState state);

struct Star {
  double temperatureK = 0.0;
  double radiusSun = 0.0;
  double massSun = 0.0;
  double luminositySun = 0.0;
  double ageGyr = 0.0;
  bool operator==(const Star&) const = default;
};

struct Orbit {
  double fluxWm2 = 0.0;  ///< mean over the orbit's semi-major axis distance, L / (4 pi a^2)
  double periodDays = 0.0;
  double semiMajorAxisAu = 0.0;
  double eccentricity = 0.0;
  double periastronDeg = 0.0;  ///< solar longitude L_s of periastron, 0 at the northern spring equinox
  bool operator==(const Orbit&) const = default;
};

struct Bulk {
  double radiusEarth = 0.0;
  double gravity = 0.0;       ///< m s-2
  double rotationDays = 0.0;  ///< sidereal; equals the orbital period if synchronous
  double obliquityDeg = 0.0;
  bool synchronous = false;
  double substellarLongitudeDeg = 180.0;  ///< of synchronous planets
  bool operator==(const Bulk&) const = default;
};

struct Atmosphere {
  RedoxScenario scenario = RedoxScenario::kUnknown;
  double surfacePressurePa = 0.0;  ///< dry air at the surface
  /// Dry volume mixing ratios, sum 1 (N2 is the rest); H2O here is 0, its profile comes from the climate.
  std::array<double, kGasCount> mixingRatio{};
  [[nodiscard]] double ratio(Gas gas) const { return mixingRatio[static_cast<std::size_t>(gas)]; }
  double& ratio(Gas gas) { return mixingRatio[static_cast<std::size_t>(gas)]; }
  [[nodiscard]] double partialPressurePa(Gas gas) const { return ratio(gas) * surfacePressurePa; }
  bool operator==(const Atmosphere&) const = default;
};

struct Surface {
  double oceanFraction = 0.7;  ///< area share of open or frozen ocean, 0..1
  double soilMoistureM = 0.0;  ///< area-mean soil water where there is no ocean, m
  std::uint64_t landSeed = 0;  ///< seed of the land mask of generated planets
  bool uniform = false;        ///< every cell holds oceanFraction (tests), no mask is drawn
  bool operator==(const Surface&) const = default;
};

/// Free choices of the energy balance model that a real planet would not tell; stored so that a climate can be
/// explained.
struct ClimateClosure {
  double diffusionWm2K = 0.58;  ///< D0 before scaling (science.md 2.2)
  double olrOffsetWm2 = 0.0;    ///< subtracted from outgoing longwave (cloud greenhouse)
  double iceAlbedo = 0.663;
  double landAlbedo = 0.2;
  bool operator==(const ClimateClosure&) const = default;
};

/// The hidden truth of a planet: never model input. Generated planets have all of it, GCM planets what their sidecar
/// says.
struct PlanetTruth {
  Star star;
  Orbit orbit;
  Bulk bulk;
  Atmosphere atmosphere;
  Surface surface;
  ClimateClosure closure;
  StartState start = StartState::kWarm;
  bool operator==(const PlanetTruth&) const = default;
};

}  // namespace ecumene::data::planet
