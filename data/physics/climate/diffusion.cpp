// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/diffusion.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/base/error.h"

namespace ecumene::data::physics::climate {

Diffusion::Diffusion(const SphereGrid& grid, double diffusionWm2K) : grid_(grid) {
  if (!(diffusionWm2K >= 0.0) || !std::isfinite(diffusionWm2K)) throw internalError("diffusion coefficient below 0");
  const std::size_t belts = grid_.belts();
  const double angle = 2.0 * std::numbers::pi / static_cast<double>(grid_.longitudes);
  south_.assign(belts, 0.0);
  north_.assign(belts, 0.0);
  for (std::size_t i = 0; i + 1 < belts; ++i) {
    const double x = grid_.edge[i + 1];
    const double conductance = diffusionWm2K * (1.0 - x * x) / (grid_.sinLatitude[i + 1] - grid_.sinLatitude[i]);
    north_[i] = conductance / (2.0 * grid_.share[i]);
    south_[i + 1] = conductance / (2.0 * grid_.share[i + 1]);
  }
  for (const double x : grid_.sinLatitude) {
    along_.push_back(grid_.longitudes > 1 ? diffusionWm2K / ((1.0 - x * x) * angle * angle) : 0.0);
  }
  const std::size_t cells = grid_.cells();
  for (auto* scratch : {&work_, &factor_, &corner_, &transposed_, &diagonalT_}) scratch->resize(cells);
}

void Diffusion::apply(std::span<const double> t, std::span<double> result) const {
  const std::size_t n = grid_.longitudes;
  const std::size_t belts = grid_.belts();
  for (std::size_t i = 0; i < belts; ++i) {
    const double* row = t.data() + i * n;
    const double* below = i > 0 ? row - n : row;
    const double* above = i + 1 < belts ? row + n : row;
    double* out = result.data() + i * n;
    const double south = south_[i];
    const double north = north_[i];
    for (std::size_t j = 0; j < n; ++j) out[j] = south * (row[j] - below[j]) + north * (row[j] - above[j]);
    if (n == 1) continue;
    const double c = along_[i];
    out[0] += c * ((row[0] - row[n - 1]) + (row[0] - row[1]));
    for (std::size_t j = 1; j + 1 < n; ++j) out[j] += c * ((row[j] - row[j - 1]) + (row[j] - row[j + 1]));
    out[n - 1] += c * ((row[n - 1] - row[n - 2]) + (row[n - 1] - row[0]));
  }
}

// Periodic tridiagonal systems of all belts at once, belts innermost so that the loops vectorise; the corner is taken
// off by the Sherman-Morrison formula (Press et al., Numerical Recipes, sec. 2.7).
void Diffusion::solveAlong(std::span<const double> diagonal, std::span<double> field) {
  const std::size_t n = grid_.longitudes;
  const std::size_t b = grid_.belts();
  if (n == 1) {
    for (std::size_t i = 0; i < b; ++i) field[i] /= diagonal[i];
    return;
  }
  for (std::size_t i = 0; i < b; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      transposed_[j * b + i] = field[i * n + j];
      diagonalT_[j * b + i] = diagonal[i * n + j] + 2.0 * along_[i];
    }
  }
  double* f = transposed_.data();
  double* d = diagonalT_.data();
  double* u = corner_.data();
  const double* c = along_.data();
  // gamma = -d[0]; corner vector u = (gamma, 0, ..., -c), v = (1, 0, ..., -c / gamma) = (1, ..., c / d0).
  std::vector<double>& d0 = work_;
  for (std::size_t i = 0; i < b; ++i) d0[i] = d[i];
  std::fill(corner_.begin(), corner_.end(), 0.0);
  for (std::size_t i = 0; i < b; ++i) {
    u[i] = -d0[i];
    u[(n - 1) * b + i] = -c[i];
    d[(n - 1) * b + i] += c[i] * c[i] / d0[i];
    d[i] = 2.0 * d0[i];
  }
  for (std::size_t i = 0; i < b; ++i) factor_[i] = 1.0 / d[i];
  for (std::size_t j = 1; j < n; ++j) {
    const std::size_t here = j * b;
    const std::size_t before = here - b;
    for (std::size_t i = 0; i < b; ++i) {
      const double m = c[i] * factor_[before + i];
      factor_[here + i] = 1.0 / (d[here + i] - c[i] * m);
      f[here + i] += m * f[before + i];
      u[here + i] += m * u[before + i];
    }
  }
  for (std::size_t i = 0; i < b; ++i) {
    f[(n - 1) * b + i] *= factor_[(n - 1) * b + i];
    u[(n - 1) * b + i] *= factor_[(n - 1) * b + i];
  }
  for (std::size_t j = n - 1; j-- > 0;) {
    const std::size_t here = j * b;
    for (std::size_t i = 0; i < b; ++i) {
      f[here + i] = (f[here + i] + c[i] * f[here + b + i]) * factor_[here + i];
      u[here + i] = (u[here + i] + c[i] * u[here + b + i]) * factor_[here + i];
    }
  }
  for (std::size_t i = 0; i < b; ++i) {
    const double v = c[i] / d0[i];
    const std::size_t last = (n - 1) * b + i;
    d0[i] = (f[i] + v * f[last]) / (1.0 + u[i] + v * u[last]);
  }
  for (std::size_t i = 0; i < b; ++i) {
    for (std::size_t j = 0; j < n; ++j) field[i * n + j] = f[j * b + i] - d0[i] * u[j * b + i];
  }
}

