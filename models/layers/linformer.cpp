// SPDX-License-Identifier: Apache-2.0
#include "models/layers/linformer.h"

#include <cmath>

namespace ecumene::models::layers {

Linformer::Linformer(const Init& init, std::int64_t width, std::int64_t heads, std::int64_t longest, std::int64_t rank)
    : query(add<Linear>(*this, init, "query", width, width, false)),
      key(add<Linear>(*this, init, "key", width, width, false)),
      value(add<Linear>(*this, init, "value", width, width, false)),
      out(add<Linear>(*this, init, "out", width, width, false)),
      heads_(heads) {
  TORCH_CHECK(width % heads == 0, init.path(), ": width ", width, " is no multiple of ", heads, " heads");
  const double deviation = 1.0 / std::sqrt(static_cast<double>(rank));
  keyMixture = register_parameter("key_mixture", init.normal("key_mixture", {rank, longest}, deviation));
  valueMixture = register_parameter("value_mixture", init.normal("value_mixture", {rank, longest}, deviation));
}

torch::Tensor Linformer::forward(const torch::Tensor& x, const AttentionScope& scope) const {
  const std::int64_t length = x.size(1), longest = keyMixture.size(1);
  TORCH_CHECK(!scope.causal, "Linformer mixes positions of the whole sequence: it cannot be causal");
  TORCH_CHECK(!scope.bias_BHTS.defined(), "Linformer has no scores by position to add a bias to");
  TORCH_CHECK(length <= longest || length % longest == 0, "Linformer for ", longest, " positions was given ", length);
  const std::int64_t stretches = length > longest ? length / longest : 1;
  const auto split = [this](const torch::Tensor& y) {
    return y.view({y.size(0), y.size(1), heads_, y.size(2) / heads_}).transpose(1, 2);
  };
  const auto mixed = [&](const torch::Tensor& y, const torch::Tensor& mixture) {
    const torch::Tensor seen =
        scope.keep_BS.defined() ? y.masked_fill(scope.keep_BS.logical_not().unsqueeze(2), 0.0) : y;
    const torch::Tensor mean = seen.reshape({x.size(0), stretches, length / stretches, -1}).mean(1);
    return split(torch::matmul(mixture.narrow(1, 0, length / stretches), mean));
  };
  const torch::Tensor heads = attend(split(query->forward(x)), mixed(key->forward(x), keyMixture),
                                     mixed(value->forward(x), valueMixture), AttentionScope{});
  return out->forward(heads.transpose(1, 2).reshape(x.sizes()));
}

}  // namespace ecumene::models::layers
