// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "data/planet/planet.h"
#include "engine/report/fluxes.h"

namespace ecumene::engine::report {

inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
using RegimeProbabilities = std::array<double, data::planet::kRegimeCount>;

/// What is true of a sample (dataset.md, "Labels").
struct Labels {
  int regime = -1;                                 ///< planet::Regime, -1: missing
  double habitable = kMissing, viable = kMissing;  ///< 0 or 1, NaN: missing
  double fHab = kMissing, h050 = kMissing;         ///< in [0, 1], NaN: missing
};
/// Whether any of them is known.
inline bool hasLabels(const Labels& labels) {
  return labels.regime >= 0 || !std::isnan(labels.habitable) || !std::isnan(labels.viable) ||
         !std::isnan(labels.fHab) || !std::isnan(labels.h050);
}

/// A label of a share this close to an end of [0, 1] is that end.
inline constexpr double kAtEnd = 1e-6;
/// Probabilities below it are taken as it in logarithms.
inline constexpr double kLeastProbability = 1e-7;

/// Of the intervals of shares, from their 5 % to their 95 % quantile.
inline constexpr double kIntervalLevel = 0.9;

/// Predictive distribution of a share in [0, 1], in numbers.
struct SharePrediction {
  double mean = kMissing;
  double low = kMissing, high = kMissing;                    ///< 5 % and 95 % quantiles
  double conformalLow = kMissing, conformalHigh = kMissing;  ///< after conformalise(), conformal.h
  double crps = kMissing, nll = kMissing;                    ///< against the label, NaN without one
  /// Mass at exactly 0, in equal bins upwards, at exactly 1: sum 1. Empty where the distribution has no such form.
  std::vector<double> probability;
};

/// A quantity of a planet outside of the range that it has among the train planets (ranges.h).
struct BrokenRange {
  std::string quantity, unit;
  double value = kMissing, low = kMissing, high = kMissing;
};

/// How a sample lies to what a model was trained on: outside if a range is broken or its embedding is farther than the
/// limit.
struct HullVerdict {
  bool outside = false;
  std::vector<BrokenRange> broken;
  double distance = kMissing, limit = kMissing;  ///< of the embedding (hull.h); NaN: judged by ranges alone
  std::string thresholdFrom;                     ///< name(ThresholdFrom) of the limit; empty without one
};

/// What one predictor says of one sample when it is given one subset of the views.
struct Prediction {
  std::string sample;            ///< "<planet>/<archetype>"
  std::string planet, system;    ///< ids; planets of one system draw share `system`; empty: the planet is its own
  int archetype = -1;            ///< planet::Archetype, -1: none
  std::string split;             ///< planet::name(Split): "validation", "test", "real", ...
  std::string subset;            ///< views that it may be given: "climate+graph+scalars", "none"
  std::string given;             ///< those of them that the planet has; empty: all of them
  bool real = false;             ///< not generated: listed one by one, never scored with the others
  RegimeProbabilities regime{};  ///< probabilities, sum 1
  double habitable = kMissing, viable = kMissing;  ///< probabilities
  SharePrediction fHab, h050;
  Labels truth;
  std::optional<HullVerdict> hull;   ///< none: not judged
  std::string notJudged;             ///< why not, in words, where somebody tried
  std::string notCalibrated;         ///< why the shares have no conformal interval, in words, where somebody tried
  double languageNll = kMissing;     ///< summed over `tokens`, nats
  std::int64_t tokens = 0;           ///< scored text tokens
  std::vector<float> embedding;      ///< what the heads read; empty: not kept
  std::vector<FluxEstimate> fluxes;  ///< of the reactions of its network; empty: not asked for, or it has none
  double fluxFactor = kMissing;      ///< on their declared deviations (FluxCalibration); NaN: not calibrated
  std::string fluxesNotCalibrated;   ///< why not, in words, where somebody tried
};

/// The views that it was given.
inline const std::string& viewsGiven(const Prediction& row) {
  return row.given.empty() ? row.subset : row.given;
}

/// The views a model may be given, by the bits of a subset.
enum View : unsigned { kClimate = 1, kGraph = 2, kSpectrum = 4, kText = 8, kScalars = 16 };
inline constexpr unsigned kAllViews = 31;
/// "climate+graph+spectrum+text+scalars"; "none" without any.
std::string subsetName(unsigned views);
/// All views but those named. Throws Error (kUsage) at a name that is none.
unsigned viewsWithout(const std::vector<std::string>& hidden);
/// Every subset of climate, graph, spectrum and text, with the scalars and then without them: 32, all views first, from
/// many views to few.
std::vector<unsigned> evaluatedSubsets();
/// Those that hulls are of: all views, and all but what planets that were not generated lack: the climate, the text, or
/// both.
std::vector<unsigned> hullSubsets();
/// Those that a run is judged by, and that what is fitted on validation planets is fitted for: hullSubsets() and the
/// scalars alone.
std::vector<unsigned> judgedSubsets();
/// evaluatedSubsets() less judgedSubsets(), in that order.
std::vector<unsigned> otherSubsets();

/// Everything that follows from the probabilities (mass at 0, equal bins, mass at 1) and the label (NaN: missing).
/// mean: of the distribution; quantiles: the smallest x with F(x) >= p; CRPS: the integral over [0, 1] of
/// (F(x) - 1[x >= truth])^2 (Gneiting & Raftery 2007, eq. 20); nll: with respect to the two point masses and the
/// density between, probabilities taken as at least 1e-7; labels within 1e-6 of an end are that end. Throws Error if
/// there are fewer than three probabilities, one is negative or their sum is not 1 to 1e-3 (they are divided by it).
SharePrediction sharePrediction(std::vector<double> probability, double truth);

/// How much of the interval between the quantiles `low` and `high` of the distribution the label takes, in [0, 1]: its
/// probability integral transform, spread evenly over its atom where it has one (Czado et al. 2009, Biometrics 65,
/// 1254, eq. 2). Its mean is high - low for a calibrated distribution, atoms or not.
double pitShare(const std::vector<double>& probability, double truth, double low, double high);

}  // namespace ecumene::engine::report
