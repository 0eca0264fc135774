// SPDX-License-Identifier: Apache-2.0
// What meets under one planet's name: catalogues, texts as the importer gives them, several observations.
#include <algorithm>
#include <fstream>
#include <thread>

#include "data/formats/registry.h"
#include "store_fixture.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::store {
namespace {

using planet::Planet;
using planet::ScalarId;
using test::failure;

/// A spectrum of its own for each number, imported from a file whose name does or does not spell the planet.
Planet observation(const std::string& fileName, int number) {
  const test::TempFolder folder;
  std::ofstream out(folder / fileName);
  out << "wavelength (um),depth (ppm),error (ppm)\n";
  for (int i = 0; i < 20; ++i) out << 1.0 + 0.1 * i << ',' << 21000 + 10 * number + i << ",50\n";
  out.close();
  return formats::importFile(folder / fileName, {}).planet;
}

bool accept(Planet& planet) {
  planet.quality = {{"spectra", static_cast<double>(planet.spectra.size()), 1.0, true, ""}};
  return false;
}

planet::Import catalogueOf(const std::string& name, double starK) {
  planet::Import catalogue;
  catalogue.kind = planet::ImportKind::kCatalogue;
  catalogue.provenance.source = "made.csv";
  catalogue.provenance.sha256 = name;
  planet::CatalogueEntry entry;
  entry.planet = name;
  entry.scalars[ScalarId::kStellarTemperature] = planet::Measurement{starK, 50.0, 0};
  catalogue.entries = {entry};
  return catalogue;
}

std::vector<std::string> idsOf(const std::vector<planet::Text>& texts) {
  std::vector<std::string> ids;
  for (const planet::Text& text : texts) ids.push_back(text.id);
  return ids;
}

std::vector<std::string> payloadsOf(const std::filesystem::path& store) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::recursive_directory_iterator(store / "planets")) {
    if (file.is_regular_file()) names.push_back(file.path().filename().string());
  }
  return names;
}

TEST(StoreJoins, ImportedTextsReachThePlanetsTheyName) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const std::string id = store.addObserved(observation("trappist1e_visit1.csv", 1), accept).id;
  EXPECT_EQ(id, "trappist-1-e");
  store.addTexts(formats::importFile("tests/data/formats/fixtures/mentions.jsonl", {}));
  EXPECT_EQ(idsOf(store.get(id).texts), std::vector<std::string>{"m1"});
  ASSERT_EQ(store.list().size(), 1U);
  EXPECT_EQ(store.list()[0].texts, 1U);
}

TEST(StoreJoins, OutsideAbstractsReachTrappist1e) {
  const char* shared = std::getenv("ECUMENE_SHARED");
  const std::filesystem::path file =
      std::filesystem::path(shared == nullptr ? "" : shared) / "data/text/arxiv_astro-ph.EP_2025.jsonl";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the outside data ($ECUMENE_SHARED/data) is not on this machine";
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const std::string id = store.addObserved(observation("TRAPPIST-1e_visit1.csv", 1), accept).id;
  store.addTexts(formats::importFile(file, {}));
  // By grep: the two abstracts with TRAPPIST-1 ?e in title or summary.
  EXPECT_EQ(idsOf(store.get(id).texts), (std::vector<std::string>{"2504.16662", "2509.05414"}));
  // Likewise those outside numbered catalogues, each with its own spectrum.
  const std::vector<std::pair<std::string, std::vector<std::string>>> others{
      {"55 Cnc e", {"2508.10386"}}, {"PDS 70 b", {"2508.18351", "2509.04944"}}, {"PDS 70 c", {"2508.18351"}},
      {"AF Lep b", {"2509.15304"}}, {"Teegarden's Star b", {"2512.19231"}},
  };
  for (std::size_t i = 0; i < others.size(); ++i) {
    Planet planet = observation("spectrum.csv", static_cast<int>(i) + 2);
    planet.name = others[i].first;
    EXPECT_EQ(idsOf(store.get(store.addObserved(planet, accept).id).texts), others[i].second) << planet.name;
  }
}

