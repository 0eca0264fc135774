// SPDX-License-Identifier: Apache-2.0
#include "engine/train/language_learner.h"

#include <algorithm>

#include "data/base/error.h"
#include "data/base/random.h"
#include "engine/optim/named_tensors.h"
#include "engine/train/beginning.h"
#include "engine/train/learner.h"
#include "engine/train/rope_warm_up.h"
#include "models/spec/attention_kind.h"

namespace ecumene::engine::train {
namespace {

using models::language::LanguageInput;
using models::language::LanguageModel;
using optim::NamedTensors;

/// Stands where the unified model stands, so that names and first weights are the same.
struct Holder : torch::nn::Module {
  Holder(const config::RunSpec& spec)
      : language(models::layers::add<LanguageModel>(*this,
                                                    models::layers::Init(static_cast<std::uint64_t>(spec.train.seed)),
                                                    "language", spec.model.language)) {}
  std::shared_ptr<LanguageModel> language;
};

NamedTensors named(const torch::nn::Module& module) {
  NamedTensors made;
  for (const auto& item : module.named_parameters()) made.emplace(item.key(), item.value());
  return made;
}

/// Two groups: norms and other vectors are not decayed.
std::vector<optim::Group> groups(const torch::nn::Module& module, const config::TrainSpec& spec) {
  std::vector<optim::Group> made(2);
  made[0].weightDecay = spec.weightDecay;
  for (optim::Group& group : made) group.rateFactor = spec.rate.language;
  for (const auto& item : module.named_parameters()) {
    if (item.value().requires_grad())
      made[item.value().dim() < 2 ? 1 : 0].parameters.emplace_back(item.key(), item.value());
  }
  return made;
}

NamedTensors learning(const optim::Optimiser& optimiser) {
  NamedTensors made;
  for (const optim::Group& group : optimiser.groups()) made.insert(group.parameters.begin(), group.parameters.end());
  return made;
}

}  // namespace

LanguageLearner::LanguageLearner(const config::RunSpec& spec, const data::batch::Tokeniser& tokeniser)
    : spec_(spec), device_(deviceOf(spec.train)), padding_(tokeniser.padding()) {
  if (static_cast<std::int64_t>(tokeniser.pieces()) > spec.model.language.vocabulary) {
    throw Error("the tokeniser has more pieces than the model has rows for them")
        .on("model.language.vocabulary")
        .expected("at least " + std::to_string(tokeniser.pieces()))
        .found(std::to_string(spec.model.language.vocabulary));
  }
  const auto holder = std::make_shared<Holder>(spec);
  model_ = holder->language;
  holder_ = holder;
  holder_->to(device_);
  optimiser_ = optim::makeOptimiser(spec.train, groups(*holder_, spec.train));
  beginAverages();
}

void LanguageLearner::beginAverages() {
  if (spec_.train.ema > 0.0) ema_.emplace(learning(*optimiser_), spec_.train.ema);
}

void LanguageLearner::begin(const std::string& begin, const std::string& tokeniserSha256) {
  const torch::NoGradGuard noGradients;
  NamedTensors own = named(*holder_);
  for (const auto& [name, weight] : beginningWeights(begin, tokeniserSha256, {})) {
    const auto found = own.find(name);
    if (found == own.end() || found->second.sizes() != weight.sizes()) {
      throw Error("a weight of the model to begin with does not fit this one")
          .on("train.begin: " + name)
          .next("give both the same model.language options");
    }
    found->second.copy_(weight);
  }
  beginAverages();
}

LanguageInput LanguageLearner::inputOf(const std::vector<const std::vector<std::int64_t>*>& sequences,
                                       std::size_t first, std::size_t end) const {
  std::size_t longest = 1;
  for (std::size_t i = first; i < end; ++i) longest = std::max(longest, sequences[i]->size());
  const auto rows = static_cast<std::int64_t>(end - first), width = static_cast<std::int64_t>(longest);
  LanguageInput input;
  input.ids_BT = torch::full({rows, width}, padding_, torch::kInt64);
  input.keep_BT = torch::zeros({rows, width}, torch::kBool);
  for (std::int64_t b = 0; b < rows; ++b) {
    const auto& pieces = *sequences[first + static_cast<std::size_t>(b)];
    std::copy(pieces.begin(), pieces.end(), input.ids_BT.data_ptr<std::int64_t>() + b * width);
    input.keep_BT[b].narrow(0, 0, static_cast<std::int64_t>(pieces.size())).fill_(true);
  }
  input.labels_BT = input.ids_BT.masked_fill(input.keep_BT.logical_not(), models::language::kNotScored);
  input.ids_BT = input.ids_BT.to(device_);
  input.keep_BT = input.keep_BT.to(device_);
  input.labels_BT = input.labels_BT.to(device_);
  return input;
}

LanguageGradient LanguageLearner::gradient(const std::vector<const std::vector<std::int64_t>*>& sequences,
                                           std::int64_t step, double reach) {
  holder_->train();
  optimiser_->zeroGradients();
  const std::int64_t longest = textAtReach(reach, spec_.data.textLength);
  double scored = 0.0;
  for (const auto* pieces : sequences) {
    scored += static_cast<double>(std::min(static_cast<std::int64_t>(pieces->size()), longest) - 1);
  }
  Random seeds(static_cast<std::uint64_t>(spec_.train.seed), "torch/corpus", static_cast<std::uint64_t>(step));
  torch::manual_seed(static_cast<std::uint64_t>(seeds.bits()) << 32U | seeds.bits());
  LanguageGradient made;
  const auto micro = static_cast<std::size_t>(spec_.train.microBatch);
  const ReachGuard guard(*model_, reach);
  for (std::size_t first = 0; first < sequences.size(); first += micro) {
    LanguageInput input = inputOf(sequences, first, std::min(first + micro, sequences.size()));
    cutTexts(input, longest);
    models::language::LanguageLoss loss;
    {
      const Autocast autocast(spec_.train.precision, device_);
      loss = languageLoss(*model_, input, model_->forward(input));
    }
    const torch::Tensor weighted = loss.loss * (static_cast<double>(loss.scored) / scored);
    weighted.backward();
    made.loss += weighted.item<double>();
  }
  made.norm = optim::clipGradients(optimiser_->groups(), spec_.train.clip);
  return made;
}

void LanguageLearner::update(double learningRate) {
  optimiser_->step(learningRate);
  if (ema_) ema_->update();
}

HeldOut LanguageLearner::judge(const Sequences& sequences, std::size_t texts) {
  const torch::NoGradGuard noGradients;
  holder_->eval();
  if (ema_) ema_->swap();
  HeldOut said{std::vector<double>(texts), std::vector<double>(texts)};
  std::vector<const std::vector<std::int64_t>*> all;
  for (const auto& pieces : sequences.pieces) all.push_back(&pieces);
  const auto micro = static_cast<std::size_t>(spec_.train.microBatch);
  for (std::size_t first = 0; first < all.size(); first += micro) {
    const std::size_t end = std::min(first + micro, all.size());
    const LanguageInput input = inputOf(all, first, end);
    const Autocast autocast(spec_.train.precision, device_);
    const auto output = model_->forward(input);
    for (std::size_t i = first; i < end; ++i) {
      const auto row = static_cast<std::int64_t>(i - first);
      LanguageInput one;
      one.ids_BT = input.ids_BT.narrow(0, row, 1);
      one.keep_BT = input.keep_BT.narrow(0, row, 1);
      one.labels_BT = input.labels_BT.narrow(0, row, 1);
      models::language::LanguageOutput hidden;
      hidden.hidden_BTC = output.hidden_BTC.narrow(0, row, 1);
      const auto loss = languageLoss(*model_, one, hidden);
      said.nll[sequences.text[i]] += loss.loss.item<double>() * static_cast<double>(loss.scored);
      said.pieces[sequences.text[i]] += static_cast<double>(loss.scored);
    }
  }
  if (ema_) ema_->swap();
  return said;
}

checkpoint::Checkpoint LanguageLearner::capture() const {
  checkpoint::Checkpoint checkpoint;
  checkpoint.model = named(*holder_);
  checkpoint.attention = attention();
  checkpoint.optimiser = optimiser_->state();
  if (ema_) {
    checkpoint.averaged = ema_->averages();
    checkpoint.progress.numbers["ema.steps"] = static_cast<double>(ema_->steps());
  }
  return checkpoint;
}

void LanguageLearner::restore(const checkpoint::Checkpoint& checkpoint) {
  const torch::NoGradGuard noGradients;
  requireSameAttention(checkpoint.attention, attention());
  NamedTensors own = named(*holder_);
  optim::copyTensors(checkpoint.model, own, "the checkpoint's weights");
  optimiser_->load(checkpoint.optimiser);
  if (!ema_) return;
  const auto steps = checkpoint.progress.numbers.find("ema.steps");
  ema_->load(checkpoint.averaged,
             steps == checkpoint.progress.numbers.end() ? 0 : static_cast<std::int64_t>(steps->second));
}

void LanguageLearner::load(const checkpoint::Checkpoint& checkpoint) {
  const torch::NoGradGuard noGradients;
  ema_.reset();
  NamedTensors own = named(*holder_);
  optim::copyTensors(checkpoint.model, own, "the checkpoint's weights");
  for (const auto& [name, average] : checkpoint.averaged) own.at(name).copy_(average);
}

std::vector<std::string> LanguageLearner::attention() const {
  return models::spec::describeLayers(spec_.model.language);
}

std::pair<std::int64_t, std::int64_t> LanguageLearner::counts() const {
  std::int64_t all = 0, learned = 0;
  for (const auto& parameter : holder_->parameters()) {
    all += parameter.numel();
    if (parameter.requires_grad()) learned += parameter.numel();
  }
  return {all, learned};
}

}  // namespace ecumene::engine::train
