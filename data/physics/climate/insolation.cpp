// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/insolation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/base/error.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::climate {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kSpinOrbit32 = 1.5;

double trueAnomalyOf(double meanAnomaly, double e) {
  const double eccentric = eccentricAnomaly(meanAnomaly, e);
  return 2.0 *
         std::atan2(std::sqrt(1.0 + e) * std::sin(0.5 * eccentric), std::sqrt(1.0 - e) * std::cos(0.5 * eccentric));
}

double meanAnomalyOf(double trueAnomaly, double e) {
  const double eccentric = 2.0 * std::atan2(std::sqrt(1.0 - e) * std::sin(0.5 * trueAnomaly),
                                            std::sqrt(1.0 + e) * std::cos(0.5 * trueAnomaly));
  return eccentric - e * std::sin(eccentric);
}

double rightAscension(double obliquityDeg, double solarLongitude) {
  return std::atan2(std::cos(obliquityDeg * kDegreeRadians) * std::sin(solarLongitude), std::cos(solarLongitude));
}

bool isThreeToTwo(const planet::PlanetTruth& truth) {
  return std::abs(truth.orbit.periodDays / truth.bulk.rotationDays / kSpinOrbit32 - 1.0) < 0.01;
}

}  // namespace

double eccentricAnomaly(double meanAnomaly, double e) {
  const double wrapped = std::remainder(meanAnomaly, 2.0 * kPi);
  double eccentric = wrapped + e * std::sin(wrapped) / (1.0 - std::sin(wrapped + e) + std::sin(wrapped));
  if (e > 0.8) eccentric = std::copysign(kPi, wrapped);
  for (int i = 0; i < 60; ++i) {
    const double step = (eccentric - e * std::sin(eccentric) - wrapped) / (1.0 - e * std::cos(eccentric));
    eccentric -= step;
    if (std::abs(step) < 1e-14) break;
  }
  return eccentric + (meanAnomaly - wrapped);
}

OrbitPosition orbitPosition(const planet::Orbit& orbit, double orbits) {
  const double e = orbit.eccentricity;
  OrbitPosition position;
  position.meanAnomaly = meanAnomalyOf(-orbit.periastronDeg * kDegreeRadians, e) + 2.0 * kPi * orbits;
  position.trueAnomaly = trueAnomalyOf(position.meanAnomaly, e);
  position.solarLongitude = position.trueAnomaly + orbit.periastronDeg * kDegreeRadians;
  position.distanceRatio = (1.0 - e * e) / (1.0 + e * std::cos(position.trueAnomaly));
  return position;
}

double declination(double obliquityDeg, double solarLongitude) {
  return std::asin(std::sin(obliquityDeg * kDegreeRadians) * std::sin(solarLongitude));
}

DailyMean dailyMean(double sinLatitude, double declinationRad) {
  const double cosLatitude = std::sqrt(1.0 - sinLatitude * sinLatitude);
  const double upright = sinLatitude * std::sin(declinationRad);
  const double across = cosLatitude * std::cos(declinationRad);
  // cos H = -tan lat tan dec, without dividing by a cosine that may be 0.
  const double hourAngle = upright >= across ? kPi : upright <= -across ? 0.0 : std::acos(-upright / across);
  if (hourAngle <= 0.0) return {};
  const double integral = std::max(0.0, hourAngle * upright + across * std::sin(hourAngle));
  return {integral / kPi, integral / hourAngle};
}

SunMotion sunMotion(const planet::PlanetTruth& truth) {
  if (truth.bulk.synchronous) {
    const bool still = truth.orbit.eccentricity == 0.0 && truth.bulk.obliquityDeg == 0.0;
    return still ? SunMotion::kFixedSubstellar : SunMotion::kMovingSubstellar;
  }
  return isThreeToTwo(truth) ? SunMotion::kMovingSubstellar : SunMotion::kDailyMean;
}

Insolation::Insolation(const SphereGrid& grid, SunMotion motion, const planet::Orbit& orbit, const planet::Bulk& bulk,
                       std::size_t steps)
    : motion_(motion), orbit_(orbit), bulk_(bulk), steps_(steps), grid_(grid) {
  if (steps == 0) throw internalError("insolation without steps");
  if (!bulk.synchronous && motion == SunMotion::kMovingSubstellar) repeat_ = 2;
  for (const double x : grid_.sinLatitude) cosLatitude_.push_back(std::sqrt(1.0 - x * x));
  for (std::size_t j = 0; j < grid_.longitudes; ++j) {
    const double longitude = 2.0 * kPi * static_cast<double>(j) / static_cast<double>(grid_.longitudes);
    cosLongitude_.push_back(std::cos(longitude));
    sinLongitude_.push_back(std::sin(longitude));
  }
}

