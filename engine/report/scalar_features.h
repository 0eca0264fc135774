// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/report/scalar_rows.h"

namespace ecumene::engine::report {

/// Row-major.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;
  [[nodiscard]] std::span<const double> row(std::size_t i) const {
    return std::span(values).subspan(i * columns, columns);
  }
};

/// Which planets' rows come first of each planet, for targets that do not depend on the archetype.
std::vector<std::size_t> firstOfEachPlanet(std::span<const ScalarRow> rows);
std::vector<ScalarRow> taken(std::span<const ScalarRow> rows, std::span<const std::size_t> which);

/// Features of linear baselines: the scalars (all but eccentricity and obliquity as log10) standardised by the train
/// rows, at most 3 from the mean, with 0 where missing; an indicator of what is missing; all squares and products;
/// hinges max(0, z - k) at k = -1, 0, 1. With archetypes also which one it is, and that times the scalars. Columns that
/// are the same in all train rows are left out.
class LinearFeatures {
 public:
  LinearFeatures(std::span<const ScalarRow> train, bool archetypes);
  [[nodiscard]] Matrix operator()(std::span<const ScalarRow> rows) const;

 private:
  [[nodiscard]] Matrix every(std::span<const ScalarRow> rows) const;

  ScalarValues mean_{}, deviation_{};
  bool archetypes_;
  std::vector<std::size_t> kept_;  ///< of the columns of every()
};

/// Features of trees: the scalars as they are (NaN: missing), indicators of what is missing, which archetype.
Matrix treeFeatures(std::span<const ScalarRow> rows, bool archetypes);

}  // namespace ecumene::engine::report
