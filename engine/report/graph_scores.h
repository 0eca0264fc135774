// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/report/bootstrap.h"
#include "engine/report/fluxes.h"

/// How well the graph part knows metabolic networks, whatever becomes of a planet.
namespace ecumene::engine::report {

/// A known flux beside what is said of it, mmol/gDW/h.
struct KnownFlux {
  std::int64_t reaction = 0;  ///< row of the vocabulary
  float flux = 0.0F, median = 0.0F;
};

/// What the graph part says of one sample's network, encoded and decoded again, held against the network.
struct NetworkRow {
  std::string split, system;
  double setF1 = kMissing;  ///< of the decoded set of reactions with the true one
  /// Of each known flux: how far it lies from the declared median, in the declared deviation.
  std::vector<float> off;
  double deviations = 0.0;  ///< sum of these, in asinh(flux / kFluxUnit)
  std::vector<KnownFlux> fluxes;
};

/// A number about the graph part.
struct GraphScore {
  std::string networks;  ///< which: a split, or "drawn" from the prior
  std::string name, meaning;
  std::string counted;  ///< what its mean is over: "12,345 fluxes"
  Estimate estimate;    ///< rows: networks, planets: what the draws draw
};

/// Found on the known fluxes of the rows: of n fluxes the ceil((n + 1) 0.9)-th smallest distance over that of a
/// Gaussian (split conformal scores |error| / deviation: Lei et al. 2018, J. Am. Stat. Assoc. 113, 1094, sec. 5.2). No
/// factor below nine fluxes.
FluxCalibration fluxCalibration(std::span<const NetworkRow> rows);
/// Of the rows of validation networks among them.
FluxCalibration validationFluxes(std::span<const NetworkRow> rows);

/// Reaction sets, mean absolute errors of fluxes and the coverage of the uncertainty head on validation and test
/// networks; of test networks also with the calibration of the validation networks. Beside the errors stand those of
/// what knows no network: the median of the known fluxes of the rows `learned` (of training networks; none: no such
/// rows), of all together and of each reaction's own.
std::vector<GraphScore> graphScores(std::span<const NetworkRow> rows, std::span<const NetworkRow> learned);

}  // namespace ecumene::engine::report
