// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/lat_lon_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "data/base/error.h"
#include "data/planet/cube.h"

namespace ecumene::data::formats {
namespace {

using planet::kCanonicalCells;
using planet::kCanonicalLatitudes;
using planet::kCanonicalLongitudes;
using Edges = std::vector<std::pair<double, double>>;

double sine(double degrees) {
  return std::sin(degrees * std::numbers::pi / 180.0);
}

/// Whether the centres go strictly up or strictly down.
void checkMonotonic(const Axis& axis) {
  if (axis.centres.size() < 2) throw Error("the grid has fewer than two cells").on(axis.name);
  const bool up = axis.centres[1] > axis.centres[0];
  for (std::size_t i = 1; i < axis.centres.size(); ++i) {
    if (axis.centres[i] != axis.centres[i - 1] && (axis.centres[i] > axis.centres[i - 1]) == up) continue;
    throw Error("the coordinate does not go one way")
        .on(axis.name + "[" + std::to_string(i) + "]")
        .found(fmt::format("{} after {}", axis.centres[i], axis.centres[i - 1]))
        .next("only grids of latitude and longitude are read: regrid the file");
  }
}

/// Half-way between neighbours; the outer edges as far out as the inner ones of their cell.
Edges midpoints(const std::vector<double>& centres) {
  Edges edges(centres.size());
  for (std::size_t i = 0; i < centres.size(); ++i) {
    const bool first = i == 0;
    const bool last = i + 1 == centres.size();
    edges[i].first = first ? centres[0] - 0.5 * (centres[1] - centres[0]) : edges[i - 1].second;
    edges[i].second = last ? centres[i] + 0.5 * (centres[i] - centres[i - 1]) : 0.5 * (centres[i] + centres[i + 1]);
  }
  return edges;
}

Edges statedOrMidpoints(const Axis& axis) {
  if (axis.bounds.empty()) return midpoints(axis.centres);
  Edges edges;
  for (std::size_t i = 0; i < axis.centres.size(); ++i) edges.emplace_back(axis.bounds[2 * i], axis.bounds[2 * i + 1]);
  return edges;
}

void sortPairs(Edges& edges) {
  for (auto& [low, high] : edges) {
    if (low > high) std::swap(low, high);
  }
}

Error gap(const std::string& axis, double low, double high) {
  return Error("the cells do not cover the globe once")
      .on(axis)
      .found(fmt::format("a gap or an overlap between {:.4f} and {:.4f} degrees", std::min(low, high),
                         std::max(low, high)))
      .next("only whole planets are read: regrid the file or give its whole grid");
}

/// Sines of Gaussian edges if the centres are Gaussian latitudes; empty if not.
Edges gaussianRows(const std::vector<double>& centres) {
  constexpr std::size_t kMost = 2000;
  if (centres.size() > kMost) return {};
  std::vector<double> nodes;
  std::vector<double> weights;
  planet::gaussianLatitudes(centres.size(), nodes, weights);
  const bool northFirst = centres.front() > centres.back();
  Edges rows(centres.size());
  double south = -1.0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::size_t row = northFirst ? nodes.size() - 1 - i : i;
    if (!(std::abs(centres[row] - nodes[i]) < kSameDeg)) return {};
    const double north = i + 1 == nodes.size() ? 1.0 : south + 2.0 * weights[i];
    rows[row] = {south, north};
    south = north;
  }
  return rows;
}

/// Rows of other than Gaussian latitudes; `capDeg` as in LatLonCells.
Edges latitudeRows(const Axis& axis, double& capDeg) {
  for (const double centre : axis.centres) {
    if (!(std::abs(centre) <= 90.0 + kSameDeg))
      throw Error("a latitude is beyond the poles").on(axis.name).found(fmt::format("{}", centre));
  }
  Edges edges = statedOrMidpoints(axis);
  sortPairs(edges);
  std::vector<std::size_t> order(edges.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = axis.centres.front() < axis.centres.back() ? i : order.size() - 1 - i;
  auto& south = edges[order.front()];
  auto& north = edges[order.back()];
  // Between centres alone nothing tells where the outermost rows end: the cap may be of theirs. A cap of more
  // than half a row would be a row that the file has not; staggered grids leave out that half.
  const auto fillCap = [&](double& edge, double pole, double width) {
    const double cap = std::abs(pole - edge);
    if (!axis.bounds.empty() || std::abs(edge) > 90.0 || cap < kSameDeg || cap > 0.5 * width + kSameDeg) return;
    capDeg = std::max(capDeg, cap);
    edge = pole;
  };
  fillCap(south.first, -90.0, south.second - south.first);
  fillCap(north.second, 90.0, north.second - north.first);
  south.first = std::max(south.first, -90.0);
  north.second = std::min(north.second, 90.0);
  if (south.first > -90.0 + kSameDeg) throw gap(axis.name, -90.0, south.first);
  if (north.second < 90.0 - kSameDeg) throw gap(axis.name, north.second, 90.0);
  Edges rows(edges.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto [low, high] = edges[order[i]];
    if (!(high > low)) throw gap(axis.name, low, high);
    if (i > 0 && !(std::abs(low - edges[order[i - 1]].second) < kSameDeg))
      throw gap(axis.name, edges[order[i - 1]].second, low);
    rows[order[i]] = {i == 0 ? -1.0 : rows[order[i - 1]].second, i + 1 == order.size() ? 1.0 : sine(high)};
  }
  return rows;
}

Edges longitudeColumns(const Axis& axis) {
  for (const double centre : axis.centres) {
    if (!(std::abs(centre) <= 2.0 * kAroundDeg))
      throw Error("a longitude is no angle").on(axis.name).found(fmt::format("{}", centre));
  }
  Edges edges = statedOrMidpoints(axis);
  sortPairs(edges);
  std::vector<std::size_t> order(edges.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = axis.centres.front() < axis.centres.back() ? i : order.size() - 1 - i;
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto& [low, high] = edges[order[i]];
    const double before = i == 0 ? edges[order.back()].second - kAroundDeg : edges[order[i - 1]].second;
    if (!(high > low) || !(std::abs(low - before) < kSameDeg)) throw gap(axis.name, before, low);
    if (i > 0) low = before;
  }
  edges[order.front()].first = edges[order.back()].second - kAroundDeg;
  return edges;
}

}  // namespace

LatLonCells cellsOf(const Axis& latitude, const Axis& longitude) {
  checkMonotonic(latitude);
  checkMonotonic(longitude);
  LatLonCells cells;
  cells.rows = gaussianRows(latitude.centres);
  cells.gaussian = !cells.rows.empty();
  if (!cells.gaussian) cells.rows = latitudeRows(latitude, cells.capDeg);
  cells.columns = longitudeColumns(longitude);
  return cells;
}

const LatLonCells& canonicalCells() {
  static const LatLonCells cells = [] {
    const planet::Grid& grid = planet::canonicalGrid();
    return cellsOf({"latitude", grid.latitudeDeg, {}}, {"longitude", grid.longitudeDeg, {}});
  }();
  return cells;
}

ConservativeMap::ConservativeMap(const LatLonCells& source, double shiftDeg)
    : rows_(source.rows.size()), columns_(source.columns.size()) {
  for (const auto& [south, north] : canonicalCells().rows) {
    std::vector<Part>& parts = rowParts_.emplace_back();
    for (std::size_t r = 0; r < rows_; ++r) {
      const double overlap = std::min(north, source.rows[r].second) - std::max(south, source.rows[r].first);
      if (overlap > 0.0) parts.push_back({r, overlap / (north - south)});
    }
  }
  for (const auto& [west, east] : canonicalCells().columns) {
    std::vector<Part>& parts = columnParts_.emplace_back();
    for (std::size_t c = 0; c < columns_; ++c) {
      const auto& [from, to] = source.columns[c];
      const double turns = std::floor((west - (from + shiftDeg)) / kAroundDeg);
      double overlap = 0.0;
      for (double turn = turns - 1.0; turn <= turns + 2.0; turn += 1.0) {
        const double moved = shiftDeg + turn * kAroundDeg;
        overlap += std::max(0.0, std::min(east, to + moved) - std::max(west, from + moved));
      }
      if (overlap > 0.0) parts.push_back({c, overlap / (east - west)});
    }
  }
}

void ConservativeMap::apply(std::span<const double> values, std::span<double> mean, std::span<double> share) const {
  if (values.size() != sourceCells() || mean.size() != kCanonicalCells || share.size() != kCanonicalCells) {
    throw internalError("a field is regridded into one of another size");
  }
  std::vector<double> rowSum(rows_ * kCanonicalLongitudes, 0.0);
  std::vector<double> rowShare(rows_ * kCanonicalLongitudes, 0.0);
  for (std::size_t r = 0; r < rows_; ++r) {
    for (std::size_t lon = 0; lon < kCanonicalLongitudes; ++lon) {
      const std::size_t at = r * kCanonicalLongitudes + lon;
      for (const Part& part : columnParts_[lon]) {
        const double value = values[r * columns_ + part.source];
        if (std::isnan(value)) continue;
        rowSum[at] += part.weight * value;
        rowShare[at] += part.weight;
      }
    }
  }
  for (std::size_t lat = 0; lat < kCanonicalLatitudes; ++lat) {
    for (std::size_t lon = 0; lon < kCanonicalLongitudes; ++lon) {
      double sum = 0.0;
      double covered = 0.0;
      for (const Part& part : rowParts_[lat]) {
        sum += part.weight * rowSum[part.source * kCanonicalLongitudes + lon];
        covered += part.weight * rowShare[part.source * kCanonicalLongitudes + lon];
      }
      mean[lat * kCanonicalLongitudes + lon] = covered > 0.0 ? sum / covered : std::numeric_limits<double>::quiet_NaN();
      share[lat * kCanonicalLongitudes + lon] = covered;
    }
  }
}

}  // namespace ecumene::data::formats
