// SPDX-License-Identifier: Apache-2.0
// Wavenumbers, frequencies, fluxes, reflectances and parts of a table. Truth: arithmetic by hand.
#include <gtest/gtest.h>

#include <map>

#include "data/base/error.h"
#include "data/formats/spectra/flux_unit.h"
#include "tests/support/import_text.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::SpectrumKind;
using test::importText;
using test::refusalOf;
using test::says;

TEST(SpectrumAxis, WavenumbersBecomeWavelengthsWithTheirBins) {
  // 2000 +- 100 cm-1 is 5 um, from 1e4 / 2100 to 1e4 / 1900 um.
  const planet::Spectrum s = importText(
                                 "wavenumber (cm-1),half width (cm-1),depth (ppm),error (ppm)\n"
                                 "2000,100,5000,10\n2200,100,5100,20\n")
                                 .planet.spectra.at(0);
  ASSERT_EQ(s.size(), 2U);
  EXPECT_NEAR(s.wavelengthUm[1], 5.0, 1e-12);
  EXPECT_NEAR(s.lowerEdgeUm[1], 1e4 / 2100.0, 1e-12);
  EXPECT_NEAR(s.upperEdgeUm[1], 1e4 / 1900.0, 1e-12);
  EXPECT_NEAR(s.value[0], 5100e-6, 1e-15);
  EXPECT_NEAR(s.sigmaLower[0], 20e-6, 1e-15);
}

TEST(SpectrumAxis, EdgesInFrequenciesSwapSides) {
  // c / 100 THz = 2.99792458 um
  const planet::Spectrum s =
      importText("freq_min (THz),freq_max (THz),freq (THz),depth (ppm)\n90,110,100,5000\n110,130,120,5100\n")
          .planet.spectra.at(0);
  EXPECT_NEAR(s.wavelengthUm[1], 2.99792458, 1e-12);
  EXPECT_NEAR(s.lowerEdgeUm[1], 299.792458 / 110.0, 1e-12);
  EXPECT_NEAR(s.upperEdgeUm[1], 299.792458 / 90.0, 1e-12);
}

TEST(SpectrumAxis, OfWavelengthsAndWavenumbersTheWavelengthsAreTaken) {
  const planet::Import import =
      importText("wavelength (um),wavenumber (cm-1),depth (ppm)\n1.0,10000,5000\n2.0,5000,5100\n");
  EXPECT_NEAR(import.planet.spectra.at(0).wavelengthUm[1], 2.0, 1e-15);
}

TEST(SpectrumAxis, TheColumnThatIsChosenSaysWhetherItHoldsWavenumbers) {
  const std::string table =
      "wavelength_um,wavenumber,wn_low,wn_high,transit depth (ppm),error (ppm)\n"
      "20,500,450,550,21000,50\n10,1000,900,1100,21100,50\n";
  const planet::Import import = importText(table, {{{"columns.wavelength", "wavenumber"}}});
  const planet::Spectrum& s = import.planet.spectra.at(0);
  EXPECT_NEAR(s.wavelengthUm[0], 10.0, 1e-12);
  EXPECT_NEAR(s.wavelengthUm[1], 20.0, 1e-12);
  EXPECT_NEAR(s.lowerEdgeUm[0], 1e4 / 1100.0, 1e-12);
  EXPECT_NEAR(s.upperEdgeUm[0], 1e4 / 900.0, 1e-12);
  EXPECT_TRUE(says(import, "cm-1"));
  // By edges alone too, and never both kinds together.
  const std::string edges = "wavelength_um,wn_low,wn_high,depth (ppm)\n20,450,550,21000\n10,900,1100,21100\n";
  const planet::Spectrum byEdges =
      importText(edges, {{{"columns.lower_edge", "wn_low"}, {"columns.upper_edge", "wn_high"}}}).planet.spectra.at(0);
  EXPECT_NEAR(byEdges.upperEdgeUm[0], 1e4 / 900.0, 1e-12);
  const std::string mixed =
      refusalOf(edges, {{{"columns.wavelength", "wavelength_um"}, {"columns.lower_edge", "wn_low"}}});
  EXPECT_NE(mixed.find("mixed"), std::string::npos) << mixed;
}

