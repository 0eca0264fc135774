// SPDX-License-Identifier: Apache-2.0
// What a store holds without a climate, as samples: an imported network, an observed planet, collected texts.
#include "data/loader/parts.h"

#include <algorithm>
#include <map>
#include <set>

#include "data/base/error.h"
#include "loader_fixture.h"

namespace ecumene::data::loader {
namespace {

planet::Import texts() {
  planet::Import import;
  import.kind = planet::ImportKind::kText;
  import.texts = {{"a",
                   "Of K2-18 b",
                   "Its air.",
                   "arxiv",
                   "",
                   std::nullopt,
                   { "K2-18 b" }},
                  {"b", "Of dust", "Grains stick.", "arxiv", "", std::nullopt, {}},
                  { "b",
                    "Of dust",
                    "Grains part.",
                    "arxiv",
                    "",
                    std::nullopt,
                    {} }};
  return import;
}

/// Planets with climate, and beside them what has none.
class PartsTest : public LoaderTest {
 protected:
  void SetUp() override {
    LoaderTest::SetUp();
    Store store = Store::open(folder_ / "s", Mode::kWrite);
    Planet network = samplePlanet(100, {false, 4, 8, 0, 0, 2, 0});
    network.id = "e-coli";
    network.origin = planet::Origin::kNetworkOnly;
    network.truth.reset();
    store.add(network);
    Planet observed = samplePlanet(101, {false, 4, 8, 3, 0, 0, 0});
    observed.id.clear();
    observed.name = "K2-18 b";
    observed.origin = planet::Origin::kObserved;
    observed.truth.reset();
    observed.spectra[1].kind = planet::SpectrumKind::kEmission;
    store.addObserved(observed, [](Planet&) { return false; });
    Planet doubtful = samplePlanet(102, {false, 4, 8, 0, 0, 1, 0});
    doubtful.origin = planet::Origin::kNetworkOnly;
    doubtful.truth.reset();
    store.add(doubtful, true);
    store.addTexts(texts());
  }
  static LoaderOptions withParts() {
    LoaderOptions options = small();
    options.parts = true;
    return options;
  }
  static constexpr std::size_t kParts = 5;
};

TEST_F(PartsTest, AreWhatHasNoClimateAndIsNotLeftOut) {
  const std::vector<Part> parts = partsOf(open());
  std::vector<std::string> ids;
  for (const Part& part : parts) ids.push_back(part.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"e-coli/network 0", "e-coli/network 1", "k2-18-b/spectra", "text 2/b",
                                           "text 3/b"}));
  EXPECT_EQ(wordsOf(parts), "2 networks, 1 planet with a measured spectrum, 2 collected texts");
  EXPECT_EQ(nodesOf(parts[0]), 121U);  // 61 metabolites, 60 reactions
  EXPECT_EQ(nodesOf(parts[2]), 0U);
  EXPECT_EQ(parts[2].contents.spectra.size(), 2U);  // of an emission spectrum no view reads anything
  ASSERT_EQ(parts[2].contents.texts.size(), 1U);
  EXPECT_EQ(parts[2].contents.texts[0].id, "a");
  EXPECT_EQ(wordsOf({}), "");
}

TEST_F(PartsTest, EachIsASampleOnceAnEpochWithNothingThatItLacks) {
  const Store store = open();
  Loader loader(store, withParts());
  EXPECT_EQ(loader.samples(), kPlanets * planet::kArchetypeCount + kParts);
  std::set<std::string> spectra;
  for (std::uint64_t epoch = 0; epoch < 8; ++epoch) {
    std::map<std::string, std::size_t> seen;
    loader.start(epoch);
    while (const auto batch = loader.next()) {
      for (const Sample& s : batch->samples) {
        ++seen[s.id];
        if (s.cube.values().empty()) {
          EXPECT_FALSE(s.labels || s.truth || s.metabolism.viability) << s.id;
          EXPECT_TRUE(s.metabolism.metabolism.network.reactions.empty()) << s.id;
        }
        if (s.id == "k2-18-b/spectra") {
          EXPECT_TRUE(s.scalars[planet::ScalarId::kStellarFlux].has_value());
          EXPECT_EQ(s.text->id, "a");
          EXPECT_FALSE(s.network);
          spectra.insert(sha256(std::as_bytes(std::span(s.spectrum->value))));
        } else if (s.id == "text 3/b") {
          EXPECT_EQ(s.text->body, "Grains part.");
          EXPECT_FALSE(s.spectrum || s.network);
        } else if (s.id == "e-coli/network 1") {
          EXPECT_EQ(s.network->id, "n1");
          EXPECT_FALSE(s.spectrum || s.text);
        }
      }
    }
    EXPECT_EQ(seen.size(), loader.samples());
    EXPECT_TRUE(std::ranges::all_of(seen, [](const auto& one) { return one.second == 1; }));
  }
  EXPECT_EQ(spectra.size(), 2U);  // either is drawn in some epoch
}

TEST_F(PartsTest, WithoutThemAllIsAsIfTheyWereNotThere) {
  const fs::path alone = folder_ / "alone";
  fill(alone, kPlanets);
  const Store both = open(), climates = Store::open(alone, Mode::kRead);
  EXPECT_EQ(epochDigests(both, small()), epochDigests(climates, small()));
}

TEST_F(PartsTest, AnEpochGoesOnFromAnyPositionTheSameWithAnyThreads) {
  const Store store = open();
  const std::vector<std::string> whole = epochDigests(store, withParts());
  LoaderOptions alone = withParts();
  alone.threads = 1;
  EXPECT_EQ(epochDigests(store, alone), whole);
  for (const std::size_t position : {std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
    const std::vector<std::string> rest(whole.begin() + static_cast<std::ptrdiff_t>(position), whole.end());
    EXPECT_EQ(epochDigests(store, withParts(), position), rest) << position;
  }
}

}  // namespace
}  // namespace ecumene::data::loader
