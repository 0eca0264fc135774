// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/physics/flux/flux_balance.h"
#include "data/planet/network.h"

namespace ecumene::data::physics::flux {

/// New bounds of one reaction, mmol gDW-1 h-1; either may be infinite.
struct BoundChange {
  std::string reaction;
  double lower = 0.0, upper = 0.0;
};

/// "EX_glc__D_e=-5:1000" (also "inf", "-inf"). The id ends at the last "=". Throws Error (kUsage) on anything else.
BoundChange parseBoundChange(std::string_view text);

/// What `ecumene-data fba` asks of a network.
struct FbaRequest {
  std::vector<std::string> knockOuts;      ///< reactions with both bounds set to 0
  std::vector<std::string> geneKnockOuts;  ///< genes deleted together
  std::vector<BoundChange> bounds;         ///< applied before the knock-outs
  bool parsimonious = false;
};

struct FbaAnswer {
  Status status = Status::kInfeasible;
  double objective = 0.0;                              ///< 0 unless optimal
  std::vector<std::pair<std::string, double>> fluxes;  ///< in the network's order; empty unless optimal
  std::optional<double> totalAbsoluteFlux;             ///< of a parsimonious optimum
  std::vector<std::string> stopped;  ///< reactions the knock-outs switched off, in the network's order
};

/// Throws Error for a reaction or gene the network does not hold (naming the nearest one), a reaction named twice among
/// bounds and reaction knock-outs, crossed bounds or a broken gene rule.
FbaAnswer fba(const planet::MetabolicNetwork& network, const FbaRequest& request);

}  // namespace ecumene::data::physics::flux
