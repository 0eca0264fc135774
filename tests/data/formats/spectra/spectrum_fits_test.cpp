// SPDX-License-Identifier: Apache-2.0
// Truth: astropy, which wrote the small files and read the outside ones (tests/oracles/spectrum_files.py).
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/formats/registry.h"
#include "data/formats/spectra/fits_file.h"
#include "tests/data/formats/shared_data.h"
#include "tests/data/formats/spectra/astropy_files.h"
#include "tests/support/import_text.h"
#include "tests/support/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using formats::FitsCells;
using formats::FitsFile;
using formats::FitsUnit;
using formats::ImportOptions;
using nlohmann::json;
using test::fitsByAstropy;
using test::importText;
using test::says;

const std::vector<double> kWavelengths{1.0, 1.5, 2.0, 2.5, 3.0};
const std::vector<double> kDepthsPpm{5000.0, 5125.0, 5250.0, 5500.0, 5000.0};

planet::Import importFits(const std::string& name, const ImportOptions& options = {}) {
  return importText(fitsByAstropy(name), options, "table.fits");
}

std::string refusal(const std::string& name, const ImportOptions& options = {}) {
  return test::refusalOf(fitsByAstropy(name), options, "table.fits");
}

void expectTheSpectrum(const planet::Spectrum& s, std::vector<double> depthsPpm = kDepthsPpm) {
  ASSERT_EQ(s.size(), depthsPpm.size());
  for (std::size_t i = 0; i < s.size(); ++i) {
    EXPECT_NEAR(s.wavelengthUm[i], kWavelengths[i], 1e-12);
    EXPECT_NEAR(s.value[i], depthsPpm[i] * 1e-6, 1e-12);
  }
}

/// Every number of a column, whatever its cells are.
std::vector<double> allNumbers(const FitsFile& file, const FitsUnit& unit, std::size_t column) {
  std::vector<double> out;
  for (std::size_t row = 0; row < unit.rows; ++row) {
    for (const double value : file.cell(unit, column, row)) out.push_back(value);
  }
  return out;
}

TEST(FitsFile, OutsideTablesAgreeWithAstropy) {
  ECUMENE_NEEDS_SHARED(shared);
  const json reference = test::reference("spectrum_files/tables.json");
  std::size_t compared = 0;
  for (const auto& [key, truth] : reference.items()) {
    SCOPED_TRACE(key);
    const std::vector<std::string> words = formats::splitBlanks(key);
    if (words[0].find(".fits") == std::string::npos) continue;
    const FitsFile file(readFile((*shared / words[0]).string(), std::size_t{1} << 24U));
    const FitsUnit& unit = file.units().at(std::stoul(words[1]));
    const std::vector<double> values = allNumbers(file, unit, std::stoul(words[2]));
    double sum = 0.0;
    std::vector<double> finite;
    for (const double value : values) {
      if (std::isfinite(value)) finite.push_back(value);
      if (std::isfinite(value)) sum += value;
    }
    EXPECT_EQ(values.size(), truth["values"].get<std::size_t>());
    EXPECT_EQ(finite.size(), truth["finite"].get<std::size_t>());
    const auto expected = truth["sum"].get<double>();
    EXPECT_NEAR(sum, expected, 1e-9 * std::abs(expected) + 1e-9);
    if (!finite.empty()) {
      EXPECT_EQ(finite.front(), truth["first"].get<double>());
    }
    ++compared;
  }
  EXPECT_GT(compared, 40U);
}

