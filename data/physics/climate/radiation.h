// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/physics/climate/albedo.h"
#include "data/physics/climate/insolation.h"
#include "data/physics/climate/olr.h"
#include "data/physics/climate/sphere_grid.h"

namespace ecumene::data::physics::climate {

/// Radiation at the top of the air over every cell: all that the heat balance knows of stars, clouds and gases.
/// Implemented by WilliamsKastingRadiation, and by the older closures that the tests compare with.
class Radiation {
 public:
  virtual ~Radiation() = default;
  /// Fluxes (W m-2) and the slope dOLR/dT (W m-2 K-1) of every cell in step `step` (counted on over the orbits).
  virtual void evaluate(std::size_t step, std::span<const double> temperatureK, std::span<double> absorbed,
                        std::span<double> outgoing, std::span<double> slope) = 0;
  [[nodiscard]] virtual std::size_t stepsPerOrbit() const = 0;
  /// Orbits after which the insolation repeats.
  [[nodiscard]] virtual std::size_t repeatOrbits() const = 0;
  /// The most that the mean of a planet with water can emit (W m-2): absorbing more, it runs away. Infinite if there is
  /// no limit. Single dry cells may emit more.
  [[nodiscard]] virtual double largestOutgoing() const = 0;
};

/// Outgoing longwave and top-of-atmosphere albedo after Williams & Kasting (1997) with this folder's closure.
class WilliamsKastingRadiation final : public Radiation {
 public:
  /// `dryLand`: share of land whose soil cannot moisten hot air (OutgoingLongwave).
  WilliamsKastingRadiation(const SphereGrid& grid, Insolation insolation, OutgoingLongwave olr, AlbedoClosure closure,
                           double co2Bar, std::span<const double> oceanFraction, double dryLand = 1.0);

  void evaluate(std::size_t step, std::span<const double> temperatureK, std::span<double> absorbed,
                std::span<double> outgoing, std::span<double> slope) override;
  [[nodiscard]] std::size_t stepsPerOrbit() const override { return insolation_.steps(); }
  [[nodiscard]] std::size_t repeatOrbits() const override { return insolation_.repeatOrbits(); }
  [[nodiscard]] double largestOutgoing() const override { return olr_.largest(); }

  /// Since the last clearFlags: was a cell hotter than the fit's top, was a sunlit cell's albedo clipped?
  [[nodiscard]] bool sawBeyondFit() const { return beyondFit_; }
  [[nodiscard]] bool sawAlbedoClip() const { return albedoClipped_; }
  void clearFlags() { beyondFit_ = albedoClipped_ = false; }

 private:
  void prepare(std::size_t step);

  Insolation insolation_;
  OutgoingLongwave olr_;
  AlbedoClosure closure_;
  AlbedoFit cold_, warm_;
  std::vector<double> ocean_, dry_;              // share of each cell under water; without any
  std::vector<double> flux_, mu_;                // of the prepared step
  std::vector<double> open_, cloud_;             // albedo of the open surface; fc * cloud
  std::vector<double> ice_;                      // ice cover of each cell, scratch
  std::vector<double> oceanTable_, cloudTable_;  // by mu
  std::size_t prepared_;
  bool beyondFit_ = false, albedoClipped_ = false;
};

}  // namespace ecumene::data::physics::climate
