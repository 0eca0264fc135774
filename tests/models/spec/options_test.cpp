// SPDX-License-Identifier: Apache-2.0
#include "models/spec/options.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "data/base/error.h"
#include "models/spec/loss_spec.h"
#include "models/spec/model_spec.h"
#include "tests/support/thrown_error.h"

namespace ecumene::models::spec {
namespace {

using test::errorOf;

struct Sky {
  bool cloudy = false;
  std::int64_t layers = 3;
  double haze = 0.5;
  std::string colour = "blue", name;
};

Options describeSky(Sky& sky) {
  Options options;
  options.group("sky", [&] {
    options.flag("cloudy", sky.cloudy, "Clouds form.");
    options.whole("layers", sky.layers, "Layers.").range(1, 9);
    options.group("dust", [&] { options.real("haze", sky.haze, "Haze.").unit("g/m3").range(0, 1).live(); });
    options.text("colour", sky.colour, "Colour.").choices({"blue", "orange"});
    options.text("name", sky.name, "Name.");
  });
  return options;
}

TEST(Options, KeysCarryTheirGroups) {
  Sky sky;
  const Options options = describeSky(sky);
  std::vector<std::string> keys;
  for (const Option& row : options.rows()) keys.push_back(row.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"sky.cloudy", "sky.layers", "sky.dust.haze", "sky.colour", "sky.name"}));
  EXPECT_EQ(options.rows()[2].unitText, "g/m3");
  EXPECT_TRUE(options.rows()[2].isLive);
  EXPECT_FALSE(options.rows()[1].isLive);
}

TEST(Options, SetChangesTheFieldAndGetReadsIt) {
  Sky sky;
  Options options = describeSky(sky);
  options.find("sky.cloudy").set(true);
  options.find("sky.layers").set(std::int64_t{9});
  options.find("sky.dust.haze").set(0.25);
  options.find("sky.colour").set(std::string("orange"));
  options.find("sky.name").set(std::string("\xc3\x84ther"));
  EXPECT_TRUE(sky.cloudy);
  EXPECT_EQ(sky.layers, 9);
  EXPECT_EQ(sky.haze, 0.25);
  EXPECT_EQ(sky.colour, "orange");
  EXPECT_EQ(sky.name, "\xc3\x84ther");
  EXPECT_EQ(std::get<std::int64_t>(options.find("sky.layers").get()), 9);
  sky.layers = 4;
  EXPECT_EQ(std::get<std::int64_t>(options.find("sky.layers").get()), 4);
}

TEST(Options, AWholeNumberIsARealOneButNotTheOtherWay) {
  Sky sky;
  Options options = describeSky(sky);
  options.find("sky.dust.haze").set(std::int64_t{1});
  EXPECT_EQ(sky.haze, 1.0);
  EXPECT_THROW(options.find("sky.layers").set(2.0), Error);
  EXPECT_EQ(sky.layers, 3);
}

TEST(Options, RefusalNamesKeyRangeAndValueAndLeavesTheField) {
  Sky sky;
  Options options = describeSky(sky);
  const Error error = errorOf([&] { options.find("sky.layers").set(std::int64_t{10}); });
  EXPECT_EQ(error.object(), "sky.layers");
  EXPECT_EQ(error.expectation(), "a whole number from 1 to 9");
  EXPECT_EQ(error.finding(), "10");
  EXPECT_EQ(sky.layers, 3);

  for (const double bad : {-1e-9, 1.0000001, std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(options.find("sky.dust.haze").set(bad), Error) << bad;
  }
  EXPECT_THROW(options.find("sky.dust.haze").set(true), Error);
  EXPECT_THROW(options.find("sky.cloudy").set(std::int64_t{1}), Error);
  EXPECT_THROW(options.find("sky.name").set(std::int64_t{1}), Error);
  EXPECT_EQ(sky.haze, 0.5);
}

TEST(Options, RefusedChoiceNamesTheNearestOne) {
  Sky sky;
  Options options = describeSky(sky);
  const Error error = errorOf([&] { options.find("sky.colour").set(std::string("ornge")); });
  EXPECT_EQ(error.expectation(), "one of blue, orange");
  EXPECT_NE(error.nextStep().find("orange?"), std::string::npos) << error.what();
}

TEST(Options, TextThatIsNoUtf8IsRefused) {
  Sky sky;
  Options options = describeSky(sky);
  Option& name = options.find("sky.name");
  for (const char* bad : {"\x80", "a\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
    EXPECT_THROW(name.set(std::string(bad)), Error);
  }
  for (const char* good : {"", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_NO_THROW(name.set(std::string(good)));
    EXPECT_EQ(sky.name, good);
  }
}

TEST(Options, TypedValuesAreReadWhole) {
  Sky sky;
  Options options = describeSky(sky);
  options.find("sky.dust.haze").setTyped("2e-4");
  EXPECT_EQ(sky.haze, 2e-4);
  options.find("sky.dust.haze").setTyped("1");
  EXPECT_EQ(sky.haze, 1.0);
  options.find("sky.cloudy").setTyped("true");
  EXPECT_TRUE(sky.cloudy);
  options.find("sky.colour").setTyped("orange");
  EXPECT_EQ(sky.colour, "orange");
  for (const char* bad : {"", "3x", " 3", "3.0", "0x3", "nan", "99999999999999999999"}) {
    EXPECT_THROW(options.find("sky.layers").setTyped(bad), Error) << bad;
  }
  EXPECT_THROW(options.find("sky.cloudy").setTyped("yes"), Error);
  EXPECT_EQ(errorOf([&] { options.find("sky.layers").setTyped("many"); }).finding(), "many");
}

TEST(Options, UnknownKeyNamesTheNearest) {
  Sky sky;
  Options options = describeSky(sky);
  const Error error = errorOf([&] { (void)options.find("sky.layer"); });
  EXPECT_EQ(error.object(), "sky.layer");
  EXPECT_NE(error.nextStep().find("sky.layers?"), std::string::npos) << error.what();
}

TEST(Options, WrittenValuesAreToml) {
  EXPECT_EQ(written(true), "true");
  EXPECT_EQ(written(std::int64_t{-7}), "-7");
  EXPECT_EQ(written(1.0), "1.0");
  EXPECT_EQ(written(0.1), "0.1");
  EXPECT_EQ(written(1e-5), "1e-05");
  EXPECT_EQ(written(std::string("a\"b\\c\n")), "\"a\\\"b\\\\c\\u000A\"");
}

TEST(Options, EveryRowOfTheModelIsWhole) {
  ModelSpec model;
  LossSpec loss;
  Options options;
  describe(options, model);
  describe(options, loss);
  std::set<std::string> keys;
  for (const Option& row : options.rows()) {
    SCOPED_TRACE(row.key);
    EXPECT_TRUE(keys.insert(row.key).second) << "twice";
    EXPECT_TRUE(!row.sentence.empty() && row.sentence.back() == '.' && row.sentence.find('|') == std::string::npos);
    if (row.type() == "whole" || row.type() == "real") {
      EXPECT_LT(row.low, row.high);
    }
    // The default is a value that the option accepts.
    Option copy = row;
    EXPECT_NO_THROW(copy.set(row.get()));
  }
}

}  // namespace
}  // namespace ecumene::models::spec
