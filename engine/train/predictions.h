// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "data/store/store.h"
#include "engine/report/graph_scores.h"
#include "engine/report/prediction.h"
#include "engine/train/feed.h"
#include "engine/train/learner.h"

namespace ecumene::engine::train {

/// What predictions say of a planet that the model does not see.
class PlanetFacts {
 public:
  explicit PlanetFacts(const data::store::Store& store);
  /// Throws an internal Error at a planet that the store lacks.
  [[nodiscard]] const data::store::Row& of(const std::string& planet) const;

 private:
  std::unordered_map<std::string, data::store::Row> rows_;
};

/// What heads say of a batch, with labels; split, system, subset and origin are not set.
std::vector<report::Prediction> headRows(const data::batch::MultiModalBatch& batch,
                                         const models::fusion::Prediction& said);
/// The same, whole: of the model when it is given the views of `subset`, as far as a sample has them.
std::vector<report::Prediction> rowsOf(const data::batch::MultiModalBatch& batch,
                                       const models::fusion::Prediction& said, unsigned subset,
                                       const PlanetFacts& facts);
/// Puts the negative log-likelihood of each sample's text and its scored tokens into the rows of a batch.
void addLanguage(const Network& network, const models::unified::UnifiedInput& input,
                 const models::unified::UnifiedOutput& output, std::vector<report::Prediction>& rows);
/// Puts what fusion's heads read into the rows of a batch.
void addEmbeddings(const torch::Tensor& embedding_BE, std::vector<report::Prediction>& rows);

struct PredictOptions {
  std::vector<unsigned> subsets;                      ///< of report::View
  config::TrainSpec train;                            ///< precision, threads, micro-batches side by side
  std::size_t mostSamples = 0;                        ///< of the feed, about; 0: all
  std::function<void(std::size_t samples)> progress;  ///< after each micro-batch: samples done
};
struct Predictions {
  std::vector<report::Prediction> fusion;     ///< every sample with every subset
  std::vector<report::Prediction> reasoning;  ///< of the language part's reasoning head, for subsets with the text
  std::vector<report::NetworkRow> networks;   ///< of the graph part, one for each sample
};
/// One pass over the feed's first epoch. The parts encode each sample once; what couples them runs for each subset.
/// Rows of report::hullSubsets() have embeddings; those with all views the text's negative log-likelihood too. In
/// evaluation mode and without gradients.
Predictions predict(Network& network, Feed& feed, const PlanetFacts& facts, const PredictOptions& options);

}  // namespace ecumene::engine::train
