// SPDX-License-Identifier: Apache-2.0
// The loop over steps on a task that is none: weights whose gradients the test chooses.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/train/loop.h"
#include "tests/engine/train/small_run.h"

namespace ecumene::test {

/// What a test puts in the place of learning and judging.
struct Hooks {
  std::function<double(std::int64_t step)> loss = [](std::int64_t) { return 1.0; };
  std::function<double(double weight)> score = [](double weight) { return weight; };
  std::function<void(const engine::config::RunSpec& spec)> tried = [](const engine::config::RunSpec&) {};
  bool evaluatesBeginning = false;
  std::string learnsFrom = "the fake samples";
  std::string positionUnit = "micro-batches";
  bool hadThisUnitUnsaid = false;
  std::function<double(std::int64_t step)> gradient = [](std::int64_t) { return 1.0; };  ///< of each weight
  std::function<void(const engine::config::RunSpec& spec, const engine::train::StepKey& key)> asked =
      [](const engine::config::RunSpec&, const engine::train::StepKey&) {};
};

/// Epochs of eight samples; each step has micro_batch * accumulate samples.
class FakeTask : public engine::train::Task {
 public:
  FakeTask(const engine::config::RunSpec& spec, const Hooks& hooks)
      : hooks_(hooks),
        perStep_(spec.train.microBatch * spec.train.accumulate),
        module_(std::make_shared<torch::nn::Module>()),
        weight_(module_->register_parameter("fusion", torch::ones({2, 2}))),
        learner_(module_, {}, spec.train) {}

  engine::train::Learner& learner() override { return learner_; }
  [[nodiscard]] std::string about() const override { return "nothing"; }
  [[nodiscard]] std::string learnsFrom() const override { return hooks_.learnsFrom; }
  [[nodiscard]] engine::optim::NamedTensors beginning() const override {
    return {{"fusion", torch::full({2, 2}, 5.0F)}};
  }
  [[nodiscard]] bool evaluatesBeginning() const override { return hooks_.evaluatesBeginning; }
  [[nodiscard]] std::int64_t samples() const override { return 8; }
  [[nodiscard]] std::vector<std::string> orderedBy() const override {
    return {"train.micro_batch", "train.accumulate"};
  }
  [[nodiscard]] std::string positionUnit() const override { return hooks_.positionUnit; }
  [[nodiscard]] bool hadThisUnitUnsaid() const override { return hooks_.hadThisUnitUnsaid; }
  void start(std::int64_t /*epoch*/, std::int64_t position) override { position_ = position; }
  [[nodiscard]] std::int64_t position() const override { return position_; }
  [[nodiscard]] std::int64_t end() const override { return 8 / perStep_; }
  [[nodiscard]] double waited() const override { return 0.0; }
  engine::train::StepGradient gradient(const engine::config::RunSpec& spec,
                                       const engine::train::StepKey& key) override {
    if (position_ == end()) return {};
    ++position_;
    hooks_.asked(spec, key);
    engine::train::StepGradient made;
    made.samples = perStep_;
    made.sampleIds = {"sample"};
    made.loss = hooks_.loss(key.step);
    weight_.mutable_grad() = torch::full_like(weight_, hooks_.gradient(key.step));
    engine::train::measureGradient(learner_, made);
    return made;
  }
  void tryGradient(const engine::config::RunSpec& spec, const engine::train::StepKey& /*key*/) override {
    hooks_.tried(spec);
  }
  void taken(const engine::train::StepGradient& /*gradient*/) override {}
  engine::train::Evaluation evaluate(const engine::config::RunSpec& /*spec*/) override {
    const double score = hooks_.score(weight_[0][0].item<double>());
    return {8, {{"validation.total", score}}, score};
  }
  [[nodiscard]] std::string inWords(const engine::train::Evaluation& /*evaluation*/) const override { return "judged"; }
  void conclude(engine::run::RunDirectory& run, const std::string& reason) override {
    run.event(0, "concluded", reason);
  }

 private:
  const Hooks& hooks_;
  std::int64_t perStep_, position_ = 0;
  std::shared_ptr<torch::nn::Module> module_;
  torch::Tensor weight_;
  engine::train::Learner learner_;
};

/// Whether a metric of the journal depends on how fast the machine is.
inline bool isOfClock(const std::string& metric) {
  return metric.ends_with("_per_s") || metric.ends_with("_share") || metric.find("seconds") != std::string::npos;
}

/// A run on the fake task.
struct FakeRun {
  explicit FakeRun(const std::vector<std::string>& settings = {}) : run(make(folder / "run", settings)) {}
  static engine::run::RunDirectory make(const std::filesystem::path& folder, const std::vector<std::string>& settings) {
    engine::config::RunSpec spec = engine::config::preset("nano");
    for (const char* setting : {"train.device=cpu", "train.micro_batch=2", "train.accumulate=1", "train.epochs=2"}) {
      engine::config::set(spec, setting);
    }
    for (const std::string& setting : settings) engine::config::set(spec, setting);
    return engine::run::RunDirectory::create(folder, spec);
  }
  engine::train::Outcome train(const Hooks& hooks, const engine::train::TrainOptions& options = {}) {
    return engine::train::trainOn(
        run, options, [&](const engine::config::RunSpec& spec) { return std::make_unique<FakeTask>(spec, hooks); });
  }
  TempFolder folder;
  engine::run::RunDirectory run;
};

}  // namespace ecumene::test
