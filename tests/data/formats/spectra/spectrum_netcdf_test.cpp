// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <netcdf.h>

#include <array>
#include <cmath>

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
