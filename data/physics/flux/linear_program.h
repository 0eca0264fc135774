// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "data/physics/flux/flux_balance.h"

namespace ecumene::data::physics::flux {

/// optimise cost . x  subject to  rowLower <= A x <= rowUpper,  lower <= x <= upper. Bounds may be infinite.
struct Problem {
  std::vector<double> cost, lower, upper;                            ///< one per column
  std::vector<std::vector<std::pair<std::size_t, double>>> columns;  ///< (row, coefficient), each row once
  std::vector<double> rowLower, rowUpper;                            ///< one per row
  bool maximise = false;
};

/// One linear program held by HiGHS: dual simplex on one thread, tolerance kTolerance on primal and dual feasibility.
/// An object belongs to one thread at a time; different objects may run on different threads.
class LinearProgram {
 public:
  explicit LinearProgram(const Problem& problem);

  void setBounds(std::size_t column, double lower, double upper);
  void setCost(std::size_t column, double cost);
  void setSense(bool maximise);

  /// From cold: the answer depends on the problem alone, never on earlier solves.
  Status solve();
  /// Starts from the basis of the solve before: faster, but which of several optima comes out depends on history.
  Status solveWarm();
  /// Columns of the last solve; meaningful after kOptimal only.
  [[nodiscard]] std::vector<double> values() const;

 private:
  Status statusWithoutCost();

  std::unique_ptr<void, void (*)(void*)> highs_;
  std::vector<double> cost_;
  std::size_t rows_;
};

}  // namespace ecumene::data::physics::flux
