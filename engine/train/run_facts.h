// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/report.h"
#include "engine/run/run_directory.h"

namespace ecumene::engine::train {

/// What report and cards say of a run besides its predictions, from its folder alone. `program`: name and version.
/// Throws Error where the run has no checkpoint.
report::RunFacts runFacts(const run::RunDirectory& run, const std::string& program);

/// model_card.md and data_card.md of a run whose training has ended, without scores: an evaluation writes both anew
/// (evaluate_run.h), and they stay where one was of the run's best weights. Of an adaptation the data are its corpus.
/// Throws Error.
void writeCards(const run::RunDirectory& run, const std::string& program);

}  // namespace ecumene::engine::train
