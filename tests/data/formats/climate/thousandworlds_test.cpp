// SPDX-License-Identifier: Apache-2.0
// Truth: an archive of the collection's layout, made here with values that tell where they belong, and rows of its own
// inputs.csv.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/formats/registry.h"
#include "data/planet/stated.h"
#include "tests/support/import_text.h"
#include "thousandworlds_release.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::ScalarId;
using planet::VariableId;
using test::tells;
using Release = test::ThousandworldsRelease;

using Set = std::map<std::string, std::string>;
const Set kAsked{{"simulation", "1650"}, {"time", "constant"}};

planet::Import readRelease(const Release& release, const Set& set) {
  return formats::importFile(release.write(), {set});
}

std::string refusalOfRelease(const Release& release, const Set& set) {
  return test::refusalIn([&] { return readRelease(release, set); });
}

TEST(Thousandworlds, ASimulationComesWithItsRowItsSplitsAndItsMaps) {
  for (const bool deflate : {true, false}) {
    Release release;
    release.deflate = deflate;
    const planet::Import import = readRelease(release, kAsked);
    EXPECT_EQ(import.provenance.generator, "ecumene importer thousandworlds");
    EXPECT_EQ(import.planet.name, "ThousandWorlds 1650 exocam");
    EXPECT_EQ(import.provenance.licence, "CC-BY-4.0");
    EXPECT_TRUE(tells(import, "splits: multi-partial/test"));
    EXPECT_FALSE(tells(import, "single-complete"));
    EXPECT_TRUE(tells(import, "planet 495, run by exocam (Haqq-Misra et al. [2022])"));
    const planet::Scalars& scalars = import.planet.scalars;
    EXPECT_DOUBLE_EQ(scalars[ScalarId::kStellarFlux]->value, 500.0);
    EXPECT_DOUBLE_EQ(scalars[ScalarId::kPlanetRadius]->value, 6371000.0 / 6378100.0);
    EXPECT_DOUBLE_EQ(scalars[ScalarId::kRotationPeriod]->value, 15.0);
    EXPECT_DOUBLE_EQ(scalars[ScalarId::kSurfacePressure]->value, Release::kPressurePa);
    EXPECT_DOUBLE_EQ(import.planet.truth->atmosphere.ratio(planet::Gas::kCO2), 0.0005711022273);
    EXPECT_DOUBLE_EQ(import.planet.truth->atmosphere.ratio(planet::Gas::kCH4), 0.001);
    EXPECT_FALSE(planet::synchronous(import.planet.truth->bulk).has_value());
    const planet::ClimateCube& cube = *import.planet.climate;
    planet::validate(cube);
    const planet::Field& ts = cube.require(VariableId::kSurfaceTemperature);
    for (const std::size_t cell : {0U, 70U, 2047U}) {
      EXPECT_EQ(ts.values[cell], release.value("surface_temperature", 1, cell / 64, cell % 64));
      EXPECT_EQ(ts.values[11 * 2048 + cell], ts.values[cell]);
    }
    EXPECT_EQ(cube.require(VariableId::kToaOutgoingLongwave).values[5], release.value("olr_cloudy", 1, 0, 5));
    EXPECT_EQ(cube.find(VariableId::kCloudAreaFraction), nullptr);
  }
}

/// What all simulations asked for became, by name.
std::vector<formats::ImportedPart> partsOf(const std::filesystem::path& archive, Set set) {
  set.emplace("time", "constant");
  std::vector<formats::ImportedPart> parts;
  const formats::ImportOptions options{std::move(set)};
  formats::importParts(formats::detect(archive, options), archive, options,
                       [&](formats::ImportedPart&& part) { parts.push_back(std::move(part)); });
  return parts;
}

std::vector<std::string> namesOf(const std::vector<formats::ImportedPart>& parts) {
  std::vector<std::string> names;
  for (const formats::ImportedPart& part : parts) names.push_back(part.name);
  return names;
}

TEST(Thousandworlds, EverySimulationIsAPlanet) {
  for (const bool deflate : {true, false}) {
    Release release;
    release.deflate = deflate;
    const std::vector<formats::ImportedPart> parts = partsOf(release.write(), {});
    ASSERT_EQ(namesOf(parts), (std::vector<std::string>{"simulation 7", "simulation 1650", "simulation 3"}));
    for (std::size_t n = 0; n < 3; ++n) {
      EXPECT_EQ(parts[n].at, n);
      EXPECT_EQ(parts[n].of, 3U);
      ASSERT_FALSE(parts[n].refusal.has_value()) << parts[n].refusal->what();
      const planet::Planet& p = parts[n].import.planet;
      EXPECT_EQ(p.climate->require(VariableId::kSurfaceTemperature).values[700],
                release.value("surface_temperature", n, 10, 60));
      EXPECT_EQ(p.provenance.back().sha256, sha256OfFile(release.folder / "dataset/fields/all-obs.npz"));
    }
    EXPECT_EQ(parts[2].import.planet.name, "ThousandWorlds 3 exocam");
  }
}

