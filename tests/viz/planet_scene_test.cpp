// SPDX-License-Identifier: Apache-2.0
// Analytic fields drawn off screen, against pixels that follow from the projection's formula.
#include "viz/climate/planet_scene.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>

#include "tests/support/similarity.h"
#include "viz/scene/offscreen.h"

namespace ecumene::viz::climate {
namespace {

using scene::Picture;
using scene::Rgb;

constexpr double kMargin = 1.02;  // planet_scene leaves 2 % around the planet
constexpr int kWidth = 720, kHeight = 360;

bool alike(const Rgb& a, const Rgb& b) {
  return std::abs(a.red - b.red) <= 1 && std::abs(a.green - b.green) <= 1 && std::abs(a.blue - b.blue) <= 1;
}

test::GreyPicture grey(const Picture& picture) {
  test::GreyPicture result{picture.width, picture.height, {}};
  for (const Rgb& p : picture.pixels) result.values.push_back(0.299 * p.red + 0.587 * p.green + 0.114 * p.blue);
  return result;
}

class PlanetSceneTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("DISPLAY") == nullptr) FAIL() << "no DISPLAY is set: run through tools/test, which starts Xvfb";
  }

  template <class F>
  static Slice sliceWith(F value) {
    const data::planet::Grid& grid = data::planet::canonicalGrid();
    Slice slice{cellsOf(grid), {}};
    for (const double latitude : grid.latitudeDeg) {
      for (const double longitude : grid.longitudeDeg) {
        slice.values.push_back(static_cast<float>(value(latitude, longitude)));
      }
    }
    return slice;
  }

  static Picture draw(const Slice& slice, const View& view, Overlays overlays = {}, bool graticule = false) {
    scene::Offscreen offscreen(kWidth, kHeight);
    PlanetScene planet(offscreen.window());
    planet.setSlice(slice);
    planet.setScale({"viridis", -1.0, 1.0});
    planet.setView(view);
    overlays.graticule = graticule;
    planet.setOverlays(overlays);
    planet.render();
    return offscreen.render();
  }
};

const Rgb kBackground = Inks{}.background;

// The real spherical harmonic Y_3^2, up to its norm.
double harmonic(double latitude, double longitude) {
  const double x = std::sin(latitude * kRadians);
  return 2.598 * x * (1.0 - x * x) * std::cos(2.0 * longitude * kRadians);
}

/// The value's cell is found by brute force: nearest centre in longitude, interval of cumulated weights in latitude.
Rgb expectedColour(double latitude, double longitude) {
  const data::planet::Grid& grid = data::planet::canonicalGrid();
  double sum = 0.0;
  std::size_t row = 0;
  for (; row < 31; ++row) {
    sum += grid.latitudeWeight[row];
    if (std::sin(latitude * kRadians) < 2.0 * sum - 1.0) break;
  }
  const double column = std::round(longitude / 5.625);
  const double value = static_cast<double>(static_cast<float>(harmonic(grid.latitudeDeg[row], column * 5.625)));
  const auto index = static_cast<std::size_t>(std::lround((value + 1.0) / 2.0 * 255.0));
  return scene::colourMap("viridis").colours[index];
}

/// Pixels whose colour is not the expected one, of those that `pointOf` puts on the planet.
template <class F>
void expectHarmonic(const Picture& picture, F pointOf) {
  std::size_t checked = 0, wrong = 0;
  for (std::size_t y = 0; y < picture.height; ++y) {
    for (std::size_t x = 0; x < picture.width; ++x) {
      double latitude = 0.0, longitude = 0.0;
      if (!pointOf(static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5, latitude, longitude)) continue;
      ++checked;
      wrong += alike(picture.at(x, y), expectedColour(latitude, longitude)) ? 0U : 1U;
    }
  }
  EXPECT_GT(checked, 30000U);
  // Along borders of cells the last bit decides which side a pixel's centre is on.
  EXPECT_LT(static_cast<double>(wrong), 0.004 * static_cast<double>(checked)) << wrong << " of " << checked;
}

TEST_F(PlanetSceneTest, MapShowsAHarmonicCellByCell) {
  const Picture picture = draw(sliceWith(harmonic), {Projection::kEquirectangular, {0.0, 180.0}, 1.0});
  const double unit = 360.0 * kMargin / kWidth;  // degrees in a pixel
  expectHarmonic(picture, [&](double x, double y, double& latitude, double& longitude) {
    latitude = (kHeight / 2.0 - y) * unit;
    longitude = 180.0 + (x - kWidth / 2.0) * unit;
    return std::abs(latitude) < 89.5 && longitude > 0.5 && longitude < 359.5;
  });
}

