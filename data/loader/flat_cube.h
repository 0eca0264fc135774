// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "data/store/cube_reader.h"

namespace ecumene::data::loader {

/// Values of a variable in one epoch of a cube: of surface variables kSurfaceValues, of others as many on each level.
inline constexpr std::size_t kSurfaceValues = planet::kMonths * planet::kCanonicalCells;
std::size_t valuesOfEpoch(planet::VariableId id);

/// Memory of cubes that was given back and waits for its next use: a fresh 4.5 MB costs the kernel more time than its
/// content costs us. Any thread.
class CubePool {
 public:
  explicit CubePool(std::size_t kept) : kept_(kept) {}
  std::vector<float> take();
  void give(std::vector<float>&& values);

 private:
  const std::size_t kept_;
  std::mutex mutex_;
  std::vector<std::vector<float>> free_;
};

/// The climate of one sample as float32 in physical units: the variables that are present, in canonical order, each
/// flat as planet::Field says ([epoch,] time, lat, lon[, lev]; surface variables have no lev and are not broadcast).
/// A missing variable takes no place. Its memory goes back to the pool at the end of its life.
class FlatCube {
 public:
  FlatCube() = default;
  /// Place for a planet's variables, not yet read.
  FlatCube(std::shared_ptr<CubePool> pool, const store::CubeIndex& index);
  ~FlatCube();
  FlatCube(FlatCube&& other) noexcept = default;
  FlatCube& operator=(FlatCube&& other) noexcept;

  [[nodiscard]] std::span<const float> values() const { return values_; }
  [[nodiscard]] std::span<float> values() { return values_; }
  [[nodiscard]] bool present(planet::VariableId id) const { return end_.at(at(id) + 1) > end_.at(at(id)); }
  /// Empty if the variable is missing.
  [[nodiscard]] std::span<const float> variable(planet::VariableId id) const {
    return values().subspan(end_.at(at(id)), end_.at(at(id) + 1) - end_.at(at(id)));
  }

 private:
  static std::size_t at(planet::VariableId id) { return static_cast<std::size_t>(id); }
  void giveBack() noexcept;

  std::shared_ptr<CubePool> pool_;
  std::vector<float> values_;
  /// Variable v lies in [end_[v], end_[v + 1]).
  std::array<std::size_t, planet::kVariableCount + 1> end_{};
};

}  // namespace ecumene::data::loader
