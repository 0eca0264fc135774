// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/batch/collate.h"
#include "data/batch/normalise.h"

namespace ecumene::data::batch {
namespace {

using loader::Sample;
using planet::VariableId;

/// Epochs of a cube; none without any variable.
std::optional<std::size_t> epochsOf(const Sample& sample) {
  std::optional<std::size_t> epochs;
  for (const planet::VariableInfo& row : planet::variables()) {
    const std::size_t count = sample.cube.variable(row.id).size();
    if (count == 0) continue;
    if (count % loader::valuesOfEpoch(row.id) != 0 || (epochs && *epochs != count / loader::valuesOfEpoch(row.id))) {
      throw Error("a climate is not on the canonical grid")
          .on(sample.id + ": " + std::string(row.name))
          .expected("a multiple of " + std::to_string(loader::valuesOfEpoch(row.id)) +
                    " values, for every variable the same")
          .found(std::to_string(count));
    }
    epochs = count / loader::valuesOfEpoch(row.id);
  }
  return epochs;
}

}  // namespace

void Collator::climate(const loader::Batch& batch, MultiModalBatch& into) {
  std::optional<std::size_t> epochs;
  for (const Sample& sample : batch.samples) {
    const std::optional<std::size_t> own = epochsOf(sample);
    if (own && epochs && *own != *epochs) {
      throw Error("climates of one batch differ in their epochs")
          .on(sample.id)
          .expected(std::to_string(*epochs))
          .found(std::to_string(*own))
          .next("train on planets with and without a geological time axis apart");
    }
    if (own) epochs = own;
  }
  into.epochs = epochs.value_or(1);
  const planet::Grid& grid = planet::canonicalGrid();
  into.latitudeDeg.assign(grid.latitudeDeg.size(), 0.0F);
  into.latitudeWeight.assign(grid.latitudeDeg.size(), 0.0F);
  for (std::size_t y = 0; y < grid.latitudeDeg.size(); ++y) {
    into.latitudeDeg[y] = static_cast<float>(grid.latitudeDeg[y]);
    into.latitudeWeight[y] = static_cast<float>(grid.latitudeWeight[y]);
  }
  const std::size_t flat = into.epochs * loader::kSurfaceValues;
  into.cube.resize(into.size);
  std::vector<std::size_t> reader;  // of each cube the first sample
  for (std::size_t b = 0; b < into.size; ++b) {
    const std::string& planet = batch.samples[b].planet;
    const auto same = [&](std::size_t other) { return !planet.empty() && batch.samples[other].planet == planet; };
    auto found = std::ranges::find_if(reader, same);
    // What has no cube needs no memory of its own.
    const auto empty = [&](std::size_t other) { return batch.samples[other].cube.values().empty(); };
    if (found == reader.end() && empty(b)) found = std::ranges::find_if(reader, empty);
    into.cube[b] = found - reader.begin();
    if (found == reader.end()) reader.push_back(b);
  }
  into.levels.resize(reader.size() * kLevelVariables * flat * planet::kCanonicalLevels);
  into.surface.resize(reader.size() * kSurfaceVariables * flat);
  into.variablePresent.assign(reader.size() * planet::kVariableCount, 0);
  std::vector<unsigned char> any(reader.size(), 0);
  for (std::size_t q = 0; q < reader.size(); ++q) {
    for (std::size_t v = 0; v < planet::kVariableCount; ++v) {
      const VariableId id = planet::variables()[v].id;
      const std::size_t count = into.epochs * loader::valuesOfEpoch(id);
      const bool deep = v < kLevelVariables;
      const std::span<float> target(deep ? into.levels.data() + (q * kLevelVariables + v) * count
                                         : into.surface.data() + (q * kSurfaceVariables + v - kLevelVariables) * count,
                                    count);
      const std::span<const float> values = batch.samples[reader[q]].cube.variable(id);
      const bool scalable = statistics_.variables.at(v).count > 0;
      if (values.empty() || !scalable) {
        std::ranges::fill(target, 0.0F);
        continue;
      }
      normalise(id, statistics_.variables.at(v), values, target);
      into.variablePresent[q * planet::kVariableCount + v] = 1;
      any[q] = 1;
    }
  }
  for (std::size_t b = 0; b < into.size; ++b) {
    into.viewPresent[b * MultiModalBatch::kViews + MultiModalBatch::kClimate] =
        any[static_cast<std::size_t>(into.cube[b])];
  }
}

}  // namespace ecumene::data::batch
