// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/batch/collate.h"
#include "data/store/store.h"
#include "engine/run/run_directory.h"
#include "engine/train/place.h"
#include "engine/train/runs.h"

namespace ecumene::engine::inspect {

/// A run's best weights with what they are asked by. Sets what Torch keeps for a whole process (train::prepareTorch).
struct OpenedRun {
  /// Throws Error where the folder is no run, has no checkpoint, or cannot be asked there (train::specAt).
  explicit OpenedRun(const std::filesystem::path& folder, const train::Place& place = {});

  run::RunDirectory run;
  config::RunSpec spec;
  data::batch::TrainingContent content;
  train::Loaded loaded;  ///< before network, which fills it
  train::Network network;
};

/// What a question is about: a planet of the run's store with its metabolisms, as the model reads them.
struct Subject {
  data::loader::Batch samples;
  data::batch::MultiModalBatch batch;
  unsigned views = 0;  ///< bits of report::View that are not hidden; of the climate, only if there is one
  models::unified::UnifiedInput input;  ///< views of the batch's memory, the others hidden
};

struct SubjectChoice {
  std::string planet;                ///< id
  std::string archetype;             ///< one metabolism by planet::name(Archetype); empty: all
  std::vector<std::string> without;  ///< views hidden, by fusion::name
};

/// Reads subjects from a run's store. The run must outlive it.
class Subjects {
 public:
  explicit Subjects(const OpenedRun& run);
  /// Throws Error at a planet, metabolism or view that is none.
  std::unique_ptr<Subject> read(const SubjectChoice& choice);
  /// The same with one metabolism: the first, if `choice` names none.
  std::unique_ptr<Subject> readOne(const SubjectChoice& choice);
  [[nodiscard]] const data::store::Store& store() const { return store_; }

 private:
  std::unique_ptr<Subject> make(const SubjectChoice& choice, bool one);

  const OpenedRun& run_;
  data::store::Store store_;
  data::batch::Collator collator_;
};

}  // namespace ecumene::engine::inspect
