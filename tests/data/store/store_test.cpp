// SPDX-License-Identifier: Apache-2.0
#include "data/store/store.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <thread>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/parallel.h"
#include "data/store/packing.h"
#include "tests/data/store/store_fixture.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::store {
namespace {

namespace fs = std::filesystem;
using planet::Planet;
using test::failure;
using test::samplePlanet;
using test::smallParts;

/// Fails for anything but cube floats that differs, and for cube floats beyond the bound of their row.
void expectSame(const Planet& got, const Planet& given) {
  Planet a = got;
  Planet b = given;
  ASSERT_EQ(a.climate.has_value(), b.climate.has_value());
  if (a.climate) {
    ASSERT_EQ(a.climate->fields.size(), b.climate->fields.size());
    for (std::size_t f = 0; f < a.climate->fields.size(); ++f) {
      const planet::Field& x = a.climate->fields[f];
      const planet::Field& y = b.climate->fields[f];
      ASSERT_EQ(x.id, y.id);
      ASSERT_EQ(x.values.size(), y.values.size());
      const PackingRule& rule = packingRules()[static_cast<std::size_t>(x.id)];
      double largest = 0.0;
      for (const float v : y.values) largest = std::max(largest, std::abs(static_cast<double>(v)));
      for (std::size_t i = 0; i < x.values.size(); ++i) {
        const double before = static_cast<double>(y.values[i]);
        const double scale = rule.packing == Packing::kLog10 ? std::abs(before) : largest;
        ASSERT_LE(std::abs(static_cast<double>(x.values[i]) - before),
                  std::max(rule.absoluteBound, rule.relativeBound * scale))
            << info(x.id).name << "[" << i << "]";
      }
    }
    a.climate->fields.clear();
    b.climate->fields.clear();
  }
  EXPECT_TRUE(a == b);
}

TEST(Store, WholePlanetComesBack) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  Planet planet = samplePlanet(1, {true, 32, 64, 2, 16, 2, 2});
  planet.quality = {{"energy", 0.1, 0.3, false, "message"}};
  planet.labels->oceanLossGyr = std::numeric_limits<double>::infinity();
  ASSERT_EQ(store.add(planet).id, "s1");
  expectSame(store.get("s1"), planet);
  EXPECT_TRUE(store.check().empty());
  EXPECT_EQ(store.getVariable("s1", planet::VariableId::kSurfaceTemperature).size(), 12U * 32U * 64U);
  EXPECT_LT(store.list().front().payloadBytes, 1170000U);
}

TEST(Store, PlanetsWithMissingPartsComeBack) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  Planet noClimate = samplePlanet(2, {false, 4, 8, 1, 0, 0, 0});
  Planet bare;
  bare.name = "Only a name";
  bare.origin = planet::Origin::kOther;
  Planet emptyNetwork = bare;
  emptyNetwork.name = "Empty network";
  emptyNetwork.networks.resize(2);
  Planet few = samplePlanet(4, smallParts());
  few.climate->fields.erase(few.climate->fields.begin() + 1, few.climate->fields.begin() + 4);
  few.climate->landFraction.clear();
  Planet epochs = samplePlanet(6, smallParts());
  epochs.climate->grid.epochGyr = {1.0, 4.6};
  for (planet::Field& field : epochs.climate->fields) {
    const std::vector<float> once = field.values;
    field.values.insert(field.values.end(), once.begin(), once.end());
  }
  for (Planet* planet : {&noClimate, &bare, &emptyNetwork, &few, &epochs}) {
    const std::string id = store.add(*planet).id;
    planet->id = id;
    expectSame(store.get(id), *planet);
  }
  EXPECT_TRUE(store.check().empty());
  EXPECT_NE(
      failure([&] { (void)store.getVariable("s4", planet::VariableId::kEastwardWind); }).find("expected eastward_wind"),
      std::string::npos);
}

TEST(Store, OneSecondOpenSeesWhatTheFirstAdded) {
  const test::TempFolder folder;
  const Planet planet = samplePlanet(3, smallParts());
  { Store::open(folder / "s", Mode::kCreate).add(planet); }
  expectSame(Store::open(folder / "s", Mode::kRead).get("s3"), planet);
  expectSame(Store::open(folder / "s", Mode::kWrite).get("s3"), planet);
}

