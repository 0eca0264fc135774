// SPDX-License-Identifier: Apache-2.0
// What is exported comes back: through our importers to the same bits, and through other people's readers to the same
// numbers (tests/oracles/export_read_back.py).
#include "data/formats/export/export.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/registry.h"
#include "data/planet/codec.h"
#include "exported_folder.h"
#include "tests/data/formats/exoplasim_fixture.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::Planet;
using test::ExportedFolder;

/// A planet of every part, on the canonical grid, as an importer gives it: no truth that only a generator knows.
Planet wholePlanet() {
  Planet p = test::samplePlanet(4);
  p.origin = planet::Origin::kGcm;
  p.provenance = {{"climate",
                   "a.nc",
                   std::string(64, 'a'),
                   "ecumene importer exoplasim",
                   0,
                   "latitudes turned",
                   {"months are twelfths"},
                   "MIT"},
                  {"spectrum", "b.csv", std::string(64, 'b'), "ecumene importer spectrum_table", 0, "", {}, ""}};
  return p;
}

TEST(Export, ClimatesComeBackToTheSameBits) {
  const Planet before = wholePlanet();
  const ExportedFolder folder(before);
  const planet::Import import = folder.read("climate.nc");
  EXPECT_EQ(import.planet.name, before.name);
  ASSERT_TRUE(import.planet.climate);
  for (const planet::Field& field : before.climate->fields) {
    const planet::Field* back = import.planet.climate->find(field.id);
    ASSERT_NE(back, nullptr) << planet::info(field.id).name;
    EXPECT_EQ(back->values, field.values) << planet::info(field.id).name;
  }
  EXPECT_EQ(import.planet.climate->grid, before.climate->grid);
  EXPECT_EQ(import.planet.climate->landFraction, before.climate->landFraction);
  EXPECT_EQ(import.planet.climate->orographyM, before.climate->orographyM);
  // By planet.json beside it.
  EXPECT_EQ(import.planet.scalars[planet::ScalarId::kStellarFlux]->value, before.truth->orbit.fluxWm2);
  EXPECT_EQ(import.planet.truth->bulk, before.truth->bulk);
}

TEST(Export, SpectraOfEveryKindComeBackToTheSameBits) {
  Planet before = wholePlanet();
  before.spectra.clear();
  for (std::size_t kind = 0; kind < planet::kSpectrumKinds; ++kind) {
    planet::Spectrum s = test::samplePlanet(4).spectra.front();
    s.kind = static_cast<planet::SpectrumKind>(kind);
    s.instrument = kind % 2 == 0 ? "NIRSpec \"PRISM\": a\\b" : "";
    if (kind == 1) s.sigmaLower.clear(), s.sigmaUpper.clear();
    if (kind == 2) s.sigmaUpper.front() *= 1.0 + 1e-15;
    before.spectra.push_back(s);
  }
  const ExportedFolder folder(before);
  for (std::size_t i = 0; i < before.spectra.size(); ++i) {
    const std::string name = "spectrum-" + std::to_string(i + 1) + ".ecsv";
    const planet::Import import = folder.read(name);
    ASSERT_EQ(import.planet.spectra.size(), 1U) << name;
    EXPECT_EQ(import.planet.name, before.name);
    const planet::Spectrum& back = import.planet.spectra.front();
    const planet::Spectrum& was = before.spectra[i];
    EXPECT_EQ(back.kind, was.kind) << name;
    EXPECT_EQ(back.instrument, was.instrument) << name;
    EXPECT_EQ(back.wavelengthUm, was.wavelengthUm) << name;
    EXPECT_EQ(back.lowerEdgeUm, was.lowerEdgeUm) << name;
    EXPECT_EQ(back.upperEdgeUm, was.upperEdgeUm) << name;
    EXPECT_EQ(back.value, was.value) << name;
    EXPECT_EQ(back.sigmaLower, was.sigmaLower) << name;
    EXPECT_EQ(back.sigmaUpper, was.sigmaUpper) << name;
    EXPECT_EQ(back.resolvingPower, was.resolvingPower) << name;
  }
}

