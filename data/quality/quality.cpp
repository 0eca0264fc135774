// SPDX-License-Identifier: Apache-2.0
#include "data/quality/quality.h"

#include <algorithm>
#include <array>

#include "data/quality/check_functions.h"

namespace ecumene::data::quality {
namespace {

constexpr std::array<Check, 14> kChecks{{
    {"completeness", "Share of the ten climate variables that are present, whole and finite.", "1", 0.95, false,
     completeness},
    {"accuracy", "Share of climate values inside the physical range of their variable.", "1", 0.98, true, accuracy},
    {"agreement", "Share of scalars and spectra whose sources agree within three stated errors.", "1", 0.98, false,
     agreement},
    {"energy_closure",
     "Size of the annual global mean of absorbed shortwave minus outgoing longwave, of the worst epoch.", "W m-2", 0.3,
     true, energyClosure},
    {"surface_range", "Hottest surface temperature of a climate that is no runaway.", "K", 400.0, false, surfaceRange},
    {"mass_closure", "Distance of the dry air's weight from what was drawn, or of a month's pressure from the year's.",
     "1", 1e-3, false, massClosure},
    {"boiling", "Share of area and time with open water above its boiling point.", "1", 0.10, true, boiling},
    {"co2_frost", "Share of area and time with ground below the frost point of the air's CO2.", "1", 0.10, true,
     co2Frost},
    {"saturation", "Share of humidity values at or below saturation over liquid water.", "1", 0.98, false, saturation},
    {"grid_weights", "Distance of the sum of area weights from 1.", "1", 1e-6, true, gridWeights},
    {"gas_mixture", "Distance of the sum of dry mixing ratios from 1.", "1", 1e-6, true, gasMixture},
    {"element_balance", "Largest imbalance of elements and charge in a reaction of an archetype metabolism.", "1", 1e-6,
     true, elementBalance},
    {"spectrum_units", "Share of spectrum values of the size that their unit allows.", "1", 1.0, true, spectrumUnits},
    {"scalar_units", "Share of observables inside the range of their unit.", "1", 1.0, false, scalarUnits},
}};

}  // namespace

std::span<const Check> checks() {
  return kChecks;
}

std::vector<planet::QualityCheck> assess(const planet::Planet& planet,
                                         std::span<const planet::CatalogueEntry> duplicates) {
  std::vector<planet::QualityCheck> results;
  for (const Check& check : kChecks) {
    const std::optional<Finding> finding = check.run({planet, duplicates}, check.limit);
    if (!finding) continue;
    results.push_back({std::string(check.name), finding->value, check.limit, finding->passed, finding->message});
  }
  return results;
}

bool mustExclude(std::span<const planet::QualityCheck> results) {
  return std::any_of(results.begin(), results.end(), [](const planet::QualityCheck& result) {
    if (result.passed) return false;
    const auto row =
        std::find_if(kChecks.begin(), kChecks.end(), [&](const Check& check) { return check.name == result.name; });
    return row != kChecks.end() && row->excludes;
  });
}

}  // namespace ecumene::data::quality
