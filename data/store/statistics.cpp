// SPDX-License-Identifier: Apache-2.0
#include "data/store/statistics.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

#include "data/base/error.h"
#include "data/base/median.h"
#include "data/base/parallel.h"
#include "data/store/checksum.h"
#include "data/store/json_fields.h"
#include "data/store/payload.h"
#include "data/store/state.h"

namespace ecumene::data::store {

template <class Visit, planet::Is<Moments> T>
void forEachField(T& x, Visit&& visit) {
  visit("mean", x.mean);
  visit("deviation", x.deviation);
  visit("count", x.count);
}

template <class Visit, planet::Is<Statistics> T>
void forEachField(T& x, Visit&& visit) {
  visit("version", x.version);
  visit("planets", x.planets);
  visit("variables", x.variables);
  visit("scalars", x.scalars);
  visit("reference_sigma", x.referenceSigma);
  visit("normalised_depth", x.normalisedDepth);
  visit("log10_sigma", x.log10Sigma);
  visit("log10_wavelength_um", x.log10WavelengthUm);
}

namespace {

using planet::Planet;
using planet::VariableId;

/// Weighted mean and sum of squares, merged as Chan, Golub & LeVeque (1983, Am. Stat. 37, 242) do.
struct Sum {
  double weight = 0.0, mean = 0.0, squares = 0.0;
  std::size_t count = 0;