TEST(Export, ClimatesWithoutASurfacePressureComeBackToTheSameBits) {
  Planet before = wholePlanet();
  std::erase_if(before.climate->fields,
                [](const planet::Field& field) { return field.id == planet::VariableId::kSurfaceAirPressure; });
  const ExportedFolder folder(before);
  const planet::VariableId onLevels = planet::VariableId::kAirTemperature;
  ASSERT_NE(before.climate->find(onLevels), nullptr);
  for (const formats::ImportOptions& options : {formats::ImportOptions{}, {{{"surface_pressure", "100000"}}}}) {
    const planet::Import import = folder.read("climate.nc", options);
    ASSERT_NE(import.planet.climate->find(onLevels), nullptr);
    EXPECT_EQ(import.planet.climate->find(onLevels)->values, before.climate->find(onLevels)->values);
    EXPECT_EQ(import.planet.climate->find(planet::VariableId::kSurfaceAirPressure), nullptr);
  }
}

/// The network as SBML can hold it.
planet::MetabolicNetwork withoutEnergies(planet::MetabolicNetwork network) {
  for (planet::Metabolite& m : network.metabolites) m.formationEnergyKJ.reset();
  for (planet::Reaction& r : network.reactions) r.energyKJ.reset();
  return network;
}

TEST(Export, NetworksComeBackAsTheyWere) {
  Planet before = wholePlanet();
  planet::MetabolicNetwork& odd = before.networks.front();
  odd.reactions[0].id = "EX_glc__D_e";
  odd.reactions[1].id = "a-b.c/d";
  odd.reactions[2].id = "M__45__x";  // looks like an escape, and is none
  odd.reactions[3].name = "<&\"> \xce\xb1";
  odd.reactions[4].geneRule = "g1 and (g2 or g-3.1)";
  odd.genes.push_back("g-3.1");
  odd.reactions[5].lowerBound = -1.0 / 3.0;
  odd.reactions[5].upperBound = std::nextafter(2.0, 3.0);
  odd.reactions[6].objective = -0.1;
  odd.reactions[7].subsystem = "Glycolysis/Gluconeogenesis & more";
  odd.maximise = false;
  const ExportedFolder folder(before);
  EXPECT_EQ(folder.read("network-n0.xml").planet.networks.at(0), withoutEnergies(odd));
  const auto& archetype = before.metabolisms.at(1).metabolism;
  const std::string name =
      "network-" + planet::idFromName(std::string(planet::name(archetype.archetype)) + "-0") + ".xml";
  EXPECT_EQ(folder.read(name).planet.networks.at(0), withoutEnergies(archetype.network));
  // What SBML has no place for is said.
  bool said = false;
  for (const std::string& what : folder.exported.leftOut) said = said || what.find("energies") != std::string::npos;
  EXPECT_TRUE(said);
}

TEST(Export, AGeneratedPlanetComesBackAsNeitherARealNorAnObservedOne) {
  const ExportedFolder folder(test::samplePlanet(4));
  EXPECT_EQ(folder.read("climate.nc").planet.origin, planet::Origin::kOther);
  EXPECT_EQ(folder.read("spectrum-1.ecsv").planet.origin, planet::Origin::kOther);
}

TEST(Export, AnImportedNetworkIsTheSameFileAgain) {
  const planet::Import toy = formats::importFile("tests/data/formats/fixtures/toy.xml", {});
  Planet before = toy.planet;
  before.id = "toy";
  const ExportedFolder folder(before);
  EXPECT_EQ(folder.read("network-toy.xml").planet.networks, before.networks);
}

TEST(Export, TextsComeBackAsTheyWere) {
  Planet before = wholePlanet();
  before.texts = formats::importFile("tests/data/formats/fixtures/mentions.jsonl", {}).texts;
  for (planet::Text& text : before.texts) text.licence = "CC-BY-4.0";
  const ExportedFolder folder(before);
  std::vector<planet::Text> back = folder.read("texts.jsonl").texts;
  ASSERT_EQ(back.size(), before.texts.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    EXPECT_EQ(back[i].body, before.texts[i].body);
    EXPECT_EQ(back[i].keywords, before.texts[i].keywords);
    EXPECT_EQ(back[i].source, before.texts[i].source);
    EXPECT_EQ(back[i].licence, before.texts[i].licence);
  }
}

