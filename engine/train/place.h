// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "data/store/store.h"
#include "engine/config/run_spec.h"
#include "engine/run/run_directory.h"

namespace ecumene::engine::train {

/// Where a run is asked: on what device, and from which folder its planets come. Neither is a property of the answer,
/// so both may be others than where it was trained.
struct Place {
  std::string device = "auto";  ///< auto: the run's own where this machine has it, else the CPU; cpu, cuda, cuda:N
  std::string store;            ///< folder of the store that the run learned from; empty: where it was then
  std::function<void(const std::string&)> say;  ///< told in a line what was decided in the user's place; may be empty
};

/// What a run goes by now (run::currentSpec), at this place; what Torch keeps for a whole process is set by it. Throws
/// Error at a device that is no word for one or is not here, and at a store that does not hold what the run learned
/// from and was judged by.
config::RunSpec specAt(const run::RunDirectory& run, const Place& place);

/// What a run learns from and what chooses its best weights, by content: "12 planets to learn from, .., SHA-256 ..".
std::string planetsLearnedFrom(const data::store::Store& store, const config::DataSpec& spec);

}  // namespace ecumene::engine::train
