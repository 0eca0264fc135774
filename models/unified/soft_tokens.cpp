// SPDX-License-Identifier: Apache-2.0
#include "models/unified/soft_tokens.h"

namespace ecumene::models::unified {

SoftTokens::SoftTokens(const layers::Init& init, std::int64_t in, std::int64_t count, std::int64_t width)
    : count_(count),
      norm_(layers::add<layers::RmsNorm>(*this, init, "norm", in)),
      project_(layers::add<layers::Linear>(*this, init, "project", in, count * width, true, 0.1)),
      position_PC_(register_parameter("position", init.normal("position", {count, width}, 0.02))) {}

layers::Tokens SoftTokens::forward(const torch::Tensor& features, const torch::Tensor& keep) const {
  const torch::Tensor read = features.masked_fill(keep.unsqueeze(-1).logical_not(), 0.0);
  const torch::Tensor values = project_->forward(norm_->forward(read)).view({features.size(0), count_, -1});
  return {values + position_PC_, keep.unsqueeze(1).expand({-1, count_})};
}

layers::Tokens concatenate(const std::vector<layers::Tokens>& parts) {
  std::vector<torch::Tensor> values, keeps;
  for (const layers::Tokens& part : parts) {
    if (!part.values_BTC.defined()) continue;
    values.push_back(part.values_BTC);
    keeps.push_back(part.keep_BT);
  }
  if (values.empty()) return {};
  return {torch::cat(values, 1), torch::cat(keeps, 1)};
}

torch::Tensor pool(const layers::Tokens& tokens) {
  const torch::Tensor keep = tokens.keep_BT.unsqueeze(-1);
  return tokens.values_BTC.masked_fill(keep.logical_not(), 0.0).sum(1) / keep.sum(1).clamp_min(1);
}

}  // namespace ecumene::models::unified
