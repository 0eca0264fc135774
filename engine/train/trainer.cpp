// SPDX-License-Identifier: Apache-2.0
#include "engine/train/trainer.h"

#include <fmt/format.h>

#include <memory>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "engine/train/beginning.h"
#include "engine/train/count.h"
#include "engine/train/evaluation.h"
#include "engine/train/place.h"
#include "engine/train/run_content.h"
#include "engine/train/runs.h"
#include "engine/train/side_by_side.h"

namespace ecumene::engine::train {
namespace {

/// The unified model on the planets of a store.
class PlanetTask : public Task {
 public:
  PlanetTask(const run::RunDirectory& run, const config::RunSpec& spec)
      : store_(storeOf(spec)),
        begin_(spec.train.begin),
        threads_(spec.train.threads),
        content_(loadContent(run, spec)),
        network_(spec, content_, deviceOf(spec.train)),
        learner_(network_.model, network_.attention, spec.train),
        feed_(store_, content_, spec, forTraining(spec)),
        validation_(store_, content_, spec, forEvaluation(data::planet::Split::kValidation, spec)),
        learnsFrom_(planetsLearnedFrom(store_, spec.data)) {
    requireNetworksFit(store_, spec);
    if (feed_.samples() == 0) {
      throw Error("there is nothing to train on").on(spec.data.store).expected("planets of split " + spec.data.split);
    }
    network_.model->train();
  }

  Learner& learner() override { return learner_; }
  [[nodiscard]] std::string about() const override {
    return fmt::format("{}, {}, on {}", counted(samples(), "sample", "samples"), counted(threads_, "thread", "threads"),
                       network_.device.str());
  }
  [[nodiscard]] std::string learnsFrom() const override { return learnsFrom_; }
  [[nodiscard]] optim::NamedTensors beginning() const override {
    return beginningWeights(begin_, content_.tokeniser->sha256(), content_.vocabulary->sha256());
  }
  [[nodiscard]] bool evaluatesBeginning() const override { return false; }

  [[nodiscard]] std::int64_t samples() const override { return static_cast<std::int64_t>(feed_.samples()); }
  [[nodiscard]] std::vector<std::string> orderedBy() const override {
    return {"train.micro_batch", "train.seed", "data.split", "data.text_length", "data.graph_nodes", "data.together"};
  }
  [[nodiscard]] std::string positionUnit() const override { return "micro-batches"; }
  [[nodiscard]] bool hadThisUnitUnsaid() const override { return true; }
  void start(std::int64_t epoch, std::int64_t position) override { feed_.start(epoch, position); }
  [[nodiscard]] std::int64_t position() const override { return feed_.position(); }
  [[nodiscard]] std::int64_t end() const override { return feed_.batches(); }
  [[nodiscard]] double waited() const override { return feed_.waited(); }

  StepGradient gradient(const config::RunSpec& spec, const StepKey& key) override {
    return takeGradient(network_, learner_, feed_, spec, key, batches_);
  }
  void tryGradient(const config::RunSpec& spec, const StepKey& key) override {
    config::RunSpec once = spec;
    once.train.accumulate = static_cast<std::int64_t>(sideBySide(spec.train, network_.device));
    batches_.clear();
    Feed feed(store_, content_, once, forTraining(once));
    feed.start(0);
    (void)takeGradient(network_, learner_, feed, once, key, batches_);
  }
  void taken(const StepGradient& gradient) override {
    for (const auto& seen : gradient.seen) network_.model->remember(seen);
  }

  Evaluation evaluate(const config::RunSpec& spec) override {
    if (validation_.samples() == 0) return {};
    return train::evaluate(network_, validation_, spec);
  }
  [[nodiscard]] std::string inWords(const Evaluation& evaluation) const override {
    const std::string metrics = evaluation.words();
    return fmt::format("validation {:.4f}{}", evaluation.score, metrics.empty() ? "" : " (" + metrics + ")");
  }
  void conclude(run::RunDirectory& /*run*/, const std::string& /*reason*/) override {}

 private:
  const data::store::Store store_;
  const std::string begin_;
  const std::int64_t threads_;
  const data::batch::TrainingContent content_;
  Network network_;
  Learner learner_;
  Feed feed_, validation_;
  const std::string learnsFrom_;
  std::vector<data::batch::MultiModalBatch> batches_;
};

}  // namespace

Outcome train(run::RunDirectory& run, const TrainOptions& options) {
  return trainOn(run, options, [&](const config::RunSpec& spec) { return std::make_unique<PlanetTask>(run, spec); });
}

}  // namespace ecumene::engine::train
