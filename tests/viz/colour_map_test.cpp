// SPDX-License-Identifier: Apache-2.0
#include "viz/scene/colour_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/thrown_error.h"

namespace ecumene::viz::scene {
namespace {

// Ends as Matplotlib's and cmocean's documentation give them.
TEST(ColourMap, TablesHaveTheirPublishedEnds) {
  EXPECT_EQ(colourMap("viridis").colours.front(), (Rgb{0x44, 0x01, 0x54}));
  EXPECT_EQ(colourMap("viridis").colours.back(), (Rgb{0xfd, 0xe7, 0x25}));
  EXPECT_EQ(colourMap("magma").colours.back(), (Rgb{0xfc, 0xfd, 0xbf}));
  EXPECT_EQ(colourMaps().size(), 16U);
}

/// CIE lightness of an sRGB colour, 0 to 100.
double lightness(const Rgb& colour) {
  const auto linear = [](std::uint8_t byte) {
    const double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  const double y = 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
  return y > 0.008856 ? 116.0 * std::cbrt(y) - 16.0 : 903.3 * y;
}

TEST(ColourMap, DivergingMapsAreLightestInTheMiddle) {
  for (const ColourMap& map : colourMaps()) {
    const double first = lightness(map.colours.front()), middle = lightness(map.colours[128]),
                 last = lightness(map.colours.back());
    EXPECT_EQ(map.diverging, middle > first + 20.0 && middle > last + 20.0) << map.name;
  }
}

TEST(ColourMap, SequentialMapsOfTheViridisFamilyRiseInLightness) {
  for (const char* name : {"viridis", "inferno", "magma", "cividis", "gray"}) {
    const ColourMap& map = colourMap(name);
    for (std::size_t i = 8; i < map.colours.size(); i += 8) {
      EXPECT_GT(lightness(map.colours[i]), lightness(map.colours[i - 8])) << name << " " << i;
    }
  }
}

TEST(ColourMap, AnUnknownNameNamesTheNearest) {
  const std::string message = test::messageOf([] { static_cast<void>(colourMap("virids")); });
  EXPECT_NE(message.find("did you mean viridis?"), std::string::npos) << message;
}

TEST(ColourScale, EndsAndMissingValuesHaveTheirColours) {
  const ColourScale scale{"viridis", 200.0, 300.0};
  const ColourMap& map = colourMap("viridis");
  EXPECT_EQ(colourOf(scale, map, 200.0), map.colours.front());
  EXPECT_EQ(colourOf(scale, map, 300.0), map.colours.back());
  EXPECT_EQ(colourOf(scale, map, 100.0), map.colours.front());
  EXPECT_EQ(colourOf(scale, map, 1e9), map.colours.back());
  EXPECT_EQ(colourOf(scale, map, std::numeric_limits<double>::quiet_NaN()), kMissing);
  ColourScale inverted = scale;
  inverted.inverted = true;
  EXPECT_EQ(colourOf(inverted, map, 200.0), map.colours.back());
}

TEST(ColourScale, LogarithmicPlacesDecadesEvenly) {
  const ColourScale scale{"viridis", 1e-3, 1e3, true};
  EXPECT_NEAR(place(scale, 1.0), 0.5, 1e-12);
  EXPECT_NEAR(place(scale, 10.0), 2.0 / 3.0, 1e-12);
  EXPECT_NEAR(valueAt(scale, 2.0 / 3.0), 10.0, 1e-9);
}

TEST(ColourScale, FittedDivergingMapHasZeroInItsMiddle) {
  const ColourScale scale = fitted({"balance"}, -3.0, 20.0);
  EXPECT_EQ(scale.low, -20.0);
  EXPECT_EQ(scale.high, 20.0);
}

TEST(ColourScale, AConstantFieldGetsARange) {
  const ColourScale scale = fitted({"viridis"}, 5.0, 5.0);
  EXPECT_EQ(scale.low, 4.5);
  EXPECT_EQ(scale.high, 5.5);
  validate(scale);
}

TEST(ColourScale, EmptyAndNegativeLogarithmicRangesAreRefused) {
  EXPECT_NE(test::messageOf([] { validate({"viridis", 1.0, 1.0}); }), "nothing thrown");
  EXPECT_NE(test::messageOf([] { validate({"viridis", -1.0, 1.0, true}); }), "nothing thrown");
}

}  // namespace
}  // namespace ecumene::viz::scene
