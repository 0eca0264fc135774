// SPDX-License-Identifier: Apache-2.0
// Truth: tests/oracles/spectra.py (numpy, astropy) for the outside files, arithmetic by hand for the small ones here.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/common/planet_name.h"
#include "data/formats/common/text_table.h"
#include "data/formats/registry.h"
#include "tests/data/formats/shared_data.h"
#include "tests/support/import_text.h"
#include "tests/support/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using formats::ImportOptions;
using nlohmann::json;
using test::importText;
using test::refusalOf;
using test::says;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

TEST(SpectrumTable, OutsideSpectraAgreeWithNumpyAndAstropy) {
  ECUMENE_NEEDS_SHARED(shared);
  const json reference = test::reference("spectra.json");
  ASSERT_EQ(reference.size(), 33U);
  for (const auto& [key, truth] : reference.items()) {
    SCOPED_TRACE(key);
    ImportOptions options;
    std::vector<std::string> words = formats::splitBlanks(key);
    for (std::size_t i = 1; i < words.size(); ++i) {
      options.set[words[i].substr(0, words[i].find('='))] = words[i].substr(words[i].find('=') + 1);
    }
    const planet::Import import = formats::importFile(*shared / words[0], options);
    planet::validate(import.planet);
    std::vector<double> value;
    std::vector<double> sigma;
    double low = 1e9;
    double high = 0.0;
    for (const planet::Spectrum& s : import.planet.spectra) {
      for (std::size_t i = 0; i < s.size(); ++i) {
        value.push_back(s.value[i] * 1e6);
        sigma.push_back(s.sigma(i) * 1e6);
        low = std::min(low, s.lowerEdgeUm[i]);
        high = std::max(high, s.upperEdgeUm[i]);
      }
    }
    EXPECT_EQ(value.size(), truth["points"].get<std::size_t>());
    EXPECT_NEAR(median(value), truth["median_depth_ppm"].get<double>(), 1e-6 * median(value));
    if (truth.contains("range_um")) {
      EXPECT_NEAR(low, truth["range_um"][0].get<double>(), 1e-9);
      EXPECT_NEAR(high, truth["range_um"][1].get<double>(), 1e-9);
      EXPECT_NEAR(median(sigma), truth["median_sigma_ppm"].get<double>(), 1e-6 * median(sigma));
    }
  }
}

TEST(SpectrumTable, EmbeddedSpectrumAgreesWithNumpy) {
  const json reference = test::reference("spectra.json");
  const std::string name = "CMADF-WASP_39b_NIRISS_transmission_spectrum_R300.csv";
  const planet::Import import = formats::importFile("resources/demo/wasp39b/" + name, {});
  std::vector<double> ppm;
  for (const planet::Spectrum& s : import.planet.spectra) {
    for (const double value : s.value) ppm.push_back(value * 1e6);
  }
  const json& truth = reference.at("spectra/observed/" + name);
  EXPECT_EQ(ppm.size(), truth["points"].get<std::size_t>());
  EXPECT_NEAR(median(ppm), truth["median_depth_ppm"].get<double>(), 1e-3);
  EXPECT_EQ(planet::normalisedName(import.planet.name), "wasp39b");
}

TEST(SpectrumTable, HeaderUnitsDecideAndBinsAreSortedWithTheirErrors) {
  const planet::Import import = importText(
      "# Target: Alpha b\n# Instrument: Camera\nwavelength (nm),half width (nm),depth (ppm),error (ppm)\n"
      "2000,100,5200,20\n1000,50,5000,10\n");
  const planet::Spectrum& s = import.planet.spectra.at(0);
  EXPECT_EQ(import.planet.name, "Alpha b");
  EXPECT_EQ(s.instrument, "Camera");
  EXPECT_EQ(import.planet.origin, planet::Origin::kObserved);
  EXPECT_EQ(s.kind, planet::SpectrumKind::kTransmission);
  EXPECT_NEAR(s.wavelengthUm[0], 1.0, 1e-12);
  EXPECT_NEAR(s.lowerEdgeUm[1], 1.9, 1e-12);
  EXPECT_NEAR(s.value[0], 5000e-6, 1e-15);
  EXPECT_NEAR(s.sigmaLower[1], 20e-6, 1e-15);
  EXPECT_TRUE(says(import, "sorted"));
  EXPECT_TRUE(says(import, "transit depth"));
}

