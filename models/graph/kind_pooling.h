// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/graph/encoder.h"

namespace ecumene::models::graph {

/// Learned queries of each kind of node read the nodes of that kind, by multi-head attention within a graph. A query
/// that does not change needs no key projection: it meets the states themselves, one vector a head.
class KindPooling : public torch::nn::Module {
 public:
  KindPooling(const layers::Init& init, const spec::GraphSpec& spec);
  /// States [N, C] of the kept graphs -> tokens of the whole batch.
  [[nodiscard]] layers::Tokens forward(const torch::Tensor& states_NC, const KeptGraphs& graphs,
                                       std::int64_t batch) const;
  [[nodiscard]] std::int64_t tokenCount() const { return kNodeKinds * tokens_; }
  void recordTo(layers::AttentionRecord* record) { record_ = record; }

 private:
  std::int64_t heads_, tokens_;
  torch::Tensor queries_QC_;
  std::shared_ptr<layers::Linear> value_;
  torch::Tensor position_TC_;
  layers::AttentionRecord* record_ = nullptr;
};

}  // namespace ecumene::models::graph
