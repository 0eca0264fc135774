// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/physics/climate/diffusion.h"
#include "data/physics/climate/radiation.h"
#include "data/physics/climate/sphere_grid.h"

namespace ecumene::data::physics::climate {

/// Heat capacities of a column (J m-2 K-1): Williams & Kasting (1997) as HEXTOR has them, C_land = 5.25e6, open ocean
/// 40, melting ice (263.15 to 273.15 K) 9.2 and ice 2 times as much.
struct HeatCapacities {
  double land = 5.25e6;
  double ocean = 2.1e8;
  double meltingIce = 4.83e7;
  double ice = 1.05e7;
};

/// Means over one run of orbits of what the balance did.
struct OrbitRecord {
  double meanTemperatureK = 0.0;  ///< area and time mean
  double absorbed = 0.0;          ///< W m-2, area and time mean
  double outgoing = 0.0;
  [[nodiscard]] double imbalance() const { return absorbed - outgoing; }
};

/// Monthly means, [12, cells] flat.
struct MonthlyMeans {
  std::vector<double> temperatureK, absorbed, outgoing, iceFraction;
};

/// The energy balance model (North 1975, JAS 32, 2033; Williams & Kasting 1997) on any grid of belts and longitudes:
///   dE/dt = ASR(T, t) - OLR(T) - L T,   E(T) = integral of the cell's heat capacity C(T).
/// The state is the heat content E of a cell (fractional surfaces share one temperature), so that energy is kept
/// exactly while C jumps with freezing. Each step is implicit (backward Euler) in diffusion and in the rise of OLR,
/// explicit in the albedo.
class HeatBalance {
 public:
  /// `radiation` must outlive the object. `oceanFraction` per cell.
  HeatBalance(const SphereGrid& grid, double diffusionWm2K, std::span<const double> oceanFraction,
              HeatCapacities capacities, double periodSeconds, Radiation& radiation);

  void setTemperature(std::span<const double> temperatureK);
  [[nodiscard]] const std::vector<double>& temperature() const { return temperature_; }
  /// Area mean of the heat content, J m-2, counted from 263.15 K.
  [[nodiscard]] double meanHeatContent() const { return grid_.mean(heat_); }
  [[nodiscard]] const SphereGrid& grid() const { return grid_; }
  /// Time constant C / B of the area mean at the present temperatures, open water counted as such, in seconds.
  [[nodiscard]] double timeConstant();

  /// Runs one orbit, or as many as the insolation takes to repeat (two in a 3:2 resonance): means over all of it. Fills
  /// `months` if given, the mean of the like months of those orbits (steps must be a multiple of 12).
  OrbitRecord runOrbits(MonthlyMeans* months = nullptr);
  /// Length of such a run in seconds.
  [[nodiscard]] double runSeconds() const;

  /// Leaps ahead by the mean tendency of the orbits since the last leap (or setTemperature), as one implicit step of
  /// `seconds`: a heterogeneous multiscale step that tends to Newton's method on the periodic state as `seconds` grows.
  /// Returns the root mean square of the temperature change (area-weighted). No change of a cell exceeds 10 K.
  double leap(double seconds, double gain = 1.0);

 private:
  void step(double seconds);
  void updateTemperature();

  SphereGrid grid_;
  Diffusion diffusion_;
  Radiation& radiation_;
  double period_;
  std::size_t step_ = 0;
  std::vector<double> coldC_, meltC_, openC_;  // of a cell below, within and above the melting range
  std::vector<double> heat_, temperature_;
  std::vector<double> capacity_, absorbed_, outgoing_, slope_, diagonal_, change_;
  // Since the last leap.
  std::vector<double> heatBefore_, sumCapacity_, sumSlope_;
  std::size_t stepsSince_ = 0;
};

}  // namespace ecumene::data::physics::climate