TEST(Thousandworlds, SimulationsAreNamedOneByOneOrByTheirSplit) {
  const Release release;
  const std::filesystem::path archive = release.write();
  const auto named = [&](const std::string& words) { return namesOf(partsOf(archive, {{"simulation", words}})); };
  EXPECT_EQ(named("3,1650"), (std::vector<std::string>{"simulation 1650", "simulation 3"}));
  EXPECT_EQ(named("multi-partial/test"), std::vector<std::string>{"simulation 1650"});
  EXPECT_EQ(named("single-complete/train"), std::vector<std::string>{"simulation 3"});
  for (const char* wrong : {"multi-partial/tests", "7,x", ",", "../test", "-1"}) {
    const std::string said = test::refusalIn([&] { return named(wrong); });
    EXPECT_NE(said.find("multi-partial/test"), std::string::npos) << wrong << ": " << said;
  }
  const std::string absent = test::refusalIn([&] { return named("multi-complete/train"); });
  EXPECT_NE(absent.find("../subsets/multi-complete/train.csv"), std::string::npos) << absent;
}

TEST(Thousandworlds, TheSplitIsANameAndTestPlanetsKeepTheScoresOfOthers) {
  const Release release;
  const std::vector<formats::ImportedPart> parts = partsOf(release.write(), {});
  const planet::Planet& judged = parts.at(1).import.planet;
  EXPECT_EQ(judged.aliases, std::vector<std::string>{"ThousandWorlds multi-partial/test 1650"});
  ASSERT_EQ(judged.provenance.size(), 2U);
  EXPECT_EQ(judged.provenance[0].part, "scores");
  EXPECT_EQ(judged.provenance[0].sha256, sha256OfFile(release.folder / "results/scores_5seeds.csv"));
  EXPECT_EQ(judged.provenance[0].conversions,
            "published scores on multi-partial/test, means over seeds: acc of u: gplfr 0.75; "
            "rmse of surface_temperature: gplfr 11, pca_mlp 13.5");
  const planet::Planet& learned = parts.at(2).import.planet;
  EXPECT_EQ(learned.aliases, std::vector<std::string>{"ThousandWorlds single-complete/train 3"});
  EXPECT_EQ(learned.provenance.size(), 1U);
}

TEST(Thousandworlds, ASimulationThatCannotBeTrueIsRefusedAndTheOthersComeIn) {
  Release release;
  release.impossible = 7;
  const std::vector<formats::ImportedPart> parts = partsOf(release.write(), {});
  ASSERT_EQ(parts.size(), 3U);
  ASSERT_TRUE(parts[0].refusal.has_value());
  EXPECT_NE(std::string(parts[0].refusal->what()).find("cannot be true"), std::string::npos);
  EXPECT_FALSE(parts[1].refusal.has_value());
  EXPECT_FALSE(parts[2].refusal.has_value());
}

TEST(Thousandworlds, AnArchiveDamagedAtItsEndGivesNoSimulation) {
  Release release;
  release.deflate = false;
  const std::filesystem::path archive = release.write();
  std::string bytes = readFile(archive);
  const std::size_t last = bytes.size() * 9 / 10;  // among the last simulation's maps
  bytes[last] = static_cast<char>(bytes[last] ^ 1);
  std::ofstream(archive, std::ios::binary) << bytes;
  std::size_t given = 0;
  const formats::ImportOptions options{{{"time", "constant"}}};
  const std::string said = test::refusalIn([&] {
    formats::importParts(formats::detect(archive, options), archive, options,
                         [&](formats::ImportedPart&&) { ++given; });
    return 0;
  });
  EXPECT_NE(said.find("checksum"), std::string::npos) << said;
  EXPECT_EQ(given, 0U);
}

TEST(Thousandworlds, OneNameIsNotGivenToMany) {
  const Release release;
  const std::filesystem::path archive = release.write();
  EXPECT_NE(test::refusalIn([&] {
              return partsOf(archive, {{"planet", "Earth"}});
            }).find("many planets"),
            std::string::npos);
  EXPECT_EQ(partsOf(archive, {{"planet", "Earth"}, {"simulation", "7"}}).at(0).import.planet.name, "Earth");
}