TEST(Export, ScalarsComeBackWithErrorsAndLimits) {
  Planet before = wholePlanet();
  before.origin = planet::Origin::kObserved;
  before.name = "TRAPPIST-1 e, \"the fifth\"";
  before.scalars = {};
  before.scalars[planet::ScalarId::kOrbitalPeriod] = planet::Measurement{6.1, 0.1, 0};
  before.scalars[planet::ScalarId::kPlanetRadius] = planet::Measurement{1.0 / 3.0, 0.0, 0};
  before.scalars[planet::ScalarId::kEccentricity] = planet::Measurement{0.0051, 0.0, 1};
  before.scalars[planet::ScalarId::kStellarFlux] = planet::Measurement{900.0, 12.0, -1};
  before.scalars[planet::ScalarId::kObliquity] = planet::Measurement{10.0, 0.0, 0};
  const ExportedFolder folder(before);
  const planet::Import import = folder.read("catalogue.csv");
  ASSERT_EQ(import.entries.size(), 1U);
  EXPECT_EQ(import.entries[0].planet, before.name);
  for (const planet::ScalarInfo& info : planet::scalars()) {
    const auto& was = before.scalars[info.id];
    const auto& is = import.entries[0].scalars[info.id];
    if (info.id == planet::ScalarId::kObliquity) {
      EXPECT_FALSE(is);
      continue;
    }
    ASSERT_EQ(was.has_value(), is.has_value()) << info.name;
    if (!was) continue;
    EXPECT_NEAR(is->value, was->value, 1e-14 * was->value) << info.name;
    EXPECT_NEAR(is->sigma, was->sigma, 1e-14 * was->value) << info.name;
    EXPECT_EQ(is->limit, was->limit) << info.name;
  }
  EXPECT_NE(std::find(folder.exported.leftOut.begin(), folder.exported.leftOut.end(),
                      "catalogue.csv: the archive has no column for obliquity"),
            folder.exported.leftOut.end());
}

TEST(Export, TheFolderIsWholeOrAbsentAndNeverOverwrittenUnasked) {
  const test::TempFolder parent;
  Planet planet = wholePlanet();
  const formats::Exported first = formats::exportPlanet(planet, parent.path(), false);
  EXPECT_EQ(first.folder, parent.path() / planet.id);
  for (const std::string& file : first.files) EXPECT_TRUE(std::filesystem::exists(first.folder / file)) << file;
  const auto again = [&](bool force) { formats::exportPlanet(planet, parent.path(), force); };
  EXPECT_EQ(test::errorOf([&] { again(false); }).kind(), ErrorKind::kUsage);
  // A failure in the midst leaves what was there, and nothing else.
  Planet broken = planet;
  broken.climate->fields.push_back(broken.climate->fields.front());  // NetCDF takes no name twice
  EXPECT_EQ(test::errorOf([&] { formats::exportPlanet(broken, parent.path(), true); }).kind(), ErrorKind::kEnvironment);
  broken.id = "other";
  EXPECT_THROW(formats::exportPlanet(broken, parent.path(), false), Error);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(parent.path()), {}), 1);
  EXPECT_TRUE(std::filesystem::exists(first.folder / "climate.nc"));
  // With force the new folder stands alone.
  planet.climate.reset();
  again(true);
  EXPECT_FALSE(std::filesystem::exists(first.folder / "climate.nc"));
  EXPECT_TRUE(std::filesystem::exists(first.folder / "spectrum-1.ecsv"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(parent.path()), {}), 1);
}

TEST(Export, WhatKilledOnesHaveLeftIsGoneWithTheNext) {
  const test::TempFolder parent;
  Planet planet;
  planet.id = "p";
  planet.texts.push_back({"p", "", "words", "a.txt", "", {}, {}});
  const auto left = [&](const std::string& name) {
    std::filesystem::create_directory(parent / name);
    std::ofstream(parent / name / "texts.jsonl") << "half";
    return parent.path() / name;
  };
  // No process has a number beyond 2^22; the first one always lives.
  const auto dead = left(".p.incomplete-2000000000"), mine = left(".p.incomplete-" + std::to_string(::getpid()));
  const auto alive = left(".p.incomplete-1"), others = left(".q.incomplete-2000000000"), odd = left(".p.incomplete-1x");
  formats::exportPlanet(planet, parent.path(), false);
  for (const auto& folder : {dead, mine}) EXPECT_FALSE(std::filesystem::exists(folder)) << folder;
  for (const auto& folder : {alive, others, odd}) EXPECT_TRUE(std::filesystem::exists(folder)) << folder;
}

