// SPDX-License-Identifier: Apache-2.0
#include "engine/report/scalar_features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "data/planet/network.h"

namespace ecumene::engine::report {
namespace {

using data::planet::kArchetypeCount;
using data::planet::kScalarCount;
using data::planet::ScalarId;

double straightened(std::size_t i, double value) {
  const auto id = static_cast<ScalarId>(i);
  if (id == ScalarId::kEccentricity || id == ScalarId::kObliquity || std::isnan(value)) return value;
  return std::log10(std::max(value, 1e-12));
}

void addArchetype(int archetype, double size, std::vector<double>& values) {
  for (std::size_t a = 0; a < kArchetypeCount; ++a) values.push_back(static_cast<int>(a) == archetype ? size : 0.0);
}

/// Standardised scalars go no further: with rare extremes, products would rule the fit.
constexpr double kFarthest = 3.0;
constexpr std::array kHinges{-1.0, 0.0, 1.0};
/// Larger than the others, so that a penalty which tames them leaves the archetypes their own shares.
constexpr double kArchetypeSize = 3.0;

}  // namespace

std::vector<std::size_t> firstOfEachPlanet(std::span<const ScalarRow> rows) {
  std::set<std::string_view> seen;
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (seen.insert(rows[i].planet).second) which.push_back(i);
  }
  return which;
}

std::vector<ScalarRow> taken(std::span<const ScalarRow> rows, std::span<const std::size_t> which) {
  std::vector<ScalarRow> result;
  for (const std::size_t i : which) result.push_back(rows[i]);
  return result;
}

LinearFeatures::LinearFeatures(std::span<const ScalarRow> train, bool archetypes) : archetypes_(archetypes) {
  for (std::size_t i = 0; i < kScalarCount; ++i) {
    double sum = 0.0, squares = 0.0, count = 0.0;
    for (const ScalarRow& row : train) {
      const double x = straightened(i, row.scalars.at(i));
      if (std::isnan(x)) continue;
      sum += x;
      squares += x * x;
      count += 1.0;
    }
    mean_.at(i) = count > 0.0 ? sum / count : 0.0;
    const double variance = count > 0.0 ? squares / count - mean_.at(i) * mean_.at(i) : 0.0;
    deviation_.at(i) = variance > 1e-12 ? std::sqrt(variance) : 1.0;
  }
  const Matrix x = every(train);
  for (std::size_t j = 0; j < x.columns; ++j) {
    for (std::size_t i = 1; i < x.rows; ++i) {
      if (x.row(i)[j] == x.row(0)[j]) continue;
      kept_.push_back(j);
      break;
    }
  }
}

Matrix LinearFeatures::operator()(std::span<const ScalarRow> rows) const {
  const Matrix all = every(rows);
  Matrix x{rows.size(), kept_.size(), {}};
  for (std::size_t i = 0; i < x.rows; ++i) {
    for (const std::size_t j : kept_) x.values.push_back(all.row(i)[j]);
  }
  return x;
}

Matrix LinearFeatures::every(std::span<const ScalarRow> rows) const {
  Matrix x;
  x.rows = rows.size();
  for (const ScalarRow& row : rows) {
    ScalarValues z;
    for (std::size_t i = 0; i < kScalarCount; ++i) {
      const double value = straightened(i, row.scalars.at(i));
      z.at(i) = std::isnan(value) ? 0.0 : std::clamp((value - mean_.at(i)) / deviation_.at(i), -kFarthest, kFarthest);
      x.values.push_back(z.at(i));
      x.values.push_back(std::isnan(value) ? 1.0 : 0.0);
    }
    for (std::size_t i = 0; i < kScalarCount; ++i) {
      for (std::size_t j = 0; j <= i; ++j) x.values.push_back(z.at(i) * z.at(j));
    }
    for (std::size_t i = 0; i < kScalarCount; ++i) {
      const bool missing = std::isnan(row.scalars.at(i));
      for (const double hinge : kHinges) x.values.push_back(missing ? 0.0 : std::max(0.0, z.at(i) - hinge));
    }
    if (archetypes_) {
      addArchetype(row.archetype, kArchetypeSize, x.values);
      for (std::size_t a = 0; a < kArchetypeCount; ++a) {
        for (const double value : z) x.values.push_back(static_cast<int>(a) == row.archetype ? value : 0.0);
      }
    }
  }
  x.columns = rows.empty() ? 0 : x.values.size() / rows.size();
  return x;
}

Matrix treeFeatures(std::span<const ScalarRow> rows, bool archetypes) {
  Matrix x;
  x.rows = rows.size();
  for (const ScalarRow& row : rows) {
    for (const double value : row.scalars) x.values.push_back(value);
    for (const double value : row.scalars) x.values.push_back(std::isnan(value) ? 1.0 : 0.0);
    if (archetypes) addArchetype(row.archetype, 1.0, x.values);
  }
  x.columns = rows.empty() ? 0 : x.values.size() / rows.size();
  return x;
}

}  // namespace ecumene::engine::report
