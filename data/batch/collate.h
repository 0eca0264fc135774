// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "data/batch/batch.h"
#include "data/batch/fluxes.h"
#include "data/batch/network_graph.h"
#include "data/batch/reaction_vocabulary.h"
#include "data/batch/tokeniser.h"
#include "data/loader/loader.h"
#include "data/store/statistics.h"

namespace ecumene::data::batch {

struct CollateOptions {
  std::size_t textLength = 512;  ///< pieces of a text, begin and end included; what is longer is cut. At least 2
  std::size_t graphCacheBytes = std::size_t{1} << 30U;  ///< of NetworkGraphs: a generated network takes about 0.15 MB
  std::size_t fluxCacheBytes = std::size_t{64} << 20U;  ///< of FluxTargets: a generated network takes about 0.4 kB
};

/// Makes what models read of what the loader gives: normalised as dataset.md says with the statistics of the train
/// split, missing parts masked. Samples of one planet have one cube: the first one's. One collator is for one thread at
/// a time.
class Collator {
 public:
  /// Tokeniser and vocabulary are shared with the model that numbers its outputs by them. Throws Error for a text
  /// length below 2.
  Collator(const store::Statistics& statistics, std::shared_ptr<const Tokeniser> tokeniser,
           std::shared_ptr<const ReactionVocabulary> vocabulary, const CollateOptions& options = {});

  /// Throws Error naming the sample if its cube is not on the canonical grid, or has another number of epochs than that
  /// of the samples before it.
  [[nodiscard]] MultiModalBatch collate(const loader::Batch& batch);
  /// Into a batch that was used before: its memory is taken again, which spares the kernel 36 MB for 8 samples.
  void collate(const loader::Batch& batch, MultiModalBatch& into);

 private:
  void climate(const loader::Batch& batch, MultiModalBatch& into);
  void graphs(const loader::Batch& batch, MultiModalBatch& into);
  void spectra(const loader::Batch& batch, MultiModalBatch& into);
  void scalars(const loader::Batch& batch, MultiModalBatch& into);
  void texts(const loader::Batch& batch, MultiModalBatch& into);

  const store::Statistics statistics_;
  const std::shared_ptr<const Tokeniser> tokeniser_;
  const std::shared_ptr<const ReactionVocabulary> vocabulary_;
  const std::string vocabularySha256_;
  const CollateOptions options_;
  NetworkGraphs graphs_;
  FluxTargets fluxes_;
};

}  // namespace ecumene::data::batch
