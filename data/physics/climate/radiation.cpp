// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/radiation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "data/base/error.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::climate {
namespace {

// acos and pow of every cell in every step would cost more than all the rest. Linear interpolation between 8192 nodes
// is within 1e-5 of both curves except in the last interval before mu = 1, where acos has a root: 1e-3 of a cloud
// albedo.
constexpr std::size_t kTableSize = 8192;

}  // namespace

WilliamsKastingRadiation::WilliamsKastingRadiation(const SphereGrid& grid, Insolation insolation, OutgoingLongwave olr,
                                                   AlbedoClosure closure, double co2Bar,
                                                   std::span<const double> oceanFraction, double dryLand)
    : insolation_(std::move(insolation)),
      olr_(olr),
      closure_(closure),
      cold_(foldedFit(false, std::clamp(co2Bar, OutgoingLongwave::kCo2MinBar, OutgoingLongwave::kCo2MaxBar))),
      warm_(foldedFit(true, std::clamp(co2Bar, OutgoingLongwave::kCo2MinBar, OutgoingLongwave::kCo2MaxBar))),
      ocean_(oceanFraction.begin(), oceanFraction.end()),
      prepared_(std::numeric_limits<std::size_t>::max()) {
  const std::size_t cells = grid.cells();
  if (ocean_.size() != cells) throw internalError("ocean fractions do not fit the grid");
  for (const double f : ocean_) dry_.push_back(dryLand * (1.0 - f));
  for (auto* field : {&flux_, &mu_, &open_, &cloud_, &ice_}) field->resize(cells);
  for (std::size_t k = 0; k <= kTableSize + 1; ++k) {
    const double mu = std::min(1.0, static_cast<double>(k) / static_cast<double>(kTableSize));
    oceanTable_.push_back(closure.ocean.value_or(openOceanAlbedo(mu)));
    cloudTable_.push_back(closure.cloudFraction * cloudAlbedo(mu));
  }
}

void WilliamsKastingRadiation::prepare(std::size_t step) {
  const std::size_t pattern = insolation_.steps() * insolation_.repeatOrbits();
  const std::size_t wanted = insolation_.constant() ? 0 : step % pattern;
  if (wanted == prepared_) return;
  prepared_ = wanted;
  insolation_.fill(wanted, flux_, mu_);
  const double land = closure_.land;
  for (std::size_t k = 0; k < mu_.size(); ++k) {
    const double position = mu_[k] * static_cast<double>(kTableSize);
    const auto node = static_cast<std::size_t>(position);
    const double rest = position - static_cast<double>(node);
    const double ocean = oceanTable_[node] + rest * (oceanTable_[node + 1] - oceanTable_[node]);
    cloud_[k] = cloudTable_[node] + rest * (cloudTable_[node + 1] - cloudTable_[node]);
    open_[k] = land + ocean_[k] * (ocean - land);
  }
}

void WilliamsKastingRadiation::evaluate(std::size_t step, std::span<const double> temperature,
                                        std::span<double> absorbed, std::span<double> outgoing,
                                        std::span<double> slope) {
  prepare(step);
  const std::size_t cells = mu_.size();
  const double* t = temperature.data();
  double hottest = 0.0;
  double coldest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < cells; ++k) {
    ice_[k] = iceCover(t[k]);
    hottest = std::max(hottest, t[k]);
    coldest = std::min(coldest, t[k]);
  }
  const AlbedoFit cold = cold_;
  const AlbedoFit warm = warm_;
  const double clear = 1.0 - closure_.cloudFraction;
  const double bare = 1.0 - closure_.rayleigh;
  constexpr double kBlendRate = 1.0 / (kBlendHighK - kBlendLowK);
  double clipped = 0.0;
  for (std::size_t k = 0; k < cells; ++k) {
    const double unfrozen = (1.0 - ice_[k]) * open_[k];
    const double a = std::max(unfrozen + ice_[k] * closure_.ice, clear * unfrozen + cloud_[k]);
    const double mu = mu_[k];
    const double weight = std::min(1.0, std::max(0.0, (t[k] - kBlendLowK) * kBlendRate));
    const double whole = cold(t[k], mu, a) + weight * (warm(t[k], mu, a) - cold(t[k], mu, a));
    const double air = std::max(0.0, cold(t[k], mu, 0.0) + weight * (warm(t[k], mu, 0.0) - cold(t[k], mu, 0.0)));
    const double albedo = whole - bare * air * (1.0 - a) * (1.0 - a);
    const double kept = std::min(kAlbedoMax, std::max(kAlbedoMin, albedo));
    clipped += kept != albedo ? flux_[k] : 0.0;
    absorbed[k] = flux_[k] * (1.0 - kept);
  }
  if (clipped > 0.0) albedoClipped_ = true;
  if (olr_.isBeyondFit(hottest)) beyondFit_ = true;

  if (coldest < OutgoingLongwave::kFitMinK) {
    for (std::size_t k = 0; k < cells; ++k) {
      outgoing[k] = olr_.flux(t[k], dry_[k]);
      slope[k] = olr_.slope(t[k], dry_[k]);
    }
    return;
  }
  const auto& c = olr_.coefficients();
  const double top = olr_.topTemperatureK();
  for (std::size_t k = 0; k < cells; ++k) {
    const double x = std::min(t[k], top);
    const double dryRise = dry_[k] * olr_.dryRise();
    const double dry = dryRise * (t[k] * t[k] * t[k] * t[k] - x * x * x * x);
    outgoing[k] = c[0] + x * (c[1] + x * (c[2] + x * c[3])) + dry - olr_.offset();
    const double rise = c[1] + x * (2.0 * c[2] + x * 3.0 * c[3]);
    slope[k] = t[k] > top ? 4.0 * dryRise * t[k] * t[k] * t[k] : rise;
  }
}

}  // namespace ecumene::data::physics::climate