TEST(SpectrumTable, RadiusRatiosAreSquaredAndTheirErrorsPropagated) {
  const planet::Import import =
      importText("wavelength (um) Rp/Rs lower_err upper_err\n1.0 0.1 0.001 0.002\n1.2 0.2 0.001 0.002\n");
  const planet::Spectrum& s = import.planet.spectra.at(0);
  EXPECT_NEAR(s.value[1], 0.04, 1e-15);
  EXPECT_NEAR(s.sigmaLower[1], 2 * 0.2 * 0.001, 1e-15);
  EXPECT_NEAR(s.sigmaUpper[1], 2 * 0.2 * 0.002, 1e-15);
  EXPECT_TRUE(says(import, "squared"));
}

TEST(SpectrumTable, EveryUnitOfWavelengthIsReadAsMicrometres) {
  // 0.6, 0.9 and 1.4 um; of wavenumbers the last is the shortest wavelength.
  for (const auto& [unit, rows] : std::map<std::string, std::array<const char*, 3>>{
           {"um", {"0.6", "0.9", "1.4"}},
           {"nm", {"600", "900", "1400"}},
           {"Angstrom", {"6000", "9000", "14000"}},
           {"m", {"6e-7", "9e-7", "1.4e-6"}},
           {"cm-1", {"16666.6666667", "11111.1111111", "7142.85714286"}}}) {
    SCOPED_TRACE(unit);
    const planet::Import import = importText("wavelength (" + unit + "),depth (ppm),error (ppm)\n" + rows[0] +
                                             ",5000,10\n" + rows[1] + ",5100,10\n" + rows[2] + ",5200,10\n");
    const planet::Spectrum& s = import.planet.spectra.at(0);
    ASSERT_EQ(s.size(), 3U);
    EXPECT_NEAR(s.wavelengthUm[0], 0.6, 1e-9);
    EXPECT_NEAR(s.wavelengthUm[1], 0.9, 1e-9);
    EXPECT_NEAR(s.wavelengthUm[2], 1.4, 1e-9);
    EXPECT_NEAR(s.value[2], 5200e-6, 1e-15);
  }
}

TEST(SpectrumTable, UnitsThatNothingStatesAreTakenOnlyWhereOneFits) {
  const std::string rows = "1.0,0.0030,0.0001\n1.5,0.0031,0.0001\n2.0,0.0029,0.0001\n";
  const planet::Import import = importText("wavelength,depth,error\n" + rows);
  EXPECT_NEAR(import.planet.spectra[0].value[0], 0.0030, 1e-12);
  EXPECT_TRUE(says(import, "units.depth"));
  EXPECT_TRUE(says(import, "units.wavelength"));
  // 0.015 may be a fraction or a percentage; 6000 to 14000 may be Angstrom or nm.
  const std::string depth = refusalOf("wavelength (um),depth\n1.0,0.015\n1.5,0.016\n2.0,0.015\n");
  EXPECT_NE(depth.find("--set units.depth=1 "), std::string::npos) << depth;
  EXPECT_NE(depth.find("or --set units.depth=percent"), std::string::npos) << depth;
  const std::string wave = refusalOf("wavelength,depth (ppm)\n6000,5000\n9000,5000\n14000,5000\n");
  EXPECT_NE(wave.find("--set units.wavelength=nm"), std::string::npos) << wave;
  EXPECT_NE(wave.find("or --set units.wavelength=Angstrom"), std::string::npos) << wave;
}

