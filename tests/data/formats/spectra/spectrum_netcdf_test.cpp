// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <netcdf.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/formats/registry.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using test::says;
using test::TempFolder;

/// A model spectrum of three points in `unit`, with a profile of its atmosphere.
void write(const std::filesystem::path& path, const char* valueName, const char* unit) {
  int file = 0, points = 0, levels = 0, wave = 0, value = 0, heat = 0;
  ASSERT_EQ(nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &file), NC_NOERR);
  nc_def_dim(file, "wavelength", 3, &points);
  nc_def_dim(file, "pressure", 2, &levels);
  nc_def_var(file, "wavelength", NC_DOUBLE, 1, &points, &wave);
  nc_def_var(file, valueName, NC_DOUBLE, 1, &points, &value);
  nc_def_var(file, "temperature", NC_DOUBLE, 1, &levels, &heat);
  nc_put_att_text(file, wave, "units", 6, "micron");
  nc_put_att_text(file, value, "units", std::string(unit).size(), unit);
  nc_put_att_text(file, NC_GLOBAL, "target", 9, "WASP-39 b");
  const std::array<double, 3> um{3.0, 2.5, 2.0}, depth{0.010, std::nan(""), 0.012};
  const std::array<double, 2> kelvin{200.0, 300.0};
  nc_put_var_double(file, wave, um.data());
  nc_put_var_double(file, value, depth.data());
  nc_put_var_double(file, heat, kelvin.data());
  ASSERT_EQ(nc_close(file), NC_NOERR);
}

TEST(SpectrumNetcdf, TheSpectrumIsTakenAndWhatIsLeftIsNamed) {
  const TempFolder folder;
  write(folder / "x.nc", "transit_depth", "(R_jup*R_jup)/(R_jup*R_jup)");
  const planet::Import import = formats::importFile(folder / "x.nc", {});
  const planet::Spectrum& s = import.planet.spectra.at(0);
  EXPECT_EQ(import.planet.name, "WASP-39 b");
  EXPECT_EQ(s.wavelengthUm, (std::vector<double>{2.0, 3.0}));
  EXPECT_EQ(s.value, (std::vector<double>{0.012, 0.010}));
  EXPECT_EQ(s.kind, planet::SpectrumKind::kTransmission);
  EXPECT_TRUE(says(import, "only the spectrum is taken: temperature along pressure"));
  EXPECT_TRUE(says(import, "1 row left out"));
}

/// The same with a variable more along the points.
template <class Add>
planet::Import withMore(const Add& add) {
  const TempFolder folder;
  write(folder / "x.nc", "transit_depth", "1");
  int file = 0, points = 0, levels = 0;
  nc_open((folder / "x.nc").c_str(), NC_WRITE, &file);
  nc_inq_dimid(file, "wavelength", &points);
  nc_inq_dimid(file, "pressure", &levels);
  nc_redef(file);
  add(file, points, levels);
  nc_close(file);
  return formats::importFile(folder / "x.nc", {});
}

/// Widths of the bins, which a single point cannot do without.
void addWidths(int file, int points) {
  int width = 0;
  nc_def_var(file, "wavelength_half_width", NC_DOUBLE, 1, &points, &width);
  nc_enddef(file);
  const std::array<double, 3> um{0.1, 0.1, 0.1};
  nc_put_var_double(file, width, um.data());
  nc_redef(file);
}

TEST(SpectrumNetcdf, TextAlongThePointsIsReadAsWords) {
  const planet::Import letters = withMore([](int file, int points, int) {
    addWidths(file, points);
    int length = 0, variable = 0;
    nc_def_dim(file, "letters", 8, &length);
    const std::array<int, 2> dimensions{points, length};
    nc_def_var(file, "instrument", NC_CHAR, 2, dimensions.data(), &variable);
    nc_enddef(file);
    const std::string words("NIRSpec\0NIRSpec\0MIRI\0\0\0\0", 24);
    nc_put_var_text(file, variable, words.data());
  });
  ASSERT_EQ(letters.planet.spectra.size(), 2U);
  EXPECT_EQ(letters.planet.spectra[0].instrument, "NIRSpec");
  EXPECT_EQ(letters.planet.spectra[0].wavelengthUm, std::vector<double>{3.0});  // that of 2.5 has no value
  EXPECT_EQ(letters.planet.spectra[1].instrument, "MIRI");
  EXPECT_EQ(letters.planet.spectra[1].wavelengthUm, std::vector<double>{2.0});
  const planet::Import texts = withMore([](int file, int points, int) {
    addWidths(file, points);
    int variable = 0;
    nc_def_var(file, "instrument", NC_STRING, 1, &points, &variable);
    nc_enddef(file);
    std::array<const char*, 3> words{"NIRSpec", "NIRSpec", "MIRI"};
    nc_put_var_string(file, variable, words.data());
  });
  EXPECT_EQ(texts.planet.spectra, letters.planet.spectra);
}

TEST(SpectrumNetcdf, ALetterForEachPointRefusesNothing) {
  const planet::Import import = withMore([](int file, int points, int) {
    int variable = 0;
    nc_def_var(file, "mode", NC_CHAR, 1, &points, &variable);
    nc_enddef(file);
    nc_put_var_text(file, variable, "abc");
  });
  EXPECT_EQ(import.planet.spectra.at(0).size(), 2U);
}

TEST(SpectrumNetcdf, WhatHasAnotherDimensionTooIsNamedAsLeftOut) {
  const planet::Import import = withMore([](int file, int points, int levels) {
    int variable = 0;
    const std::array<int, 2> dimensions{points, levels};
    nc_def_var(file, "contribution", NC_DOUBLE, 2, dimensions.data(), &variable);
    nc_enddef(file);
    const std::array<double, 6> shares{};
    nc_put_var_double(file, variable, shares.data());
  });
  EXPECT_EQ(import.planet.spectra.at(0).size(), 2U);
  EXPECT_TRUE(says(import, "only the spectrum is taken: temperature, contribution along pressure, wavelength"));
}

TEST(SpectrumNetcdf, AttributesThatAreNoUtf8OrHoldControlCharactersAreShownSafely) {
  const planet::Import import = withMore([](int file, int, int) {
    nc_put_att_text(file, NC_GLOBAL, "author", 8, "Gonz\xe1lez");
    nc_put_att_text(file, NC_GLOBAL, "code", 8, "\x1b[31mred");
    nc_enddef(file);
  });
  EXPECT_NE(import.provenance.conversions.find("author Gonz\xef\xbf\xbdlez"), std::string::npos)
      << import.provenance.conversions;
  EXPECT_NE(import.provenance.conversions.find("code [31mred"), std::string::npos) << import.provenance.conversions;
}

TEST(SpectrumNetcdf, AFileWithoutValuesAlongWavelengthsIsNoSpectrum) {
  const TempFolder folder;
  write(folder / "x.nc", "opacity", "m2");
  try {
    formats::importFile(folder / "x.nc", {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no depth, flux or albedo along them"), std::string::npos) << error.what();
  }
}

}  // namespace
