// SPDX-License-Identifier: Apache-2.0
#include "viz/climate/projection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/support/thrown_error.h"

namespace ecumene::viz::climate {
namespace {

TEST(Projection, EveryPointComesBackFromThePlane) {
  for (const ProjectionInfo& projection : projections()) {
    for (double latitude = -85.0; latitude <= 85.0; latitude += 17.0) {
      for (double longitude = 5.0; longitude < 360.0; longitude += 30.0) {
        const GeoPoint centre{20.0, 140.0};
        const auto plane = planeOf(projection.projection, {latitude, longitude}, centre);
        if (!plane) continue;
        const auto back = pointAt(projection.projection, (*plane)[0], (*plane)[1], centre);
        ASSERT_TRUE(back.has_value()) << projection.name << latitude << longitude;
        EXPECT_NEAR(back->latitudeDeg, latitude, 1e-6) << projection.name;
        EXPECT_NEAR(eastOf(back->longitudeDeg, longitude), 0.0, 1e-6) << projection.name;
      }
    }
  }
}

// Snyder 1987, p. 250: with R = 1 the equator is 4 sqrt(2) long, the central meridian 2 sqrt(2).
TEST(Projection, MollweideHasItsPublishedAxesAndEqualAreas) {
  EXPECT_NEAR(position(Projection::kMollweide, {0.0, 180.0}, 0.0)[0], 2.0 * std::numbers::sqrt2, 1e-12);
  EXPECT_NEAR(position(Projection::kMollweide, {90.0, 0.0}, 0.0)[1], std::numbers::sqrt2, 1e-9);
  const double h = 1e-4;
  for (const double latitude : {-80.0, -40.0, 0.0, 25.0, 60.0, 85.0}) {
    for (const double longitude : {-150.0, 10.0, 100.0}) {
      const auto at = [&](double dLat, double dLon) {
        return position(Projection::kMollweide, {latitude + dLat, longitude + dLon}, 0.0);
      };
      const auto n = at(h, 0), s = at(-h, 0), e = at(0, h), w = at(0, -h);
      const double area = ((e[0] - w[0]) * (n[1] - s[1]) - (e[1] - w[1]) * (n[0] - s[0])) / (4 * h * h);
      EXPECT_NEAR(area, std::cos(latitude * kRadians) * kRadians * kRadians, 1e-9) << latitude;
    }
  }
}

TEST(Projection, GlobeShowsTheSideThatFacesTheViewer) {
  const GeoPoint centre{30.0, 200.0};
  const auto middle = planeOf(Projection::kGlobe, centre, centre);
  ASSERT_TRUE(middle.has_value());
  EXPECT_NEAR((*middle)[0], 0.0, 1e-12);
  EXPECT_NEAR((*middle)[1], 0.0, 1e-12);
  const auto pole = planeOf(Projection::kGlobe, {90.0, 0.0}, centre);
  ASSERT_TRUE(pole.has_value());
  EXPECT_NEAR((*pole)[1], std::cos(30.0 * kRadians), 1e-12);
  const auto east = planeOf(Projection::kGlobe, {0.0, 260.0}, {0.0, 200.0});
  ASSERT_TRUE(east.has_value());
  EXPECT_NEAR((*east)[0], std::sin(60.0 * kRadians), 1e-12);
  EXPECT_FALSE(planeOf(Projection::kGlobe, {-30.0, 20.0}, centre).has_value());
  EXPECT_FALSE(pointAt(Projection::kGlobe, 0.8, 0.8, centre).has_value());
}

TEST(Projection, MapsEndAtTheirEdge) {
  EXPECT_FALSE(pointAt(Projection::kEquirectangular, 180.1, 0.0, {}).has_value());
  EXPECT_FALSE(pointAt(Projection::kMollweide, 2.7, 0.5, {}).has_value());
  EXPECT_EQ(eastOf(350.0, 10.0), -20.0);
  EXPECT_EQ(eastOf(190.0, 10.0), -180.0);
}

TEST(Projection, AnUnknownNameNamesTheNearest) {
  EXPECT_EQ(projectionOf("globe"), Projection::kGlobe);
  EXPECT_NE(test::messageOf([] { static_cast<void>(projectionOf("molweide")); }).find("did you mean mollweide?"),
            std::string::npos);
}

}  // namespace
}  // namespace ecumene::viz::climate