  void add(double value, double w = 1.0) {
    weight += w;
    const double step = value - mean;
    mean += step * w / weight;
    squares += w * step * (value - mean);
    ++count;
  }
  void add(const Sum& other) {
    if (other.count == 0) return;
    const double total = weight + other.weight;
    const double step = other.mean - mean;
    mean += step * other.weight / total;
    squares += other.squares + step * step * weight * other.weight / total;
    weight = total;
    count += other.count;
  }
  [[nodiscard]] Moments moments() const {
    if (count == 0) return {};
    const double deviation = std::sqrt(squares / weight);
    // What never changes cannot be scaled by its spread.
    return {mean, deviation > 0.0 ? deviation : 1.0, count};
  }
};

/// A transmission spectrum on the model's grid, its median taken off.
struct Points {
  std::vector<double> depth, sigma;
};

struct Part {
  std::array<Sum, planet::kVariableCount> variables;
  planet::Scalars scalars;
  std::vector<Points> spectra;
};

Sum fieldSum(const planet::ClimateCube& cube, const planet::Field& field) {
  const planet::Grid& grid = cube.grid;
  const std::size_t row = grid.longitudeDeg.size() * (info(field.id).onLevels ? grid.sigma.size() : 1);
  Sum sum;
  for (std::size_t start = 0, r = 0; start < field.values.size(); start += row, ++r) {
    const double weight = grid.latitudeWeight[r % grid.latitudeDeg.size()];
    Sum circle;
    // Two passes over one latitude circle: fast, and without cancellation.
    double total = 0.0;
    std::vector<double> values(row);
    for (std::size_t i = 0; i < row; ++i) {
      values[i] = modelValue(field.id, static_cast<double>(field.values[start + i]));
      total += values[i];
    }
    circle.count = row;
    circle.weight = weight * static_cast<double>(row);
    circle.mean = total / static_cast<double>(row);
    double squares = 0.0;
    for (const double value : values) squares += (value - circle.mean) * (value - circle.mean);
    circle.squares = weight * squares;
    sum.add(circle);
  }
  return sum;
}

Points pointsOf(const planet::Spectrum& spectrum) {
  const planet::ModelSpectrum model = planet::rebin(spectrum);
  Points points;
  for (std::size_t i = 0; i < planet::kModelPoints; ++i) {
    if (model.present[i] == 0) continue;
    points.depth.push_back(model.value[i]);
    points.sigma.push_back(model.sigma[i]);
  }
  if (points.depth.empty()) return points;
  const double middle = median(points.depth);
  for (double& depth : points.depth) depth -= middle;
  return points;
}

Part partOf(const Planet& planet) {
  Part part;
  part.scalars = planet.scalars;
  if (planet.climate) {
    for (const planet::Field& field : planet.climate->fields) {
      part.variables.at(static_cast<std::size_t>(field.id)) = fieldSum(*planet.climate, field);
    }
  }
  for (const planet::Spectrum& s : planet.spectra) {
    if (s.kind == planet::SpectrumKind::kTransmission) part.spectra.push_back(pointsOf(s));
  }
  return part;
}

/// Parts are merged in the order of ids, so the result does not depend on the number of threads.
Statistics merge(const std::vector<Part>& parts) {
  Statistics result;
  result.planets = parts.size();
  std::array<Sum, planet::kVariableCount> variables;
  std::array<Sum, planet::kScalarCount> scalars;
  std::vector<double> sigmas;
  Sum logSigma;
  for (const Part& part : parts) {
    for (std::size_t v = 0; v < variables.size(); ++v) variables.at(v).add(part.variables.at(v));
    for (std::size_t s = 0; s < scalars.size(); ++s) {
      const auto& measured = part.scalars.values.at(s);
      if (measured && measured->limit == 0) {
        scalars.at(s).add(modelValue(static_cast<planet::ScalarId>(s), measured->value));
      }
    }
    for (const Points& points : part.spectra) {
      for (const double sigma : points.sigma) {
        if (sigma <= 0.0) continue;
        sigmas.push_back(sigma);
        logSigma.add(std::log10(sigma));
      }
    }
  }
  for (std::size_t v = 0; v < variables.size(); ++v) result.variables.at(v) = variables.at(v).moments();
  for (std::size_t s = 0; s < scalars.size(); ++s) result.scalars.at(s) = scalars.at(s).moments();
  if (!sigmas.empty()) result.referenceSigma = median(std::move(sigmas));
  if (result.referenceSigma > 0.0) {
    Sum depth;
    for (const Part& part : parts) {
      for (const Points& points : part.spectra) {
        for (const double value : points.depth) depth.add(value / result.referenceSigma);
      }
    }
    result.normalisedDepth = depth.moments();
  }
  result.log10Sigma = logSigma.moments();
  Sum wavelength;
  const auto edges = planet::modelEdgesUm();
  for (std::size_t i = 0; i < planet::kModelPoints; ++i) {
    wavelength.add(0.5 * (std::log10(edges[i]) + std::log10(edges[i + 1])));
  }
  result.log10WavelengthUm = wavelength.moments();
  return result;
}

}  // namespace

double modelValue(VariableId id, double value) {
  constexpr double kSmallestHumidity = 1e-8;  // dataset.md, "Climate cube"
  if (id == VariableId::kSpecificHumidity) return std::log10(std::max(value, kSmallestHumidity));
  if (id == VariableId::kSurfaceAirPressure) return std::log10(value);
  return value;
}

double modelValue(planet::ScalarId id, double value) {
  if (id == planet::ScalarId::kEccentricity || id == planet::ScalarId::kObliquity) return value;
  constexpr double kLeast = 1e-3;  // of any unit here: no air, no light
  return std::log10(std::max(value, kLeast));
}

std::optional<Statistics> Store::statistics() const {
  return state_->inSnapshot([&]() -> std::optional<Statistics> {
    sql::Statement query(*state_->connection,
                         "SELECT document FROM set_statistics WHERE json_extract(document, '$.version') = ?");
    query.bind(1, Statistics{}.version);
    if (!query.step()) return std::nullopt;
    return fromJsonText<Statistics>(query.text(0));
  });
}

std::string toText(const Statistics& statistics) {
  return toJsonText(statistics) + "\n";
}

Statistics statisticsFromText(const std::string& text, const std::string& object) {
  try {
    auto statistics = fromJsonText<Statistics>(text);
    if (statistics.version == Statistics{}.version) return statistics;
    throw Error("of another version");
  } catch (const Error&) {
    throw Error("these are no statistics of a set").on(object).next("take the file that was written with the run");
  }
}

Statistics Store::statisticsOf(planet::Split split, const Progress& progress, unsigned threads,
                               const std::stop_token& stop) const {
  Filter filter;
  filter.split = split;
  filter.leaveOutExcluded = true;
  const std::vector<Row> rows = list(filter);
  std::vector<Part> parts(rows.size());
  std::mutex progressMutex;
  std::size_t done = 0;
  parallelFor(
      rows.size(), threads,
      [&](std::size_t i) {
        parts[i] = partOf(get(rows[i].id));
        const std::lock_guard lock(progressMutex);
        ++done;
        if (progress) progress(done, rows.size(), rows[i].id);
      },
      stop);
  return merge(parts);
}

Statistics Store::computeStatistics(const Progress& progress, unsigned threads, const std::stop_token& stop) {
  state_->requireWriter();
  const Statistics result = statisticsOf(planet::Split::kTrain, progress, threads, stop);
  const std::string document = toJsonText(result);
  state_->commits->run([&](sql::Connection& connection) {
    sql::Statement(connection, "INSERT OR REPLACE INTO set_statistics VALUES (1, ?)").bind(1, document).run();
    seal(connection, Sealed::kSetStatistics, 0, "");
  });
  return result;
}

}  // namespace ecumene::data::store
