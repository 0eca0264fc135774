// SPDX-License-Identifier: Apache-2.0
// Every file of the outside data against import_table.csv, which was written before the importers.
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
#include "import_table.h"
#include "shared_data.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

using Row = test::ImportRow;
using test::covers;
using test::outsideFiles;

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

void expectOutcome(const Row& row, const std::filesystem::path& path) {
  std::string said;
  std::string outcome = "imported";
  planet::Import import;
  try {
    import = formats::importFile(path, test::optionsOf(row));
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
  const std::vector<Row> table = test::importTable();
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

INSTANTIATE_TEST_SUITE_P(SharedData, OutsideFiles, testing::ValuesIn(test::importTable()), testName);

}  // namespace