TEST(SpectrumTable, UnitsInColumnNamesAreReadAndReported) {
  for (const char* head : {"wavelength_um,depth_ppm,err_ppm", "waveUm,depthPPM,err_ppm", "wl-micron,depth.ppm,err_ppm",
                           "lambda_Microns,transit_depth_ppm,err_ppm", "WAVELENGTH_UM,DEPTH_PPM,ERR_PPM"}) {
    SCOPED_TRACE(head);
    const planet::Import import = importText(std::string(head) + "\n1.0,5000,10\n1.5,5100,10\n2.0,5000,10\n");
    EXPECT_NEAR(import.planet.spectra[0].wavelengthUm[1], 1.5, 1e-12);
    EXPECT_NEAR(import.planet.spectra[0].value[1], 5100e-6, 1e-15);
    EXPECT_NEAR(import.planet.spectra[0].sigmaLower[1], 10e-6, 1e-15);
    EXPECT_TRUE(says(import, "the unit is from the column name"));
  }
  // 6000 to 14000 could be Angstrom or nm, 1.5 a percentage or (as 0.015) a fraction: here the names settle it.
  const planet::Import import = importText(
      "wavelength_nm,wave_err_um,depth_percent,err_ppm\n6000,0.05,1.5,10\n6100,0.05,1.5,20\n6200,0.05,1.5,20\n");
  EXPECT_NEAR(import.planet.spectra[0].lowerEdgeUm[0], 5.95, 1e-12);
  EXPECT_NEAR(import.planet.spectra[0].value[0], 0.015, 1e-15);
  EXPECT_NEAR(import.planet.spectra[0].sigmaUpper[1], 20e-6, 1e-15);
  for (const char* head : {"Wave[micron] Depth[ppm]", "Wave[Microns] Depth[PPM]", "wavelength/um depth/ppm"}) {
    const planet::Spectrum s = importText(std::string(head) + "\n1.0 5000\n1.5 5100\n").planet.spectra[0];
    EXPECT_NEAR(s.value[1], 5100e-6, 1e-15) << head;
  }
}

TEST(SpectrumTable, UnitsInColumnNamesThatCannotBeTrueNeedTheOption) {
  const std::string table = "wavelength_um (nm),depth_ppm\n6000,5000\n9000,5000\n14000,5000\n";
  EXPECT_NE(refusalOf(table).find("'um' and 'nm'"), std::string::npos) << refusalOf(table);
  EXPECT_NE(refusalOf(table).find("--set units.wavelength="), std::string::npos);
  EXPECT_NEAR(importText(table, {{{"units.wavelength", "nm"}}}).planet.spectra[0].wavelengthUm[0], 6.0, 1e-12);
  const std::string wrong = refusalOf("wavelength_um,depth_ppm\n0.0010,5000\n0.0020,5000\n");
  EXPECT_NE(wrong.find("--set units.wavelength=mm"), std::string::npos) << wrong;
  // One letter may be anything.
  const std::string letter = refusalOf("wavelength_m,depth_ppm\n6000,5000\n9000,5000\n14000,5000\n");
  EXPECT_NE(letter.find("units.wavelength=nm"), std::string::npos) << letter;
}

TEST(SpectrumTable, SpellingsOfOnePlanetGiveOneNameAndOneSystem) {
  const std::string table = "wavelength (um),depth (ppm),error (ppm)\n1.0,5000,10\n1.5,5100,10\n";
  const planet::Planet first = importText(table, {}, "WASP-39b_x.csv").planet;
  EXPECT_EQ(first.name, "WASP-39 b");
  EXPECT_FALSE(first.systemKey.empty());
  for (const char* name : {"wasp-39-b", "wasp39b", "WASP_039 b"}) {
    const planet::Planet other = importText("# target: " + std::string(name) + "\n" + table).planet;
    EXPECT_EQ(other.name, first.name) << name;
    EXPECT_EQ(other.aliases, std::vector<std::string>{name});
    EXPECT_EQ(other.systemKey, first.systemKey) << name;
    EXPECT_EQ(planet::idFromName(other.name), "wasp-39-b");
  }
  EXPECT_NE(importText(table, {{{"planet", "WASP-39 c"}}}).planet.systemKey, first.systemKey);
  EXPECT_NE(importText(table, {}, "one.csv").planet.systemKey, importText(table, {}, "two.csv").planet.systemKey);
}