TEST(SpectrumAxis, BinsThatAreToldTowardsOneSideOnlyAreRefused) {
  for (const auto& [name, option] : std::map<std::string, std::string>{{"wave_low", "columns.upper_edge"},
                                                                       {"wave_high", "columns.lower_edge"},
                                                                       {"bin_low", "columns.half_width"}}) {
    const std::string message =
        refusalOf("wavelength (um)," + name + ",depth (ppm),error (ppm)\n1.0,0.1,21000,50\n1.2,0.2,21100,60\n");
    EXPECT_NE(message.find("towards one side only"), std::string::npos) << name << ": " << message;
    EXPECT_NE(message.find("--set " + option + "="), std::string::npos) << name << ": " << message;
    EXPECT_NE(message.find("column " + name), std::string::npos) << name << ": " << message;
  }
}

TEST(SpectrumAxis, WavenumbersWithoutAUnitAreAskedForWhereTwoFit) {
  const planet::Import import = importText("wavenumber,depth (ppm)\n2000,5000\n2500,5100\n");
  EXPECT_NEAR(import.planet.spectra.at(0).wavelengthUm[0], 4.0, 1e-12);
  EXPECT_TRUE(says(import, "only cm-1"));
  const std::string both =
      refusalOf("wavenumber,depth (ppm)\n30000,5000\n90000,5100\n", {{{"kind", "stellar_flux"}, {"units.depth", "1"}}});
  EXPECT_NE(both.find("units.wavelength=cm-1"), std::string::npos) << both;
  EXPECT_NE(both.find("units.wavelength=m-1"), std::string::npos) << both;
}

TEST(SpectrumKinds, NamesTellWhatAValueIs) {
  const auto kindOf = [](const std::string& name) {
    return importText("wavelength (um)," + name + "\n1.0,0.3\n2.0,0.31\n", {{{"units.depth", "1"}}})
        .planet.spectra.at(0)
        .kind;
  };
  EXPECT_EQ(kindOf("albedo"), SpectrumKind::kGeometricAlbedo);
  EXPECT_EQ(kindOf("reflectance"), SpectrumKind::kReflectance);
  EXPECT_EQ(kindOf("stellar_flux"), SpectrumKind::kRelativeStellarFlux);
  EXPECT_EQ(kindOf("planet_flux"), SpectrumKind::kRelativePlanetFlux);
  EXPECT_EQ(kindOf("eclipse depth"), SpectrumKind::kEmission);
  EXPECT_EQ(kindOf("transit_depth"), SpectrumKind::kTransmission);
}

TEST(SpectrumKinds, ARatioOfFluxesIsNoFlux) {
  for (const char* name :
       {"planet_star_flux_ratio", "flux ratio planet/stellar planet stellar", "starPlanetFluxRatio"}) {
    const planet::Import import = importText(
        std::string("wavelength (um),") + name + ",error\n5.0,1e-4,1e-5\n6.0,1.2e-4,1e-5\n", {{{"units.depth", "1"}}});
    EXPECT_EQ(import.planet.spectra.at(0).kind, SpectrumKind::kEmission) << name;
  }
  // Of what to what these do not say.
  for (const char* name : {"stellar flux ratio", "planet_flux_ratio", "flux_ratio", "planet_star_flux"}) {
    const std::string message = refusalOf(std::string("wavelength (um),") + name + "\n1.0,0.02\n1.1,0.01\n");
    EXPECT_NE(message.find("--set kind=emission"), std::string::npos) << name << ": " << message;
  }
}

TEST(SpectrumKinds, AFluxIsAskedForAndIsNoRatio) {
  const std::string table = "wavelength (um),flux [W/m2/um]\n1.0,3e-14\n2.0,4e-14\n";
  EXPECT_NE(refusalOf(table).find("--set kind=planet_flux"), std::string::npos) << refusalOf(table);
  const std::string emission = refusalOf(table, {{{"kind", "emission"}, {"units.depth", "W/m2/um"}}});
  EXPECT_NE(emission.find("a flux is no ratio"), std::string::npos) << emission;
  const planet::Spectrum s =
      importText(table, {{{"kind", "planet_flux"}, {"units.depth", "W/m2/um"}}}).planet.spectra.at(0);
  EXPECT_EQ(s.value, (std::vector<double>{3e-14, 4e-14}));
  EXPECT_EQ(s.kind, SpectrumKind::kPlanetFlux);
  const planet::Import erg =
      importText("wavelength (um),planet_flux\n1.0,3\n2.0,4\n", {{{"units.depth", "erg/s/cm2/A"}}});
  EXPECT_NEAR(erg.planet.spectra.at(0).value[1], 40.0, 1e-12);
  EXPECT_NE(erg.provenance.conversions.find("fluxes from erg/s/cm2/A to W m-2 um-1"), std::string::npos);
}

