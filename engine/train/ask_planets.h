// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "data/base/progress.h"
#include "data/loader/loader.h"
#include "data/store/store.h"
#include "engine/report/prediction.h"
#include "engine/train/hulls.h"
#include "engine/train/learner.h"

namespace ecumene::engine::train {

/// What is known of a sample's planet and can be held against the training hull.
report::Quantities quantitiesOf(const data::loader::Sample& sample);

/// What is asked about planets one by one, each with each of its metabolisms, with or without a climate. All must
/// outlive it.
struct Asker {
  const config::RunSpec& spec;
  const data::batch::TrainingContent& content;
  const data::store::Store& store;
  const Hulls& hulls;
  Network& network;
  bool fluxes = false;  ///< whether rows say what the graph part estimates of their networks

  /// Rows with embeddings and flags, in the order of `planets` (ids), when the model is given the views of `subset`. A
  /// planet without a climate is asked without it, whatever `subset` says.
  [[nodiscard]] std::vector<report::Prediction> ask(const std::vector<std::string>& planets, unsigned subset,
                                                    const Progress& progress = {}) const;
};

}  // namespace ecumene::engine::train
