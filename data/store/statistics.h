// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "data/planet/cube.h"
#include "data/planet/scalars.h"

namespace ecumene::data::store {

/// Weighted mean and standard deviation. count 0: nothing was there, and mean and deviation are 0 and 1.
struct Moments {
  double mean = 0.0, deviation = 1.0;
  std::size_t count = 0;
  bool operator==(const Moments&) const = default;
};

/// What inputs are normalised with: of the split that is trained on, without excluded planets (dataset.md, "Climate
/// cube", "Atmosphere, spectrum").
struct Statistics {
  /// Of what the members mean: raised with any change of modelValue().
  int version = 2;
  std::size_t planets = 0;
  /// Area-weighted over cells, equal over months, levels, epochs and planets, of modelValue(): log10(max(q, 1e-8)) of
  /// humidity, log10 of pressure, the others as they are.
  std::array<Moments, planet::kVariableCount> variables;
  /// Of modelValue() of measured values (limits left out).
  std::array<Moments, planet::kScalarCount> scalars;
  /// Median over all bins of all transmission spectra, rebinned to the model's grid, of their 1-sigma error; 0 if there
  /// are none. Depths are normalised as (depth - the spectrum's median) / referenceSigma.
  double referenceSigma = 0.0;
  Moments normalisedDepth;  ///< of (depth - median) / referenceSigma
  Moments log10Sigma;
  Moments log10WavelengthUm;  ///< over the model's grid
  bool operator==(const Statistics&) const = default;
};

/// JSON. From text: throws Error naming `object` where it is not what toText() writes.
std::string toText(const Statistics& statistics);
Statistics statisticsFromText(const std::string& text, const std::string& object);

/// The value of a variable that models see, before mean and deviation.
double modelValue(planet::VariableId id, double value);
/// Of a scalar: log10(max(x, 1e-3)) but of eccentricity and obliquity, which are small or 0 (periods span three
/// decades).
double modelValue(planet::ScalarId id, double value);

}  // namespace ecumene::data::store