TEST(StoreJoins, TextsNamingPlanetsOutsideNumberedCataloguesReachThem) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  Planet planet = observation("spectrum.csv", 1);
  planet.name = "Janssen";
  planet.aliases = {"55 Cnc e"};
  const std::string id = store.addObserved(planet, accept).id;
  planet::Import texts;
  texts.kind = planet::ImportKind::kText;
  texts.texts = {{"body", "A lava world", "The air of 55~Cnc~e.", "arxiv", "", std::nullopt, {}},
                 {"title", "55 Cancri e, or 55-cnc e", "Invented.", "arxiv", "", std::nullopt, {}},
                 {"other", "55 Cnc b", "Invented.", "arxiv", "", std::nullopt, {}}};
  store.addTexts(texts);
  EXPECT_EQ(idsOf(store.get(id).texts), (std::vector<std::string>{"body", "title"}));
  EXPECT_EQ(store.list()[0].texts, 2U);
}

TEST(StoreJoins, MarksAreThoseOfTheJoinedPlanetWhateverCameFirst) {
  const auto judge = [](Planet& planet) {
    const auto& star = planet.scalars[ScalarId::kStellarTemperature];
    planet.quality = {{"star", star ? star->value : 0.0, 1.0, !star, ""}};
    return star.has_value();
  };
  for (const bool catalogueFirst : {true, false}) {
    const test::TempFolder folder;
    Store store = Store::open(folder / "s", Mode::kCreate);
    const auto addCatalogue = [&] {
      store.addCatalogue(catalogueOf("K2-18 b", 3457.0));
      store.judgeNamed(judge);
    };
    if (catalogueFirst) addCatalogue();
    store.addObserved(observation("K2-18b_a.csv", 1), judge);
    store.addObserved(observation("WASP-39b.csv", 2), judge);
    if (!catalogueFirst) addCatalogue();
    EXPECT_EQ(store.get("k2-18-b").quality.at(0).value, 3457.0);
    EXPECT_EQ(store.get("wasp-39-b").quality.at(0).value, 0.0);
    EXPECT_EQ(store.list().at(0).failedChecks, 1U);
    EXPECT_TRUE(store.list().at(0).excluded);
    EXPECT_FALSE(store.list().at(1).excluded);
    EXPECT_TRUE(store.check().empty()) << store.check()[0].message;
    store.addObserved(observation("K2-18b_b.csv", 3), judge);
    EXPECT_EQ(store.get("k2-18-b").quality.at(0).value, 3457.0);
  }
}

TEST(StoreJoins, ListsShowTheStarThatACatalogueKnows) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  store.addObserved(observation("WASP-39b.csv", 1), accept);
  EXPECT_EQ(store.list()[0].star, std::nullopt);
  // WASP-39: 5485 K, a late G dwarf (Mancini et al. 2018).
  store.addCatalogue(catalogueOf("WASP-39 b", 5485.0));
  EXPECT_EQ(store.list()[0].star, planet::StarType::kG);
  Filter filter;
  filter.star = planet::StarType::kG;
  EXPECT_EQ(store.list(filter).size(), 1U);
  filter.star = planet::StarType::kM;
  EXPECT_EQ(store.list(filter).size(), 0U);
}

TEST(StoreJoins, ObservationsOfOnePlanetAreOnePlanet) {
  const test::TempFolder folder;
  const std::vector<Planet> seen{observation("WASP-39b_a.csv", 1), observation("wasp39b_b.csv", 2),
                                 observation("obs_WASP_39_b.csv", 3)};
  {
    Store store = Store::open(folder / "s", Mode::kCreate);
    const AddResult first = store.addObserved(seen[0], accept);
    EXPECT_FALSE(first.extended);
    for (std::size_t i = 1; i < seen.size(); ++i) {
      const AddResult more = store.addObserved(seen[i], accept);
      EXPECT_EQ(more.id, first.id);
      EXPECT_TRUE(more.extended);
      EXPECT_FALSE(more.duplicate);
    }
    // Each of them again is there already.
    for (const Planet& planet : seen) EXPECT_TRUE(store.addObserved(planet, accept).duplicate);
    EXPECT_FALSE(store.addObserved(observation("K2-18b.csv", 4), accept).extended);
    // Another kind of planet of that name stays another planet.
    Planet model = observation("WASP-39b_model.csv", 5);
    model.origin = planet::Origin::kOther;
    EXPECT_EQ(store.add(model).id, "wasp-39-b-2");
  }
  Store store = Store::open(folder / "s", Mode::kWrite);
  EXPECT_EQ(store.list().size(), 3U);
  const Planet planet = store.get("wasp-39-b");
  ASSERT_EQ(planet.spectra.size(), 3U);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(planet.spectra[i], seen[i].spectra[0]);
    EXPECT_EQ(planet.provenance.at(i).part, "spectrum[" + std::to_string(i) + "]");
    EXPECT_EQ(planet.provenance[i].sha256, seen[i].provenance[0].sha256);
  }
  EXPECT_EQ(planet.name, "WASP-39 b");
  EXPECT_EQ(planet.systemKey, seen[0].systemKey);
  EXPECT_EQ(planet.quality.at(0).value, 3.0);
  std::vector<std::string> payloads = payloadsOf(folder / "s");
  std::sort(payloads.begin(), payloads.end());
  EXPECT_EQ(payloads, (std::vector<std::string>{"k2-18-b.h5", "wasp-39-b-2.h5", "wasp-39-b~2.h5"}));
  EXPECT_TRUE(store.check().empty()) << store.check()[0].message;
  store.remove("wasp-39-b");
  EXPECT_EQ(payloadsOf(folder / "s").size(), 2U);
  EXPECT_FALSE(store.addObserved(seen[1], accept).extended);
  EXPECT_EQ(store.get("wasp-39-b").spectra.size(), 1U);
}

