// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "data/base/error.h"
#include "tests/data/loader/loader_fixture.h"

namespace ecumene::data::loader {
namespace {

TEST_F(LoaderTest, GivesWhatTheStoreHolds) {
  const Store store = open();
  Loader loader(store, small());
  EXPECT_EQ(loader.samples(), kPlanets * planet::kArchetypeCount);
  std::map<std::string, Planet> planets;
  for (const store::Row& row : store.list()) planets[row.id] = store.get(row.id);
  std::set<std::string> seen;
  std::set<std::uint32_t> variants;
  std::set<std::uint32_t> spectra;
  std::size_t silent = 0;
  loader.start(0);
  std::size_t position = 0;
  while (const auto batch = loader.next()) {
    ASSERT_EQ(batch->position, position++);
    ASSERT_LE(batch->samples.size(), 4U);
    for (const Sample& s : batch->samples) {
      ASSERT_TRUE(seen.insert(s.id).second) << s.id;
      const Planet& p = planets.at(s.planet);
      const planet::Metabolism& m = s.metabolism.metabolism;
      ASSERT_EQ(s.id, p.id + "/" + std::string(name(m.archetype)));
      variants.insert(s.choice.variant);
      spectra.insert(s.choice.spectrum);
      const std::size_t position16 = static_cast<std::size_t>(m.archetype) + planet::kArchetypeCount * s.choice.variant;
      ASSERT_EQ(s.metabolism, p.metabolisms.at(position16)) << s.id;
      ASSERT_EQ(s.scalars, p.scalars);
      ASSERT_EQ(s.labels, p.labels);
      ASSERT_EQ(s.quality, p.quality);
      std::vector<float> flat;
      for (const planet::Field& field : p.climate->fields) {
        flat.insert(flat.end(), field.values.begin(), field.values.end());
        const auto values = s.cube.variable(field.id);
        ASSERT_TRUE(std::equal(values.begin(), values.end(), field.values.begin(), field.values.end()));
      }
      ASSERT_TRUE(std::equal(s.cube.values().begin(), s.cube.values().end(), flat.begin(), flat.end()));
      const planet::ModelSpectrum expected = planet::rebin(p.spectra.at(s.choice.spectrum));
      ASSERT_TRUE(s.spectrum);
      ASSERT_EQ(s.spectrum->value, expected.value);
      ASSERT_EQ(s.spectrum->sigma, expected.sigma);
      ASSERT_EQ(s.spectrum->present, expected.present);
      // The last four cases have no text: absent, not another's.
      ASSERT_EQ(s.text.has_value(), position16 < 12) << s.id;
      if (s.text) {
        ASSERT_EQ(*s.text, p.texts.at(position16));
      } else {
        ++silent;
      }
    }
  }
  EXPECT_EQ(seen.size(), loader.samples());
  EXPECT_EQ(position, loader.batches());
  EXPECT_EQ(variants.size(), 2U);
  EXPECT_EQ(spectra.size(), 2U);
  EXPECT_GT(silent, 0U);
}

TEST_F(LoaderTest, DeliversTheSameBytesWithAnyNumberOfThreads) {
  const Store store = open();
  LoaderOptions options = small();
  options.threads = 1;
  options.batchesAhead = 1;
  const auto expected = epochDigests(store, options);
  ASSERT_EQ(expected.size(), 24U);
  for (const unsigned threads : {2U, 5U}) {
    options.threads = threads;
    options.batchesAhead = 4;
    EXPECT_EQ(epochDigests(store, options), expected) << threads;
  }
  options.seed = 6;
  EXPECT_NE(epochDigests(store, options), expected);
}

TEST_F(LoaderTest, RanksOfAnyWorldReadDisjointPartsOfOneOrder) {
  const Store store = open();
  const auto expected = epochDigests(store, small());
  for (const std::size_t world : {2U, 5U}) {
    std::vector<std::string> together(expected.size());
    for (std::size_t rank = 0; rank < world; ++rank) {
      LoaderOptions options = small();
      options.rank = rank;
      options.worldSize = world;
      Loader loader(store, options);
      loader.start(3);
      std::size_t steps = 0;
      while (const auto batch = loader.next()) {
        EXPECT_EQ(batch->position, steps++ * world + rank);
        EXPECT_EQ(loader.position(), std::min(steps * world, expected.size()));
        EXPECT_TRUE(together.at(batch->position).empty());
        together.at(batch->position) = digest(*batch);
      }
      EXPECT_EQ(loader.position(), expected.size());
    }
    EXPECT_EQ(together, expected) << world;
  }
}

TEST_F(LoaderTest, ResumedEpochEqualsTheUninterrupted) {
  const Store store = open();
  const auto expected = epochDigests(store, small());
  // Two ranks for a while, then one goes on alone from the position that both report.
  std::vector<std::string> got(6);
  std::size_t position = 0;
  for (std::size_t rank = 0; rank < 2; ++rank) {
    LoaderOptions options = small();
    options.rank = rank;
    options.worldSize = 2;
    Loader loader(store, options);
    loader.start(3);
    for (std::size_t step = 0; step < 3; ++step) got.at(2 * step + rank) = digest(loader.next().value());
    position = loader.position();
    EXPECT_EQ(position, 6U);
  }
  for (const std::string& rest : epochDigests(store, small(), position)) got.push_back(rest);
  EXPECT_EQ(got, expected);
  EXPECT_TRUE(epochDigests(store, small(), expected.size()).empty());
  EXPECT_THROW(epochDigests(store, small(), expected.size() + 1), Error);
}

TEST_F(LoaderTest, OneLoaderGoesThroughManyEpochsInOtherOrders) {
  const Store store = open();
  Loader loader(store, small());
  std::vector<std::vector<std::string>> orders;
  for (const std::uint64_t epoch : {0U, 1U, 0U}) {
    loader.start(epoch);
    std::vector<std::string>& order = orders.emplace_back();
    // The second epoch is left in the middle.
    while (order.size() < (epoch == 1 ? 40U : 1000U)) {
      const auto batch = loader.next();
      if (!batch) break;
      for (const Sample& s : batch->samples) order.push_back(s.id + std::to_string(s.choice.variant));
    }
  }
  EXPECT_EQ(orders[0], orders[2]);
  orders[0].resize(orders[1].size());
  EXPECT_NE(orders[0], orders[1]);
}

TEST_F(LoaderTest, MasksMissingPartsAndFillsNothing) {
  Store store = Store::open(folder_ / "t", Mode::kCreate);
  Planet p = samplePlanet(1, {true, 4, 8, 0, 1, 0, 0});
  p.climate->fields.erase(p.climate->fields.begin() + 2);
  p.labels.reset();
  p.metabolisms[0].viability.reset();
  store.add(p);
  store.add(samplePlanet(2, {false, 4, 8, 1, 1, 0, 1}));  // Without climate: no row.
  store.add(samplePlanet(3, {true, 4, 8, 1, 0, 0, 1}));   // Without metabolism: no row.
  Loader loader(store, small());
  EXPECT_EQ(loader.samples(), 1U);
  loader.start(0);
  const auto batch = loader.next();
  ASSERT_TRUE(batch);
  const Sample& s = batch->samples.at(0);
  EXPECT_EQ(s.planet, "s1");
  EXPECT_FALSE(s.cube.present(VariableId::kEastwardWind));
  EXPECT_TRUE(s.cube.variable(VariableId::kEastwardWind).empty());
  EXPECT_TRUE(s.cube.present(VariableId::kNorthwardWind));
  std::size_t count = 0;
  for (const planet::Field& field : p.climate->fields) count += field.values.size();
  EXPECT_EQ(s.cube.values().size(), count);
  EXPECT_FALSE(s.spectrum);
  EXPECT_FALSE(s.text);
  EXPECT_FALSE(s.labels);
  EXPECT_FALSE(s.metabolism.viability);
  EXPECT_FALSE(loader.next());
  EXPECT_FALSE(loader.next());
}

TEST_F(LoaderTest, DrawsOnlyTransmissionSpectra) {
  Store store = Store::open(folder_ / "t", Mode::kCreate);
  Planet p = samplePlanet(1, {true, 4, 8, 3, 1, 0, 0});
  p.spectra[0].kind = planet::SpectrumKind::kStellarFlux;
  p.spectra[2].kind = planet::SpectrumKind::kEmission;
  p.spectra[1].instrument = "the transmission one";
  store.add(p);
  Loader loader(store, small());
  for (std::uint64_t epoch = 0; epoch < 8; ++epoch) {
    loader.start(epoch);
    EXPECT_EQ(loader.next()->samples.at(0).instrument, "the transmission one");
  }
}

TEST_F(LoaderTest, FiltersSplitsAndExcludedPlanets) {
  {
    Store store = Store::open(folder_ / "s", Mode::kWrite);
    const Planet marked = store.get("s4");
    store.remove("s4");
    store.add(marked, true);
  }
  const Store store = open();
  LoaderOptions options = small();
  options.filter.leaveOutExcluded = true;
  EXPECT_EQ(Loader(store, options).samples(), (kPlanets - 1) * planet::kArchetypeCount);
  std::size_t sum = 0;
  for (const planet::Split split : {planet::Split::kTrain, planet::Split::kValidation, planet::Split::kTest}) {
    options.filter.leaveOutExcluded = false;
    options.filter.split = split;
    Loader loader(store, options);
    sum += loader.samples();
    loader.start(0);
    store::Filter filter;
    filter.split = split;
    std::set<std::string> allowed;
    for (const store::Row& row : store.list(filter)) allowed.insert(row.id);
    while (const auto batch = loader.next()) {
      for (const Sample& s : batch->samples) EXPECT_TRUE(allowed.contains(s.planet));
    }
  }
  EXPECT_EQ(sum, kPlanets * planet::kArchetypeCount);
}

TEST_F(LoaderTest, BudgetCountsTheGivenTextUnits) {
  const Store store = open();
  LoaderOptions options = small();
  options.budget = {4, 64, 1U << 20U};
  std::size_t calls = 0;
  options.textLength = [&calls](std::string_view text) {
    ++calls;
    return text.empty() ? 0U : 32U;
  };
  Loader loader(store, options);
  EXPECT_EQ(calls, kPlanets * 12);
  loader.start(0);
  while (const auto batch = loader.next()) {
    const bool told =
        std::any_of(batch->samples.begin(), batch->samples.end(), [](const Sample& s) { return s.text.has_value(); });
    EXPECT_LE(batch->samples.size(), told ? 2U : 4U);
  }
  options.budget.textUnits = 31;
  EXPECT_THROW(Loader(store, options).start(0), Error);
  options.budget = {4, 64, 50};  // Sample networks have 61 to 121 nodes.
  EXPECT_THROW(Loader(store, options).start(0), Error);
}

TEST_F(LoaderTest, CubesOnlyLeavesOutTheRest) {
  const Store store = open();
  LoaderOptions options = small();
  Loader whole(store, options);
  options.cubesOnly = true;
  Loader cubes(store, options);
  whole.start(1);
  cubes.start(1);
  while (const auto a = whole.next()) {
    const auto b = cubes.next();
    ASSERT_TRUE(b);
    for (std::size_t i = 0; i < a->samples.size(); ++i) {
      const auto x = a->samples[i].cube.values();
      const auto y = b->samples.at(i).cube.values();
      EXPECT_EQ(a->samples[i].id, b->samples[i].id);
      EXPECT_TRUE(std::equal(x.begin(), x.end(), y.begin(), y.end()));
      EXPECT_TRUE(b->samples[i].metabolism.metabolism.network.reactions.empty());
      EXPECT_FALSE(b->samples[i].spectrum);
    }
  }
}

TEST_F(LoaderTest, RefusesSenselessOptions) {
  const Store store = open();
  LoaderOptions options = small();
  options.worldSize = 0;
  EXPECT_THROW(Loader(store, options), Error);
  options.worldSize = 2;
  options.rank = 2;
  EXPECT_THROW(Loader(store, options), Error);
  options = small();
  options.batchesAhead = 0;
  EXPECT_THROW(Loader(store, options), Error);
}

TEST(Loader, OfAnEmptyStoreEndsAtOnce) {
  const test::TempFolder folder;
  const Store store = Store::open(folder / "s", Mode::kCreate);
  Loader loader(store, {});
  EXPECT_EQ(loader.samples(), 0U);
  loader.start(0);
  EXPECT_FALSE(loader.next());
}

TEST(FlatCube, GivesItsMemoryBackOnce) {
  const auto pool = std::make_shared<CubePool>(2);
  store::CubeIndex index;
  index.variables[4].emplace().count = 100;
  {
    FlatCube first(pool, index);
    first = FlatCube(pool, index);
    const FlatCube moved = std::move(first);
    EXPECT_TRUE(moved.present(VariableId::kSurfaceTemperature));
    EXPECT_EQ(moved.variable(VariableId::kSurfaceTemperature).size(), 100U);
    EXPECT_FALSE(moved.present(VariableId::kSurfaceAirPressure));
  }
  EXPECT_GE(pool->take().capacity(), 100U);
  EXPECT_GE(pool->take().capacity(), 100U);
  EXPECT_EQ(pool->take().capacity(), 0U);
  for (const std::size_t count : {3U, 1U}) {
    std::vector<FlatCube> cubes;
    for (std::size_t i = 0; i < count; ++i) cubes.emplace_back(pool, index);
  }
  // No more than it may keep.
  EXPECT_GE(pool->take().capacity(), 100U);
  EXPECT_GE(pool->take().capacity(), 100U);
  EXPECT_EQ(pool->take().capacity(), 0U);
}

}  // namespace
}  // namespace ecumene::data::loader
