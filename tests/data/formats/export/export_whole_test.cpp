// SPDX-License-Identifier: Apache-2.0
// Whole folders that were exported, as a person would import them again.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/export/export.h"
#include "data/formats/registry.h"
#include "data/physics/generator/generator.h"
#include "exported_folder.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::Planet;
using test::ExportedFolder;

planet::Provenance from(const std::string& part, const std::string& licence) {
  return {part, "file", std::string(64, 'a'), "ecumene importer", 0, "", {}, licence};
}

TEST(ExportWhole, AGeneratedPlanetIsTakenWholeAndAsNoObservation) {
  const Planet before = physics::generator::generatePlanet(42, 0);
  ASSERT_GE(before.metabolisms.size(), planet::kArchetypeCount);
  const ExportedFolder folder(before);
  std::size_t networks = 0;
  for (const std::string& file : folder.exported.files) {
    if (file == "planet.json" || file.ends_with(".license")) continue;  // beside others
    planet::Import import;
    ASSERT_EQ(test::messageOf([&] { import = folder.read(file); }), "nothing thrown") << file;
    EXPECT_NE(import.planet.origin, planet::Origin::kObserved) << file;
    EXPECT_TRUE(import.entries.empty()) << file;
    networks += import.planet.networks.size();
  }
  EXPECT_EQ(networks, before.metabolisms.size());
  EXPECT_FALSE(folder.has("catalogue.csv"));
  EXPECT_TRUE(folder.says("catalogue.csv", "planet_radius"));
}

TEST(ExportWhole, ACatalogueThatSaysItIsOfAGeneratedPlanetIsRefused) {
  Planet before = test::samplePlanet(4, test::smallParts());
  before.origin = planet::Origin::kObserved;
  before.scalars[planet::ScalarId::kPlanetRadius] = planet::Measurement{1.0, 0.1, 0};
  const ExportedFolder folder(before);
  EXPECT_EQ(folder.read("catalogue.csv").entries.size(), 1U);
  std::string text = readFile(folder.exported.folder / "catalogue.csv");
  const std::string observed = ", origin observed\n";
  ASSERT_NE(text.find(observed), std::string::npos);
  text.replace(text.find(observed), observed.size(), ", origin generated\n");
  writeFileAtomically(folder.exported.folder / "generated.csv", text);
  const std::string message = test::messageOf([&] { (void)folder.read("generated.csv"); });
  EXPECT_NE(message.find("not observed"), std::string::npos) << message;
}

TEST(ExportWhole, NetworksOfAllArchetypesComeBackToTheSameFormulas) {
  const Planet before = physics::generator::generatePlanet(42, 0);
  const ExportedFolder folder(before);
  std::size_t fractional = 0;
  for (const planet::MetabolismCase& c : before.metabolisms) {
    const std::string file = "network-" +
                             planet::idFromName(std::string(planet::name(c.metabolism.archetype)) + "-" +
                                                std::to_string(c.metabolism.variant)) +
                             ".xml";
    const planet::MetabolicNetwork back = folder.read(file).planet.networks.at(0);
    const planet::MetabolicNetwork& was = c.metabolism.network;
    ASSERT_EQ(back.metabolites.size(), was.metabolites.size()) << file;
    for (std::size_t i = 0; i < was.metabolites.size(); ++i) {
      EXPECT_EQ(back.metabolites[i].formula, was.metabolites[i].formula) << file;
      EXPECT_EQ(back.metabolites[i].charge, was.metabolites[i].charge) << file;
      fractional += was.metabolites[i].formula.find('.') != std::string::npos ? 1U : 0U;
    }
  }
  EXPECT_GE(fractional, planet::kArchetypeCount);  // biomass
}

TEST(ExportWhole, WhatFbcCannotHoldComesBackByNotes) {
  Planet before = test::samplePlanet(4);
  planet::MetabolicNetwork& network = before.networks.front();
  network.metabolites[0].formula = "C24.353H39.093";
  network.metabolites[0].charge = -0.25;
  network.metabolites[1].formula = "(C6H10O5)n <&>";
  network.metabolites[1].charge = 1e12;
  network.metabolites[2].id = "\xce\xb1-glc__D_e";
  network.reactions[0].id = "R\xe2\x82\x82\xf0\x9f\xaa\x90";
  const ExportedFolder folder(before);
  const planet::MetabolicNetwork back = folder.read("network-n0.xml").planet.networks.at(0);
  EXPECT_EQ(back.metabolites[0].formula, "C24.353H39.093");
  EXPECT_EQ(back.metabolites[0].charge, -0.25);
  EXPECT_EQ(back.metabolites[1].charge, 1e12);
  EXPECT_EQ(back.metabolites[2].id, "\xce\xb1-glc__D_e");
  EXPECT_EQ(back.reactions[0].id, "R\xe2\x82\x82\xf0\x9f\xaa\x90");
  EXPECT_TRUE(folder.says("network-n0.xml", "formula of " + network.metabolites[1].id));
}

TEST(ExportWhole, ANetworkThatSbmlCannotHoldLeavesTheOtherPartsTheirWay) {
  Planet before = test::samplePlanet(4);
  before.networks.front().metabolites.front().compartment = "";
  const ExportedFolder folder(before);
  EXPECT_FALSE(folder.has("network-n0.xml"));
  EXPECT_TRUE(folder.says("network-n0.xml", "in no compartment"));
  EXPECT_TRUE(folder.has("climate.nc"));
  // Where nothing is left it says why.
  Planet only;
  only.id = only.name = "only";
  only.networks = before.networks;
  const test::TempFolder parent;
  const std::string message = test::messageOf([&] { formats::exportPlanet(only, parent.path(), false); });
  EXPECT_NE(message.find("in no compartment"), std::string::npos) << message;
}