TEST(SpectrumKinds, UnitsOfFluxAtTheEndsOfNamesAreReadAndReported) {
  const std::string table = "wavelength_um,flux_Jy,err_Jy\n1.0,5,0.1\n2.0,4,0.1\n";
  const planet::Import import = importText(table, {{{"kind", "stellar_flux"}}});
  // F c / lambda^2: 5e-26 * 299792458 / 1e-12 W m-3, a millionth of it for each um.
  EXPECT_NEAR(import.planet.spectra.at(0).value.at(0), 5e-26 * 299792458.0 / 1e-12 * 1e-6, 1e-22);
  EXPECT_NEAR(import.planet.spectra.at(0).sigmaLower.at(0) / import.planet.spectra.at(0).value.at(0), 0.02, 1e-12);
  EXPECT_TRUE(test::says(import, "flux_Jy in Jy: the unit is from the column name"));
  EXPECT_FALSE(formats::fluxUnitInName("flux_ratio"));
  EXPECT_EQ(formats::fluxUnitInName("flux_W/m2/um"), "W/m2/um");
}

TEST(SpectrumKinds, UnitsOfFluxInBracketsAreTheHeaders) {
  for (const char* unit : {"[W/m2/um]", "(W/(m2 um))", "[W m-2 um-1]"}) {
    const planet::Import import = importText(std::string("wavelength (um),planet_flux ") + unit + ",planet_flux_err " +
                                             unit + "\n1.0,3,1\n2.0,4,1\n");
    EXPECT_EQ(import.planet.spectra.at(0).value, (std::vector<double>{3.0, 4.0})) << unit;
    EXPECT_EQ(import.planet.spectra.at(0).sigmaLower, (std::vector<double>{1.0, 1.0})) << unit;
  }
}

TEST(SpectrumKinds, UncertaintiesOfFluxesAreFluxes) {
  const auto sigma = [&](const std::string& unit) {
    const planet::Spectrum s = importText(
                                   "# %ECSV 1.0\n# ---\n# datatype:\n"
                                   "# - {name: wavelength, unit: um, datatype: float64}\n"
                                   "# - {name: planet_flux, unit: mJy, datatype: float64}\n"
                                   "# - {name: planet_flux_err, unit: '" +
                                   unit +
                                   "', datatype: float64}\n"
                                   "wavelength planet_flux planet_flux_err\n1.0 3 2\n2.0 4 2\n")
                                   .planet.spectra.at(0);
    return s.sigmaLower[0] / s.value[0];
  };
  EXPECT_NEAR(sigma("mJy"), 2.0 / 3.0, 1e-12);
  EXPECT_NEAR(sigma("uJy"), 2e-3 / 3.0, 1e-12);
  EXPECT_THROW(sigma("%"), Error);
}

TEST(SpectrumKinds, FluxesPerFrequencyOfBinsWithoutCentresAreConvertedAtTheMiddle) {
  // F_lambda = F_nu c / lambda^2 at the wavelength that is kept.
  const std::string rows = "1.0,3.0,5,1\n3.0,5.0,6,2\n";
  const planet::Spectrum s =
      importText("wave_min (um),wave_max (um),planet_flux [Jy],planet_flux_err [Jy]\n" + rows).planet.spectra.at(0);
  ASSERT_EQ(s.wavelengthUm, (std::vector<double>{2.0, 4.0}));
  const auto wm2um = [](double jansky, double um) { return jansky * 1e-26 * 299792458.0 / (um * um) * 1e6; };
  EXPECT_NEAR(s.value[0] / wm2um(5.0, 2.0), 1.0, 1e-12);
  EXPECT_NEAR(s.value[1] / wm2um(6.0, 4.0), 1.0, 1e-12);
  EXPECT_NEAR(s.sigmaLower[1] / wm2um(2.0, 4.0), 1.0, 1e-12);
}