TEST(StoreJoins, ObservationsThatComeAtOnceMeet) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  std::vector<Planet> seen;
  for (int i = 0; i < 8; ++i) seen.push_back(observation("K2-18b_" + std::to_string(i) + "x.csv", i));
  std::vector<std::thread> threads;
  for (const Planet& planet : seen) threads.emplace_back([&store, &planet] { store.addObserved(planet, accept); });
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(store.list().size(), 1U);
  EXPECT_EQ(store.list()[0].spectra, 8U);
  const std::vector<planet::Spectrum> spectra = store.get("k2-18-b").spectra;
  for (const Planet& planet : seen) {
    EXPECT_EQ(std::count(spectra.begin(), spectra.end(), planet.spectra[0]), 1);
  }
  EXPECT_TRUE(store.check().empty());
}

TEST(StoreJoins, AWriterKilledWhileItExtendsLeavesThePlanetAsItWas) {
  const test::TempFolder folder;
  const Planet seen = observation("K2-18b.csv", 1);
  {
    Store store = Store::open(folder / "s", Mode::kCreate);
    store.addObserved(seen, accept);
    // What is on disk before the row names it.
    const auto group = std::filesystem::directory_iterator(folder / "s" / "planets")->path();
    std::filesystem::copy_file(group / "k2-18-b.h5", group / "k2-18-b~1.h5");
    std::ofstream(group / "k2-18-b~2.h5.incomplete") << "half";
  }
  Store store = Store::open(folder / "s", Mode::kWrite);
  EXPECT_EQ(payloadsOf(folder / "s"), std::vector<std::string>{"k2-18-b.h5"});
  EXPECT_TRUE(std::filesystem::exists(folder / "s" / "unlisted" / "k2-18-b~1.h5"));
  EXPECT_EQ(store.get("k2-18-b").spectra, seen.spectra);
  EXPECT_TRUE(store.check().empty());
  EXPECT_TRUE(store.addObserved(observation("K2-18b.csv", 2), accept).extended);
  EXPECT_EQ(store.get("k2-18-b").spectra.size(), 2U);
}

TEST(StoreJoins, AnExtensionThatCannotBeWrittenChangesNothing) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const Planet seen = observation("K2-18b.csv", 1);
  store.addObserved(seen, accept);
  const auto group = std::filesystem::directory_iterator(folder / "s" / "planets")->path();
  // A folder stands where the new payload has to go.
  std::filesystem::create_directories(group / "k2-18-b~1.h5" / "in the way");
  EXPECT_NE(failure([&] { store.addObserved(observation("K2-18b.csv", 2), accept); }), "no error");
  EXPECT_EQ(store.get("k2-18-b").spectra, seen.spectra);
  std::filesystem::remove_all(group / "k2-18-b~1.h5");
  EXPECT_TRUE(store.check().empty());
  EXPECT_TRUE(store.addObserved(observation("K2-18b.csv", 2), accept).extended);
}

}  // namespace
}  // namespace ecumene::data::store
