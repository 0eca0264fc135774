// SPDX-License-Identifier: Apache-2.0
#include "models/layers/mamba.h"

#include <cmath>

#include "models/layers/checkpointed.h"

namespace ecumene::models::layers {
namespace {

constexpr std::int64_t kStateWidth = 16, kReach = 4, kScanBlock = 64;

/// All states of a block, from u, dt, A, B and the state before it.
torch::Tensor statesOf(const std::vector<torch::Tensor>& given) {
  const torch::Tensor &u = given[0], &dt = given[1], &A = given[2], &B = given[3], &before = given[4];
  const std::int64_t count = u.size(1);
  torch::Tensor factor = torch::exp(dt.unsqueeze(3) * A);
  torch::Tensor added = (dt * u).unsqueeze(3) * B.unsqueeze(2);
  // Two steps h -> f1 h + a1 -> f2 (f1 h + a1) + a2 are one step: after all doublings each position holds all before.
  for (std::int64_t reach = 1; reach < count; reach *= 2) {
    const std::int64_t rest = count - reach;
    const torch::Tensor later = factor.narrow(1, reach, rest);
    added = torch::cat({added.narrow(1, 0, reach), added.narrow(1, reach, rest) + later * added.narrow(1, 0, rest)}, 1);
    factor = torch::cat({factor.narrow(1, 0, reach), later * factor.narrow(1, 0, rest)}, 1);
  }
  return added + factor * before.unsqueeze(1);
}

}  // namespace

torch::Tensor selectiveScan(const torch::Tensor& u, const torch::Tensor& dt, const torch::Tensor& A,
                            const torch::Tensor& B, const torch::Tensor& C, torch::Tensor& state) {
  // Split, not narrowed: each narrowed part's gradient would be as long as the whole.
  const auto us = u.split(kScanBlock, 1), dts = dt.split(kScanBlock, 1), Bs = B.split(kScanBlock, 1),
             Cs = C.split(kScanBlock, 1);
  std::vector<torch::Tensor> blocks;
  for (std::size_t i = 0; i < us.size(); ++i) {
    // The doublings hold some twenty times what they give.
    const torch::Tensor states = checkpointed(statesOf, {us[i], dts[i], A, Bs[i], state});
    blocks.push_back((states * Cs[i].unsqueeze(2)).sum(3));
    state = states.select(1, states.size(1) - 1);
  }
  return torch::cat(blocks, 1);
}

Mamba::Mamba(const Init& init, std::int64_t width) {
  const std::int64_t inner = 2 * width, rank = (width + 15) / 16;
  in = add<Linear>(*this, init, "in_proj", width, 2 * inner, false);
  select = add<Linear>(*this, init, "x_proj", inner, rank + 2 * kStateWidth, false);
  step = add<Linear>(*this, init, "dt_proj", rank, inner, true);
  out = add<Linear>(*this, init, "out_proj", inner, width, false);
  convolution = register_parameter(
      "conv_weight", init.normal("conv_weight", {inner, kReach}, 1.0 / std::sqrt(static_cast<double>(kReach))));
  convolutionBias = register_parameter("conv_bias", init.constant({inner}, 0.0));
  const torch::Tensor decay = torch::arange(1, kStateWidth + 1, torch::kFloat64).log().expand({inner, kStateWidth});
  logDecay = register_parameter("a_log", decay.to(init.options(), false, true).contiguous());
  skip = register_parameter("skip", init.constant({inner}, 1.0));
  // Steps begin spread over 0.001 to 0.1, through softplus.
  const torch::Tensor steps =
      torch::linspace(std::log(1e-3), std::log(1e-1), inner, torch::TensorOptions(torch::kFloat64)).exp();
  const torch::NoGradGuard noGradients;
  step->bias.copy_(steps + torch::log(-torch::expm1(-steps)));
}

torch::Tensor Mamba::forward(const torch::Tensor& x, const torch::Tensor& keep, MambaState* state) const {
  const std::int64_t length = x.size(1), inner = skip.size(0), rank = step->weight.size(1);
  const torch::Tensor kept = keep.defined() ? keep.unsqueeze(2).to(x.scalar_type()) : torch::Tensor();
  const auto seen = [&](const torch::Tensor& y) { return kept.defined() ? y * kept : y; };
  const auto halves = in->forward(x).chunk(2, 2);
  const bool continues = state != nullptr && state->state_BEN.defined();
  const torch::Tensor before =
      continues ? state->inputs_BTE : torch::zeros({x.size(0), kReach - 1, inner}, halves[0].options());
  const torch::Tensor inputs = torch::cat({before, seen(halves[0])}, 1);
  torch::Tensor u = convolutionBias;
  for (std::int64_t lag = 0; lag < kReach; ++lag) {
    u = u + inputs.narrow(1, lag, length) * convolution.select(1, lag);
  }
  u = torch::silu(u);
  const auto selected = select->forward(u).split_with_sizes({rank, kStateWidth, kStateWidth}, 2);
  const torch::Tensor dt = seen(torch::softplus(step->forward(selected[0])));
  torch::Tensor last = continues ? state->state_BEN : torch::zeros({x.size(0), inner, kStateWidth}, u.options());
  const torch::Tensor scanned = selectiveScan(u, dt, -torch::exp(logDecay), selected[1], selected[2], last);
  if (state != nullptr) {
    state->inputs_BTE = inputs.narrow(1, inputs.size(1) - (kReach - 1), kReach - 1);
    state->state_BEN = last;
  }
  return out->forward((scanned + u * skip) * torch::silu(halves[1]));
}

}  // namespace ecumene::models::layers
