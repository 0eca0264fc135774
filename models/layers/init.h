// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace ecumene::models::layers {

/// Where the parameters of a model under construction lie and what they begin with. It carries the path of the module
/// ("climate.blocks.3"), which with the seed keys the random numbers: a parameter's first value depends on seed and
/// name alone, not on the order of construction. On torch::kMeta nothing is allocated, so models of any size can be
/// counted.
class Init {
 public:
  explicit Init(std::uint64_t seed, torch::TensorOptions options = torch::TensorOptions(torch::kFloat32))
      : seed_(seed), options_(options) {}

  /// For a model whose parameters are read from a file next: they begin with whatever lies in memory.
  static Init uninitialised(torch::TensorOptions options) {
    Init init(0, options);
    init.draws_ = false;
    return init;
  }

  [[nodiscard]] Init child(std::string_view name) const;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const torch::TensorOptions& options() const { return options_; }

  /// Normal numbers of mean 0.
  [[nodiscard]] torch::Tensor normal(std::string_view name, torch::IntArrayRef shape, double deviation) const;
  [[nodiscard]] torch::Tensor constant(torch::IntArrayRef shape, double value) const;

 private:
  std::uint64_t seed_;
  torch::TensorOptions options_;
  std::string path_;
  bool draws_ = true;
};

/// Makes a module of type M(init, args...), registered in its parent under `name`.
template <class M, class... Args>
std::shared_ptr<M> add(torch::nn::Module& parent, const Init& init, const std::string& name, Args&&... args) {
  return parent.register_module(name, std::make_shared<M>(init.child(name), std::forward<Args>(args)...));
}

}  // namespace ecumene::models::layers
