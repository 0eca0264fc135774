// SPDX-License-Identifier: Apache-2.0
// Truth: the definitions of the units, 1 Jy = 1e-26 W m-2 Hz-1 and 1 erg = 1e-7 J.
#include "data/formats/spectra/flux_unit.h"

#include <gtest/gtest.h>

namespace {

using namespace ecumene::data::formats;

TEST(FluxUnit, SpellingsOfOneUnitAreOne) {
  for (const char* text : {"W m-2 um-1", "W/m2/um", "W/m^2/micron", "W m**-2 um**-1", "W / (um m2)", "W.m-2.um-1",
                           "W m^{-2} \xc2\xb5m^{-1}", "W/(m2*um)"}) {
    const auto unit = fluxUnitCalled(text);
    ASSERT_TRUE(unit.has_value()) << text;
    EXPECT_FALSE(unit->perFrequency);
    EXPECT_DOUBLE_EQ(toWm2um(0.1, *unit, 3.0), 0.1) << text;
  }
  // 1 erg s-1 cm-2 A-1 = 1e-7 J s-1 / (1e-4 m2 * 1e-4 um) = 10 W m-2 um-1
  for (const char* text :
       {"erg/s/cm2/A", "erg s-1 cm-2 Angstrom-1", "erg s^-1 cm^-2 AA^-1", "erg / (Angstrom s cm2)"}) {
    ASSERT_TRUE(fluxUnitCalled(text).has_value()) << text;
    EXPECT_NEAR(toWm2um(1.0, *fluxUnitCalled(text), 3.0), 10.0, 1e-12) << text;
  }
}

TEST(FluxUnit, FluxesPerFrequencyNeedTheWavelength) {
  for (const char* text : {"Jy", "1000", "mJy", "W m-2 Hz-1", "erg/s/cm2/Hz"}) {
    const auto unit = fluxUnitCalled(text);
    if (std::string(text) == "1000") {
      EXPECT_FALSE(unit.has_value());
      continue;
    }
    ASSERT_TRUE(unit.has_value()) << text;
    EXPECT_TRUE(unit->perFrequency) << text;
  }
  // c / (2e-6 m)^2 * 1e-26 per metre, a millionth per um
  EXPECT_NEAR(toWm2um(1.0, *fluxUnitCalled("Jy"), 2.0), 1e-26 * 299792458.0 / 4e-12 * 1e-6, 1e-24);
}

TEST(FluxUnit, OtherQuantitiesAndOtherTextsAreNone) {
  for (const char* text : {"", "W", "W m-2", "W m-2 sr-1 um-1", "ppm", "W//", "/", "(", "((((", "W m-2 um-", "W^",
                           "1e-17 Jy", "um", "Jy Jy", "W m-999999999 um-1"}) {
    EXPECT_FALSE(fluxUnitCalled(text).has_value()) << text;
  }
}

}  // namespace
