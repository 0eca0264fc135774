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
  double setF1 = kMissing;                  ///< of the decoded set of reactions with the true one
  double fluxes = 0.0;                      ///< known ones
  double insideHalf = 0.0, inside90 = 0.0;  ///< of them, inside of the declared central 50 % and 90 % intervals
  double widths = 0.0;                      ///< sum of the 90 % intervals' widths, in asinh(flux / 0.1 mmol/gDW/h)
};

/// A number about the graph part.
struct GraphScore {
  std::string networks;  ///< which: a split, or "drawn" from the prior
  std::string name, meaning;
  std::string counted;  ///< what its mean is over: "12,345 fluxes"
  Estimate estimate;    ///< rows: networks, planets: what the draws draw
};

/// Reaction sets and the coverage of the uncertainty head on validation and test networks.
std::vector<GraphScore> graphScores(std::span<const NetworkRow> rows);

}  // namespace ecumene::engine::report