TEST_F(PlanetSceneTest, TurnedMapWrapsAround) {
  const Picture picture = draw(sliceWith(harmonic), {Projection::kEquirectangular, {0.0, 31.0}, 1.0});
  const double unit = 360.0 * kMargin / kWidth;
  expectHarmonic(picture, [&](double x, double y, double& latitude, double& longitude) {
    latitude = (kHeight / 2.0 - y) * unit;
    longitude = 31.0 + (x - kWidth / 2.0) * unit;
    return std::abs(latitude) < 89.5 && std::abs(longitude - 31.0) < 179.5;
  });
}

TEST_F(PlanetSceneTest, MollweideShowsAHarmonicCellByCell) {
  const Picture picture = draw(sliceWith(harmonic), {Projection::kMollweide, {0.0, 180.0}, 1.0});
  const double unit = 4.0 * std::numbers::sqrt2 * kMargin / kWidth;
  expectHarmonic(picture, [&](double x, double y, double& latitude, double& longitude) {
    const double theta = std::asin((kHeight / 2.0 - y) * unit / std::numbers::sqrt2);
    const double sine = (2.0 * theta + std::sin(2.0 * theta)) / std::numbers::pi;
    latitude = std::asin(sine) / kRadians;
    longitude =
        180.0 + (x - kWidth / 2.0) * unit * std::numbers::pi / (2.0 * std::numbers::sqrt2 * std::cos(theta)) / kRadians;
    // Chords of the mesh cut corners near the edge and the poles.
    return std::abs(latitude) < 80.0 && longitude > 1.5 && longitude < 358.5;
  });
}

TEST_F(PlanetSceneTest, GlobeShowsAHarmonicCellByCell) {
  const Picture picture = draw(sliceWith(harmonic), {Projection::kGlobe, {0.0, 200.0}, 1.0});
  const double unit = 2.0 * kMargin / kHeight;
  expectHarmonic(picture, [&](double x, double y, double& latitude, double& longitude) {
    const double east = (x - kWidth / 2.0) * unit, north = (kHeight / 2.0 - y) * unit;
    if (std::hypot(east, north) > 0.85) return false;
    latitude = std::asin(north) / kRadians;
    longitude = 200.0 + std::asin(east / std::cos(latitude * kRadians)) / kRadians;
    return true;
  });
}

/// The first row from the top whose pixel in this column has another colour than the one above it, beginning inside
/// the planet.
std::size_t rowOfChange(const Picture& picture, std::size_t column, std::size_t from) {
  for (std::size_t y = from + 1; y < picture.height; ++y) {
    if (!alike(picture.at(column, y), picture.at(column, y - 1))) return y;
  }
  return picture.height;
}

TEST_F(PlanetSceneTest, AStepAtALatitudeIsDrawnAtThatLatitude) {
  const CellGrid grid = cellsOf(data::planet::canonicalGrid());
  const double edge = grid.latitudeEdgeDeg[24];
  const Slice slice = sliceWith([&](double latitude, double) { return latitude > edge ? 1.0 : -1.0; });
  const Picture map = draw(slice, {Projection::kEquirectangular, {0.0, 180.0}, 1.0});
  const double mapRow = kHeight / 2.0 - edge / (360.0 * kMargin / kWidth);
  EXPECT_NEAR(static_cast<double>(rowOfChange(map, kWidth / 2, 20)), mapRow, 1.0);
  const Picture globe = draw(slice, {Projection::kGlobe, {0.0, 180.0}, 1.0});
  const double globeRow = kHeight / 2.0 - std::sin(edge * kRadians) / (2.0 * kMargin / kHeight);
  EXPECT_NEAR(static_cast<double>(rowOfChange(globe, kWidth / 2, 20)), globeRow, 1.0);
  // Seen from above the north pole the step is a circle with the radius cos(latitude).
  const Picture polar = draw(slice, {Projection::kGlobe, {90.0, 180.0}, 1.0});
  const double polarRow = kHeight / 2.0 - std::cos(edge * kRadians) / (2.0 * kMargin / kHeight);
  EXPECT_NEAR(static_cast<double>(rowOfChange(polar, kWidth / 2, 10)), polarRow, 1.5);
}

TEST_F(PlanetSceneTest, GlobeFillsItsCircleAndNothingElse) {
  const Picture picture = draw(sliceWith([](double, double) { return 1.0; }), {Projection::kGlobe, {0.0, 180.0}, 1.0});
  std::size_t area = 0;
  for (const Rgb& pixel : picture.pixels) area += alike(pixel, kBackground) ? 0U : 1U;
  const double radius = kHeight / 2.0 / kMargin;
  EXPECT_NEAR(static_cast<double>(area), std::numbers::pi * radius * radius, 2.0 * radius);
}

TEST_F(PlanetSceneTest, MissingValuesHaveTheirOwnColour) {
  const Picture picture = draw(sliceWith([](double, double) { return std::numeric_limits<double>::quiet_NaN(); }),
                               {Projection::kEquirectangular, {0.0, 180.0}, 1.0});
  EXPECT_EQ(picture.at(kWidth / 2, kHeight / 2), scene::kMissing);
}