TEST(FitsFile, TablesOfTheOutsideDataAreDescribedAsTheirHeadersSay) {
  ECUMENE_NEEDS_SHARED(shared);
  const auto open = [&](const char* name) {
    return readFile((*shared / "lightcurves/fits_tables" / name).string(), std::size_t{1} << 20U);
  };
  const FitsFile binary(open("tb.fits"));
  ASSERT_EQ(binary.units().size(), 2U);
  const FitsUnit& unit = binary.units()[1];
  EXPECT_EQ(unit.rows, 2U);
  ASSERT_EQ(unit.columns.size(), 4U);
  EXPECT_EQ(unit.columns[1].cells, FitsCells::kWords);
  EXPECT_EQ(binary.words(unit, 1), (std::vector<std::string>{"abc", "xy"}));
  EXPECT_EQ(unit.columns[3].cells, FitsCells::kFlags);
  const FitsFile text(open("ascii.fits"));
  EXPECT_EQ(text.units()[1].columns[0].header.name, "a");
  EXPECT_EQ(text.units()[1].columns[0].header.unit, "pixels");
  const FitsFile variable(open("variable_length_table.fits"));
  EXPECT_TRUE(variable.units()[1].columns[0].variable);
  EXPECT_EQ(variable.cell(variable.units()[1], 0, 0), (std::vector<double>{45.0, 56.0}));
  EXPECT_EQ(variable.cell(variable.units()[1], 0, 1), (std::vector<double>{11.0, 12.0, 13.0}));
  EXPECT_FALSE(FitsFile(open("scale.fits")).units()[0].isTable);
}

TEST(SpectrumFits, RowsOfNumbersAreReadWithScalesUnitsAndHeader) {
  for (const std::string& bytes : {fitsByAstropy("rows"), test::writtenByAstropy("rows.fits.gz")}) {
    const planet::Import import = importText(bytes, {}, "WASP-39b_table.fits");
    const planet::Spectrum& s = import.planet.spectra.at(0);
    expectTheSpectrum(s);
    EXPECT_NEAR(s.lowerEdgeUm[0], 0.75, 1e-12);
    EXPECT_NEAR(s.sigmaUpper[4], 50e-6, 1e-15);
    EXPECT_EQ(s.instrument, "NIRSPEC");
    // The header's target is the star; the file's name has the planet.
    EXPECT_EQ(import.planet.name, "WASP-39 b");
    EXPECT_NE(import.provenance.conversions.find("telescope JWST"), std::string::npos);
  }
}

TEST(SpectrumFits, ATargetThatIsAStarIsSaidToBeOne) {
  const planet::Import import = importFits("rows");
  EXPECT_EQ(import.planet.name, "WASP-39");
  EXPECT_TRUE(says(import, "star's name (--set planet=NAME"));
}

TEST(SpectrumFits, UndefinedNumbersAreLeftOut) {
  const planet::Import import = importFits("rows_null");
  EXPECT_EQ(import.planet.spectra.at(0).size(), 4U);
  EXPECT_TRUE(says(import, "SPECTRUM rows 4 to 4"));
}

TEST(SpectrumFits, OneRowOfListsIsASpectrumAndListsOfOtherLengthsAreNot) {
  const planet::Import import = importFits("lists");
  expectTheSpectrum(import.planet.spectra.at(0));
  EXPECT_NEAR(import.planet.spectra[0].sigmaLower[1], 20e-6, 1e-15);
}

TEST(SpectrumFits, OfSeveralRowsOfListsTheUserNamesOne) {
  EXPECT_NE(refusal("variable").find("--set row=1"), std::string::npos) << refusal("variable");
  expectTheSpectrum(importFits("variable", {{{"row", "1"}}}).planet.spectra.at(0));
  expectTheSpectrum(importFits("variable", {{{"row", "2"}}}).planet.spectra.at(0), {5000.0, 5125.0, 5250.0});
  EXPECT_NE(refusal("variable", {{{"row", "3"}}}).find("1 to 2"), std::string::npos);
}