TEST(SpectrumTable, OnlyConversionsThatWereMadeAreTold) {
  const std::string rows = "1.0,0.005\n1.5,0.005\n";
  EXPECT_EQ(importText("wavelength (um),depth (1)\n" + rows).provenance.conversions, "");
  EXPECT_EQ(importText("wavelength (um),depth (ppm)\n1.0,5000\n1.5,5000\n").provenance.conversions,
            "values from ppm to fraction");
}

TEST(SpectrumTable, OptionSettlesAUnitAndTwoValuesGiveTwoOutcomes) {
  const std::string table = "wavelength (um),depth\n1.0,0.015\n1.5,0.015\n2.0,0.015\n";
  EXPECT_NEAR(importText(table, {{{"units.depth", "1"}}}).planet.spectra[0].value[0], 0.015, 1e-12);
  EXPECT_NEAR(importText(table, {{{"units.depth", "percent"}}}).planet.spectra[0].value[0], 0.00015, 1e-12);
  const planet::Import against =
      importText("wavelength (um),depth (ppm)\n1.0,1.5\n1.5,1.5\n2.0,1.5\n", {{{"units.depth", "percent"}}});
  EXPECT_NEAR(against.planet.spectra[0].value[0], 0.015, 1e-12);
  EXPECT_TRUE(says(against, "not in the file's ppm"));
  // An uncertainty that states the same unit as the values is corrected with them, one with a unit of its own is not.
  const std::string rows = "1.0,1.5,0.2\n1.5,1.5,0.2\n2.0,1.5,0.2\n";
  const auto sigma = [&](const std::string& head) {
    return importText(head + rows, {{{"units.depth", "percent"}}}).planet.spectra[0].sigmaLower[0];
  };
  EXPECT_NEAR(sigma("wavelength (um),depth (ppm),error (ppm)\n"), 0.002, 1e-15);
  EXPECT_NEAR(sigma("wavelength (um),depth (1),error (ppm)\n"), 0.2e-6, 1e-15);
  EXPECT_NE(refusalOf(table, {{{"units.depth", "parsec"}}}).find("unit"), std::string::npos);
}

TEST(SpectrumTable, StatedUnitsThatCannotBeTrueAreRefusedWithTheOneThatCould) {
  const std::string wave = refusalOf("wavelength (um),depth (ppm)\n0.0010,5000\n0.0015,5000\n0.0020,5000\n");
  EXPECT_NE(wave.find("--set units.wavelength=mm (1 to 2 um)"), std::string::npos) << wave;
  const std::string depth = refusalOf("wavelength (um),depth (ppm)\n1.0,0.005\n1.5,0.005\n2.0,0.005\n");
  EXPECT_NE(depth.find("units.depth=1 (median 0.005)"), std::string::npos) << depth;
  EXPECT_NE(refusalOf("wavelength (um),depth\n1.0,2.5\n1.5,2.5\n", {{{"units.depth", "1"}}}).find("outside"),
            std::string::npos);
}