void Diffusion::solveAcross(std::span<const double> diagonal, std::span<double> field) {
  const std::size_t n = grid_.longitudes;
  const std::size_t b = grid_.belts();
  double* f = field.data();
  double* q = factor_.data();
  for (std::size_t j = 0; j < n; ++j) q[j] = 1.0 / (diagonal[j] + north_[0]);
  for (std::size_t i = 1; i < b; ++i) {
    const double s = south_[i];
    const double below = north_[i - 1];
    const double both = south_[i] + north_[i];
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t k = i * n + j;
      const double m = s * q[k - n];
      q[k] = 1.0 / (diagonal[k] + both - m * below);
      f[k] += m * f[k - n];
    }
  }
  for (std::size_t j = 0; j < n; ++j) f[(b - 1) * n + j] *= q[(b - 1) * n + j];
  for (std::size_t i = b - 1; i-- > 0;) {
    const double above = north_[i];
    for (std::size_t j = 0; j < n; ++j) {
      const std::size_t k = i * n + j;
      f[k] = (f[k] + above * f[k + n]) * q[k];
    }
  }
}

void Diffusion::solveFactored(std::span<const double> diagonal, std::span<double> field) {
  if (grid_.longitudes > 1) {
    solveAlong(diagonal, field);
    for (std::size_t k = 0; k < field.size(); ++k) field[k] *= diagonal[k];
  }
  solveAcross(diagonal, field);
}

void Diffusion::solveStep(std::span<const double> diagonal, std::span<double> field) {
  if (grid_.longitudes == 1) {
    solveAcross(diagonal, field);
    return;
  }
  const std::size_t n = grid_.longitudes;
  right_.assign(field.begin(), field.end());
  image_.resize(field.size());
  solveFactored(diagonal, field);
  apply(field, image_);
  double wrong = 0.0;
  double whole = 0.0;
  for (std::size_t k = 0; k < field.size(); ++k) {
    const double residual = right_[k] - image_[k] - diagonal[k] * field[k];
    const double weight = grid_.share[k / n] / diagonal[k];
    wrong += weight * residual * residual;
    whole += weight * right_[k] * right_[k];
  }
  constexpr double kTolerated = 0.2;
  if (wrong <= kTolerated * kTolerated * whole) return;
  std::copy(right_.begin(), right_.end(), field.begin());
  solve(diagonal, field, 1e-4);
  double missing = 0.0;
  double inertia = 0.0;
  for (std::size_t k = 0; k < field.size(); ++k) {
    missing += grid_.share[k / n] * (right_[k] - diagonal[k] * field[k]);
    inertia += grid_.share[k / n] * diagonal[k];
  }
  for (double& value : field) value += missing / inertia;
}

void Diffusion::solve(std::span<const double> diagonal, std::span<double> field, double tolerance) {
  if (grid_.longitudes == 1) {
    solveAcross(diagonal, field);
    return;
  }
  const std::size_t n = grid_.longitudes;
  const std::size_t cells = grid_.cells();
  // L is symmetric under the area-weighted product, so that product drives the iteration.
  const auto product = [&](const std::vector<double>& a, const std::vector<double>& c) {
    double total = 0.0;
    for (std::size_t i = 0; i < grid_.belts(); ++i) {
      double row = 0.0;
      for (std::size_t j = 0; j < n; ++j) row += a[i * n + j] * c[i * n + j];
      total += grid_.share[i] * row;
    }
    return total;
  };
  residual_.assign(field.begin(), field.end());
  std::fill(field.begin(), field.end(), 0.0);
  image_.resize(cells);
  precise_.assign(residual_.begin(), residual_.end());
  // Preconditioner: the belts' own systems with the exchange across the belts on the diagonal.
  std::vector<double> stiff(cells);
  for (std::size_t k = 0; k < cells; ++k) stiff[k] = diagonal[k] + south_[k / n] + north_[k / n];
  const double start = product(residual_, residual_);
  if (start == 0.0) return;
  solveAlong(stiff, precise_);
  direction_ = precise_;
  double rho = product(residual_, precise_);
  for (int iteration = 0; iteration < 1000; ++iteration) {
    apply(direction_, image_);
    for (std::size_t k = 0; k < cells; ++k) image_[k] += diagonal[k] * direction_[k];
    const double alpha = rho / product(direction_, image_);
    for (std::size_t k = 0; k < cells; ++k) {
      field[k] += alpha * direction_[k];
      residual_[k] -= alpha * image_[k];
    }
    if (product(residual_, residual_) <= tolerance * tolerance * start) return;
    precise_ = residual_;
    solveAlong(stiff, precise_);
    const double next = product(residual_, precise_);
    const double beta = next / rho;
    rho = next;
    for (std::size_t k = 0; k < cells; ++k) direction_[k] = precise_[k] + beta * direction_[k];
  }
  throw internalError("the heat transport solver did not converge in 1000 iterations");
}

}  // namespace ecumene::data::physics::climate
