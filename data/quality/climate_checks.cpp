// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/quality/check_functions.h"

namespace ecumene::data::quality {
namespace {

using planet::ClimateCube;
using planet::Field;
using planet::Grid;
using planet::VariableId;

/// "air_temperature, month 3, 12.5 N, 45.0 E, sigma 0.99" of a flat index.
std::string placeOf(const ClimateCube& cube, const Field& field, std::size_t index) {
  const Grid& grid = cube.grid;
  const planet::VariableInfo& row = info(field.id);
  std::string level;
  if (row.onLevels) {
    level = fmt::format(", sigma {:.4g}", grid.sigma[index % grid.sigma.size()]);
    index /= grid.sigma.size();
  }
  const std::size_t longitude = index % grid.longitudeDeg.size();
  index /= grid.longitudeDeg.size();
  const std::size_t latitude = index % grid.latitudeDeg.size();
  index /= grid.latitudeDeg.size();
  const double degrees = grid.latitudeDeg[latitude];
  return fmt::format("{}, month {}, {:.1f} {}, {:.1f} E{}", row.name, index % planet::kMonths + 1, std::abs(degrees),
                     degrees < 0.0 ? "S" : "N", grid.longitudeDeg[longitude], level);
}

/// Area means of one variable without levels, for each month of each epoch.
std::vector<double> monthlyMeans(const ClimateCube& cube, const Field& field) {
  const Grid& grid = cube.grid;
  std::vector<double> means;
  for (std::size_t start = 0; start < field.values.size(); start += grid.cells()) {
    double mean = 0.0;
    for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
      mean += grid.cellWeight(cell / grid.longitudeDeg.size()) * static_cast<double>(field.values[start + cell]);
    }
    means.push_back(mean);
  }
  return means;
}

/// One epoch of a field.
Field atEpoch(const ClimateCube& cube, const Field& field, std::size_t epoch) {
  const auto size = static_cast<std::ptrdiff_t>(field.values.size() / cube.grid.epochs());
  const auto first = field.values.begin() + static_cast<std::ptrdiff_t>(epoch) * size;
  return {field.id, {first, first + size}};
}

/// Weight of the dry air over each cell and month, Pa: ps less the vapour between the middles of neighbouring levels.
Field dryPressure(const ClimateCube& cube, const Field& pressure, const Field& humidity) {
  const std::vector<double>& sigma = cube.grid.sigma;
  Field dry{VariableId::kSurfaceAirPressure, pressure.values};
  for (std::size_t column = 0; column < dry.values.size(); ++column) {
    double vapour = 0.0;
    for (std::size_t k = 0; k < sigma.size(); ++k) {
      const double upper = k == 0 ? 0.0 : 0.5 * (sigma[k - 1] + sigma[k]);
      const double lower = k + 1 == sigma.size() ? 1.0 : 0.5 * (sigma[k] + sigma[k + 1]);
      vapour += (lower - upper) * static_cast<double>(humidity.values[column * sigma.size() + k]);
    }
    dry.values[column] *= static_cast<float>(1.0 - vapour);
  }
  return dry;
}

/// Saturation vapour pressure over liquid water, Pa: Bolton (1980, Mon. Weather Rev. 108, 1046, eq. 10), good to 0.3 %
/// within 238 to 308 K.
double saturationPressurePa(double temperatureK) {
  const double celsius = temperatureK - 273.15;
  return 611.2 * std::exp(17.67 * celsius / (celsius + 243.5));
}

/// Molar mass of water to that of the dry air; of Earth's air where the gases are not known.
double waterMassRatio(const planet::Planet& planet) {
  double dry = 0.0;
  if (planet.truth) {
    for (std::size_t gas = 0; gas < planet::kGasCount; ++gas) {
      dry += planet.truth->atmosphere.mixingRatio.at(gas) * molarMass(static_cast<planet::Gas>(gas));
    }
  }
  constexpr double kEarthAir = 28.965;
  return molarMass(planet::Gas::kH2O) / (dry > 0.0 ? dry : kEarthAir);
}

}  // namespace

std::optional<Finding> completeness(const Subject& subject, double limit) {
  if (!subject.planet.climate) return std::nullopt;
  const ClimateCube& cube = *subject.planet.climate;
  double whole = 0.0;
  std::string missing;
  for (const planet::VariableInfo& row : planet::variables()) {
    const Field* field = cube.find(row.id);
    double share = 0.0;
    if (field != nullptr && cube.expectedSize(row.id) > 0) {
      const auto finite =
          std::count_if(field->values.begin(), field->values.end(), [](float v) { return std::isfinite(v); });
      share = std::min(1.0, static_cast<double>(finite) / static_cast<double>(cube.expectedSize(row.id)));
    }
    whole += share;
    if (share < 1.0) missing += (missing.empty() ? "missing: " : ", ") + std::string(row.name);
  }
  const double value = whole / static_cast<double>(planet::kVariableCount);
  return Finding{value, value >= limit, missing};
}