TEST(Store, SameContentIsAddedOnce) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  Planet planet = samplePlanet(1, smallParts());
  planet.origin = planet::Origin::kGcm;
  planet.id.clear();
  planet.name = "Run A";
  EXPECT_EQ(store.add(planet).id, "run-a");
  Planet again = planet;
  again.name = "Run B";
  again.systemKey = "another file";
  again.provenance.clear();
  const AddResult result = store.add(again);
  EXPECT_TRUE(result.duplicate);
  EXPECT_EQ(result.id, "run-a");
  // One number of the payload makes it another planet; the same name then gets a number.
  Planet other = planet;
  other.climate->fields[4].values[0] += 1.0F;
  EXPECT_EQ(store.add(other).id, "run-a-2");
  EXPECT_EQ(store.totals().planets, 2U);
  other.id = "run-a";
  other.climate->fields[4].values[0] += 1.0F;
  EXPECT_NE(failure([&] { store.add(other); }).find("the id is taken"), std::string::npos);
}

TEST(Store, AClimateThatCameBackPackedIsThePlanetThatIsThere) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  Planet planet = samplePlanet(1, smallParts());
  planet.origin = planet::Origin::kGcm;
  planet.id.clear();
  planet.systemKey = "0123456789abcdef" + std::string(48, '0');
  const std::string id = store.add(planet).id;
  Planet back = store.get(id);
  ASSERT_NE(back.climate, planet.climate) << "packing changed nothing, so this shows nothing";
  back.id.clear();
  back.name = "Copy";
  // What is derived of packed values, and what bar and pascal make of each other, differs by little.
  back.spectra.front().value.front() *= 1.0 + 1e-9;
  back.truth->atmosphere.surfacePressurePa *= 1.0 + 1e-15;
  back.truth->surface.soilMoistureM = std::numeric_limits<double>::quiet_NaN();
  back.systemKey.resize(16);
  const AddResult same = store.add(back);
  EXPECT_TRUE(same.duplicate);
  EXPECT_EQ(same.id, id);
  // Whatever else is stated of it, or another value, makes another planet.
  const auto changed = [&](const std::function<void(Planet&)>& change) {
    Planet other = back;
    change(other);
    return other;
  };
  std::size_t planets = 1;
  for (const Planet& other : {
           changed([](Planet& p) { p.climate->fields[4].values[0] += 1.0F; }),
           changed([](Planet& p) { p.climate->fields[5].values[7] *= 1.01F; }),
           changed([](Planet& p) { p.climate->landFraction[0] = 0.125F; }),
           changed([](Planet& p) { p.scalars[planet::ScalarId::kStellarFlux]->value *= 1.001; }),
           changed([](Planet& p) { p.truth->bulk.gravity = 3.7; }),
           changed([](Planet& p) { p.truth.reset(); }),
           changed([](Planet& p) { p.origin = planet::Origin::kOther; }),
           changed([](Planet& p) { p.systemKey = "fedcba9876543210"; }),
       }) {
    EXPECT_FALSE(store.add(other).duplicate) << planets;
    EXPECT_EQ(store.totals().planets, ++planets);
  }
  // Both at once.
  Store empty = Store::open(folder / "t", Mode::kCreate);
  std::thread first([&] { empty.add(planet); });
  std::thread second([&] { empty.add(back); });
  first.join();
  second.join();
  EXPECT_EQ(empty.totals().planets, 1U);
}

TEST(Store, RemovedPlanetIsGone) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  store.add(samplePlanet(1, smallParts()));
  store.add(samplePlanet(2, smallParts()));
  store.remove("s1");
  EXPECT_FALSE(store.contains("s1"));
  EXPECT_NE(failure([&] { (void)store.get("s1"); }).find("there is no such planet"), std::string::npos);
  EXPECT_NE(failure([&] { store.remove("s1"); }).find("there is no such planet"), std::string::npos);
  EXPECT_TRUE(store.check().empty());
  store.add(samplePlanet(1, smallParts()));
  EXPECT_EQ(store.ids().size(), 2U);
}

