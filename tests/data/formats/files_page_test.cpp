// SPDX-License-Identifier: Apache-2.0
// data/formats/FILES.md: what became of each outside file, and a number that other people's software read of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/median.h"
#include "data/formats/registry.h"
#include "data/physics/flux/flux_balance.h"
#include "import_table.h"
#include "shared_data.h"
#include "tests/support/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

/// What tests/oracles/outside_files.py collected of the file; null if nothing.
nlohmann::json truthOf(const nlohmann::json& truths, const std::string& file, const std::string& options) {
  const std::vector<std::string> given = test::splitAt(options, ' ');
  for (const auto& truth : truths) {
    if (truth["path"] != file) continue;
    const std::vector<std::string> words = test::splitAt(truth["words"], ' ');
    if (std::all_of(words.begin(), words.end(), [&](const std::string& word) {
          return word.empty() || std::find(given.begin(), given.end(), word) != given.end();
        })) {
      return truth;
    }
  }
  return nullptr;
}

double meanOf(const planet::Planet& planet, planet::VariableId id) {
  return planet::statistics(*planet.climate, planet.climate->require(id)).areaWeightedMean;
}

double lowerBounds(const planet::MetabolicNetwork& network) {
  double sum = 0.0;
  for (const planet::Reaction& reaction : network.reactions) sum += reaction.lowerBound;
  return sum;
}

/// Of titles and bodies; a character of UTF-8 has one byte that continues none.
std::ptrdiff_t charactersOf(const std::vector<planet::Text>& texts) {
  std::ptrdiff_t count = 0;
  for (const planet::Text& text : texts) {
    for (const std::string* part : {&text.title, &text.body}) {
      count += std::count_if(part->begin(), part->end(), [](char c) { return (c & '\xC0') != '\x80'; });
    }
  }
  return count;
}

constexpr std::string_view kRadiusOf = "radius of ";

/// `words`: "K2-18 b, R_earth".
double radiusOf(const planet::Import& import, const std::string& words) {
  const std::string name = words.substr(0, words.rfind(", R_earth"));
  for (const planet::CatalogueEntry& entry : import.entries) {
    if (entry.planet == name) return entry.scalars[planet::ScalarId::kPlanetRadius].value().value;
  }
  throw std::runtime_error("the catalogue has no planet " + name);
}

double ourNumber(const planet::Import& import, const std::string& quantity) {
  if (quantity == "mean surface temperature, K") return meanOf(import.planet, planet::VariableId::kSurfaceTemperature);
  if (quantity == "mean surface pressure, Pa") return meanOf(import.planet, planet::VariableId::kSurfaceAirPressure);
  if (quantity == "growth, 1/h") return physics::flux::solve(import.planet.networks.at(0)).objective;
  if (quantity == "sum of lower bounds, mmol/gDW/h") return lowerBounds(import.planet.networks.at(0));
  if (quantity == "characters") return static_cast<double>(charactersOf(import.texts));
  if (quantity.starts_with(kRadiusOf)) return radiusOf(import, quantity.substr(kRadiusOf.size()));
  if (quantity != "median, 1e-6") throw std::runtime_error("unknown quantity " + quantity);
  std::vector<double> values;
  for (const planet::Spectrum& spectrum : import.planet.spectra) {
    values.insert(values.end(), spectrum.value.begin(), spectrum.value.end());
  }
  return median(values) * 1e6;
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("|\n", at)) != std::string::npos;) {
    text.replace(at, 1, text[at] == '|' ? "\\|" : " ");
    at += 2;
  }
  return text;
}

std::string shown(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

/// What the import assumed, or why it was refused, and the number beside that of the other reader.
std::string outcome(const test::ImportRow& row, const std::filesystem::path& path, const nlohmann::json& truth) {
  try {
    const planet::Import import = formats::importFile(path, test::optionsOf(row));
    std::string said;
    for (const std::string& assumption : import.assumptions) said += (said.empty() ? "" : "; ") + assumption;
    std::string line = "imported | " + cell(said) + " | ";
    if (truth.is_null()) return line + "|";
    const std::string quantity = truth["quantity"];
    const double ours = ourNumber(import, quantity), theirs = truth["value"];
    EXPECT_NEAR(ours, theirs, 1e-5 * std::abs(theirs)) << path << ": " << quantity;
    return line + quantity + ": " + shown(theirs) + " | " + truth["reader"].get<std::string>();
  } catch (const Error& error) {
    const std::string said = error.what();
    // The name of the folder that the data lie in is no part of the answer.
    const std::string folder = path.parent_path().string() + "/";
    std::string text = said;
    for (std::size_t at = 0; (at = text.find(folder)) != std::string::npos;) text.erase(at, folder.size());
    return "refused | " + cell(text) + " | |";
  }
}

std::string page(const std::filesystem::path& shared) {
  const auto truths = test::reference("outside_files.json");
  std::string text =
      "# What becomes of each outside file\n\n"
      "Written by the test FilesPage.IsCurrent (ECUMENE_WRITE_PAGE=1), which imports every file of the outside data "
      "and "
      "compares\nthe number with that of other people's software (tests/oracles/outside_files.py). What was expected "
      "of "
      "each stood first in\ntests/data/formats/import_table.csv.\n\n"
      "| file | words after --set | expected | became | assumed, or why refused | a number of it | read by |\n"
      "|---|---|---|---|---|---|---|\n";
  const std::vector<std::string> files = test::outsideFiles(shared);
  for (const test::ImportRow& row : test::importTable()) {
    for (const std::string& file : files) {
      if (!test::covers(row, file)) continue;
      const nlohmann::json truth = truthOf(truths, file, row.options);
      text +=
          "| " + file + " | " + row.options + " | " + row.outcome + " | " + outcome(row, shared / file, truth) + " |\n";
      EXPECT_TRUE(row.outcome == "refused" || !truth.is_null()) << file << ": no other reader's number of it";
    }
  }
  return text;
}

TEST(FilesPage, IsCurrent) {
  ECUMENE_NEEDS_SHARED(shared);
  const std::string path = "data/formats/FILES.md", text = page(*shared);
  if (std::getenv("ECUMENE_WRITE_PAGE") != nullptr) writeFileAtomically(path, text);
  EXPECT_EQ(readFile(path), text) << "run this test from the repository root with ECUMENE_WRITE_PAGE=1";
}

}  // namespace