std::optional<Finding> accuracy(const Subject& subject, double limit) {
  if (!subject.planet.climate) return std::nullopt;
  const ClimateCube& cube = *subject.planet.climate;
  std::size_t inside = 0;
  std::size_t count = 0;
  std::string message;
  for (const Field& field : cube.fields) {
    const planet::VariableInfo& row = info(field.id);
    for (std::size_t i = 0; i < field.values.size(); ++i) {
      const double value = static_cast<double>(field.values[i]);
      const bool good = value >= row.validMin && value <= row.validMax;
      inside += good ? 1U : 0U;
      if (!good && message.empty()) {
        message = fmt::format("{}: {:.6g} {} is outside {:.6g} to {:.6g}", placeOf(cube, field, i), value, row.unit,
                              row.validMin, row.validMax);
      }
    }
    count += field.values.size();
  }
  if (count == 0) return std::nullopt;
  const double value = static_cast<double>(inside) / static_cast<double>(count);
  return Finding{value, value >= limit, message};
}

std::optional<Finding> energyClosure(const Subject& subject, double limit) {
  if (!subject.planet.climate) return std::nullopt;
  const ClimateCube& cube = *subject.planet.climate;
  const Field* absorbed = cube.find(VariableId::kToaNetShortwave);
  const Field* emitted = cube.find(VariableId::kToaOutgoingLongwave);
  if (absorbed == nullptr || emitted == nullptr) return std::nullopt;
  double value = 0.0;
  for (std::size_t epoch = 0; epoch < cube.grid.epochs(); ++epoch) {
    value = std::max(value, std::abs(statistics(cube, atEpoch(cube, *absorbed, epoch)).areaWeightedMean -
                                     statistics(cube, atEpoch(cube, *emitted, epoch)).areaWeightedMean));
  }
  Finding finding{value, value < limit, ""};
  if (finding.passed) return finding;
  finding.message = fmt::format("global annual mean imbalance of {:.3f} W m-2", value);
  // A runaway is stored at its crossing, and a general circulation model has drifts of its own: both are told, not held
  // against the planet.
  if (subject.planet.climateFlags && subject.planet.climateFlags->runaway) {
    finding.passed = true;
    finding.message += "; a runaway is exempt";
  } else if (subject.planet.origin != planet::Origin::kGenerated) {
    finding.passed = true;
    finding.message += "; reported only, since the climate was not generated here";
  }
  return finding;
}

std::optional<Finding> massClosure(const Subject& subject, double limit) {
  if (!subject.planet.climate) return std::nullopt;
  const ClimateCube& cube = *subject.planet.climate;
  const Field* pressure = cube.find(VariableId::kSurfaceAirPressure);
  if (pressure == nullptr) return std::nullopt;
  const Field* humidity = cube.find(VariableId::kSpecificHumidity);
  if (subject.planet.origin == planet::Origin::kGenerated && subject.planet.truth && humidity != nullptr) {
    const double drawn = subject.planet.truth->atmosphere.surfacePressurePa;
    // What was drawn is the air of the present, the last epoch.
    const std::size_t last = cube.grid.epochs() - 1;
    const double dry =
        statistics(cube, dryPressure(cube, atEpoch(cube, *pressure, last), atEpoch(cube, *humidity, last)))
            .areaWeightedMean;
    Finding finding{std::abs(dry / drawn - 1.0), true, ""};
    finding.passed = finding.value <= limit;
    if (!finding.passed) {
      finding.message = fmt::format("the dry air weighs {:.6g} Pa where {:.6g} Pa were drawn", dry, drawn);
    }
    return finding;
  }
  // What the air of other planets weighs is not known, only that it is the same in all months.
  const std::vector<double> means = monthlyMeans(cube, *pressure);
  double worst = 0.0;
  std::size_t where = 0;
  for (std::size_t epoch = 0; epoch < means.size(); epoch += planet::kMonths) {
    double year = 0.0;
    for (std::size_t m = 0; m < planet::kMonths; ++m) year += means[epoch + m] / static_cast<double>(planet::kMonths);
    for (std::size_t m = 0; m < planet::kMonths; ++m) {
      const double change = std::abs(means[epoch + m] - year) / year;
      if (change > worst) {
        worst = change;
        where = m;
      }
    }
  }
  Finding finding{worst, worst <= limit, ""};
  if (!finding.passed) {
    finding.message = fmt::format("month {}: the area-mean surface pressure is {:.2f} % off the year's mean", where + 1,
                                  100.0 * worst);
  }
  return finding;
}

