// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/batch/reaction_vocabulary.h"
#include "data/batch/tokeniser.h"
#include "data/planet/planet.h"
#include "data/store/statistics.h"
#include "data/store/store.h"

namespace ecumene::data::batch {

/// A text as models read it: the title, a line break, the body.
std::string textOf(const planet::Text& text);

/// What the numbers in a batch mean: how they are scaled, and what reactions and pieces are numbered by. Fixed when a
/// run is made and kept beside it, since a trained model is of no use with another.
struct TrainingContent {
  store::Statistics statistics;
  std::shared_ptr<const ReactionVocabulary> vocabulary;
  std::shared_ptr<const Tokeniser> tokeniser;
};

struct ContentOptions {
  /// Planets that the run trains on; those that are excluded are left out. Sets of real planets alone have kReal.
  planet::Split split = planet::Split::kTrain;
  bool parts = false;  ///< the networks of loader::partsOf() have reactions in the vocabulary too
  TokeniserTraining training;
  std::filesystem::path tokeniser;  ///< a SentencePiece model to take as it is; empty: one is trained
  unsigned threads = 0;             ///< 0: one per core
};

/// Makes it from the planets of one split and from no others, but for `parts` and for texts of collections, which the
/// tokeniser is trained on in any case (without any text: on the definitions of labels, so that text can be read all
/// the same), and writes `statistics.json`, `reactions.json` and `tokenizer.model` into the folder, each whole or not
/// at all. The same store gives the same bytes. Reads no cubes where the store keeps its statistics. Throws Error where
/// the split has no planet with climate and network.
TrainingContent makeTrainingContent(const store::Store& store, const std::filesystem::path& folder,
                                    const ContentOptions& options = {});
/// What makeTrainingContent() wrote. Throws Error naming the file that is missing or damaged.
TrainingContent loadTrainingContent(const std::filesystem::path& folder);

/// Networks and texts of one split: of planets with climate that are not excluded.
struct SplitContent {
  ReactionVocabulary vocabulary;   ///< of their archetype metabolisms, all variants
  std::vector<std::string> texts;  ///< in the order of the store's list
};
/// `withParts`: with those of loader::partsOf(), where the split has a network at all.
SplitContent splitContent(const store::Store& store, planet::Split split, unsigned threads = 0, bool withParts = false);

}  // namespace ecumene::data::batch
