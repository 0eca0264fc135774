// SPDX-License-Identifier: Apache-2.0
#include "models/climate/blocks.h"

#include <numeric>
#include <optional>

namespace ecumene::models::climate {

using layers::add;
using torch::indexing::Slice;

torch::Tensor padSphere(const torch::Tensor& x) {
  const std::int64_t rows = x.size(2), columns = x.size(3);
  const torch::Tensor south = x.index({Slice(), Slice(), Slice(0, 1)}).roll(columns / 2, 3);
  const torch::Tensor north = x.index({Slice(), Slice(), Slice(rows - 1, rows)}).roll(columns / 2, 3);
  const torch::Tensor tall = torch::cat({south, x, north}, 2);
  return torch::cat({tall.index({Slice(), Slice(), Slice(), Slice(columns - 1, columns)}), tall,
                     tall.index({Slice(), Slice(), Slice(), Slice(0, 1)})},
                    3);
}

ConvolutionBlock::ConvolutionBlock(const layers::Init& init, std::int64_t width)
    : norm_(add<layers::RmsNorm>(*this, init, "norm", width)),
      spatial_(register_parameter("spatial", init.normal("spatial", {width, 1, 3, 3}, 1.0 / 3.0))),
      temporal_(register_parameter("temporal", init.normal("temporal", {width, 1, 3}, 0.5))),
      pointwise_(add<layers::Linear>(*this, init, "pointwise", width, width)) {}

torch::Tensor ConvolutionBlock::forward(const torch::Tensor& x) const {
  const std::int64_t n = x.size(0), months = x.size(1), rows = x.size(2), columns = x.size(3), width = x.size(4);
  const torch::Tensor y = norm_->forward(x);
  const torch::Tensor maps = y.permute({0, 1, 4, 2, 3}).reshape({n * months, width, rows, columns});
  const torch::Tensor spatial = torch::conv2d(padSphere(maps), spatial_, std::nullopt, 1, at::IntArrayRef{0}, 1, width)
                                    .view({n, months, width, rows, columns})
                                    .permute({0, 1, 3, 4, 2});
  const torch::Tensor series = y.permute({0, 2, 3, 4, 1}).reshape({n * rows * columns, width, months});
  const torch::Tensor year = torch::cat({series.index({Slice(), Slice(), Slice(months - 1, months)}), series,
                                         series.index({Slice(), Slice(), Slice(0, 1)})},
                                        2);
  const torch::Tensor temporal = torch::conv1d(year, temporal_, std::nullopt, 1, at::IntArrayRef{0}, 1, width)
                                     .view({n, rows, columns, width, months})
                                     .permute({0, 4, 1, 2, 3});
  return x + pointwise_->forward(torch::gelu(spatial + temporal));
}

WindowBlock::WindowBlock(const layers::Init& init, std::int64_t width, std::int64_t heads, double dropout, bool shifted)
    : block_(add<layers::TransformerBlock>(*this, init, "block", width, heads, dropout)), shifted_(shifted) {}

torch::Tensor WindowBlock::forward(const torch::Tensor& x) {
  const std::int64_t n = x.size(0), months = x.size(1), rows = x.size(2), columns = x.size(3), width = x.size(4);
  const std::int64_t high = std::gcd(rows, std::int64_t{4}), wide = std::gcd(columns, std::int64_t{4});
  const std::int64_t shift = shifted_ ? wide / 2 : 0;
  const torch::Tensor turned = shift > 0 ? x.roll(-shift, 3) : x;
  const torch::Tensor windows = turned.reshape({n, months, rows / high, high, columns / wide, wide, width})
                                    .permute({0, 2, 4, 1, 3, 5, 6})
                                    .reshape({-1, months * high * wide, width});
  const torch::Tensor mixed = block_->forward(windows, {})
                                  .view({n, rows / high, columns / wide, months, high, wide, width})
                                  .permute({0, 3, 1, 4, 2, 5, 6})
                                  .reshape(x.sizes());
  return shift > 0 ? mixed.roll(shift, 3) : mixed;
}

}  // namespace ecumene::models::climate