TEST(Thousandworlds, LevelsThatEndAboveTheGroundAreHeldOnlyIfTheUserSaysSo) {
  const Release release;
  const planet::Import strict = readRelease(release, kAsked);
  EXPECT_EQ(strict.planet.climate->find(VariableId::kAirTemperature), nullptr);
  EXPECT_TRUE(tells(strict, "temperature stays absent"));
  Set asked = kAsked;
  asked["levels"] = "hold";
  const planet::Import import = readRelease(release, asked);
  const planet::Field& air = import.planet.climate->require(VariableId::kAirTemperature);
  const planet::Grid& grid = planet::canonicalGrid();
  for (std::size_t k = 0; k < 9; ++k) EXPECT_NEAR(air.values[k], 290.0 + 20.0 * std::log(grid.sigma[k]), 1e-3) << k;
  EXPECT_NEAR(air.values[9], 290.0 + 20.0 * std::log(0.925), 1e-3);  // the archive's lowest level
  EXPECT_TRUE(tells(import, "as --set levels=hold says"));
  EXPECT_EQ(import.planet.climate->require(VariableId::kNorthwardWind).values[10], release.value("v_0", 1, 0, 1));
}

TEST(Thousandworlds, WholeFieldsAreMissingAndPartsAreRefused) {
  Release release;
  release.fill["asr_cloudy"] = std::nanf("");
  release.fill["temperature_9"] = std::nanf("");
  Set asked = kAsked;
  asked["levels"] = "hold";
  const planet::Import import = readRelease(release, asked);
  EXPECT_EQ(import.planet.climate->find(VariableId::kToaNetShortwave), nullptr);
  EXPECT_NE(import.planet.climate->find(VariableId::kAirTemperature), nullptr);
  EXPECT_TRUE(tells(import, "no asr_cloudy"));
}

TEST(Thousandworlds, AFieldThatCannotBeTrueIsNamed) {
  Release release;
  release.fill["temperature_4"] = -999.0F;
  const std::string refusal = refusalOfRelease(release, kAsked);
  EXPECT_NE(refusal.find("fields: temperature_4, cell 0: a value that cannot be true"), std::string::npos) << refusal;
}

TEST(Thousandworlds, WhatTheCollectionDoesNotStateIsTheUsers) {
  Set asked = kAsked;
  asked["tidally_locked"] = "true";
  asked["ocean_fraction"] = "1";
  const planet::Import import = readRelease(Release(), asked);
  EXPECT_TRUE(planet::synchronous(import.planet.truth->bulk).value());
  EXPECT_DOUBLE_EQ(import.planet.truth->bulk.substellarLongitudeDeg, 177.1875);
  EXPECT_DOUBLE_EQ(import.planet.scalars[ScalarId::kOrbitalPeriod]->value, 15.0);
  EXPECT_DOUBLE_EQ(import.planet.truth->surface.oceanFraction, 1.0);
}

TEST(Thousandworlds, RunsOfOnePlanetShareItsSystem) {
  Set other = kAsked;
  other["simulation"] = "7";
  EXPECT_NE(readRelease(Release(), kAsked).planet.systemKey, readRelease(Release(), other).planet.systemKey);
  EXPECT_EQ(readRelease(Release(), kAsked).planet.systemKey, readRelease(Release(), kAsked).planet.systemKey);
}

TEST(Thousandworlds, WithoutItsTableTheArchiveStillGivesItsSurfaces) {
  Release release;
  release.inputs = false;
  const planet::Import import = readRelease(release, kAsked);
  EXPECT_FALSE(import.planet.truth.has_value());
  EXPECT_EQ(import.planet.climate->fields.size(), 3U);
  EXPECT_TRUE(tells(import, "no ../inputs.csv"));
}

TEST(Thousandworlds, WhatIsAskedIsAskedByTheOptionThatSettlesIt) {
  EXPECT_NE(refusalOfRelease(Release(), {{"time", "constant"}}).find("many planets"), std::string::npos);
  EXPECT_NE(refusalOfRelease(Release(), {{"simulation", "1650"}}).find("--set time=constant"), std::string::npos);
  EXPECT_NE(refusalOfRelease(Release(), {{"simulation", "9"}, {"time", "constant"}}).find("no such simulation"),
            std::string::npos);
  Release wrong;
  wrong.names.pop_back();
  wrong.names.emplace_back("v_9");
  wrong.fill["surface_temperature"] = -30.0F;
  EXPECT_NE(refusalOfRelease(wrong, kAsked).find("cannot be true"), std::string::npos);
}

TEST(Thousandworlds, IdentitiesThatAreNoWholeNumbersAreRefused) {
  Release release;
  release.wholeIds = false;
  EXPECT_EQ(readRelease(release, kAsked).planet.name, "ThousandWorlds 1650 exocam");
  for (const double id : {std::nan(""), 1e300, -1.0, 2.5, HUGE_VAL}) {
    release.ids = {id};
    EXPECT_NE(refusalOfRelease(release, {{"time", "constant"}}).find("simulation_id"), std::string::npos) << id;
    EXPECT_NE(refusalOfRelease(release, {{"time", "constant"}}).find("whole number"), std::string::npos) << id;
  }
}

}  // namespace
