// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/report/bootstrap.h"

/// How well the graph part knows metabolic networks, whatever becomes of a planet.
namespace ecumene::engine::report {

/// What the graph part says of one sample's network, encoded and decoded again, held against the network.
struct NetworkRow {
  std::string split, system;
  double setF1 = kMissing;  ///< of the decoded set of reactions with the true one
  /// Of each known flux: how far it lies from the declared median, in the declared deviation.
  std::vector<float> off;
  double deviations = 0.0;  ///< sum of these, in asinh(flux / 0.1 mmol/gDW/h)
};

/// A number about the graph part.
struct GraphScore {
  std::string networks;  ///< which: a split, or "drawn" from the prior
  std::string name, meaning;
  std::string counted;  ///< what its mean is over: "12,345 fluxes"
  Estimate estimate;    ///< rows: networks, planets: what the draws draw
};

/// The factor on the declared deviations of fluxes with which 90 % of the rows' known fluxes lie inside of the central
/// 90 % interval: of n fluxes the ceil((n + 1) 0.9)-th smallest distance over that of a Gaussian (split conformal
/// scores |error| / deviation: Lei et al. 2018, J. Am. Stat. Assoc. 113, 1094, sec. 5.2). NaN below nine fluxes.
double fluxCalibration(std::span<const NetworkRow> rows);

/// Reaction sets and the coverage of the uncertainty head on validation and test networks; of test networks also with
/// fluxCalibration() of the validation networks.
std::vector<GraphScore> graphScores(std::span<const NetworkRow> rows);

}  // namespace ecumene::engine::report