/// Share of pixels near white in a box.
double whiteness(const Picture& picture, double x, double y, int radius) {
  int white = 0, all = 0;
  for (int dy = -radius; dy <= radius; ++dy) {
    for (int dx = -radius; dx <= radius; ++dx) {
      const Rgb& p = picture.at(static_cast<std::size_t>(x + dx), static_cast<std::size_t>(y + dy));
      white += p.red > 240 && p.green > 240 && p.blue > 240 ? 1 : 0;
      ++all;
    }
  }
  return static_cast<double>(white) / all;
}

TEST_F(PlanetSceneTest, TerminatorRunsThroughTheMeridiansNinetyDegreesFromTheStar) {
  const Slice slice = sliceWith([](double, double) { return -1.0; });
  Overlays overlays;
  overlays.substellar = GeoPoint{0.0, 180.0};
  const Picture with = draw(slice, {Projection::kEquirectangular, {0.0, 180.0}, 1.0}, overlays);
  const Picture without = draw(slice, {Projection::kEquirectangular, {0.0, 180.0}, 1.0});
  const double pixels = kWidth / (360.0 * kMargin);
  for (const double longitude : {90.0, 270.0}) {
    for (const double latitude : {-60.0, 10.0, 60.0}) {
      const double x = kWidth / 2.0 + (longitude - 180.0) * pixels, y = kHeight / 2.0 - latitude * pixels;
      EXPECT_GT(whiteness(with, x, y, 2), 0.1) << longitude << " " << latitude;
      EXPECT_EQ(whiteness(without, x, y, 2), 0.0);
    }
  }
  EXPECT_EQ(whiteness(with, kWidth / 2.0, kHeight / 4.0, 5), 0.0);
  EXPECT_GT(whiteness(with, kWidth / 2.0, kHeight / 2.0, 8), 0.05) << "the substellar point is marked";
  EXPECT_LT(test::similarity(grey(with), grey(without)), 0.98);
  EXPECT_DOUBLE_EQ(test::similarity(grey(without), grey(without)), 1.0);
}

TEST_F(PlanetSceneTest, GlobeHidesTheTerminatorOfTheFarSide) {
  const Slice slice = sliceWith([](double, double) { return -1.0; });
  Overlays overlays;
  overlays.substellar = GeoPoint{0.0, 180.0};
  // From above the night side's edge: the terminator crosses the middle once, as a vertical line.
  const Picture picture = draw(slice, {Projection::kGlobe, {0.0, 90.0}, 1.0}, overlays);
  EXPECT_GT(whiteness(picture, kWidth / 2.0, kHeight / 2.0, 3), 0.1);
  EXPECT_EQ(whiteness(picture, kWidth / 2.0 + 60.0, kHeight / 2.0, 10), 0.0);
  EXPECT_EQ(whiteness(picture, kWidth / 2.0 - 60.0, kHeight / 2.0, 10), 0.0);
}

TEST_F(PlanetSceneTest, PixelAndPointAgreeInEveryView) {
  scene::Offscreen offscreen(kWidth, kHeight);
  PlanetScene planet(offscreen.window());
  for (const ProjectionInfo& projection : projections()) {
    for (const double zoom : {1.0, 3.0}) {
      planet.setView({projection.projection, {12.0, 77.0}, zoom});
      for (double y = 60.0; y < kHeight; y += 60.0) {
        for (double x = 30.0; x < kWidth; x += 60.0) {
          const auto point = planet.pointAtPixel(x, y, kWidth, kHeight);
          if (!point) continue;
          const auto pixel = planet.pixelOf(*point, kWidth, kHeight);
          ASSERT_TRUE(pixel.has_value());
          EXPECT_NEAR((*pixel)[0], x, 1e-3);
          EXPECT_NEAR((*pixel)[1], y, 1e-3);
        }
      }
    }
  }
}

TEST_F(PlanetSceneTest, DraggedMapMovesWithThePointer) {
  scene::Offscreen offscreen(kWidth, kHeight);
  PlanetScene planet(offscreen.window());
  planet.setView({Projection::kEquirectangular, {0.0, 180.0}, 2.0});
  const auto before = planet.pointAtPixel(300.0, 150.0, kWidth, kHeight);
  planet.setView(planet.dragged(25.0, -40.0, kWidth, kHeight));
  const auto after = planet.pointAtPixel(325.0, 110.0, kWidth, kHeight);
  EXPECT_NEAR(after->latitudeDeg, before->latitudeDeg, 1e-9);
  EXPECT_NEAR(after->longitudeDeg, before->longitudeDeg, 1e-9);
}

TEST_F(PlanetSceneTest, TheDriverSaysItsName) {
  scene::Offscreen offscreen(16, 16);
  static_cast<void>(offscreen.render());
  EXPECT_NE(offscreen.driver().vendor, "unknown");
  EXPECT_EQ(scene::vtkVersion().substr(0, 2), "9.");
}

}  // namespace
}  // namespace ecumene::viz::climate
