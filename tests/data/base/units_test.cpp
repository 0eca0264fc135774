// SPDX-License-Identifier: Apache-2.0
#include "data/base/units.h"

#include <gtest/gtest.h>

#include "data/base/error.h"

namespace ecumene {
namespace {

TEST(Units, ConvertsByDefinitionAndPublishedRatios) {
  EXPECT_DOUBLE_EQ(convert(1.0, "bar", "hPa"), 1000.0);
  EXPECT_DOUBLE_EQ(convert(25.0, "degC", "K"), 298.15);
  EXPECT_DOUBLE_EQ(convert(298.15, "K", "degC"), 25.0);
  EXPECT_DOUBLE_EQ(convert(1.0, "um", "nm"), 1000.0);
  EXPECT_DOUBLE_EQ(convert(5000.0, "ppm", "fraction"), 0.005);
  EXPECT_NEAR(convert(1.0, "M_sun", "M_earth"), 332946.0, 2.0);   // IAU 2015 nominal GM ratio 332946.05
  EXPECT_NEAR(convert(1.0, "R_sun", "R_earth"), 109.0763, 1e-3);  // IAU 2015 nominal radii
  EXPECT_NEAR(convert(1.0, "pc", "au"), 206264.806, 1e-3);
  EXPECT_DOUBLE_EQ(convert(2.0, " micron ", "um"), 2.0);
  EXPECT_DOUBLE_EQ(convert(2.0, "cm^-1", "1/m"), 200.0);
  EXPECT_DOUBLE_EQ(convert(2.0, "THz", "GHz"), 2000.0);
  EXPECT_DOUBLE_EQ(convert(2.0, "\u00b5m", "\u03bcm"), 2.0);
}

TEST(Units, UnknownOrMismatchedUnitsAreErrors) {
  EXPECT_THROW(convert(1.0, "furlong", "m"), Error);
  EXPECT_THROW(convert(1.0, "m", "kg"), Error);
  EXPECT_FALSE(findUnit("um ppm").has_value());
}

}  // namespace
}  // namespace ecumene
