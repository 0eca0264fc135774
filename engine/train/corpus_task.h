// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/train/language_network.h"
#include "engine/train/task.h"

namespace ecumene::engine::train {

/// The language part on the texts of a corpus, each scored piece alike. What a step's samples are: sequences.
class CorpusTask : public Task {
 public:
  CorpusTask(const run::RunDirectory& run, const config::RunSpec& spec);

  Learner& learner() override { return learner_; }
  [[nodiscard]] std::string about() const override;
  [[nodiscard]] std::string learnsFrom() const override;
  [[nodiscard]] optim::NamedTensors beginning() const override;
  [[nodiscard]] bool evaluatesBeginning() const override { return true; }

  [[nodiscard]] std::int64_t samples() const override { return static_cast<std::int64_t>(learned_.pieces.size()); }
  [[nodiscard]] std::vector<std::string> orderedBy() const override { return {"train.seed", "data.text_length"}; }
  [[nodiscard]] std::string positionUnit() const override { return "sequences"; }
  /// Nothing tells of which of them it is true.
  [[nodiscard]] bool hadThisUnitUnsaid() const override { return false; }
  /// The order of an epoch is a function of seed and epoch.
  void start(std::int64_t epoch, std::int64_t position) override;
  [[nodiscard]] std::int64_t position() const override { return position_; }
  [[nodiscard]] std::int64_t end() const override { return samples(); }
  [[nodiscard]] double waited() const override { return 0.0; }

  StepGradient gradient(const config::RunSpec& spec, const StepKey& key) override;
  /// Of the longest sequences.
  void tryGradient(const config::RunSpec& spec, const StepKey& key) override;
  void taken(const StepGradient& /*gradient*/) override {}

  /// The held-out texts; the score is their mean negative log-likelihood in nats a piece.
  Evaluation evaluate(const config::RunSpec& spec) override;
  [[nodiscard]] std::string inWords(const Evaluation& evaluation) const override;
  /// report.md, report.json with perplexities before and after, and the folder `hf`.
  void conclude(run::RunDirectory& run, const std::string& reason) override;

 private:
  [[nodiscard]] StepGradient gradientOf(const PieceList& sequences, const config::RunSpec& spec, const StepKey& key);
  /// What a reader must know of the folder `hf`, which it makes of a network's weights.
  [[nodiscard]] std::string saveHuggingFace(const run::RunDirectory& run, const LanguageNetwork& network) const;

  const config::RunSpec spec_;
  const data::batch::Tokeniser tokeniser_;
  const Corpus corpus_;
  const Sequences learned_, heldOut_;
  LanguageNetwork network_;
  Learner learner_;
  std::vector<std::size_t> order_;  ///< of learned_ in the started epoch
  std::int64_t position_ = 0;       ///< in order_
};

}  // namespace ecumene::engine::train
