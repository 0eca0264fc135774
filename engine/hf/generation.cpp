// SPDX-License-Identifier: Apache-2.0
#include "engine/hf/generation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/base/error.h"
#include "data/base/random.h"

namespace ecumene::engine::hf {
namespace {

using models::language::LanguageModel;

void check(const Sampling& sampling) {
  const auto refuse = [](const char* what, const char* expected, double found) {
    throw Error("the text cannot be drawn so", ErrorKind::kUsage)
        .on(what)
        .expected(expected)
        .found(fmt::format("{}", found));
  };
  if (!(sampling.newTokens > 0)) refuse("new tokens", "at least 1", static_cast<double>(sampling.newTokens));
  if (!(sampling.temperature >= 0.0 && std::isfinite(sampling.temperature))) {
    refuse("temperature", "0 or more", sampling.temperature);
  }
  if (!(sampling.topP > 0.0 && sampling.topP <= 1.0)) refuse("top-p", "more than 0, at most 1", sampling.topP);
}

void checkTokens(const LanguageModel& model, std::span<const std::int64_t> prompt) {
  const std::int64_t vocabulary = model.spec().vocabulary;
  if (prompt.empty()) throw Error("the prompt is empty").expected("at least one token");
  for (const std::int64_t id : prompt) {
    if (id >= 0 && id < vocabulary) continue;
    throw Error("the model knows no such token")
        .expected(fmt::format("0 to {}", vocabulary - 1))
        .found(fmt::format("{}", id));
  }
}

void checkLength(const LanguageModel& model, std::span<const std::int64_t> prompt) {
  const std::int64_t context = model.spec().contextLength;
  if (static_cast<std::int64_t>(prompt.size()) <= context) return;
  throw Error("the prompt is longer than the model's context")
      .expected(fmt::format("at most {} tokens", context))
      .found(fmt::format("{}", prompt.size()));
}

}  // namespace

std::int64_t choose(const torch::Tensor& logits_V, const Sampling& sampling, double draw) {
  check(sampling);
  const torch::Tensor logits = logits_V.detach().to(torch::kCPU, torch::kFloat64).contiguous();
  const std::span<const double> value(logits.const_data_ptr<double>(), static_cast<std::size_t>(logits.numel()));
  if (std::any_of(value.begin(), value.end(), [](double x) { return std::isnan(x); })) {
    throw Error("the model gives no number for the next token").expected("finite weights").found("NaN");
  }
  const auto largest = std::max_element(value.begin(), value.end());
  if (sampling.temperature == 0.0) return largest - value.begin();
  std::vector<double> weight(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) weight[i] = std::exp((value[i] - *largest) / sampling.temperature);
  std::vector<std::size_t> order(value.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
  const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
  std::size_t count = 0;
  double held = 0.0;
  while (count < order.size() && (count == 0 || held < sampling.topP * all)) held += weight[order[count++]];
  double left = draw * held;
  for (std::size_t i = 0; i < count; ++i) {
    left -= weight[order[i]];
    if (left < 0.0) return static_cast<std::int64_t>(order[i]);
  }
  return static_cast<std::int64_t>(order[count - 1]);
}

torch::Tensor nextLogits(LanguageModel& model, std::span<const std::int64_t> prompt) {
  checkTokens(model, prompt);
  const torch::NoGradGuard noGradients;
  model.eval();
  models::language::LanguageInput input;
  input.ids_BT = torch::tensor(std::vector<std::int64_t>(prompt.begin(), prompt.end()), torch::kInt64).unsqueeze(0);
  input.ids_BT = input.ids_BT.to(model.parameters().front().device());
  input.keep_BT = torch::ones_like(input.ids_BT, torch::kBool);
  const torch::Tensor hidden = model.forward(input).hidden_BTC;
  return model.logits(hidden.select(1, hidden.size(1) - 1))[0];
}

std::vector<std::int64_t> generate(LanguageModel& model, std::span<const std::int64_t> prompt,
                                   const models::layers::Tokens& soft, std::span<const std::int64_t> endTokens,
                                   const Sampling& sampling) {
  check(sampling);
  checkTokens(model, prompt);
  checkLength(model, prompt);
  const torch::NoGradGuard noGradients;
  model.eval();
  const torch::Device device = model.parameters().front().device();
  const auto room = static_cast<std::size_t>(model.spec().contextLength) - prompt.size();
  models::language::Cache cache(model.spec().layers);
  models::language::LanguageInput input;
  input.soft = soft;
  std::vector<std::int64_t> next(prompt.begin(), prompt.end()), answer;
  while (answer.size() < std::min(room, static_cast<std::size_t>(sampling.newTokens))) {
    input.ids_BT = torch::tensor(next, torch::kInt64).unsqueeze(0).to(device);
    input.keep_BT = torch::ones_like(input.ids_BT, torch::kBool);
    const torch::Tensor hidden = model.forward(input, &cache).hidden_BTC;
    const double draw = Random(sampling.seed, "generate", answer.size()).uniform();
    const std::int64_t token = choose(model.logits(hidden.select(1, hidden.size(1) - 1))[0], sampling, draw);
    answer.push_back(token);
    if (std::find(endTokens.begin(), endTokens.end(), token) != endTokens.end()) break;
    next = {token};
    input.soft = {};
  }
  return answer;
}

std::string generateText(LanguageModel& model, const data::batch::Tokeniser& tokeniser, std::string_view prompt,
                         const models::layers::Tokens& soft, std::span<const std::int64_t> endTokens,
                         const Sampling& sampling) {
  if (static_cast<std::int64_t>(tokeniser.pieces()) > model.spec().vocabulary) {
    throw Error("the tokeniser has more pieces than the model")
        .expected(fmt::format("at most {}", model.spec().vocabulary))
        .found(fmt::format("{}", tokeniser.pieces()));
  }
  std::vector<std::int64_t> ends(endTokens.begin(), endTokens.end());
  ends.push_back(tokeniser.end());
  std::vector<std::int64_t> answer = generate(model, tokeniser.encode(prompt, true, false), soft, ends, sampling);
  // Rows of the embedding beyond the tokeniser's pieces (rounded up vocabularies) stand for no text.
  std::erase_if(answer, [&](std::int64_t id) { return id >= static_cast<std::int64_t>(tokeniser.pieces()); });
  return tokeniser.decode(answer);
}

}  // namespace ecumene::engine::hf