TEST(SpectrumTable, EcsvUnitsAndAsymmetricErrorsAreRead) {
  const planet::Import import = importText(
      "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: wave, unit: mm, datatype: float64}\n"
      "# - {name: waveMin, unit: mm, datatype: float64}\n# - {name: waveMax, unit: mm,\n#    datatype: float64}\n"
      "# - {name: yval, unit: '%', datatype: float64}\n# - {name: yerrLow, unit: ppm, datatype: float64}\n"
      "# - {name: yerrUpp, unit: ppm, datatype: float64}\n# delimiter: ','\n# meta: !!omap\n"
      "# - {ylabel: 'Transit Depth'}\n"
      "wave,waveMin,waveMax,yval,yerrLow,yerrUpp\n0.001,0.0009,0.0012,0.5,10,20\n0.0015,0.0012,0.0018,0.6,30,40\n");
  const planet::Spectrum& s = import.planet.spectra.at(0);
  EXPECT_NEAR(s.lowerEdgeUm[0], 0.9, 1e-12);
  EXPECT_NEAR(s.upperEdgeUm[0], 1.2, 1e-12);
  EXPECT_NEAR(s.value[1], 0.006, 1e-12);
  EXPECT_NEAR(s.sigmaLower[0], 10e-6, 1e-15);
  EXPECT_NEAR(s.sigmaUpper[1], 40e-6, 1e-15);
  EXPECT_FALSE(says(import, "transit depth"));
}

TEST(SpectrumTable, InstrumentsAndOrdersBecomeSpectraOfOnePlanet) {
  const planet::Import import = importText(
      "wl (um) depth (ppm) instrument order\n1.0 5000 red 1\n1.1 5000 red 1\n1.0 5100 red 2\n1.2 5100 red 2\n"
      "1.0 5200 blue 1\n1.3 5200 blue 1\n",
      {}, "K2-18b_x.txt");
  ASSERT_EQ(import.planet.spectra.size(), 3U);
  EXPECT_EQ(import.planet.spectra[1].instrument, "red order 2");
  EXPECT_EQ(import.planet.name, "K2-18 b");
  EXPECT_EQ(import.planet.origin, planet::Origin::kOther);  // without uncertainties it is no observation
}

TEST(SpectrumTable, FlaggedAndNanRowsAreLeftOutAndCounted) {
  const std::string table =
      "wave (um),dppm,dppm_err,quality\n1.0,5000,10,0\n1.1,9000,10,1\n1.2,nan,nan,0\n1.3,5100,10,0\n1.4,5200,10,0\n";
  const planet::Import import = importText(table);
  EXPECT_EQ(import.planet.spectra[0].size(), 3U);
  EXPECT_TRUE(says(import, "1 row left out: their quality"));
  EXPECT_TRUE(says(import, "nan (lines 4 to 4)"));
  EXPECT_EQ(importText(table + "1.5,,10,0\n").planet.spectra[0].size(), 3U);  // an empty cell is nan too
  EXPECT_EQ(importText(table, {{{"flagged", "keep"}}}).planet.spectra[0].size(), 4U);
}

TEST(SpectrumTable, BinWidthsAreHalfOrFullAsTheBinsTouch) {
  const auto table = [](double width) {
    std::string text = "wave (um),wave_error,dppm,dppm_err\n";
    for (int i = 0; i < 5; ++i) {
      text += std::to_string(1.0 + 0.1 * i) + "," + std::to_string(width) + ",5000,10\n";
    }
    return text;
  };
  EXPECT_NEAR(importText(table(0.05)).planet.spectra[0].lowerEdgeUm[0], 0.95, 1e-9);
  EXPECT_NEAR(importText(table(0.1)).planet.spectra[0].lowerEdgeUm[0], 0.95, 1e-9);
  EXPECT_NE(refusalOf(table(0.02)).find("--set bins=half or --set bins=full"), std::string::npos);
  EXPECT_NEAR(importText(table(0.02), {{{"bins", "full"}}}).planet.spectra[0].lowerEdgeUm[0], 0.99, 1e-9);
  EXPECT_NEAR(importText(table(0.02), {{{"bins", "half"}}}).planet.spectra[0].lowerEdgeUm[0], 0.98, 1e-9);
}