TEST(Export, ForceReplacesNothingButAnExport) {
  const test::TempFolder parent;
  const Planet planet = wholePlanet();
  const formats::Exported first = formats::exportPlanet(planet, parent.path(), false);
  const auto messageOf = [&] { return test::messageOf([&] { formats::exportPlanet(planet, parent.path(), true); }); };
  EXPECT_EQ(messageOf(), "nothing thrown");
  writeFileAtomically(first.folder / "thesis.tex", "years of work");
  EXPECT_NE(messageOf().find("found 'thesis.tex'"), std::string::npos) << messageOf();
  EXPECT_EQ(readFile(first.folder / "thesis.tex"), "years of work");
  EXPECT_TRUE(std::filesystem::exists(first.folder / "climate.nc"));
  // A folder by the name of a file may hold anything.
  std::filesystem::remove(first.folder / "thesis.tex");
  std::filesystem::create_directory(first.folder / "network-mine.xml");
  EXPECT_NE(messageOf().find("found 'network-mine.xml'"), std::string::npos) << messageOf();
  std::filesystem::remove(first.folder / "network-mine.xml");
  std::filesystem::rename(first.folder, parent / "elsewhere");
  std::filesystem::create_directory_symlink(parent / "elsewhere", first.folder);
  EXPECT_NE(messageOf().find("it is a link"), std::string::npos) << messageOf();
  EXPECT_TRUE(std::filesystem::exists(parent / "elsewhere" / "climate.nc"));
}

TEST(Export, OtherPeoplesReadersFindTheSameNumbers) {
  const char* python = "build/venv-export/bin/python";
  if (!std::filesystem::exists(python)) {
    GTEST_SKIP() << "no " << python << " with netCDF4, astropy and cobra (tools/setup --soak makes it)";
  }
  const Planet planet = wholePlanet();
  const ExportedFolder folder(planet);
  const test::TempFolder scratch;
  const std::string command = std::string(python) + " tests/oracles/export_read_back.py " +
                              folder.exported.folder.string() + " > " + (scratch / "out").string() + " 2> " +
                              (scratch / "log").string();
  ASSERT_EQ(std::system(command.c_str()), 0) << readFile(scratch / "log");
  const auto found = nlohmann::json::parse(readFile(scratch / "out"));
  for (const planet::Field& field : planet.climate->fields) {
    const planet::VariableInfo& info = planet::info(field.id);
    const auto& variable = found["climate"]["variables"][std::string(info.symbol)];
    EXPECT_EQ(variable["units"], std::string(info.unit));
    const planet::FieldStatistics expected = planet::statistics(*planet.climate, field);
    // By its own area weights from lat_bnds.
    EXPECT_NEAR(variable["area_mean"].get<double>(), expected.areaWeightedMean,
                1e-5 * std::max(1.0, std::abs(expected.areaWeightedMean)))
        << info.symbol;
    EXPECT_EQ(variable["minimum"].get<float>(), static_cast<float>(expected.minimum)) << info.symbol;
  }
  EXPECT_EQ(found["climate"]["Conventions"], "CF-1.8");
  const planet::Spectrum& s = planet.spectra.front();
  EXPECT_EQ(found["spectrum"]["points"], s.size());
  EXPECT_EQ(found["spectrum"]["wavelength_unit"], "um");
  EXPECT_EQ(found["spectrum"]["first"].get<double>(), s.value.front());
  EXPECT_EQ(found["spectrum"]["last_error"].get<double>(), s.sigmaUpper.back());
  const planet::MetabolicNetwork& network = planet.networks.front();
  EXPECT_EQ(found["network"]["reactions"], network.reactions.size());
  EXPECT_EQ(found["network"]["metabolites"], network.metabolites.size());
  EXPECT_EQ(found["network"]["genes"], network.genes.size());
  EXPECT_EQ(found["network"]["sbml_errors"], 0);
  EXPECT_EQ(found["network"]["bounds"]["R0"][0].get<double>(), network.reactions[0].lowerBound);
  EXPECT_EQ(found["texts"], planet.texts.size());
}

}  // namespace
