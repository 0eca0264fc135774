// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/quality/quality.h"

/// One function for each row of the table (quality.cpp), which has its sentence, unit and limit; `limit` is the row's.
/// None where the planet has nothing to judge. README.md says why each limit stands.
namespace ecumene::data::quality {

/// Share of the ten climate variables that are present, whole and finite; at least `limit`. None without climate.
std::optional<Finding> completeness(const Subject& subject, double limit);
/// Share of climate values inside VariableInfo::validMin to validMax; at least `limit`. None without climate.
std::optional<Finding> accuracy(const Subject& subject, double limit);
/// Of the pairs of sources of a scalar (the planet and each of `duplicates`) and of measured spectra of one kind, the
/// share that agree: scalars within three combined errors (1 % of the value where none is stated), spectra if at least
/// `limit` of the model's bins that both cover do so. At least `limit`. None where nothing can be compared.
std::optional<Finding> agreement(const Subject& subject, double limit);
/// |ASR - OLR|, global annual mean in W m-2; below `limit` for a generated climate that is no runaway, told for the
/// others. None without both fluxes.
std::optional<Finding> energyClosure(const Subject& subject, double limit);
/// Hottest cell and month in K; at most `limit`. None for a runaway or without surface temperature.
std::optional<Finding> surfaceRange(const Subject& subject, double limit);
/// Distance of the dry air's weight, the mean of ps less its vapour, from what was drawn, as a share, of a generated
/// planet; of others the largest distance of a month's area-mean surface pressure from the year's mean. At most
/// `limit`. None without surface pressure.
std::optional<Finding> massClosure(const Subject& subject, double limit);
/// Share of area and time at which open water is above its boiling point (ClimateFlags); at most `limit`. None without
/// flags.
std::optional<Finding> boiling(const Subject& subject, double limit);
/// Share of area and time at which the ground is below the frost point of the air's CO2 (ClimateFlags); at most
/// `limit`. None without flags.
std::optional<Finding> co2Frost(const Subject& subject, double limit);
/// Share of humidity at or below 1.05 of saturation over liquid water (Bolton 1980, Mon. Weather Rev. 108, 1046) in air
/// of 238 K or more; at least `limit`. None where no air is that warm.
std::optional<Finding> saturation(const Subject& subject, double limit);
/// Distance of the sum of the latitudes' area weights from 1; at most `limit`. None without climate.
std::optional<Finding> gridWeights(const Subject& subject, double limit);
/// Distance of the sum of dry mixing ratios from 1; at most `limit`. None where no gas is known.
std::optional<Finding> gasMixture(const Subject& subject, double limit);
/// Largest imbalance of an element (atoms) or of charge in an archetype's reaction; at most `limit`. Exchanges, the
/// objective and unknown formulas are left out; imported networks are not judged.
std::optional<Finding> elementBalance(const Subject& subject, double limit);
/// Share of spectrum values that are a fraction of 0 to 1 within five of their errors; at least `limit`. Stellar
/// fluxes are not judged. None without other spectra.
std::optional<Finding> spectrumUnits(const Subject& subject, double limit);
/// Share of measured scalars inside the range of their unit; at least `limit`. None without scalars.
std::optional<Finding> scalarUnits(const Subject& subject, double limit);

}  // namespace ecumene::data::quality
