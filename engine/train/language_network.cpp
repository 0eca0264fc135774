// SPDX-License-Identifier: Apache-2.0
#include "engine/train/language_network.h"

#include <algorithm>

#include "data/base/error.h"
#include "models/spec/attention_kind.h"

namespace ecumene::engine::train {

using models::language::LanguageInput;
using models::language::LanguageModel;

LanguageNetwork::LanguageNetwork(const config::RunSpec& spec, const data::batch::Tokeniser& tokeniser)
    : device(deviceOf(spec.train)),
      padding(tokeniser.padding()),
      attention(models::spec::describeLayers(spec.model.language)),
      module(std::make_shared<torch::nn::Module>()) {
  if (static_cast<std::int64_t>(tokeniser.pieces()) > spec.model.language.vocabulary) {
    throw Error("the tokeniser has more pieces than the model has rows for them")
        .on("model.language.vocabulary")
        .expected("at least " + std::to_string(tokeniser.pieces()))
        .found(std::to_string(spec.model.language.vocabulary));
  }
  model = models::layers::add<LanguageModel>(*module, models::layers::Init(static_cast<std::uint64_t>(spec.train.seed)),
                                             "language", spec.model.language);
  module->to(device);
  module->eval();
}

LanguageInput LanguageNetwork::input(const PieceList& sequences, std::size_t first, std::size_t end) const {
  std::size_t longest = 1;
  for (std::size_t i = first; i < end; ++i) longest = std::max(longest, sequences[i]->size());
  const auto rows = static_cast<std::int64_t>(end - first), width = static_cast<std::int64_t>(longest);
  LanguageInput input;
  input.ids_BT = torch::full({rows, width}, padding, torch::kInt64);
  input.keep_BT = torch::zeros({rows, width}, torch::kBool);
  for (std::int64_t b = 0; b < rows; ++b) {
    const auto& pieces = *sequences[first + static_cast<std::size_t>(b)];
    std::copy(pieces.begin(), pieces.end(), input.ids_BT.data_ptr<std::int64_t>() + b * width);
    input.keep_BT[b].narrow(0, 0, static_cast<std::int64_t>(pieces.size())).fill_(true);
  }
  input.labels_BT = input.ids_BT.masked_fill(input.keep_BT.logical_not(), models::language::kNotScored);
  input.ids_BT = input.ids_BT.to(device);
  input.keep_BT = input.keep_BT.to(device);
  input.labels_BT = input.labels_BT.to(device);
  return input;
}

HeldOut LanguageNetwork::judge(const Sequences& sequences, std::size_t texts, const config::TrainSpec& spec) const {
  HeldOut said{std::vector<double>(texts), std::vector<double>(texts)};
  PieceList all;
  for (const auto& pieces : sequences.pieces) all.push_back(&pieces);
  const auto micro = static_cast<std::size_t>(spec.microBatch);
  for (std::size_t first = 0; first < all.size(); first += micro) {
    const std::size_t end = std::min(first + micro, all.size());
    const LanguageInput given = input(all, first, end);
    const Autocast autocast(spec.precision, device);
    const auto output = model->forward(given);
    for (std::size_t i = first; i < end; ++i) {
      const auto row = static_cast<std::int64_t>(i - first);
      LanguageInput one;
      one.ids_BT = given.ids_BT.narrow(0, row, 1);
      one.keep_BT = given.keep_BT.narrow(0, row, 1);
      one.labels_BT = given.labels_BT.narrow(0, row, 1);
      models::language::LanguageOutput hidden;
      hidden.hidden_BTC = output.hidden_BTC.narrow(0, row, 1);
      const auto loss = languageLoss(*model, one, hidden);
      said.nll[sequences.text[i]] += loss.loss.item<double>() * static_cast<double>(loss.scored);
      said.pieces[sequences.text[i]] += static_cast<double>(loss.scored);
    }
  }
  return said;
}

}  // namespace ecumene::engine::train