TEST(SpectrumTable, SeveralQuantitiesNeedAChoice) {
  const std::string table =
      "wavelength (um) Fp_med Fp_err RpRs_med RpRs_err\n5.0 0.0005 1e-5 0.1 0.001\n6.0 0.0006 1e-5 0.1 0.002\n";
  EXPECT_NE(refusalOf(table).find("columns.depth=RpRs_med"), std::string::npos) << refusalOf(table);
  const planet::Spectrum transit = importText(table, {{{"columns.depth", "RpRs_med"}}}).planet.spectra[0];
  EXPECT_EQ(transit.kind, planet::SpectrumKind::kTransmission);
  EXPECT_NEAR(transit.sigmaLower[1], 0.0004, 1e-12);
  const planet::Spectrum emission = importText(table, {{{"columns.depth", "Fp_med"}}}).planet.spectra[0];
  EXPECT_EQ(emission.kind, planet::SpectrumKind::kEmission);
  EXPECT_NEAR(emission.value[1], 0.0006, 1e-12);
}

TEST(SpectrumTable, TheErrorsOfOneQuantityAreNotThoseOfAnotherColumnChosen) {
  const std::string table =
      "wavelength (um),depth (ppm),depth_err (ppm),model (ppm)\n1.0,5000,10,5010\n1.5,5100,10,5110\n";
  const planet::Import model = importText(table, {{{"columns.depth", "model"}}});
  EXPECT_NEAR(model.planet.spectra[0].value[0], 5010e-6, 1e-15);
  EXPECT_TRUE(model.planet.spectra[0].sigmaLower.empty());
  EXPECT_EQ(model.planet.origin, planet::Origin::kOther);
  EXPECT_NEAR(importText(table).planet.spectra[0].sigmaLower[0], 10e-6, 1e-15);
  // Where no other column is a quantity by its name, the uncertainties can only be the chosen one's.
  const planet::Import only =
      importText("wavelength (um),signal (ppm),err (ppm)\n1.0,5000,10\n1.5,5100,10\n", {{{"columns.depth", "signal"}}});
  EXPECT_NEAR(only.planet.spectra[0].sigmaLower[0], 10e-6, 1e-15);
}

TEST(SpectrumTable, SemicolonsSeparateColumnsAndDecimalCommasAreNoNumbers) {
  const planet::Spectrum s = importText("wavelength (um);depth (ppm)\n1.0;5000\n1.5;5100\n").planet.spectra[0];
  EXPECT_NEAR(s.value[1], 5100e-6, 1e-15);
  for (const char* table :
       {"wavelength (um);depth (ppm)\n1,0;5000\n1,5;5100\n", "wavelength (um);depth (ppm)\n1,0;5000,5\n1,5;5100,5\n",
        "wavelength\tdepth\n1\t0,0211\n1,5\t0,0212\n", "wavelength depth\n1,0 0,0211\n1,5 0,0212\n"}) {
    const std::string message = refusalOf(table);
    EXPECT_NE(message.find("line 2"), std::string::npos) << message;
    EXPECT_NE(message.find("sed 's/,/./g'"), std::string::npos) << message;
  }
  const std::string later = refusalOf("wavelength (um);depth (ppm)\n1;5000\n1,5;5100\n");
  EXPECT_NE(later.find("line 3, column 1"), std::string::npos) << later;
  EXPECT_NE(later.find("decimal commas are not read"), std::string::npos) << later;
}

TEST(SpectrumTable, ExponentsOfFortranAreRead) {
  const planet::Spectrum s =
      importText("wavelength depth error\n1.5D+00 2.1d-02 5.0D-05\n2.5D0 2.2D-2 5.D-05\n", {{{"units.depth", "1"}}})
          .planet.spectra[0];
  EXPECT_EQ(s.wavelengthUm, (std::vector<double>{1.5, 2.5}));
  EXPECT_EQ(s.value, (std::vector<double>{0.021, 0.022}));
  for (const char* word : {"2D", "2d5", "1.0D", "1.0D+", "1.0D+0x", "D+5", ".D+5"}) {
    EXPECT_FALSE(formats::parseNumber(word)) << word;
  }
}

