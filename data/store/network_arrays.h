// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "data/planet/network.h"
#include "data/store/array.h"

namespace ecumene::data::store {

class PayloadFile;

/// All networks of a planet as arrays under "networks/". Metabolites, reactions and texts that networks share are kept
/// once (README, "Networks"). No array if there is no network.
std::vector<Array> networkArrays(std::span<const planet::MetabolicNetwork* const> networks);

/// The inverse. Every index is checked; throws Error on damage.
std::vector<planet::MetabolicNetwork> networksFrom(PayloadFile& file);
/// One of them alone.
planet::MetabolicNetwork networkFrom(PayloadFile& file, std::size_t index);

}  // namespace ecumene::data::store