TEST(Store, SplitsFollowTheSystem) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  for (std::uint64_t i = 0; i < 40; ++i) store.add(samplePlanet(i, {false, 4, 8, 0, 0, 0, 1}));
  const std::vector<Row> rows = store.list();
  ASSERT_EQ(rows.size(), 40U);
  for (const Row& a : rows) {
    for (const Row& b : rows) {
      if (a.systemKey == b.systemKey) {
        EXPECT_EQ(a.split, b.split) << a.id << " " << b.id;
      }
    }
  }
  std::size_t systems = 0;
  for (const SplitCount& count : store.splits()) systems += count.systems;
  EXPECT_EQ(systems, 20U);
  EXPECT_EQ(splitOf(planet::Origin::kGcm, "x"), planet::Split::kReal);
  EXPECT_EQ(splitOf(planet::Origin::kObserved, "x"), planet::Split::kObserved);
  EXPECT_EQ(splitOf(planet::Origin::kNetworkOnly, "x"), planet::Split::kParts);
}

TEST(Store, SharesOfSplitsAreAsPlanned) {
  // 70/10/20 % of 20,000 systems within four standard errors.
  constexpr int kSystems = 20000;
  std::array<int, 6> counts{};
  for (int i = 0; i < kSystems; ++i) {
    ++counts.at(static_cast<std::size_t>(splitOf(planet::Origin::kGenerated, "system " + std::to_string(i))));
  }
  for (const auto& [split, share] : {std::pair{0U, 0.7}, std::pair{1U, 0.1}, std::pair{2U, 0.2}}) {
    EXPECT_NEAR(counts.at(split) / double{kSystems}, share, 4.0 * std::sqrt(share * (1.0 - share) / kSystems));
  }
}

TEST(Store, ListFiltersAndShows) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  for (std::uint64_t i = 0; i < 12; ++i) store.add(samplePlanet(i, smallParts()));
  const Planet planet = samplePlanet(5, smallParts());
  const std::vector<Row> rows = store.list();
  const auto row = std::find_if(rows.begin(), rows.end(), [](const Row& r) { return r.id == "s5"; });
  ASSERT_NE(row, rows.end());
  EXPECT_EQ(row->labels, planet.labels);
  EXPECT_EQ(row->star, planet::starType(planet.truth->star.temperatureK));
  EXPECT_EQ(row->start, planet::StartState::kCold);
  EXPECT_EQ(row->viable[0], planet.metabolisms[0].viability->viable ? 1.0 : 0.0);
  EXPECT_EQ(row->viable[1], std::nullopt);
  std::size_t habitable = 0;
  for (const Row& r : rows) habitable += r.labels->habitable ? 1U : 0U;
  Filter filter;
  filter.habitable = true;
  EXPECT_EQ(store.list(filter).size(), habitable);
  EXPECT_EQ(store.cubes(filter).size(), habitable);
  filter = {};
  filter.nameContains = "SAMPLE 11";
  EXPECT_EQ(store.list(filter).size(), 1U);
  filter.nameContains = "s-7 B";
  ASSERT_EQ(store.list(filter).size(), 1U);
  filter.nameContains = "%";
  EXPECT_TRUE(store.list(filter).empty());
  filter = {};
  filter.regime = row->labels->regime;
  filter.star = row->star;
  for (const Row& r : store.list(filter)) {
    EXPECT_EQ(r.labels->regime, row->labels->regime);
    EXPECT_EQ(r.star, row->star);
  }
}

TEST(Store, SummariesAreOfTheGivenValues) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const Planet planet = samplePlanet(2, smallParts());
  store.add(planet);
  const std::vector<VariableSummary> summaries = store.variableSummaries("s2");
  ASSERT_EQ(summaries.size(), planet::kVariableCount);
  for (const VariableSummary& summary : summaries) {
    const std::vector<float>& values = planet.climate->require(summary.id).values;
    EXPECT_EQ(summary.statistics.minimum, static_cast<double>(*std::min_element(values.begin(), values.end())));
    EXPECT_EQ(summary.statistics.maximum, static_cast<double>(*std::max_element(values.begin(), values.end())));
  }
}

