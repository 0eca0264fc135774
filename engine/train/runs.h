// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "data/base/progress.h"
#include "data/store/store.h"
#include "engine/report/prediction.h"
#include "engine/run/run_directory.h"
#include "engine/train/best_checkpoint.h"
#include "engine/train/hulls.h"
#include "engine/train/learner.h"
#include "engine/train/place.h"

/// What is done to a run as a whole, besides training it.
namespace ecumene::engine::train {

/// Makes a run of the spec, which began as `preset`, and what its inputs are numbered by, whole or not at all.
/// `spec.data.store` becomes an absolute path. Throws Error where the spec contradicts itself, or names a
/// device or a beginning that is not there, and where the store cannot be trained on.
void newRun(config::RunSpec spec, const std::string& preset, const std::filesystem::path& folder);

/// The store that a run reads. Throws Error naming it where it is gone.
data::store::Store storeOf(const config::RunSpec& spec);

/// A run's weights, ready for evaluation: those of bestCheckpoint(), which throws.
Network loadBest(const run::RunDirectory& run, const config::RunSpec& spec, const data::batch::TrainingContent& content,
                 Loaded* loaded = nullptr);

struct Asked {
  std::string planet;                ///< id, or "all"
  std::vector<std::string> without;  ///< views hidden, by fusion::name
  bool fluxes = false;               ///< of the reactions of their networks too
  Place place = {};
};
/// What a run's weights say of planets of its store, with or without climate, each with each of its metabolisms.
/// Throws Error at a planet or view that is none.
std::vector<report::Prediction> predictPlanets(const run::RunDirectory& run, const Asked& asked,
                                               const Progress& progress = {});

}  // namespace ecumene::engine::train