bool Insolation::constant() const {
  return motion_ == SunMotion::kFixedSubstellar || motion_ == SunMotion::kSubstellarAngle ||
         (motion_ == SunMotion::kDailyMean && orbit_.eccentricity == 0.0 && bulk_.obliquityDeg == 0.0);
}

void Insolation::fillInstantaneous(double sinDeclination, double cosDeclination, double substellar,
                                   std::span<double> insolation, std::span<double> cosine) const {
  const double c = std::cos(substellar);
  const double s = std::sin(substellar);
  const std::size_t n = grid_.longitudes;
  for (std::size_t i = 0; i < grid_.belts(); ++i) {
    const double upright = grid_.sinLatitude[i] * sinDeclination;
    const double across = cosLatitude_[i] * cosDeclination;
    for (std::size_t j = 0; j < n; ++j) {
      const double zenith = upright + across * (cosLongitude_[j] * c + sinLongitude_[j] * s);
      const double up = zenith > 0.0 ? zenith : 0.0;
      insolation[i * n + j] = up;
      cosine[i * n + j] = up;
    }
  }
}

void Insolation::fill(std::size_t step, std::span<double> insolation, std::span<double> cosine) const {
  const std::size_t n = grid_.longitudes;
  const double orbits = (static_cast<double>(step) + 0.5) / static_cast<double>(steps_);
  const OrbitPosition place = orbitPosition(orbit_, orbits);
  double flux = orbit_.fluxWm2 / (place.distanceRatio * place.distanceRatio);

  if (motion_ == SunMotion::kDailyMean) {
    const double dec = declination(bulk_.obliquityDeg, place.solarLongitude);
    for (std::size_t i = 0; i < grid_.belts(); ++i) {
      const DailyMean day = dailyMean(grid_.sinLatitude[i], dec);
      std::fill_n(insolation.begin() + static_cast<std::ptrdiff_t>(i * n), n, day.share);
      std::fill_n(cosine.begin() + static_cast<std::ptrdiff_t>(i * n), n, day.meanCosine);
    }
  } else if (motion_ == SunMotion::kSubstellarAngle) {
    flux = orbit_.fluxWm2 / std::sqrt(1.0 - orbit_.eccentricity * orbit_.eccentricity);
    for (std::size_t i = 0; i < grid_.belts(); ++i) {
      const double up = std::max(0.0, grid_.sinLatitude[i]);
      std::fill_n(insolation.begin() + static_cast<std::ptrdiff_t>(i * n), n, up);
      std::fill_n(cosine.begin() + static_cast<std::ptrdiff_t>(i * n), n, up);
    }
  } else {
    double substellar = bulk_.substellarLongitudeDeg * kDegreeRadians;
    double dec = 0.0;
    if (motion_ == SunMotion::kMovingSubstellar) {
      // The star moves in right ascension, the ground turns evenly. Of synchronous planets the stated longitude is the
      // mean substellar one; in the resonance the substellar one at L_s = 0.
      const double ground =
          repeat_ == 2 ? 2.0 * kPi * kSpinOrbit32 * orbits : place.meanAnomaly + orbit_.periastronDeg * kDegreeRadians;
      substellar += rightAscension(bulk_.obliquityDeg, place.solarLongitude) - ground;
      dec = declination(bulk_.obliquityDeg, place.solarLongitude);
    }
    fillInstantaneous(std::sin(dec), std::cos(dec), substellar, insolation, cosine);
  }

  double mean = 0.0;
  for (std::size_t i = 0; i < grid_.belts(); ++i) {
    double row = 0.0;
    for (std::size_t j = 0; j < n; ++j) row += insolation[i * n + j];
    mean += grid_.share[i] * row;
  }
  mean /= static_cast<double>(n);
  const double scale = 0.25 * flux / mean;
  for (double& value : insolation) value *= scale;
}

}  // namespace ecumene::data::physics::climate