std::optional<Finding> boiling(const Subject& subject, double limit) {
  // A runaway is stored as it crosses its limit, on the way to losing its seas.
  if (!subject.planet.climateFlags || subject.planet.climateFlags->runaway) return std::nullopt;
  const double value = subject.planet.climateFlags->boilingShare;
  Finding finding{value, value <= limit, ""};
  if (!finding.passed) {
    finding.message = fmt::format("open water is above its boiling point on {:.1f} % of area and time", 100.0 * value);
  }
  return finding;
}

std::optional<Finding> co2Frost(const Subject& subject, double limit) {
  if (!subject.planet.climateFlags) return std::nullopt;
  const double value = subject.planet.climateFlags->co2FrostShare;
  Finding finding{value, value <= limit, ""};
  if (!finding.passed) {
    finding.message = fmt::format(
        "the ground is colder than the frost point of the air's CO2 on {:.1f} % of area and time: the atmosphere would "
        "collapse there",
        100.0 * value);
  }
  return finding;
}

std::optional<Finding> surfaceRange(const Subject& subject, double limit) {
  if (!subject.planet.climate) return std::nullopt;
  const Field* surface = subject.planet.climate->find(VariableId::kSurfaceTemperature);
  const bool runaway = subject.planet.labels && subject.planet.labels->regime == planet::Regime::kRunaway;
  if (surface == nullptr || surface->values.empty() || runaway) return std::nullopt;
  const auto hottest = std::max_element(surface->values.begin(), surface->values.end());
  const auto value = static_cast<double>(*hottest);
  Finding finding{value, value <= limit, ""};
  if (!finding.passed) {
    finding.message = fmt::format(
        "{}: {:.0f} K, beyond the range of the longwave fit",
        placeOf(*subject.planet.climate, *surface, static_cast<std::size_t>(hottest - surface->values.begin())), value);
  }
  return finding;
}

std::optional<Finding> saturation(const Subject& subject, double limit) {
  if (!subject.planet.climate) return std::nullopt;
  const ClimateCube& cube = *subject.planet.climate;
  const Field* humidity = cube.find(VariableId::kSpecificHumidity);
  const Field* air = cube.find(VariableId::kAirTemperature);
  const Field* pressure = cube.find(VariableId::kSurfaceAirPressure);
  if (humidity == nullptr || air == nullptr || pressure == nullptr) return std::nullopt;
  constexpr double kTolerance = 1.05;  // Formula, monthly means and packing together.
  // Colder air is judged by no one: the formula ends there, and models keep vapour that their ice clouds have not taken
  // up.
  constexpr double kColdestK = 238.0;
  const double massRatio = waterMassRatio(subject.planet);
  std::size_t good = 0;
  std::size_t judged = 0;
  double worst = 0.0;
  std::size_t where = 0;
  const std::size_t levels = cube.grid.sigma.size();
  for (std::size_t i = 0; i < humidity->values.size(); ++i) {
    if (static_cast<double>(air->values[i]) < kColdestK) continue;
    ++judged;
    const double total = cube.grid.sigma[i % levels] * static_cast<double>(pressure->values[i / levels]);
    const double vapour = saturationPressurePa(static_cast<double>(air->values[i]));
    // At and above boiling, saturation bounds nothing.
    const double most = vapour >= total ? 1.0 : massRatio * vapour / (total - (1.0 - massRatio) * vapour);
    const double ratio = static_cast<double>(humidity->values[i]) / most;
    good += ratio <= kTolerance ? 1U : 0U;
    if (ratio > worst) {
      worst = ratio;
      where = i;
    }
  }
  if (judged == 0) return std::nullopt;
  const double value = static_cast<double>(good) / static_cast<double>(judged);
  Finding finding{value, value >= limit, ""};
  if (worst > kTolerance) {
    finding.message = fmt::format("{}: {:.0f} % of saturation", placeOf(cube, *humidity, where), 100.0 * worst);
  }
  return finding;
}

std::optional<Finding> gridWeights(const Subject& subject, double limit) {
  if (!subject.planet.climate) return std::nullopt;
  double sum = 0.0;
  for (const double weight : subject.planet.climate->grid.latitudeWeight) sum += weight;
  const double value = std::abs(sum - 1.0);
  return Finding{value, value <= limit, value <= limit ? "" : fmt::format("the area weights add up to {:.8g}", sum)};
}

}  // namespace ecumene::data::quality
