// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/planet/cube.h"
#include "data/planet/network.h"
#include "data/planet/scalars.h"
#include "data/planet/spectrum.h"
#include "data/planet/system.h"

namespace ecumene::data::planet {

/// Version of the definitions in dataset.md that labels, cubes and networks follow. Stored with every planet.
inline constexpr int kDatasetVersion = 1;

enum class Regime { kRunaway, kSnowball, kIceFree, kEyeball, kBelt, kCaps };
inline constexpr std::size_t kRegimeCount = 6;
std::string_view name(Regime regime);

/// Labels of the climate, each a function of the cube as dataset.md, "Labels", defines it.
struct ClimateLabels {
  double fHab = 0.0;                              ///< share of area and time with 273.0 <= ts <= 373.0 K
  double h050 = 0.0;                              ///< share with 273.15 <= ts <= 323.15 K
  double tMeanK = 0.0, tMinK = 0.0, tMaxK = 0.0;  ///< of ts: area and time mean; extremes over cells and months
  double iceFraction = 0.0;                       ///< mean of f_ice(ts) over all surfaces
  double openFraction = 0.0;                      ///< area whose orbit-mean ts > 263.15 K
  Regime regime = Regime::kCaps;
  bool habitable = false;
  std::optional<double> runawayMarginWm2;  ///< largest OLR minus absorbed flux; negative beyond the limit
  std::optional<double> stratosphericH2O;  ///< volume mixing ratio at the cold trap
  std::optional<double> oceanLossGyr;      ///< time to lose an Earth ocean at the diffusion limit; at most 1e4
  bool operator==(const ClimateLabels&) const = default;
};
/// The definition of a label, as stored beside it: label name -> sentence. Order as in ClimateLabels, then viable's
/// parts.
struct LabelDefinition {
  std::string_view name, unit, definition;
};
std::vector<LabelDefinition> labelDefinitions();

/// One of the eight archetype metabolisms in one variant, with its growth window, on one planet.
struct Metabolism {
  Archetype archetype{};
  int variant = 0;
  double growthMinK = 0.0, growthMaxK = 0.0;
  MetabolicNetwork network;
  bool operator==(const Metabolism&) const = default;
};

/// viable(m) and what explains it (dataset.md, "Labels"). What was not evaluated is absent, never 0: all but T_w
/// and its light where there is no liquid water in the growth window.
struct Viability {
  bool viable = false;
  double window = 0.0;                       ///< W: share of area and time inside growth window and 273..373 K
  std::optional<double> windowTemperatureK;  ///< T_w: mean ts there; absent if W = 0
  bool optimal = false;                      ///< the flux balance has a solution
  std::optional<double> growthPerHour;       ///< mu; absent without a solution
  /// dG(T_w) of the catabolism, kJ/mol as written; absent too where each of its reactions lacks a substrate altogether
  std::optional<double> catabolicEnergyKJ;
  std::optional<double> maintenanceMmolAtp;  ///< lower bound of ATPM, mmol/gDW/h
  double productivity = 0.0;               ///< gas-transfer limited growth supply, C-mol m-2 yr-1 (not part of viable)
  std::optional<double> windowLightWm2{};  ///< mean toa_net_shortwave over the cells and months of W; absent if W = 0
  bool operator==(const Viability&) const = default;
};

struct MetabolismCase {
  Metabolism metabolism;
  std::optional<Viability> viability;  ///< absent without climate
  bool operator==(const MetabolismCase&) const = default;
};

struct Text {
  std::string id;  ///< within the planet or the file ("2504.01234")
  std::string title;
  std::string body;
  std::string source;  ///< "generated", file name, archive
  std::string licence;
  /// Which metabolism case the text describes (index into Planet::metabolisms); none: any.
  std::optional<std::size_t> metabolism;
  std::vector<std::string> keywords;  ///< planets named, categories
  bool operator==(const Text&) const = default;
};

/// Where an array or value came from.
struct Provenance {
  std::string part;                      ///< "climate", "spectrum[0]", "scalars"
  std::string source;                    ///< file name (no path), or "generator"
  std::string sha256;                    ///< of the source file; empty for generated parts
  std::string generator;                 ///< program and version that made the part
  std::uint64_t seed = 0;                ///< of generated parts
  std::string conversions;               ///< units, order and grid as found, and what was done to them
  std::vector<std::string> assumptions;  ///< decided by the program instead of the file, said to the user
  std::string licence;
  bool operator==(const Provenance&) const = default;
};

struct QualityCheck {
  std::string name;
  double value = 0.0;  ///< measured
  double limit = 0.0;  ///< what it is held against
  bool passed = true;
  std::string message;  ///< in words, with the place
  bool operator==(const QualityCheck&) const = default;
};

/// Flags of the climate solver: counted in the data card.
struct ClimateFlags {
  bool runaway = false;
  bool olrClamped = false;  ///< a cell was hotter, or the CO2 more or less, than the fit of outgoing longwave holds for
  bool albedoClipped = false, diffusionCapped = false;
  double imbalanceWm2 = 0.0;  ///< global annual ASR - OLR
  double spinUpOrbits = 0.0;
  /// Somewhere, at some time, open water is above its boiling point or the ground below the frost point of the air's
  /// CO2; and at what share of area and time (of area under water, for boiling). No equilibrium of its own: the model
  /// moves neither water nor CO2.
  bool waterBoils = false, co2Freezes = false;
  double boilingShare = 0.0, co2FrostShare = 0.0;
  bool operator==(const ClimateFlags&) const = default;
};

enum class Origin { kGenerated, kGcm, kObserved, kNetworkOnly, kOther };
std::string_view name(Origin origin);

enum class Split { kTrain, kValidation, kTest, kReal, kObserved, kParts };
std::string_view name(Split split);
/// train 70, validation 10, test 20 percent by sha-256 of a key.
Split splitOf(std::string_view key);
/// Of generated planets by their system key; the others by origin.
Split splitOf(Origin origin, std::string_view systemKey);

/// One planet with whatever is known of it. Any part may be absent.
struct Planet {
  std::string id;                    ///< [a-z0-9][a-z0-9._-]{0,63}, unique in a store; empty: the store chooses
  std::string name;                  ///< for people
  std::vector<std::string> aliases;  ///< other names
  Origin origin = Origin::kOther;
  /// Hash of the planetary system's draw: all starts, metabolisms, instruments and texts of one system share it.
  std::string systemKey;
  Scalars scalars;
  std::optional<PlanetTruth> truth;
  std::optional<ClimateCube> climate;
  std::optional<ClimateFlags> climateFlags;
  std::optional<ClimateLabels> labels;
  std::vector<Spectrum> spectra;
  std::vector<MetabolismCase> metabolisms;  ///< archetype metabolisms with their viability
  std::vector<MetabolicNetwork> networks;   ///< imported networks, without archetype
  std::vector<Text> texts;
  std::vector<Provenance> provenance;
  std::vector<QualityCheck> quality;
  int datasetVersion = kDatasetVersion;
  bool operator==(const Planet&) const = default;
};

/// True for ids a store accepts.
bool isValidId(std::string_view id);
/// An id made from any name: lower case, other characters to '-', at most 48 characters; never empty.
std::string idFromName(std::string_view name);
/// Throws Error at the first part that breaks its own promises (validate of each part), naming the part.
void validate(const Planet& planet);

}  // namespace ecumene::data::planet
