// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/physics/climate/sphere_grid.h"

namespace ecumene::data::physics::climate {

/// Heat transport -div(D grad T) on the unit sphere, W m-2, in flux form: what leaves a cell enters its neighbour, so
/// the area mean of `apply` is zero to round-off for any T. D in W m-2 K-1.
///
/// Keeps scratch space: one object serves one thread.
class Diffusion {
 public:
  Diffusion(const SphereGrid& grid, double diffusionWm2K);

  /// result = L T.
  void apply(std::span<const double> temperature, std::span<double> result) const;

  /// One implicit step, in place: `field` holds the right-hand side and becomes the solution of
  /// (A + Lx) A^-1 (A + Ly) d = rhs, A = diag(diagonal) > 0, Lx and Ly the operators along and across the belts: the
  /// factored (alternating direction) form of (A + L) d = rhs (Beam & Warming 1976, JCP 22, 87). Decays
  /// for any step (noise between neighbouring cells' diagonals may overshoot first in steps of many days);
  /// sum w A d = sum w rhs to round-off, so it conserves energy; exact with one longitude, where Lx = 0. In time
  /// stepping d is the change over the step and rhs the full tendency, so that a steady state does not know of the
  /// factoring.
  void solveFactored(std::span<const double> diagonal, std::span<double> field);

  /// solveFactored where its residual in (A + L) d = rhs is below a fifth of rhs (norms weighted by 1 / A); else, where
  /// transport is strong and the diagonal jumps between cells, conjugate gradients, with the area mean made exact.
  /// So a step is stable and keeps energy whatever the planet. In place.
  void solveStep(std::span<const double> diagonal, std::span<double> field);

  /// (A + L) d = rhs to a relative residual of `tolerance` by conjugate gradients with solveFactored's zonal part as
  /// preconditioner; exact with one longitude. In place.
  void solve(std::span<const double> diagonal, std::span<double> field, double tolerance = 1e-8);

 private:
  void solveAlong(std::span<const double> diagonal, std::span<double> field);
  void solveAcross(std::span<const double> diagonal, std::span<double> field);

  SphereGrid grid_;
  std::vector<double> along_;          // coefficient between neighbours of a belt, per belt
  std::vector<double> south_, north_;  // coefficients to the belt below and above, per belt
  std::vector<double> work_, factor_, corner_, transposed_, diagonalT_;
  std::vector<double> residual_, direction_, image_, precise_, right_;
};

}  // namespace ecumene::data::physics::climate