TEST(ExportWhole, EachFileHasTheLicenceOfItsOwnPart) {
  Planet before = test::samplePlanet(4, {.climate = true, .spectra = 5, .metabolisms = 0, .networks = 1, .texts = 3});
  before.origin = planet::Origin::kObserved;
  before.provenance = {from("spectrum[0]", "CC-BY-4.0"),      from("spectrum[1..2]", ""), from("spectrum[3]", "MIT"),
                       from("spectrum[4]", "ask the author"), from("climate", "CC0-1.0"), from("network", "MIT"),
                       from("network", "CC-BY-4.0"),          from("scalars", "MIT"),     from("scalars", "")};
  before.texts[0].licence = "CC-BY-4.0";
  before.texts[1].licence = "CC0-1.0";
  before.texts[2].licence = "unknown";
  const ExportedFolder folder(before);
  const std::map<std::string, std::string> wanted{
      {"spectrum-1.ecsv", "CC-BY-4.0"}, {"spectrum-2.ecsv", ""},   {"spectrum-3.ecsv", ""}, {"spectrum-4.ecsv", "MIT"},
      {"spectrum-5.ecsv", ""},          {"climate.nc", "CC0-1.0"}, {"network-n0.xml", ""},  {"catalogue.csv", ""}};
  for (const auto& [file, licence] : wanted) {
    ASSERT_TRUE(folder.has(file)) << file;
    EXPECT_EQ(folder.has(file + ".license"), !licence.empty()) << file;
    EXPECT_EQ(folder.read(file).provenance.licence, licence) << file;
  }
  // Words are no expression of SPDX, and are said.
  EXPECT_TRUE(folder.says("spectrum-5.ecsv", "ask the author"));
  // A file says where its own spectrum is from, not where the others are.
  const std::string first = readFile(folder.exported.folder / "spectrum-1.ecsv");
  EXPECT_NE(first.find("CC-BY-4.0"), std::string::npos);
  EXPECT_EQ(first.find("MIT"), std::string::npos);
  const std::vector<planet::Text> texts = folder.read("texts.jsonl").texts;
  ASSERT_EQ(texts.size(), 3U);
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(texts[i].licence, before.texts[i].licence);
}

TEST(ExportWhole, OnlyExpressionsOfSpdxAreWrittenBesideFiles) {
  const std::map<std::string, bool> licences{{"MIT", true},
                                             {"GPL-3.0-or-later", true},
                                             {"CC-BY-4.0 AND MIT", true},
                                             {"LicenseRef-ours", true},
                                             {"public domain", false},
                                             {"free", false},
                                             {"MIT CC0-1.0", false},
                                             {"MIT AND", false},
                                             {"CC-BY-4.0, see README", false}};
  for (const auto& [licence, written] : licences) {
    Planet before = test::samplePlanet(4, test::smallParts());
    before.climate.reset();
    before.provenance = {from("spectrum", licence)};
    const ExportedFolder folder(before);
    EXPECT_EQ(folder.has("spectrum-1.ecsv.license"), written) << licence;
    EXPECT_EQ(folder.says("spectrum-1.ecsv", licence), !written) << licence;
  }
}

TEST(ExportWhole, OtherNamesComeBackWithClimatesAndSpectra) {
  Planet before = test::samplePlanet(4);
  before.aliases = {"KOI-4.01", "\"B\\eta\" \xce\xb2: #1, [x]"};
  const ExportedFolder folder(before);
  for (const char* file : {"climate.nc", "spectrum-1.ecsv"}) {
    EXPECT_EQ(folder.read(file).planet.aliases, before.aliases) << file;
  }
  EXPECT_FALSE(folder.says("planet", "other names"));
  // What the file says is of the planet that it names.
  const planet::Import renamed =
      formats::importFile(folder.exported.folder / "spectrum-1.ecsv", {{{"planet", "Elsewhere b"}}});
  EXPECT_TRUE(renamed.planet.aliases.empty());
  std::string sidecar = readFile(folder.exported.folder / "planet.json");
  sidecar.replace(sidecar.find("\"KOI-4.01\""), 10, "4.01");
  writeFileAtomically(folder.exported.folder / "planet.json", sidecar);
  const std::string message = test::messageOf([&] { (void)folder.read("climate.nc"); });
  EXPECT_NE(message.find("planet.json: aliases: expected a list of names"), std::string::npos) << message;
}

TEST(ExportWhole, NamesAndMarksThatNoFileHoldsAreTold) {
  Planet before = test::samplePlanet(4);
  before.quality = {{"closure", 1.0, 2.0, true, "well"}};
  ASSERT_TRUE(before.labels);
  const ExportedFolder folder(before);
  EXPECT_TRUE(folder.says("planet", "labels"));
  EXPECT_TRUE(folder.says("planet", "quality"));
  EXPECT_TRUE(folder.says("planet", "viability"));
  before.climate.reset();
  before.labels.reset();
  before.spectra.clear();
  before.aliases = {"Sample d", "KOI-4.01"};
  EXPECT_TRUE(ExportedFolder(before).says("planet", "Sample d, KOI-4.01"));
}

}  // namespace
