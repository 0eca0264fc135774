// SPDX-License-Identifier: Apache-2.0
// Truth: profiles that are linear in ln p, whose value at any pressure is known.
#include "data/formats/climate/column_levels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using namespace ecumene::data::formats;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Profile {
  std::vector<double> logP, value;
  double logGround = std::log(1e5);
  double statedTop = kNone, statedBottom = kNone;

  /// T = 300 + 20 ln(p / 1e5) at these pressures in hPa.
  explicit Profile(const std::vector<double>& hPa) {
    for (const double p : hPa) {
      logP.push_back(std::log(p * 100.0));
      value.push_back(at(p));
    }
  }
  static double at(double hPa) { return 300.0 + 20.0 * std::log(hPa / 1000.0); }
  [[nodiscard]] double read(double hPa, LevelTally& tally, bool hold = false) const {
    return atLevel({logP, value, logGround, statedTop, statedBottom}, std::log(hPa * 100.0), hold, tally);
  }
};

TEST(ColumnLevels, ProfilesLinearInLogPressureComeOutExactly) {
  const Profile profile({10.0, 70.0, 300.0, 700.0, 1000.0});
  LevelTally tally;
  for (const double p : {10.0, 33.0, 70.0, 123.4, 699.0, 700.0, 983.3})
    EXPECT_NEAR(profile.read(p, tally), Profile::at(p), 1e-10) << p;
  EXPECT_EQ(tally.missing(), 0U);
  EXPECT_EQ(tally.asked, 7U);
}

TEST(ColumnLevels, ALevelItselfIsTakenBitForBit) {
  Profile profile({100.0, 500.0, 900.0});
  profile.value[1] = 287.12345678901234;
  LevelTally tally;
  EXPECT_EQ(profile.read(500.0, tally), profile.value[1]);
  EXPECT_EQ(profile.read(500.0 * (1.0 + 1e-8), tally), profile.value[1]);  // float32 coordinates
}

TEST(ColumnLevels, TheOutermostLayersReachHalfASpacingAndNoFurther) {
  const Profile profile({100.0, 400.0, 800.0});
  const double half = std::sqrt(2.0);  // in p, of a factor 2 between the lowest levels
  LevelTally tally;
  EXPECT_EQ(profile.read(800.0 * half * 0.999, tally), profile.value[2]);
  EXPECT_EQ(profile.read(100.0 / 2.0 * 1.001, tally), profile.value[0]);
  EXPECT_EQ(tally.missing(), 0U);
  EXPECT_TRUE(std::isnan(profile.read(800.0 * half * 1.001, tally)));
  EXPECT_TRUE(std::isnan(profile.read(100.0 / 2.0 * 0.999, tally)));
  EXPECT_EQ(tally.below, 1U);
  EXPECT_EQ(tally.above, 1U);
  EXPECT_NEAR(tally.farthest, std::log(2.0 / 0.999), 1e-6);
  EXPECT_NE(tally.words().find("below the lowest level"), std::string::npos);
  EXPECT_EQ(profile.read(1200.0, tally, true), profile.value[2]);  // held where the user says so, and counted
  EXPECT_EQ(tally.below, 2U);
}

TEST(ColumnLevels, StatedLayersReachAsFarAsTheySay) {
  Profile profile({100.0, 400.0, 800.0});
  profile.statedBottom = std::log(1e5);
  profile.statedTop = std::log(9000.0);
  LevelTally tally;
  EXPECT_EQ(profile.read(990.0, tally), profile.value[2]);
  EXPECT_TRUE(std::isnan(profile.read(80.0, tally)));
  EXPECT_EQ(profile.read(91.0, tally), profile.value[0]);
}

TEST(ColumnLevels, TheLayerAboveALevelBelowTheGroundReachesTheGround) {
  // The ground is at 900 hPa; the file's 1000 hPa lies in it.
  Profile profile({500.0, 700.0, 1000.0});
  profile.value[2] = kNone;
  profile.logGround = std::log(9e4);
  LevelTally tally;
  EXPECT_EQ(profile.read(885.0, tally), profile.value[1]);
  EXPECT_EQ(tally.missing(), 0U);
  // Missing at a level above the ground is missing.
  profile.logGround = std::log(1.05e5);
  EXPECT_TRUE(std::isnan(profile.read(1030.0, tally)));
}

TEST(ColumnLevels, NothingIsBridgedOverALevelWithoutAValue) {
  Profile profile({100.0, 300.0, 500.0, 900.0});
  profile.value[2] = kNone;
  LevelTally tally;
  EXPECT_TRUE(std::isnan(profile.read(600.0, tally)));
  EXPECT_TRUE(std::isnan(profile.read(500.0, tally)));
  EXPECT_EQ(tally.gap, 2U);
  EXPECT_NEAR(profile.read(200.0, tally), Profile::at(200.0), 1e-10);
}

TEST(ColumnLevels, SharesAreWordsThatPeopleRead) {
  const auto words = [](std::size_t asked, std::size_t below) { return LevelTally{asked, 0, below, 0, 1.0}.words(); };
  EXPECT_EQ(words(100, 100).find("all of its cells and levels lie below the lowest level"), 0U);
  EXPECT_EQ(words(1000, 999).find("more than 99.5 % of"), 0U);
  EXPECT_EQ(words(1000, 21).find("2.1 % of"), 0U);
  EXPECT_EQ(words(1000, 420).find("42 % of"), 0U);
  EXPECT_EQ(words(1000000, 1).find("less than 0.01 % of"), 0U);
}

TEST(ColumnLevels, AnEmptyColumnIsAGap) {
  Profile profile({100.0, 300.0});
  profile.value = {kNone, kNone};
  LevelTally tally;
  EXPECT_TRUE(std::isnan(profile.read(200.0, tally, true)));
  EXPECT_EQ(tally.gap, 1U);
}

}  // namespace
