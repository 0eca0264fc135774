// SPDX-License-Identifier: Apache-2.0
#include "data/loader/flat_cube.h"

#include <utility>

namespace ecumene::data::loader {

std::size_t valuesOfEpoch(planet::VariableId id) {
  return kSurfaceValues * (planet::info(id).onLevels ? planet::kCanonicalLevels : 1);
}

std::vector<float> CubePool::take() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return {};
  std::vector<float> values = std::move(free_.back());
  free_.pop_back();
  return values;
}

void CubePool::give(std::vector<float>&& values) {
  const std::lock_guard lock(mutex_);
  if (free_.size() < kept_) free_.push_back(std::move(values));
}

FlatCube::FlatCube(std::shared_ptr<CubePool> pool, const store::CubeIndex& index)
    : pool_(std::move(pool)), values_(pool_->take()) {
  for (std::size_t v = 0; v < index.variables.size(); ++v) {
    end_.at(v + 1) = end_.at(v) + (index.variables.at(v) ? index.variables.at(v)->count : 0);
  }
  values_.resize(end_.back());
}

FlatCube::~FlatCube() {
  giveBack();
}

FlatCube& FlatCube::operator=(FlatCube&& other) noexcept {
  if (this == &other) return *this;
  giveBack();
  pool_ = std::move(other.pool_);
  values_ = std::move(other.values_);
  end_ = other.end_;
  return *this;
}

void FlatCube::giveBack() noexcept {
  // A moved-from cube has no pool. Without memory for the list itself the cube is simply freed.
  if (!pool_) return;
  try {
    pool_->give(std::move(values_));
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
  pool_.reset();
}

}  // namespace ecumene::data::loader