TEST(SpectrumTable, EdgesOfOtherNamesAreTakenAsTheAdviceSays) {
  const std::string table = "bin_lo,bin_hi,depth\n0.9,1.1,0.02\n1.1,1.3,0.021\n";
  const std::string advice =
      "--set format=spectrum_table --set columns.wavelength=NAME, or --set columns.lower_edge=NAME --set "
      "columns.upper_edge=NAME";
  EXPECT_NE(refusalOf(table).find(advice), std::string::npos) << refusalOf(table);
  const planet::Import import = importText(table, {{{"format", "spectrum_table"},
                                                    {"columns.lower_edge", "bin_lo"},
                                                    {"columns.upper_edge", "bin_hi"},
                                                    {"units.depth", "1"}}});
  EXPECT_NEAR(import.planet.spectra.at(0).wavelengthUm.at(1), 1.2, 1e-12);
}

TEST(SpectrumTable, ColumnsOfOneNameAreToldApartByTheirNumber) {
  const std::string table = "wavelength (um),depth (ppm),depth (ppm)\n1.0,5000,6000\n1.5,5100,6100\n";
  EXPECT_NE(refusalOf(table).find("--set columns.depth=2"), std::string::npos) << refusalOf(table);
  EXPECT_NEAR(importText(table, {{{"columns.depth", "3"}}}).planet.spectra[0].value[0], 6000e-6, 1e-15);
}

TEST(SpectrumTable, SeveralWavelengthsNeedAChoice) {
  const std::string table = "wavelength (um),wavelength (um),depth (ppm)\n1.0,2.0,5000\n1.5,2.5,5000\n";
  EXPECT_NE(refusalOf(table).find("--set columns.wavelength=1"), std::string::npos) << refusalOf(table);
  EXPECT_NEAR(importText(table, {{{"columns.wavelength", "2"}}}).planet.spectra[0].wavelengthUm[0], 2.0, 1e-12);
}

TEST(SpectrumTable, TablesWithoutHeaderNeedColumnsAndUnits) {
  const std::string table = "5.0 0.0105 20e-6\n4.9 0.0106 20e-6\n4.8 0.0104 20e-6\n";
  const std::string message = refusalOf(table);
  // An option takes one pair.
  for (const char* words : {"--set columns.wavelength=1", "--set columns.depth=2", "--set columns.error=3",
                            "--set units.wavelength=um", "--set units.depth="}) {
    EXPECT_NE(message.find(words), std::string::npos) << message;
  }
  const planet::Import import = importText(table, {{{"columns.wavelength", "1"},
                                                    {"columns.depth", "2"},
                                                    {"columns.error", "3"},
                                                    {"units.wavelength", "um"},
                                                    {"units.depth", "1"}}});
  EXPECT_NEAR(import.planet.spectra[0].value[0], 0.0104, 1e-12);
  EXPECT_NEAR(import.planet.spectra[0].sigmaUpper[0], 20e-6, 1e-15);
}

