// SPDX-License-Identifier: Apache-2.0
// Every file of the outside data against import_table.csv, which was written before the importers.
#include <fnmatch.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/formats/registry.h"
#include "shared_data.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

struct Row {
  std::string path, options, outcome, kind;
  std::vector<std::string> words;
  std::map<std::string, std::size_t> counts;
};

// gtest prints bytes of an unknown type otherwise.
void PrintTo(const Row& row, std::ostream* out) {
  *out << row.path << " " << row.options;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    const std::size_t first = part.find_first_not_of(' ');
    parts.push_back(first == std::string::npos ? "" : part.substr(first, part.find_last_not_of(' ') - first + 1));
  }
  return parts;
}

std::vector<Row> rows() {
  std::ifstream file("tests/data/formats/import_table.csv");
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string> cells = split(line + " ", '|');
    if (cells.size() != 6) throw std::runtime_error("bad row: " + line);
    Row row{cells[0], cells[1], cells[2], cells[3], {}, {}};
    for (const std::string& word : split(cells[4], ';')) {
      if (!word.empty()) row.words.push_back(word);
    }
    for (const std::string& count : split(cells[5], ' ')) {
      if (const auto equal = count.find('='); equal != std::string::npos) {
        row.counts[count.substr(0, equal)] = std::stoul(count.substr(equal + 1));
      }
    }
    rows.push_back(row);
  }
  return rows;
}

formats::ImportOptions optionsOf(const Row& row) {
  formats::ImportOptions options;
  for (const std::string& word : split(row.options, ' ')) {
    if (const auto equal = word.find('='); equal != std::string::npos) {
      options.set[word.substr(0, equal)] = word.substr(equal + 1);
    }
  }
  return options;
}

std::size_t count(const planet::Import& import, const std::string& what) {
  const planet::Planet& p = import.planet;
  if (what == "fields") return p.climate ? p.climate->fields.size() : 0;
  if (what == "spectra") return p.spectra.size();
  if (what == "entries") return import.entries.size();
  if (what == "texts") return import.texts.size();
  if (what == "points") {
    std::size_t points = 0;
    for (const planet::Spectrum& s : p.spectra) points += s.size();
    return points;
  }
  if (p.networks.empty()) return 0;
  if (what == "metabolites") return p.networks.front().metabolites.size();
  if (what == "reactions") return p.networks.front().reactions.size();
  if (what == "genes") return p.networks.front().genes.size();
  throw std::runtime_error("unknown count " + what);
}

class OutsideFiles : public testing::TestWithParam<Row> {};

/// Files of the folders that the table is about, relative to the outside data.
std::vector<std::string> outsideFiles(const std::filesystem::path& shared) {
  std::vector<std::string> files;
  for (const char* folder : {"climate", "metabolism", "spectra", "catalogue", "text"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shared / folder)) {
      if (entry.is_regular_file()) files.push_back(std::filesystem::relative(entry.path(), shared).string());
    }
  }
  return files;
}

bool covers(const Row& row, const std::string& file) {
  return fnmatch(row.path.c_str(), file.c_str(), FNM_PATHNAME) == 0;
}

void expectOutcome(const Row& row, const std::filesystem::path& path) {
  std::string said;
  std::string outcome = "imported";
  planet::Import import;
  try {
    import = formats::importFile(path, optionsOf(row));
    for (const std::string& assumption : import.assumptions) said += assumption + "\n";
    said += import.provenance.conversions;
  } catch (const Error& error) {
    outcome = "refused";
    said = error.what();
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
  }
  SCOPED_TRACE(said);
  ASSERT_EQ(outcome, row.outcome);
  for (const std::string& word : row.words) EXPECT_NE(said.find(word), std::string::npos) << word;
  if (row.outcome == "refused") return;
  EXPECT_EQ(planet::name(import.kind), row.kind);
  EXPECT_EQ(import.provenance.sha256.size(), 64U);
  for (const auto& [what, expected] : row.counts) EXPECT_EQ(count(import, what), expected) << what;
}

TEST_P(OutsideFiles, GiveWhatTheTableSays) {
  ECUMENE_NEEDS_SHARED(shared);
  const Row& row = GetParam();
  ASSERT_TRUE(row.outcome == "imported" || row.outcome == "refused") << row.outcome;
  std::size_t files = 0;
  for (const std::string& file : outsideFiles(*shared)) {
    if (!covers(row, file)) continue;
    SCOPED_TRACE(file);
    expectOutcome(row, *shared / file);
    ++files;
  }
  EXPECT_GT(files, 0U) << "no such file";
}

TEST(ImportTable, HasEveryOutsideFile) {
  ECUMENE_NEEDS_SHARED(shared);
  const std::vector<Row> table = rows();
  for (const std::string& file : outsideFiles(*shared)) {
    EXPECT_TRUE(std::any_of(table.begin(), table.end(), [&](const Row& row) { return covers(row, file); })) << file;
  }
}

std::string testName(const testing::TestParamInfo<Row>& info) {
  std::string name = info.param.path + "_" + info.param.options;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(SharedData, OutsideFiles, testing::ValuesIn(rows()), testName);

}  // namespace