TEST(SpectrumFits, OfSeveralTablesTheUserNamesOneAndFluxesNeedTheirOwner) {
  const std::string several = refusal("x1d");
  EXPECT_NE(several.find("1 (EXTRACT1D, 5 rows), 2 (EXTRACT1D, 5 rows)"), std::string::npos) << several;
  EXPECT_NE(several.find("--set hdu=1"), std::string::npos) << several;
  EXPECT_NE(refusal("x1d", {{{"hdu", "EXTRACT1D"}}}).find("several tables have this name"), std::string::npos);
  const std::string whose = refusal("x1d", {{{"hdu", "1"}}});
  EXPECT_NE(whose.find("--set kind=stellar_flux"), std::string::npos) << whose;
  const planet::Import import = importFits("x1d", {{{"hdu", "2"}, {"kind", "stellar_flux"}}});
  const planet::Spectrum& s = import.planet.spectra.at(0);
  EXPECT_EQ(s.kind, planet::SpectrumKind::kStellarFlux);
  ASSERT_EQ(s.size(), 4U);  // DQ of the third is not 0
  // 5 Jy at 1 um: F c / lambda^2 = 5e-26 * 299792458 / 1e-12 W m-3, a millionth of it for each um.
  EXPECT_NEAR(s.value[0], 5e-26 * 299792458.0 / 1e-12 * 1e-6, 1e-22);
  EXPECT_NEAR(s.sigmaLower[0] / s.value[0], 10.0 / 5000.0, 1e-12);
}

TEST(SpectrumFits, AsciiTablesInWavenumbersAreReadBackwards) {
  const planet::Import import = importFits("ascii", {{{"units.depth", "1"}}});
  const planet::Spectrum& s = import.planet.spectra.at(0);
  EXPECT_EQ(s.kind, planet::SpectrumKind::kGeometricAlbedo);
  ASSERT_EQ(s.size(), 5U);
  EXPECT_NEAR(s.wavelengthUm[0], 1.0, 1e-12);
  EXPECT_NEAR(s.value[4], 0.5, 1e-6);
}

TEST(SpectrumFits, ImagesDamageAndLightCurvesAreRefusedWithTheReason) {
  EXPECT_NE(refusal("image").find("images only"), std::string::npos);
  const std::string whole = fitsByAstropy("rows");
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    try {
      planet::validate(importText(whole.substr(0, size), {}, "cut.fits").planet);
    } catch (const Error& error) {
      EXPECT_FALSE(error.failure().empty());
    }
  }
  const std::string cut = test::refusalOf(whole.substr(0, whole.size() - 2880), {}, "cut.fits");
  EXPECT_NE(cut.find("the file is cut short"), std::string::npos) << cut;
  ECUMENE_NEEDS_SHARED(shared);
  try {
    formats::importFile(*shared / "lightcurves/test_K2_interact_generated_custom-lc.fits", {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("light curve"), std::string::npos) << error.what();
  }
}

TEST(SpectrumFits, SizesThatTheFileCannotHoldAreRefused) {
  const auto forged = [](const std::string& file, const std::string& card, const std::string& value) {
    std::string bytes = fitsByAstropy(file);
    // The table's header is the second one.
    const std::size_t at = bytes.find(card, bytes.find("XTENSION"));
    return bytes.replace(at + 10, 20, std::string(20 - value.size(), ' ') + value);
  };
  for (const char* rows : {"999999999999", "9223372036854775807", "-1", "6000"}) {
    EXPECT_NE(test::refusalOf(forged("rows", "NAXIS2  =", rows), {}, "x.fits"), "") << rows;
  }
  EXPECT_NE(test::refusalOf(forged("rows", "NAXIS1  =", "0"), {}, "x.fits"), "");
  EXPECT_NE(test::refusalOf(forged("lists", "TFORM1  =", "'999999999D'"), {}, "x.fits"), "");
  EXPECT_NE(test::refusalOf(forged("rows", "TFIELDS =", "999"), {}, "x.fits"), "");
}

TEST(SpectrumFits, AFileNameIsNeverInterpreted) {
  // CFITSIO takes these for a filter, a remote address and a command.
  for (const char* name : {"x.fits[1][col a=b]", "x.fits+1", "sh touch made.fits |", "mem:x.fits"}) {
    const planet::Import import = importText(fitsByAstropy("rows"), {}, name);
    EXPECT_EQ(import.planet.spectra.at(0).size(), 5U) << name;
  }
}

}  // namespace
