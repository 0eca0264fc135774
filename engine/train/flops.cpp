// SPDX-License-Identifier: Apache-2.0
#include "engine/train/flops.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/layers/checkpointed.h"

namespace ecumene::engine::train {
namespace {

using Inputs = c10::ArrayRef<const c10::IValue>;

std::atomic<std::uint64_t> total;
thread_local int recomputing = 0;

at::IntArrayRef shape(Inputs inputs, std::size_t index) {
  return inputs[index].toTensor().sizes();
}

std::uint64_t product(at::IntArrayRef sizes) {
  return static_cast<std::uint64_t>(c10::multiply_integers(sizes));
}

/// [.., m, k] x [.., k, n], of which the first is `inputs[first]`.
template <std::size_t first>
std::uint64_t ofProduct(Inputs inputs) {
  return 2 * product(shape(inputs, first)) * static_cast<std::uint64_t>(shape(inputs, first + 1).back());
}

std::uint64_t ofVector(Inputs inputs) {
  return 2 * product(shape(inputs, 0));
}

/// Each number of the result sums over a kernel [out, in / groups, ..].
std::uint64_t ofConvolution(std::uint64_t results, at::IntArrayRef kernel) {
  return 2 * results * product(kernel.slice(1));
}

/// convolution(input, kernel, bias, stride, padding, dilation, ..): models have no transposed ones.
std::uint64_t ofConvolutionForward(Inputs inputs) {
  const at::IntArrayRef input = shape(inputs, 0), kernel = shape(inputs, 1);
  // One number, or one for each axis.
  const auto along = [&](std::size_t index, std::size_t axis) {
    const std::vector<std::int64_t> numbers = inputs[index].toIntVector();
    return numbers[std::min(axis, numbers.size() - 1)];
  };
  std::int64_t results = input[0] * kernel[0];
  for (std::size_t axis = 0; axis + 2 < input.size(); ++axis) {
    const std::int64_t stride = along(3, axis), padding = along(4, axis), dilation = along(5, axis);
    results *= (input[axis + 2] + 2 * padding - dilation * (kernel[axis + 2] - 1) - 1) / stride + 1;
  }
  return ofConvolution(static_cast<std::uint64_t>(results), kernel);
}

/// convolution_backward(gradient, input, kernel, .., which gradients are wanted).
std::uint64_t ofConvolutionBackward(Inputs inputs) {
  const auto wanted = inputs.back().toBoolList();
  const std::uint64_t gradients = (wanted[0] ? 1U : 0U) + (wanted[1] ? 1U : 0U);
  return gradients * ofConvolution(product(shape(inputs, 0)), shape(inputs, 2));
}

/// Queries [.., T, D], keys [.., S, D], values [.., S, E]: scores, and what they read.
template <std::size_t queries>
std::uint64_t ofAttention(Inputs inputs) {
  const at::IntArrayRef q = shape(inputs, queries), k = shape(inputs, queries + 1), v = shape(inputs, queries + 2);
  const auto keys = static_cast<std::uint64_t>(k[k.size() - 2]);
  return 2 * product(q.slice(0, q.size() - 1)) * keys * static_cast<std::uint64_t>(q.back() + v.back());
}

/// Gradients of values, weights, queries and keys. The scores, which a fused kernel computes again, are not counted.
std::uint64_t ofAttentionBackward(Inputs inputs) {
  return 2 * ofAttention<1>(inputs);
}

/// The operators that others end in: matmul, linear, einsum are made of these.
const std::unordered_map<std::string_view, std::uint64_t (*)(Inputs)>& counted() {
  static const std::unordered_map<std::string_view, std::uint64_t (*)(Inputs)> table = {
      {"aten::mm", ofProduct<0>},
      {"aten::addmm", ofProduct<1>},
      {"aten::addmm_", ofProduct<1>},
      {"aten::bmm", ofProduct<0>},
      {"aten::baddbmm", ofProduct<1>},
      {"aten::baddbmm_", ofProduct<1>},
      {"aten::mv", ofVector},
      {"aten::convolution", ofConvolutionForward},
      {"aten::convolution_backward", ofConvolutionBackward},
      {"aten::_scaled_dot_product_flash_attention_for_cpu", ofAttention<0>},
      {"aten::_scaled_dot_product_flash_attention", ofAttention<0>},
      {"aten::_scaled_dot_product_efficient_attention", ofAttention<0>},
      {"aten::_scaled_dot_product_cudnn_attention", ofAttention<0>},
      {"aten::_scaled_dot_product_flash_attention_for_cpu_backward", ofAttentionBackward},
      {"aten::_scaled_dot_product_flash_attention_backward", ofAttentionBackward},
      {"aten::_scaled_dot_product_efficient_attention_backward", ofAttentionBackward},
      {"aten::_scaled_dot_product_cudnn_attention_backward", ofAttentionBackward},
  };
  return table;
}

bool isRecomputed(const at::RecordFunction& call) {
  return call.scope() == at::RecordScope::USER_SCOPE && std::string_view(call.name()) == models::layers::kRecomputed;
}

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& call) {
  if (isRecomputed(call)) {
    ++recomputing;
  } else if (recomputing == 0) {
    const auto found = counted().find(call.name());
    if (found != counted().end()) total += found->second(call.inputs());
  }
  return nullptr;
}

void end(const at::RecordFunction& call, at::ObserverContext* /*context*/) {
  if (isRecomputed(call)) --recomputing;
}

}  // namespace

FlopCounter::FlopCounter() {
  total = 0;
  callback_ = at::addThreadLocalCallback(at::RecordFunctionCallback(begin, end)
                                             .needsInputs(true)
                                             .scopes({at::RecordScope::FUNCTION, at::RecordScope::USER_SCOPE}));
}

FlopCounter::~FlopCounter() {
  at::removeCallback(callback_);
}

double FlopCounter::count() const {
  return static_cast<double>(total.load());
}

}  // namespace ecumene::engine::train
