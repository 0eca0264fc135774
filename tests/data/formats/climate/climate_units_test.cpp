// SPDX-License-Identifier: Apache-2.0
// Truth: what UDUNITS-2 makes of the same texts, by the definitions of the units (SI Brochure; NIST SP 811).
#include "data/formats/climate/climate_units.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace ecumene;
using namespace ecumene::data::formats;

struct Spelling {
  std::string text;
  double value, si;
};

void expectUnits(Dimension dimension, const std::vector<Spelling>& spellings) {
  for (const auto& [text, value, si] : spellings) {
    const std::optional<Unit> unit = findClimateUnit(text);
    ASSERT_TRUE(unit) << text;
    EXPECT_EQ(unit->dimension, dimension) << text;
    EXPECT_NEAR(value * unit->toSi + unit->offset, si, 1e-6 * si) << text;
  }
}

TEST(ClimateUnits, TemperaturesOfEverySpelling) {
  expectUnits(Dimension::kTemperature, {{"K", 300.0, 300.0},
                                        {"kelvins", 300.0, 300.0},
                                        {"degrees K", 300.0, 300.0},
                                        {"degC", 10.0, 283.15},
                                        {"\xc2\xb0"
                                         "C",
                                         10.0, 283.15},
                                        {"\xef\xbf\xbd"
                                         "C",
                                         10.0, 283.15},  // Latin-1, as it is shown
                                        {"\xe2\x84\x83", 10.0, 283.15},
                                        {"degree_Celsius", 10.0, 283.15},
                                        {"deg C", 10.0, 283.15},
                                        {"celsius", 10.0, 283.15},
                                        {"degF", 50.0, 283.15},
                                        {"Fahrenheit", 50.0, 283.15},
                                        {"mK", 3e5, 300.0}});
}

TEST(ClimateUnits, ProductsInEveryGrammarOfUdunits) {
  expectUnits(Dimension::kSpeed, {{"m s-1", 20.0, 20.0},
                                  {"m.s-1", 20.0, 20.0},
                                  {"m s^-1", 20.0, 20.0},
                                  {"m*s**-1", 20.0, 20.0},
                                  {"m\xc2\xb7s\xe2\x81\xbb\xc2\xb9", 20.0, 20.0},
                                  {"m s^{-1}", 20.0, 20.0},
                                  {"m/sec", 20.0, 20.0},
                                  {"M/S", 20.0, 20.0},
                                  {"meters per second", 20.0, 20.0},
                                  {"metre second-1", 20.0, 20.0},
                                  {"Meters/Second", 20.0, 20.0},
                                  {"cm/s", 2000.0, 20.0},
                                  {"cm s-1", 2000.0, 20.0},
                                  {"km/h", 72.0, 20.0},
                                  {"km hr-1", 72.0, 20.0},
                                  {"knots", 38.8768898, 20.0},
                                  {"knot", 38.8768898, 20.0},
                                  {"kt", 38.8768898, 20.0},
                                  {"0.01 m s-1", 2000.0, 20.0},
                                  {"10^-2 m s-1", 2000.0, 20.0}});
  expectUnits(Dimension::kPressure, {{"pascals", 1e5, 1e5},
                                     {"N m-2", 1e5, 1e5},
                                     {"N/m2", 1e5, 1e5},
                                     {"N/m\xc2\xb2", 1e5, 1e5},
                                     {"kg m-1 s-2", 1e5, 1e5},
                                     {"J m-3", 1e5, 1e5},
                                     {"dbar", 10.0, 1e5},
                                     {"decibars", 10.0, 1e5},
                                     {"mmHg", 750.061683, 1e5},
                                     {"Torr", 750.061683, 1e5},
                                     {"HPA", 1000.0, 1e5},
                                     {"Hpa", 1000.0, 1e5},
                                     {"hectopascal", 1000.0, 1e5},
                                     {"hectoPascals", 1000.0, 1e5},
                                     {"mBar", 1000.0, 1e5},
                                     {"Millibars", 1000.0, 1e5},
                                     {"MB", 1000.0, 1e5},
                                     {"PA", 1e5, 1e5},
                                     {"100 Pa", 1000.0, 1e5}});
  expectUnits(Dimension::kNumber, {{"", 0.01, 0.01},
                                   {"1e-3", 10.0, 0.01},
                                   {"1e-6", 1e4, 0.01},
                                   {"0.001", 10.0, 0.01},
                                   {"g kg-1", 10.0, 0.01},
                                   {"g.kg-1", 10.0, 0.01},
                                   {"g kg^-1", 10.0, 0.01},
                                   {"G/KG", 10.0, 0.01},
                                   {"mg/kg", 1e4, 0.01},
                                   {"1e-3 kg kg-1", 10.0, 0.01},
                                   {"grams per kilogram", 10.0, 0.01},
                                   {"Percent", 1.0, 0.01},
                                   {"\xe2\x80\xb0", 10.0, 0.01},
                                   {"unitless", 0.01, 0.01}});
  expectUnits(Dimension::kFlux, {{"W/m**2", 240.0, 240.0},
                                 {"watts per meter2", 240.0, 240.0},
                                 {"kW m-2", 0.24, 240.0},
                                 {"J s-1 m-2", 240.0, 240.0}});
  expectUnits(Dimension::kGeopotential, {{"J kg-1", 9.8, 9.8}, {"m^2/s^2", 9.8, 9.8}});
  expectUnits(Dimension::kTime, {{"hours", 24.0, 86400.0}, {"secs", 86400.0, 86400.0}});
}

TEST(ClimateUnits, WhatIsAmbiguousUnknownOrOfAnotherKindIsNoUnit) {
  // MPA and MBAR may be milli or mega; a share by volume is none by mass.
  for (const char* text : {"MPA", "MBAR", "furlong", "mol mol-1", "J m-2 K", "m//s", "m/", "per", "/", "m^",
                           "m^99999999999", "0 m", "1e999 m", "-3", "10-3", "m s-1 x", "^-1", "kg m-2"}) {
    EXPECT_FALSE(findClimateUnit(text)) << text;
  }
  EXPECT_EQ(findClimateUnit("MPa")->toSi, 1e6);
  EXPECT_EQ(findClimateUnit("m s-2")->dimension, Dimension::kAcceleration);
  EXPECT_EQ(findClimateUnit("degrees")->dimension, Dimension::kAngle);
}

TEST(ClimateUnits, ExamplesAreUnitsThemselves) {
  for (const Dimension dimension :
       {Dimension::kTemperature, Dimension::kPressure, Dimension::kSpeed, Dimension::kNumber, Dimension::kLength,
        Dimension::kFlux, Dimension::kGeopotential}) {
    std::string list(unitExamples(dimension));
    list.replace(list.find(" or "), 4, ", ");
    for (std::size_t begin = 0; begin < list.size();) {
      const std::size_t end = std::min(list.find(", ", begin), list.size());
      const std::string name = list.substr(begin, end - begin);
      ASSERT_TRUE(findClimateUnit(name)) << name;
      EXPECT_EQ(findClimateUnit(name)->dimension, dimension) << name;
      begin = end + 2;
    }
  }
}

}  // namespace