TEST(Store, LostOrOlderCatalogueCostsNoPayload) {
  const test::TempFolder folder;
  const fs::path place = folder / "s";
  std::string kept;
  std::string later;
  {
    Store store = Store::open(place, Mode::kCreate);
    kept = store.add(test::samplePlanet(0, test::smallParts())).id;
  }
  fs::copy_file(place / "catalogue.sqlite", folder / "older");
  {
    Store store = Store::open(place, Mode::kWrite);
    later = store.add(test::samplePlanet(1, test::smallParts())).id;
  }
  const auto payloads = [&] {
    std::size_t count = 0;
    for (const auto& file : fs::recursive_directory_iterator(place))
      count += file.path().extension() == ".h5" ? 1U : 0U;
    return count;
  };
  for (const char* name : {"catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm"})
    fs::remove(place / name);
  EXPECT_THROW(Store::open(place, Mode::kCreate), Error);
  EXPECT_EQ(payloads(), 2U) << "a new catalogue beside old payloads must not delete them";
  for (const char* name : {"catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm"})
    fs::remove(place / name);
  fs::copy_file(folder / "older", place / "catalogue.sqlite");
  Store store = Store::open(place, Mode::kWrite);
  EXPECT_TRUE(store.contains(kept));
  EXPECT_FALSE(store.contains(later));
  EXPECT_EQ(payloads(), 2U);
  EXPECT_TRUE(fs::exists(place / "unlisted" / (later + ".h5")));
  // The same planet can be added again, and its payload put aside again.
  EXPECT_EQ(store.add(test::samplePlanet(1, test::smallParts())).id, later);
  EXPECT_TRUE(store.check().empty());
}

TEST(Store, QualityMarksAndExcludes) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  Planet marked = samplePlanet(1, smallParts());
  marked.quality = {{"a", 0.5, 0.3, false, "why"}, {"b", std::numeric_limits<double>::infinity(), 1.0, true, ""}};
  store.add(marked, true);
  EXPECT_EQ(store.get("s1").quality, marked.quality);
  EXPECT_EQ(store.list().front().failedChecks, 1U);
  Filter filter;
  filter.leaveOutExcluded = true;
  EXPECT_TRUE(store.list(filter).empty());
  store.add(samplePlanet(2, smallParts()));
  EXPECT_EQ(store.list(filter).size(), 1U);
}

TEST(Store, CataloguesAndTextsJoinObservedPlanets) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  Planet planet = samplePlanet(1, {false, 4, 8, 1, 0, 0, 0});
  planet.origin = planet::Origin::kObserved;
  planet.id = "wasp-39-b";
  planet.name = "WASP-39 b";
  planet.aliases.clear();
  planet.scalars = {};
  planet.scalars[planet::ScalarId::kGravity] = planet::Measurement{4.1, 0.2, 0};
  planet.scalars[planet::ScalarId::kObliquity] = planet::Measurement{40.0, 0.0, 1};
  store.add(planet);

  planet::Import catalogue;
  catalogue.kind = planet::ImportKind::kCatalogue;
  catalogue.provenance.source = "nasa.csv";
  catalogue.provenance.sha256 = "1";
  planet::CatalogueEntry entry;
  entry.planet = "wasp 39b";
  entry.aliases = {"Bocaprins"};
  entry.scalars[planet::ScalarId::kGravity] = planet::Measurement{9.9, 0.0, 0};
  entry.scalars[planet::ScalarId::kOrbitalPeriod] = planet::Measurement{4.055, 0.001, 0};
  entry.scalars[planet::ScalarId::kObliquity] = planet::Measurement{12.0, 1.0, 0};
  planet::CatalogueEntry another = entry;
  another.planet = "WASP-39 c";
  another.aliases.clear();
  catalogue.entries = {entry, another};
  EXPECT_FALSE(store.addCatalogue(catalogue).replaced);
  EXPECT_TRUE(store.addCatalogue(catalogue).replaced);
  EXPECT_EQ(store.totals().catalogueEntries, 2U);

  planet::Import texts;
  texts.kind = planet::ImportKind::kText;
  texts.texts = {{"1", "t", "Of Bocaprins.", "arxiv", "", std::nullopt, {"Bocaprins"}},
                 {"2", "t", "Of another.", "arxiv", "", std::nullopt, {"K2-18 b"}}};
  EXPECT_EQ(store.addTexts(texts).added, 2U);
  EXPECT_EQ(store.addTexts(texts).skipped, 2U);

  const Planet joined = store.get("wasp-39-b");
  EXPECT_EQ(joined.scalars[planet::ScalarId::kGravity]->value, 4.1);
  EXPECT_EQ(joined.scalars[planet::ScalarId::kOrbitalPeriod]->value, 4.055);
  EXPECT_EQ(joined.scalars[planet::ScalarId::kObliquity]->limit, 0);
  ASSERT_EQ(joined.texts.size(), 1U);
  EXPECT_EQ(joined.texts[0].id, "1");
  ASSERT_EQ(joined.provenance.size(), planet.provenance.size() + 1);
  EXPECT_EQ(joined.provenance.back().source, "nasa.csv");
  EXPECT_NE(joined.provenance.back().conversions.find("orbital_period"), std::string::npos);
  EXPECT_EQ(joined.provenance.back().conversions.find("gravity"), std::string::npos);
}

