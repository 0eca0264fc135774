// SPDX-License-Identifier: Apache-2.0
// Truth: astropy, which wrote the small files and read the outside one (tests/oracles/spectrum_files.py).
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/formats/common/text_file.h"
#include "data/formats/spectra/spectrum_source.h"
#include "tests/data/formats/shared_data.h"
#include "tests/data/formats/spectra/astropy_files.h"
#include "tests/support/import_text.h"
#include "tests/support/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using nlohmann::json;
using test::importText;
using test::refusalOf;
using test::says;
using test::writtenByAstropy;

TEST(Ecsv, QuantitiesOfAstropyKeepUnitsAndMetadata) {
  const planet::Import import = importText(writtenByAstropy("quantities.ecsv"), {}, "x.ecsv");
  const planet::Spectrum& s = import.planet.spectra.at(0);
  EXPECT_EQ(import.planet.name, "WASP-39 b");
  EXPECT_EQ(s.instrument, "NIRSpec");
  EXPECT_EQ(s.kind, planet::SpectrumKind::kPlanetFlux);
  EXPECT_EQ(s.value, (std::vector<double>{5000.0, 5125.0, 5500.0, 5000.0}));  // W/(um m2) is our own unit
  EXPECT_EQ(s.sigmaUpper[3], 50.0);
  EXPECT_NE(import.provenance.conversions.find("reference someone 2026"), std::string::npos);
}

TEST(Ecsv, MaskedRowsAreLeftOutAndInstrumentsSplit) {
  const planet::Import import = importText(writtenByAstropy("masked.ecsv"), {}, "x.ecsv");
  ASSERT_EQ(import.planet.spectra.size(), 2U);
  EXPECT_EQ(import.planet.spectra[0].instrument, "A b");
  EXPECT_EQ(import.planet.spectra[0].size(), 2U);
  EXPECT_NEAR(import.planet.spectra[0].wavelengthUm[1], 2.0, 1e-12);
  EXPECT_NEAR(import.planet.spectra[1].value[0], 5500e-6, 1e-15);
}

TEST(Ecsv, OneRowOfListsIsASpectrum) {
  const planet::Import import = importText(writtenByAstropy("lists.ecsv"), {}, "x.ecsv");
  ASSERT_EQ(import.planet.spectra.at(0).size(), 5U);
  EXPECT_NEAR(import.planet.spectra[0].value[3], 5500e-6, 1e-15);
  EXPECT_TRUE(says(import, "one row of lists"));
}

TEST(Ecsv, OutsideSubtypesAgreeWithAstropy) {
  ECUMENE_NEEDS_SHARED(shared);
  const json reference = test::reference("spectrum_files/tables.json");
  const auto path = *shared / "lightcurves/fits_tables/subtypes.ecsv";
  const formats::SpectrumSource table =
      formats::textSource(formats::parseTextTable(formats::readTextFile(path, std::size_t{1} << 20U)));
  EXPECT_EQ(table.columns.size(), 27U);
  EXPECT_EQ(table.rows.size(), 16U);
  std::size_t compared = 0;
  for (const auto& [key, truth] : reference.items()) {
    const std::vector<std::string> words = formats::splitBlanks(key);
    if (words[0].find(".ecsv") == std::string::npos) continue;
    SCOPED_TRACE(key);
    const auto column = formats::findColumn(table.columns, words[1]);
    ASSERT_TRUE(column.has_value());
    double sum = 0.0;
    std::size_t finite = 0;
    for (const double value : table.numbers(*column)) {
      if (!std::isfinite(value)) continue;
      sum += value;
      ++finite;
    }
    EXPECT_EQ(finite, truth["finite"].get<std::size_t>());
    EXPECT_EQ(sum, truth["sum"].get<double>());
    ++compared;
  }
  EXPECT_EQ(compared, 8U);
}

TEST(Ecsv, HeadersThatAreNoYamlOrReferToThemselvesAreRefusedWithTheirLine) {
  const std::string rows = "wavelength depth\n1.0 0.01\n";
  const auto header = [](const std::string& yaml) { return "# %ECSV 1.0\n# ---\n" + yaml; };
  const std::string open = refusalOf(header("# datatype:\n# - {name: wavelength, unit: um\n") + rows, {}, "x.ecsv");
  EXPECT_NE(open.find("no valid YAML"), std::string::npos) << open;
  EXPECT_NE(open.find("line 5"), std::string::npos) << open;
  const std::string loop = refusalOf(header("# meta: &a [*a]\n") + rows, {}, "x.ecsv");
  EXPECT_NE(loop.find("refers to another place"), std::string::npos) << loop;
  std::string deep = "# meta: ";
  for (int i = 0; i < 500; ++i) deep += "[";
  EXPECT_NE(refusalOf(header(deep + "\n") + rows, {}, "x.ecsv"), "");
  EXPECT_NE(refusalOf(header("# delimiter: '|'\n") + rows, {}, "x.ecsv").find("comma or a blank"), std::string::npos);
  EXPECT_NE(refusalOf(header("# datatype: []\n") + rows, {}, "x.ecsv").find("names no column"), std::string::npos);
}

}  // namespace
