// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/thousandworlds_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/formats/climate/climate_import.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kLargestTable = std::size_t{16} << 20U;
constexpr std::string_view kInputs = "../inputs.csv";
constexpr std::string_view kScores = "../../results/scores_5seeds.csv";
constexpr auto kSplitFiles = std::to_array<std::string_view>({
    "../subsets/single-complete/train.csv",
    "../subsets/single-complete/test.csv",
    "../subsets/multi-complete/train.csv",
    "../subsets/multi-complete/test.csv",
    "../subsets/multi-complete/test_shared_planets_only.csv",
    "../subsets/multi-complete/held_out_aux.csv",
    "../subsets/multi-partial/train.csv",
    "../subsets/multi-partial/test.csv",
    "../subsets/multi-partial/test_shared_planets_only.csv",
    "../subsets/multi-partial/held_out_aux.csv",
});

std::string splitName(std::string_view file) {
  const std::filesystem::path path(file);
  return path.parent_path().filename().string() + "/" + path.stem().string();
}

/// Column of exactly this name.
std::size_t columnOf(const TextTable& table, const std::string& name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return i;
  }
  throw Error("the table has no such column").on(name);
}

/// Calls `take` with each row of numbers' simulation.
void forEachSimulation(const TextTable& table, const std::function<void(long id, std::size_t row)>& take) {
  const std::size_t column = columnOf(table, "simulation_id");
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::optional<double> id = parseNumber(table.rows[row][column]);
    if (!id || !(*id >= 0.0 && *id <= kLargestSimulationId && std::floor(*id) == *id)) {
      throw Error("the identity of a simulation is no whole number in its range")
          .on(fmt::format("line {}", table.lines[row]))
          .expected(fmt::format("0 to {:g}", kLargestSimulationId))
          .found(table.rows[row][column]);
    }
    take(static_cast<long>(*id), row);
  }
}

/// The split that a protocol of the collection scores on.
std::string scoredSplit(const std::string& subset, const std::string& protocol) {
  return subset + (protocol == "shared_planets" ? "/test_shared_planets_only" : "/test");
}

/// "rmse of surface_temperature: gplfr 10.7, pca_mlp 13.1; acc of ...", means over the seeds, by split.
std::map<std::string, std::string> scoresOf(const TextTable& table) {
  struct Mean {
    double sum = 0.0;
    int seeds = 0;
  };
  std::map<std::string, std::map<std::string, std::map<std::string, Mean>>> bySplit;
  const auto cell = [&](std::size_t row, const char* name) { return table.rows[row][columnOf(table, name)]; };
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::optional<double> value = parseNumber(cell(row, "value"));
    if (!value || !std::isfinite(*value)) {
      throw Error("the score is no number").on(fmt::format("line {}", table.lines[row])).found(cell(row, "value"));
    }
    Mean& mean = bySplit[scoredSplit(cell(row, "subset"), cell(row, "protocol"))]
                        [cell(row, "metric") + " of " + cell(row, "variable")][cell(row, "method")];
    mean.sum += *value;
    ++mean.seeds;
  }
  std::map<std::string, std::string> words;
  for (const auto& [split, quantities] : bySplit) {
    std::string& text = words[split] = "published scores on " + split + ", means over seeds: ";
    for (const auto& [quantity, methods] : quantities) {
      text += (text.ends_with(": ") ? "" : "; ") + quantity + ":";
      for (const auto& [method, mean] : methods) text += fmt::format(" {} {:.4g},", method, mean.sum / mean.seeds);
      text.pop_back();
    }
  }
  return words;
}

}  // namespace

std::vector<std::string_view> thousandworldsTableFiles() {
  std::vector<std::string_view> files{kInputs, kScores};
  files.insert(files.end(), kSplitFiles.begin(), kSplitFiles.end());
  return files;
}

std::vector<std::string> thousandworldsSplits() {
  std::vector<std::string> names;
  for (const std::string_view file : kSplitFiles) names.push_back(splitName(file));
  return names;
}

const std::string& ThousandworldsTables::input(std::size_t row, const std::string& column) const {
  return inputs->rows[row][columnOf(*inputs, column)];
}

ThousandworldsTables readThousandworldsTables(const std::filesystem::path& folder) {
  ThousandworldsTables tables;
  const auto read = [&](std::string_view file, const std::function<void(const std::string& content)>& take) {
    const std::filesystem::path path = folder / file;
    if (!isThere(path)) return;
    try {
      take(readFile(path, kLargestTable));
    } catch (Error& error) {
      throw error.within("while reading " + std::string(file));
    }
  };
  read(kInputs, [&](const std::string& content) {
    tables.inputs = parseTextTable(content);
    forEachSimulation(*tables.inputs, [&](long id, std::size_t row) { tables.inputRow.emplace(id, row); });
  });
  for (const std::string_view file : kSplitFiles) {
    read(file, [&](const std::string& content) {
      forEachSimulation(parseTextTable(content),
                        [&](long id, std::size_t) { tables.splits[id].push_back(splitName(file)); });
    });
  }
  read(kScores, [&](const std::string& content) {
    tables.scores = scoresOf(parseTextTable(content));
    tables.scoresSha256 = sha256(std::as_bytes(std::span(content.data(), content.size())));
  });
  return tables;
}

}  // namespace ecumene::data::formats
