// SPDX-License-Identifier: Apache-2.0
#include "tests/models/language/reference.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace ecumene::models::language {
namespace {

using Row = std::vector<double>;
using Rows = std::vector<Row>;

class Weights {
 public:
  explicit Weights(LanguageModel& model) : parameters_(model.named_parameters()) {}
  [[nodiscard]] Rows matrix(const std::string& name) const {
    const torch::Tensor weight = parameters_[name].to(torch::kFloat64).contiguous();
    const auto width = static_cast<std::size_t>(weight.size(1));
    Rows rows;
    for (std::size_t i = 0; i < static_cast<std::size_t>(weight.size(0)); ++i) {
      const double* begin = weight.const_data_ptr<double>() + i * width;
      rows.emplace_back(begin, begin + width);
    }
    return rows;
  }
  [[nodiscard]] Row vector(const std::string& name) const {
    const torch::Tensor weight = parameters_[name].to(torch::kFloat64).contiguous();
    return {weight.const_data_ptr<double>(), weight.const_data_ptr<double>() + weight.numel()};
  }

 private:
  torch::OrderedDict<std::string, torch::Tensor> parameters_;
};

Row times(const Rows& matrix, const Row& x) {
  Row y(matrix.size(), 0.0);
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) y[i] += matrix[i][j] * x[j];
  }
  return y;
}

Row normed(const Row& x, const Row& weight, double epsilon) {
  double square = 0.0;
  for (const double value : x) square += value * value / static_cast<double>(x.size());
  Row y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] / std::sqrt(square + epsilon) * weight[i];
  return y;
}

/// Turns each head of a row by its position: pairs (i, i + D/2).
void turn(Row& x, std::size_t headWidth, double position, const Row& frequency) {
  const std::size_t half = headWidth / 2;
  for (std::size_t head = 0; head < x.size(); head += headWidth) {
    for (std::size_t i = 0; i < half; ++i) {
      const double angle = position * frequency[i], a = x[head + i], b = x[head + half + i];
      x[head + i] = a * std::cos(angle) - b * std::sin(angle);
      x[head + half + i] = b * std::cos(angle) + a * std::sin(angle);
    }
  }
}

/// The heads' results at position t, side by side.
Row attended(const Rows& q, const Rows& k, const Rows& v, std::size_t t, const spec::LanguageSpec& spec) {
  const auto width = static_cast<std::size_t>(spec.headWidth), heads = static_cast<std::size_t>(spec.heads);
  const std::size_t group = heads * width / k[0].size();
  const auto window = static_cast<std::size_t>(spec.slidingWindow), front = static_cast<std::size_t>(spec.globalTokens);
  Row result(heads * width, 0.0);
  for (std::size_t head = 0; head < heads; ++head) {
    const std::size_t from = head * width, read = head / group * width;
    Row weight(t + 1, 0.0);
    double total = 0.0;
    for (std::size_t s = 0; s <= t; ++s) {
      if (window > 0 && t - s >= window && s >= front) continue;
      double score = 0.0;
      for (std::size_t d = 0; d < width; ++d) score += q[t][from + d] * k[s][read + d];
      weight[s] = std::exp(score / std::sqrt(static_cast<double>(width)));
      total += weight[s];
    }
    for (std::size_t s = 0; s <= t; ++s) {
      for (std::size_t d = 0; d < width; ++d) result[from + d] += weight[s] / total * v[s][read + d];
    }
  }
  return result;
}

}  // namespace

spec::LanguageSpec small() {
  spec::LanguageSpec spec;
  spec.vocabulary = 17;
  spec.width = 12;
  spec.layers = 2;
  spec.heads = 4;
  spec.keyValueHeads = 2;
  spec.headWidth = 6;
  spec.intermediate = 10;
  spec.ropeTheta = 50.0;
  return spec;
}

torch::Tensor wave(torch::IntArrayRef shape, double phase, double size) {
  const torch::Tensor place = torch::arange(c10::multiply_integers(shape), torch::kFloat64);
  return (torch::sin(place * place * 0.7 + phase) * size).view(shape);
}

void fill(torch::nn::Module& model) {
  const torch::NoGradGuard noGradients;
  double phase = 0.0;
  for (const auto& parameter : model.named_parameters()) {
    const bool factor = parameter.value().dim() == 1;
    const double inputs = static_cast<double>(parameter.value().size(-1));
    const torch::Tensor value = wave(parameter.value().sizes(), phase, factor ? 0.3 : 1.5 / std::sqrt(inputs));
    parameter.value().copy_(factor ? value + 1.0 : value);
    phase += 1.0;
  }
}

std::vector<std::vector<double>> hiddenByLoops(LanguageModel& model, const std::vector<std::int64_t>& ids,
                                               const std::vector<double>& frequency) {
  const spec::LanguageSpec& spec = model.spec();
  const Weights weights(model);
  const auto headWidth = static_cast<std::size_t>(spec.headWidth);
  const Rows embedding = weights.matrix("model.embed_tokens.weight");
  Rows x;
  for (const std::int64_t id : ids) x.push_back(embedding[static_cast<std::size_t>(id)]);
  for (std::int64_t layer = 0; layer < spec.layers; ++layer) {
    const std::string at = "model.layers." + std::to_string(layer) + ".";
    const auto project = [&](const std::string& name) { return weights.matrix(at + name + ".weight"); };
    const Rows wq = project("self_attn.q_proj"), wk = project("self_attn.k_proj"), wv = project("self_attn.v_proj");
    const Rows wo = project("self_attn.o_proj"), gate = project("mlp.gate_proj"), up = project("mlp.up_proj");
    const Rows down = project("mlp.down_proj");
    const Row before = weights.vector(at + "input_layernorm.weight");
    const Row after = weights.vector(at + "post_attention_layernorm.weight");
    Rows q, k, v;
    for (std::size_t t = 0; t < x.size(); ++t) {
      const Row y = normed(x[t], before, spec.normEpsilon);
      q.push_back(times(wq, y));
      k.push_back(times(wk, y));
      v.push_back(times(wv, y));
      turn(q[t], headWidth, static_cast<double>(t), frequency);
      turn(k[t], headWidth, static_cast<double>(t), frequency);
    }
    for (std::size_t t = 0; t < x.size(); ++t) {
      const Row mixed = times(wo, attended(q, k, v, t, spec));
      for (std::size_t c = 0; c < mixed.size(); ++c) x[t][c] += mixed[c];
      const Row y = normed(x[t], after, spec.normEpsilon);
      Row hidden = times(gate, y);
      const Row linear = times(up, y);
      for (std::size_t c = 0; c < hidden.size(); ++c) hidden[c] *= linear[c] / (1.0 + std::exp(-hidden[c]));
      const Row fed = times(down, hidden);
      for (std::size_t c = 0; c < fed.size(); ++c) x[t][c] += fed[c];
    }
  }
  for (Row& row : x) row = normed(row, weights.vector("model.norm.weight"), spec.normEpsilon);
  return x;
}

}  // namespace ecumene::models::language
