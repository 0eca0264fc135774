// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "data/planet/network.h"

namespace ecumene::data::batch {

/// sha-256 of what graph and fluxes of a network depend on: metabolites, stoichiometry, bounds, energies and objective,
/// in their order. Names, genes and the ids of reactions are left out.
std::string contentOf(const planet::MetabolicNetwork& network);

}  // namespace ecumene::data::batch