TEST(SpectrumTable, DamagedTablesAreRefusedWithTheirLine) {
  const std::string head = "wavelength (um),depth (ppm),error (ppm)\n1.0,5000,10\n";
  EXPECT_NE(refusalOf(head + "1.1,5000\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusalOf(head + "1.1,fifty,10\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusalOf(head + "1.1,inf,10\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusalOf(head + "1.1,5000,-10\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusalOf(head + "1.1,5000,1e30\n").find("line 3: the uncertainty is larger"), std::string::npos);
  EXPECT_NE(refusalOf(head + ",5000,10\n").find("line 3, column 1: a wavelength is not a positive number: found ''"),
            std::string::npos);
  EXPECT_NE(refusalOf(head + "1.0,5000,10\n").find("same wavelength"), std::string::npos);
  EXPECT_NE(
      refusalOf(head + "-1.1,5000,10\n").find("line 3, column 1: a wavelength is not a positive number: found '-1.1'"),
      std::string::npos);
  EXPECT_NE(refusalOf(head + "nan,5000,10\n"), "");
  EXPECT_NE(refusalOf("wavelength (um),depth (ppm)\n"), "");
  EXPECT_NE(refusalOf("wavelength (um),depth (ppm)\n1.0,nan\n"), "");
  EXPECT_NE(refusalOf(""), "");
  EXPECT_NE(refusalOf(std::string(1000, '\0')), "");
}

TEST(SpectrumTable, EveryCutInsideTheLastNumberIsReportedWhereItIsTaken) {
  const std::string head = "wavelength (um) \t depth (ppm) \t error (ppm) \n1.0 \t 5000.0 \t 10.5 \n";
  const std::string whole = head + "1.1 \t 5100.0 \t 117.1 \n";
  constexpr const char* kReport = "the last line has no line end: its last number may be cut (line 3: '";
  for (const char* last : {"1", "11", "117", "117.", "117.1"}) {
    const std::string cut = whole.substr(0, whole.rfind("117.1")) + last;
    EXPECT_TRUE(says(importText(cut), kReport + std::string(last) + "')")) << last;
  }
  // A blank behind the number shows its end; a word, a remark or a quoted cell at the end is no cut number.
  for (const std::string& sound :
       {whole, whole.substr(0, whole.size() - 1), whole + "# made by hand", whole + " \t",
        std::string("wavelength (um),depth (ppm),instrument\n1.0,5000,NIRSpec\n1.1,5100,NIRSpec"),
        std::string("wavelength (um),depth (ppm)\n1.0,5000\n1.1,\"5100\""),
        std::string("wavelength (um),depth (ppm)\r1.0,5000\r1.1,5100\r")}) {
    EXPECT_FALSE(says(importText(sound), "no line end")) << sound;
  }
}

TEST(SpectrumTable, EveryCutOfAFileIsReadOrRefusedWithAMessage) {
  const std::string whole = readFile("tests/data/formats/fixtures/cut.spec");
  std::size_t refused = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    try {
      planet::validate(importText(whole.substr(0, size), {}, "cut.spec").planet);
    } catch (const Error& error) {
      EXPECT_FALSE(error.failure().empty());
      ++refused;
    }
  }
  EXPECT_GT(refused, whole.size() / 2);
}

TEST(PlanetName, IsFoundInFileNamesAsAuthorsWriteThem) {
  const std::vector<std::pair<std::string, std::string>> names{{"TRAPPIST-1e_JWST_PRISM_visit1", "TRAPPIST-1 e"},
                                                               {"K2-18b_niriss_soss_lowres", "K2-18 b"},
                                                               {"CMADF-WASP_39b_NIRISS_R300", "WASP-39 b"},
                                                               {"obs_wasp39b_transit_jwst", "WASP-39 b"},
                                                               {"wasp-39-b", "WASP-39 b"},
                                                               {"GJ1214b_miri", "GJ 1214 b"},
                                                               {"HAT-P-11b", "HAT-P-11 b"},
                                                               {"jwst_HD_41004_B_b_x", "HD 41004 B b"},
                                                               {"GJ667Cc_spec", "GJ 667 C c"},
                                                               {"Kepler-16AB_b", "Kepler-16 b"},
                                                               {"KOI-94.01_depths", "KOI-94.01"},
                                                               {"L98-59c_x", "L98-59 c"}};
  for (const auto& [text, name] : names) EXPECT_EQ(formats::planetNameIn(text), name) << text;
  for (const char* text : {"earth_avg_hitran2012_300_100000cm", "visit1_order2", "spectrum", "R300", ""}) {
    EXPECT_EQ(formats::planetNameIn(text), std::nullopt) << text;
  }
}

}  // namespace
