// SPDX-License-Identifier: Apache-2.0
#include "data/store/packing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "data/base/error.h"
#include "data/base/random.h"

namespace ecumene::data::store {
namespace {

using planet::VariableId;

constexpr int kDraws = 200;

std::vector<float> draw(Random& random, double low, double high, std::size_t count) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<float>(random.uniform(low, high)));
  return values;
}

/// Largest |unpacked - given|, relative to given if asked.
double largestError(const Packed& packed, const std::vector<float>& values, bool relative) {
  const std::vector<float> back = unpack(packed);
  double largest = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double given = static_cast<double>(values[i]);
    const double error = std::abs(static_cast<double>(back[i]) - given);
    largest = std::max(largest, relative ? error / given : error);
  }
  return largest;
}

TEST(Packing, HonoursItsBoundOnRandomFields) {
  Random random(5, "packing");
  for (const PackingRule& rule : packingRules()) {
    if (rule.packing != Packing::kLinear || rule.absoluteBound == 0.0) continue;
    for (int i = 0; i < kDraws; ++i) {
      const double centre = random.uniform(-1000.0, 1000.0);
      const double span = random.logUniform(1e-6, 60000.0 * rule.absoluteBound);
      const std::vector<float> values = draw(random, centre - span, centre + span, 500);
      const std::optional<Packed> packed = pack(rule.id, values);
      ASSERT_TRUE(packed) << info(rule.id).name << " " << centre << " +- " << span;
      EXPECT_LE(largestError(*packed, values, false), rule.absoluteBound) << info(rule.id).name;
      EXPECT_EQ(largestError(*packed, values, false), packed->largestError);
    }
  }
}

TEST(Packing, PressureErrorIsRelativeToTheLargest) {
  Random random(6, "packing-pressure");
  for (int i = 0; i < kDraws; ++i) {
    const double base = random.logUniform(10.0, 1e7);
    const std::vector<float> values = draw(random, 0.8 * base, base, 500);
    const std::optional<Packed> packed = pack(VariableId::kSurfaceAirPressure, values);
    ASSERT_TRUE(packed);
    EXPECT_LE(largestError(*packed, values, false), 2e-5 * base);
  }
}

TEST(Packing, HumidityErrorIsRelativeDownToTheFloor) {
  Random random(7, "packing-humidity");
  std::vector<float> values;
  for (int i = 0; i < 20000; ++i) values.push_back(static_cast<float>(random.logUniform(1.001e-9, 1.0)));
  const std::optional<Packed> packed = pack(VariableId::kSpecificHumidity, values);
  ASSERT_TRUE(packed);
  EXPECT_LE(largestError(*packed, values, true), 1.2e-3);
  const std::vector<float> small{0.0F, 1e-12F, 9.9e-10F, -1e-10F, 1.0F};
  const std::vector<float> back = unpack(*pack(VariableId::kSpecificHumidity, small));
  EXPECT_EQ(back, (std::vector<float>{0.0F, 0.0F, 0.0F, 0.0F, 1.0F}));
}

TEST(Packing, LimitsOfFractionsAreExact) {
  const std::vector<float> values{0.0F, 1.0F, 0.5F};
  EXPECT_EQ(unpack(*pack(VariableId::kCloudAreaFraction, values)), values);
  EXPECT_EQ(unpack(*pack(VariableId::kSeaIceAreaFraction, values)), values);
}

TEST(Packing, WhatDoesNotFitIsLeftUnpacked) {
  EXPECT_FALSE(pack(VariableId::kToaNetShortwave, std::vector<float>{0.0F, 20000.0F}));
  EXPECT_FALSE(pack(VariableId::kSpecificHumidity, std::vector<float>{1.5F}));
  EXPECT_FALSE(pack(VariableId::kSpecificHumidity, std::vector<float>{-1e-3F}));
  EXPECT_FALSE(pack(VariableId::kAirTemperature, std::vector<float>{3e7F, 3e7F}));
  EXPECT_FALSE(pack(VariableId::kSurfaceAirPressure, std::vector<float>{0.0F}));
  EXPECT_FALSE(pack(VariableId::kSurfaceTemperature, std::vector<float>{}));
  EXPECT_FALSE(pack(VariableId::kSurfaceTemperature, std::vector<float>{std::numeric_limits<float>::max(), -1e38F}));
}

TEST(Packing, ShuffledPlanesGiveTheSameNumbers) {
  Random random(8, "packing-planes");
  for (const VariableId id : {VariableId::kAirTemperature, VariableId::kSpecificHumidity}) {
    const bool humidity = id == VariableId::kSpecificHumidity;
    const std::vector<float> values = draw(random, humidity ? 0.0 : 200.0, humidity ? 0.02 : 320.0, 3001);
    const Packed packed = *pack(id, values);
    std::vector<std::byte> planes;
    for (const std::int16_t code : packed.codes) planes.push_back(static_cast<std::byte>(code & 0xff));
    for (const std::int16_t code : packed.codes) planes.push_back(static_cast<std::byte>((code >> 8) & 0xff));
    std::vector<float> back(values.size());
    unpackShuffled(packed.packing, packed.scale, packed.offset, planes, back);
    EXPECT_EQ(back, unpack(packed));
  }
}

TEST(Packing, HumidityCodesThatPackingNeverMakesAreRefusedWhereverTheyStand) {
  const auto unpackCodes = [](const std::vector<int>& codes) {
    std::vector<std::byte> planes;
    for (const int code : codes) planes.push_back(static_cast<std::byte>(code & 0xff));
    for (const int code : codes) planes.push_back(static_cast<std::byte>((code >> 8) & 0xff));
    std::vector<float> values(codes.size());
    unpackShuffled(Packing::kLog10, kLogScale, 0.0, planes, values);
    return values;
  };
  EXPECT_EQ(unpackCodes({0, -1024, -9216, kBelowFloor}), (std::vector<float>{1.0F, 0.1F, 1e-9F, 0.0F}));
  for (const int wrong : {1, 32767, -9217, -32767}) {
    for (const std::size_t place : {0U, 1500U, 2999U}) {
      std::vector<int> codes(3000, -2048);
      codes[place] = wrong;
      EXPECT_THROW(unpackCodes(codes), Error) << wrong << " at " << place;
    }
  }
}

}  // namespace
}  // namespace ecumene::data::store
