// SPDX-License-Identifier: Apache-2.0
// Planets of another climate model: what they get of labels, spectra, metabolisms, and what they must not get.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "data/formats/registry.h"
#include "data/physics/generator/generator.h"
#include "data/planet/stated.h"

namespace ecumene::data::physics::generator {
namespace {

constexpr std::uint64_t kSeed = 1;

/// Output of ExoPlaSim with all that its planet.json states: a synchronous planet of a star of 2600 K.
const planet::Planet& tw307() {
  static const planet::Planet p = formats::importFile("resources/demo/tw307/MOST.00001.nc", {}).planet;
  return p;
}

std::size_t withViability(const planet::Planet& p) {
  return static_cast<std::size_t>(
      std::count_if(p.metabolisms.begin(), p.metabolisms.end(), [](const auto& c) { return c.viability.has_value(); }));
}

TEST(Derive, GivesAPlanetOfAnotherModelAllButTexts) {
  planet::Planet p = tw307();
  const std::size_t said = p.provenance.size();
  derive(p, kSeed);
  EXPECT_TRUE(p.labels.has_value());
  EXPECT_EQ(withViability(p), 16U);
  EXPECT_EQ(p.spectra.size(), 3U);
  // Age, activity, discovery and survey of this planet are known to nobody.
  EXPECT_TRUE(p.texts.empty()) << p.texts.front().body;
  ASSERT_EQ(p.provenance.size(), said + 1);
  EXPECT_EQ(p.provenance.back().assumptions.size(), 1U) << "the star's radius was assumed";
  EXPECT_NE(p.provenance.back().conversions.find("simulated spectra"), std::string::npos);
  EXPECT_EQ(p.provenance.back().conversions.find("text"), std::string::npos);
}

TEST(Derive, OnlySpectraNeedTheSizeOfTheStarAndTheColumn) {
  planet::Planet known = tw307();
  derive(known, kSeed);
  planet::Planet cool = tw307();
  cool.truth->star.temperatureK = 2500.0;  // below the main sequence's coolest row
  derive(cool, kSeed);
  EXPECT_EQ(cool.labels, known.labels);
  EXPECT_EQ(withViability(cool), 16U);
  EXPECT_TRUE(cool.spectra.empty());
  EXPECT_NE(cool.provenance.back().conversions.find("no simulated spectrum"), std::string::npos);
  EXPECT_TRUE(cool.provenance.back().assumptions.empty());

  planet::Planet sized = cool;
  sized.spectra.clear();
  sized.truth->star.radiusSun = 0.11;
  derive(sized, kSeed);
  EXPECT_EQ(sized.spectra.size(), 3U);
  EXPECT_TRUE(sized.provenance.back().assumptions.empty()) << "its size was stated";

  planet::Planet flat = tw307();
  std::erase_if(flat.climate->fields, [](const auto& f) { return f.id == planet::VariableId::kAirTemperature; });
  derive(flat, kSeed);
  EXPECT_EQ(flat.labels->fHab, known.labels->fHab);
  EXPECT_EQ(withViability(flat), 16U);
  EXPECT_TRUE(flat.spectra.empty());
  EXPECT_NE(flat.provenance.back().conversions.find("air_temperature"), std::string::npos);
}

TEST(Derive, DoesNotJudgeMetabolismsInAirOrLightThatNobodyKnows) {
  const auto derived = [](auto withdraw) {
    planet::Planet p = tw307();
    withdraw(p);
    derive(p, kSeed);
    EXPECT_EQ(p.metabolisms.size(), 16U);
    EXPECT_EQ(withViability(p), 0U);
    EXPECT_TRUE(p.labels.has_value());
    EXPECT_NE(p.provenance.back().conversions.find("without viability"), std::string::npos);
    return p;
  };
  EXPECT_TRUE(derived([](planet::Planet& p) { p.truth->atmosphere = {}; }).spectra.empty());
  EXPECT_TRUE(derived([](planet::Planet& p) { p.truth->star = {}; }).spectra.empty());
  EXPECT_EQ(derived([](planet::Planet& p) {
              std::erase_if(p.climate->fields,
                            [](const auto& f) { return f.id == planet::VariableId::kToaNetShortwave; });
            }).spectra.size(),
            3U);
}

TEST(Derive, LeavesOutWhatNeedsWhatAFileDoesNotState) {
  const auto derived = [](auto withdraw) {
    planet::Planet p = tw307();
    withdraw(*p.truth, planet::unstatedTruth());
    derive(p, kSeed);
    return p;
  };
  using Truth = planet::PlanetTruth;
  const planet::Planet dry = derived([](Truth& truth, const Truth& none) { truth.surface = none.surface; });
  EXPECT_FALSE(dry.labels.has_value());
  EXPECT_EQ(withViability(dry), 0U);
  EXPECT_EQ(dry.spectra.size(), 3U);
  EXPECT_NE(dry.provenance.back().conversions.find("not known whether there is water"), std::string::npos);

  const planet::Planet spinning = derived([](Truth& truth, const Truth& none) {
    truth.bulk.synchronous = none.bulk.synchronous;
    truth.bulk.substellarLongitudeDeg = none.bulk.substellarLongitudeDeg;
  });
  EXPECT_FALSE(spinning.labels.has_value());
  EXPECT_EQ(withViability(spinning), 16U);
  EXPECT_EQ(spinning.spectra.size(), 3U);
  EXPECT_NE(spinning.provenance.back().conversions.find("whether the planet is synchronous"), std::string::npos);

  const planet::Planet dark = derived([](Truth& truth, const Truth& none) { truth.orbit = none.orbit; });
  EXPECT_TRUE(dark.labels.has_value());
  EXPECT_EQ(withViability(dark), 16U);
  EXPECT_TRUE(dark.spectra.empty()) << "the light of a star of no flux was bent";
  EXPECT_NE(dark.provenance.back().conversions.find("flux of the star"), std::string::npos);
}

TEST(Derive, SaysWhyAPlanetWithoutParametersHasNoLabels) {
  planet::Planet p = tw307();
  p.truth.reset();
  const std::size_t said = p.provenance.size();
  derive(p, kSeed);
  EXPECT_FALSE(p.labels.has_value());
  ASSERT_EQ(p.provenance.size(), said + 1);
  EXPECT_NE(p.provenance.back().conversions.find("no labels"), std::string::npos);
}

}  // namespace
}  // namespace ecumene::data::physics::generator
