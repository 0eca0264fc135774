// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "data/planet/network.h"

namespace ecumene::data::physics::flux {

/// Feasibility tolerance of the solver: steady state and bounds hold to this, mmol gDW-1 h-1.
inline constexpr double kTolerance = 1e-9;

enum class Status { kOptimal, kInfeasible, kUnbounded };
/// "optimal", "infeasible", "unbounded".
std::string_view name(Status status);

struct Solution {
  Status status = Status::kInfeasible;
  double objective = 0.0;      ///< c . v in the network's own sense; 0 unless optimal
  std::vector<double> fluxes;  ///< mmol gDW-1 h-1 (biomass: 1/h), one per reaction; empty unless optimal
};

/// Range of one flux over all optimal states; infinite where the network does not limit it.
struct FluxRange {
  double minimum = 0.0, maximum = 0.0;
};

/// Flux balance analysis (Orth, Thiele & Palsson 2010, Nat. Biotechnol. 28, 245): optimise c . v subject to S v = 0 and
/// lower <= v <= upper. Flux vectors need not be unique, the objective is. Same network and bounds, same bytes: solved
/// on one thread and from cold, so no answer depends on the calls before it. Not to be shared between threads; one
/// object per thread is fine.
class FluxBalance {
 public:
  /// Throws Error where planet::validate() does, and for a coefficient the solver would drop.
  explicit FluxBalance(const planet::MetabolicNetwork& network);
  ~FluxBalance();
  FluxBalance(FluxBalance&&) noexcept;
  FluxBalance& operator=(FluxBalance&&) noexcept;

  [[nodiscard]] std::size_t reactionCount() const;
  [[nodiscard]] double lowerBound(std::size_t reaction) const;  ///< mmol gDW-1 h-1
  [[nodiscard]] double upperBound(std::size_t reaction) const;  ///< mmol gDW-1 h-1

  /// mmol gDW-1 h-1, either may be infinite. Throws Error if they cross, are NaN, or the reaction does not exist.
  void setBounds(std::size_t reaction, double lower, double upper);
  /// The flux of one reaction becomes the whole objective.
  void setObjective(std::size_t reaction, bool maximise = true);

  Solution solve();
  /// Parsimonious: of all optimal states one with the least sum of |v| (Lewis et al. 2010, Mol. Syst. Biol. 6, 390,
  /// without the gene weights). `objective` stays that of the network.
  Solution solveParsimonious();
  /// Least and largest flux of each reaction while the objective stays at `fraction` of its optimum or better
  /// (Mahadevan & Schilling 2003, Metab. Eng. 5, 264); loops are not removed. Empty unless the network is optimal.
  /// Throws Error unless 0 <= fraction <= 1.
  std::vector<FluxRange> variability(double fraction = 1.0);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One network, one solve.
Solution solve(const planet::MetabolicNetwork& network);
Solution solveParsimonious(const planet::MetabolicNetwork& network);

/// sum |v|, mmol gDW-1 h-1: what solveParsimonious() makes least.
double totalAbsoluteFlux(std::span<const double> fluxes);

}  // namespace ecumene::data::physics::flux