TEST(SpectrumKinds, ARelativeFluxHasNoUnit) {
  const std::string table = "wavelength (um),flux [W/m2/um]\n1.0,3\n2.0,4\n";
  const std::string said = refusalOf(table, {{{"kind", "relative_stellar_flux"}}});
  EXPECT_NE(said.find("a relative flux has no unit: found 'W/m2/um'"), std::string::npos) << said;
  const planet::Import import = importText(table, {{{"kind", "relative_stellar_flux"}, {"units.depth", "1"}}});
  EXPECT_EQ(import.planet.spectra.at(0).kind, SpectrumKind::kRelativeStellarFlux);
}

TEST(SpectrumKinds, AMinimumOfTheWavelengthIsNoMinute) {
  const planet::Import import =
      importText("wavelength min,wavelength max,transit depth (ppm)\n1.0,1.1,5000\n1.1,1.2,5010\n1.2,1.3,5000\n");
  EXPECT_EQ(import.planet.spectra.at(0).lowerEdgeUm, (std::vector<double>{1.0, 1.1, 1.2}));
  EXPECT_EQ(import.planet.spectra.at(0).upperEdgeUm, (std::vector<double>{1.1, 1.2, 1.3}));
}

TEST(SpectrumPart, RowsOutsideTheWavelengthsAskedForAreLeftOut) {
  const std::string table = "wavelength (um),albedo (1)\n0.8,-0.1\n1.0,0.3\n2.0,0.31\n6.0,1293\n160.0,5\n";
  const std::string whole = refusalOf(table);
  EXPECT_NE(whole.find("--set wavelengths=FROM..TO"), std::string::npos) << whole;
  const planet::Import part = importText(table, {{{"wavelengths", "0.9..5"}}});
  EXPECT_EQ(part.planet.spectra.at(0).size(), 2U);
  EXPECT_TRUE(says(part, "3 rows left out: outside 0.9..5 um"));
  EXPECT_EQ(importText(table, {{{"wavelengths", "..5"}, {"kind", "stellar_flux"}}}).planet.spectra.at(0).size(), 3U);
  for (const char* wrong : {"5", "5..1", "a..b"}) {
    EXPECT_NE(refusalOf(table, {{{"wavelengths", wrong}}}).find("no range of wavelengths"), std::string::npos) << wrong;
  }
  const std::string unit = refusalOf("wavelength,albedo (1)\n1.0,0.3\n2.0,0.3\n", {{{"wavelengths", "1..2"}}});
  EXPECT_NE(unit.find("--set units.wavelength=um"), std::string::npos) << unit;
}

TEST(SpectrumKinds, PassFromTheChildAsTheyAre) {
  for (std::size_t k = 0; k < planet::kSpectrumKinds; ++k) {
    const std::string kind(planet::name(static_cast<SpectrumKind>(k)));
    const planet::Import import = importText(
        "wavelength (um),depth\n1.0,0.01\n2.0,0.02\n",
        {{{"kind", kind}, {"units.depth", kind == "stellar_flux" || kind == "planet_flux" ? "W/m2/um" : "1"}}});
    const planet::Import passed = planet::decodeImport(planet::encode(import));
    EXPECT_EQ(passed, import) << kind;
    EXPECT_EQ(planet::name(passed.planet.spectra.at(0).kind), kind);
  }
}

TEST(SpectrumKinds, HeadersStateKindAndResolvingPower) {
  const planet::Import import =
      importText("# kind: emission\n# resolving_power: 100\nwavelength (um),depth (ppm)\n1.0,100\n2.0,110\n");
  EXPECT_EQ(import.planet.spectra.at(0).kind, SpectrumKind::kEmission);
  EXPECT_EQ(import.planet.spectra.at(0).resolvingPower, 100.0);
  EXPECT_NE(refusalOf("# resolving_power: none\nwavelength (um),depth (ppm)\n1.0,100\n2.0,110\n"), "");
}

}  // namespace