TEST(Store, RunsOfTheGeneratorAreOneRecordEach) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const std::uint64_t seed = 0xffffffffffffffffULL;
  store.recordGeneration({seed, 100, "g1", "{}"});
  store.recordGeneration({seed, 50, "g1", "{}"});
  store.recordGeneration({seed, 70, "g2", "{}"});
  EXPECT_EQ(store.generations(), (std::vector<Generation>{{seed, 100, "g1", "{}"}, {seed, 70, "g2", "{}"}}));
}

TEST(Store, SamePlanetGivesTheSameFile) {
  const test::TempFolder folder;
  const Planet planet = samplePlanet(9, smallParts());
  std::vector<std::string> files;
  for (const char* name : {"a", "b"}) {
    Store store = Store::open(folder / name, Mode::kCreate);
    if (files.size() == 1) store.add(samplePlanet(8, smallParts()));
    store.add(planet);
    files.push_back(readFile(store.cubes().back().file));
  }
  EXPECT_EQ(files[0], files[1]);
}

TEST(Store, ThreadsAddAtOnce) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  constexpr std::size_t kPlanets = 48;
  // Each content is offered twice, so that equal ones meet on the way.
  std::atomic<int> duplicates{0};
  parallelFor(2 * kPlanets, 8, [&](std::size_t i) {
    duplicates += store.add(samplePlanet(i / 2, smallParts())).duplicate ? 1 : 0;
    (void)store.list();
  });
  EXPECT_EQ(duplicates, static_cast<int>(kPlanets));
  EXPECT_EQ(store.totals().planets, kPlanets);
  EXPECT_TRUE(store.check().empty());
}

TEST(Store, HostileIdsNeverReachAPath) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  std::size_t tried = 0;
  for (const std::string& id :
       {std::string("../x"), std::string("/etc/passwd"), std::string("a\0b", 3), std::string("a\nb"),
        std::string("'; DROP TABLE planet; --"), std::string(4096, 'a'), std::string("planets/00/../../x"),
        std::string("."), std::string(".."), std::string("A"), std::string("\xff\xfe")}) {
    Planet planet = samplePlanet(tried++, smallParts());
    planet.id = id;
    EXPECT_NE(failure([&] { store.add(planet); }).find("id is not valid"), std::string::npos);
    EXPECT_NE(failure([&] { (void)store.get(id); }).find("id is not valid"), std::string::npos);
    EXPECT_NE(failure([&] { (void)store.contains(id); }).find("id is not valid"), std::string::npos);
    EXPECT_NE(failure([&] { store.remove(id); }).find("id is not valid"), std::string::npos);
  }
  Planet named = samplePlanet(40, smallParts());
  named.id.clear();
  named.name = "../../'; DROP TABLE planet; --";
  const std::string id = store.add(named).id;
  named.id = id;
  expectSame(store.get(id), named);
  EXPECT_EQ(store.totals().planets, 1U);
}

TEST(Store, WhatIsNotUtf8IsRefusedWhole) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  Planet planet = samplePlanet(1, smallParts());
  planet.texts[0].body = "\xff";
  EXPECT_NE(failure([&] { store.add(planet); }).find("not valid UTF-8"), std::string::npos);
  EXPECT_EQ(store.totals().planets, 0U);
  EXPECT_TRUE(store.check().empty());
}

}  // namespace
}  // namespace ecumene::data::store
