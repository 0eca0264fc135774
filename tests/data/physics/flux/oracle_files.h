// SPDX-License-Identifier: Apache-2.0
// Reading of the reference files that COBRApy made (see ../shared/data/metabolism/README.md and tests/oracles).
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "data/formats/metabolism/sbml.h"
#include "data/physics/flux/fba.h"

namespace ecumene::data::physics::flux {

/// The folder of outside networks; none where it is absent.
inline std::optional<std::filesystem::path> sharedMetabolism() {
  const char* shared = std::getenv("ECUMENE_SHARED");
  if (shared == nullptr) return std::nullopt;
  const std::filesystem::path folder = std::filesystem::path(shared) / "data" / "metabolism";
  if (!std::filesystem::exists(folder)) return std::nullopt;
  return folder;
}

using CsvRow = std::map<std::string, std::string>;

/// Rows of a CSV file without quotes, by column name.
inline std::vector<CsvRow> readCsv(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.is_open()) << path;
  const auto cells = [](const std::string& line) {
    std::vector<std::string> parts;
    std::stringstream stream(line);
    for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
    return parts;
  };
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> columns = cells(line);
  std::vector<CsvRow> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> values = cells(line);
    EXPECT_EQ(values.size(), columns.size()) << path << ": " << line;
    CsvRow row;
    for (std::size_t i = 0; i < std::min(columns.size(), values.size()); ++i) row[columns[i]] = values[i];
    rows.push_back(row);
  }
  return rows;
}

inline nlohmann::json readJson(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.is_open()) << path;
  return nlohmann::json::parse(file);
}

inline planet::MetabolicNetwork readNetwork(const std::filesystem::path& path) {
  return formats::importSbml(path, {}).planet.networks.at(0);
}

/// The request's growth against a reference that is a number or "infeasible".
inline void expectGrowth(const planet::MetabolicNetwork& network, const FbaRequest& request,
                         const std::string& expected, double tolerance, const std::string& what) {
  const FbaAnswer answer = fba(network, request);
  if (expected == "infeasible") {
    EXPECT_EQ(answer.status, Status::kInfeasible) << what << " gave " << answer.objective;
    return;
  }
  EXPECT_EQ(answer.status, Status::kOptimal) << what;
  EXPECT_NEAR(answer.objective, std::stod(expected), tolerance) << what;
}

/// Sets the lower bound and leaves the upper one.
inline BoundChange uptake(const planet::MetabolicNetwork& network, const std::string& reaction, double rate) {
  return {reaction, -rate, network.reactions.at(network.reactionIndex(reaction).value()).upperBound};
}

}  // namespace ecumene::data::physics::flux
