// SPDX-License-Identifier: Apache-2.0
// Truth: the tables of global means in the READMEs of the outside climates, which their producer computed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <sstream>

#include "data/base/files.h"
#include "data/formats/common/text_table.h"
#include "data/formats/registry.h"
#include "shared_data.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::VariableId;

/// Rows of the Markdown table whose header begins with the words, cell by cell.
std::vector<std::vector<std::string>> markdownTable(const std::string& text, const std::string& head) {
  std::vector<std::vector<std::string>> table;
  std::stringstream lines(text.substr(text.find(head)));
  for (std::string line; std::getline(lines, line) && line.starts_with('|');) {
    std::vector<std::string> cells = formats::splitCsv(line, '|');
    for (std::string& cell : cells) std::erase(cell, '`');
    table.push_back(std::vector<std::string>(cells.begin() + 1, cells.end() - 1));
  }
  table.erase(table.begin(), table.begin() + 2);
  return table;
}

struct Means {
  double mean = 0.0, low = 1e9, high = -1e9, share = 0.0;  ///< share of area and time with 273 to 373
};

/// Weighted by the given weights of the latitudes.
Means meansOf(const planet::ClimateCube& cube, VariableId id, const std::vector<double>& weights) {
  const planet::Field& field = cube.require(id);
  Means m;
  double sum = 0.0;
  for (std::size_t i = 0; i < field.values.size(); ++i) {
    const double value = static_cast<double>(field.values[i]);
    const double weight = weights[i / 64 % 32];
    sum += weight;
    m.mean += weight * value;
    m.share += value >= 273.0 && value <= 373.0 ? weight : 0.0;
    m.low = std::min(m.low, value);
    m.high = std::max(m.high, value);
  }
  m.mean /= sum;
  m.share /= sum;
  return m;
}

double imbalance(const planet::ClimateCube& cube, const std::vector<double>& weights) {
  return meansOf(cube, VariableId::kToaNetShortwave, weights).mean -
         meansOf(cube, VariableId::kToaOutgoingLongwave, weights).mean;
}

double number(const std::string& cell) {
  const auto value = formats::parseNumber(cell);
  if (!value) throw std::runtime_error("no number: " + cell);
  return *value;
}

// Half of the last digit that is printed.
constexpr double kTenth = 0.05 + 1e-6;

TEST(ClimateReadme, GlobalMeansOfTheGivenPlanetsAreThose) {
  ECUMENE_NEEDS_SHARED(shared);
  const std::filesystem::path folder = *shared / "climate/exoplasim";
  const auto table = markdownTable(readFile(folder / "README.md"), "| planet | ts K (mean, min, max)");
  ASSERT_EQ(table.size(), 7U);
  for (const auto& row : table) {
    SCOPED_TRACE(row[0]);
    const planet::Import import = formats::importFile(folder / row[0] / "MOST.00001.nc", {});
    const planet::ClimateCube& cube = *import.planet.climate;
    const std::vector<std::string> ts = formats::splitCsv(row[1]);
    std::vector<double> cosine;  // the README says that it weights so
    for (const double latitude : cube.grid.latitudeDeg) cosine.push_back(std::cos(latitude * std::numbers::pi / 180.0));
    const Means found = meansOf(cube, VariableId::kSurfaceTemperature, cosine);
    EXPECT_NEAR(found.mean, number(ts[0]), kTenth);
    EXPECT_NEAR(found.low, number(ts[1]), kTenth);
    EXPECT_NEAR(found.high, number(ts[2]), kTenth);
    EXPECT_NEAR(meansOf(cube, VariableId::kSeaIceAreaFraction, cosine).mean, number(row[2]), 0.0005 + 1e-6);
    EXPECT_NEAR(meansOf(cube, VariableId::kCloudAreaFraction, cosine).mean, number(row[3]), 0.005 + 1e-6);
    EXPECT_NEAR(meansOf(cube, VariableId::kToaNetShortwave, cosine).mean, number(row[7]), kTenth);
    EXPECT_NEAR(-meansOf(cube, VariableId::kToaOutgoingLongwave, cosine).mean, number(row[8]), kTenth);
    EXPECT_NEAR(imbalance(cube, cosine), number(row[9]), kTenth);
  }
}

TEST(ClimateReadme, GlobalMeansOfTheThousandWorldsPlanetsAreThose) {
  ECUMENE_NEEDS_SHARED(shared);
  const std::filesystem::path folder = *shared / "climate/exoplasim_thousandworlds";
  const auto table = markdownTable(readFile(folder / "README.md"), "| planet | locked | flux");
  ASSERT_EQ(table.size(), 12U);
  for (const auto& row : table) {
    SCOPED_TRACE(row[0]);
    const planet::Planet p = formats::importFile(folder / row[0] / "MOST.00001.nc", {}).planet;
    EXPECT_EQ(p.truth->bulk.synchronous, row[1] == "yes");
    EXPECT_NEAR(p.scalars[planet::ScalarId::kStellarFlux]->value, number(row[2]), 0.5);
    EXPECT_NEAR(p.scalars[planet::ScalarId::kStellarTemperature]->value, number(row[3]), 0.5);
    // This README names no weights; those of NumPy's leggauss give the imbalance of planet.json, cosines do not.
    const auto& gaussian = p.climate->grid.latitudeWeight;
    const Means found = meansOf(*p.climate, VariableId::kSurfaceTemperature, gaussian);
    const std::vector<std::string> range = formats::splitCsv(row[7], '-');
    EXPECT_NEAR(found.mean, number(row[6]), kTenth);
    EXPECT_NEAR(found.low, number(range[0]), 0.5 + 1e-6);
    EXPECT_NEAR(found.high, number(range[1]), 0.5 + 1e-6);
    EXPECT_NEAR(found.share, number(row[8]), 0.0005 + 1e-6);
    EXPECT_NEAR(imbalance(*p.climate, gaussian), number(row[9]), kTenth);
  }
}

}  // namespace
