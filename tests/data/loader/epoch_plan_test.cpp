// SPDX-License-Identifier: Apache-2.0
#include "data/loader/epoch_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "data/base/error.h"
#include "data/base/random.h"

namespace ecumene::data::loader {
namespace {

std::vector<SampleSize> samples(std::size_t count) {
  std::vector<SampleSize> made;
  for (std::size_t i = 0; i < count; ++i) {
    Random random(3, "sizes", i);
    SampleSize s;
    s.id = "planet-" + std::to_string(i) + "/methanogen";
    s.spectra = 3;
    s.graphNodes = {50 + random.below(150), 50 + random.below(150)};
    s.textLength = {{20 + random.below(400)}, {20 + random.below(400), 20 + random.below(400)}};
    made.push_back(std::move(s));
  }
  return made;
}

std::multiset<std::uint32_t> everySample(const EpochPlan& plan) {
  std::multiset<std::uint32_t> seen;
  for (std::size_t b = 0; b < plan.batches(); ++b) {
    for (const PlannedSample& p : plan.batch(b)) seen.insert(p.sample);
  }
  return seen;
}

TEST(EpochPlan, VisitsEachSampleOnceWithinTheBudget) {
  const auto sizes = samples(1000);
  const Budget budget{16, 16 * 300, 1500};
  const EpochPlan plan(sizes, 7, 0, budget);
  const auto seen = everySample(plan);
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(std::set<std::uint32_t>(seen.begin(), seen.end()).size(), 1000U);
  for (std::size_t b = 0; b < plan.batches(); ++b) {
    std::uint32_t longest = 0;
    std::uint32_t nodes = 0;
    for (const PlannedSample& p : plan.batch(b)) {
      longest = std::max(longest, sizes[p.sample].textLength[p.choice.variant][p.choice.text]);
      nodes += sizes[p.sample].graphNodes[p.choice.variant];
    }
    ASSERT_LE(plan.batch(b).size(), 16U);
    ASSERT_LE(longest * plan.batch(b).size(), 16U * 300U);
    ASSERT_LE(nodes, 1500U);
  }
}

TEST(EpochPlan, CubesOfOneBatchHaveEquallyManyEpochs) {
  auto sizes = samples(300);
  for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i].epochs = 1 + static_cast<std::uint32_t>(i % 3);
  const EpochPlan plan(sizes, 7, 0, Budget{16, 1U << 20U, 1U << 20U});
  EXPECT_EQ(everySample(plan).size(), 300U);
  for (std::size_t b = 0; b < plan.batches(); ++b) {
    ASSERT_FALSE(plan.batch(b).empty());
    for (const PlannedSample& p : plan.batch(b)) {
      EXPECT_EQ(sizes[p.sample].epochs, sizes[plan.batch(b).front().sample].epochs);
    }
  }
}

TEST(EpochPlan, BucketsWasteLessPaddingThanRandomBatches) {
  const auto sizes = samples(2000);
  const EpochPlan plan(sizes, 7, 0, Budget{16, 1U << 20U, 1U << 20U});
  double used = 0.0;
  double padded = 0.0;
  for (std::size_t b = 0; b < plan.batches(); ++b) {
    std::uint32_t longest = 0;
    for (const PlannedSample& p : plan.batch(b)) {
      const std::uint32_t length = sizes[p.sample].textLength[p.choice.variant][p.choice.text];
      used += length;
      longest = std::max(longest, length);
    }
    padded += longest * static_cast<double>(plan.batch(b).size());
  }
  // Random batches of 16 from U(20, 420) pad to about 396 for a mean of 220: 44 % waste.
  EXPECT_LT(1.0 - used / padded, 0.10);
}

TEST(EpochPlan, SamplesOfAPlanetComeTogetherAsOftenAsAsked) {
  // 250 planets of 3 to 8 samples.
  std::vector<SampleSize> sizes;
  for (std::size_t planet = 0; planet < 250; ++planet) {
    for (std::size_t kind = 0; kind < 3 + planet % 6; ++kind) {
      Random random(3, "sizes", planet * 8 + kind);
      SampleSize s;
      s.planet = "planet-" + std::to_string(planet);
      s.id = s.planet + "/kind-" + std::to_string(kind);
      s.textLength = {{20 + random.below(10)}};
      s.graphNodes = {50 + random.below(150)};
      sizes.push_back(std::move(s));
    }
  }
  const auto planetsABatch = [&](const EpochPlan& plan) {
    double planets = 0.0;
    for (std::size_t b = 0; b < plan.batches(); ++b) {
      std::set<std::string> distinct;
      for (const PlannedSample& p : plan.batch(b)) distinct.insert(sizes[p.sample].planet);
      planets += static_cast<double>(distinct.size());
    }
    return planets / static_cast<double>(plan.batches());
  };
  const Budget budget{8, 1U << 20U, 1U << 20U};
  const EpochPlan apart(sizes, 7, 0, budget), pairs(sizes, 7, 0, budget, 2), all(sizes, 7, 0, budget, 8);
  for (const EpochPlan* plan : {&apart, &pairs, &all}) {
    const auto seen = everySample(*plan);
    EXPECT_EQ(seen.size(), sizes.size());
    EXPECT_EQ(std::set<std::uint32_t>(seen.begin(), seen.end()).size(), sizes.size());
    // Full but for the last of each window.
    EXPECT_LE(plan->batches(), sizes.size() / 8 + 13);
  }
  // Of 8 samples of 1,375 hardly two are of one planet by chance; pairs and a few that are left over make 4 to 5.
  EXPECT_GT(planetsABatch(apart), 7.5);
  EXPECT_LT(planetsABatch(pairs), 5.2);
  EXPECT_GT(planetsABatch(pairs), 3.9);
  EXPECT_LT(planetsABatch(all), 2.6);
  // Who comes together is drawn anew each epoch, and does not depend on the order in memory.
  const auto companions = [](const std::vector<SampleSize>& of, const EpochPlan& plan) {
    std::set<std::set<std::string>> made;
    for (std::size_t b = 0; b < plan.batches(); ++b) {
      std::set<std::string> ids;
      for (const PlannedSample& p : plan.batch(b)) ids.insert(of[p.sample].id);
      made.insert(ids);
    }
    return made;
  };
  EXPECT_NE(companions(sizes, pairs), companions(sizes, EpochPlan(sizes, 7, 1, budget, 2)));
  std::vector<SampleSize> reversed(sizes.rbegin(), sizes.rend());
  EXPECT_EQ(companions(sizes, pairs), companions(reversed, EpochPlan(reversed, 7, 0, budget, 2)));
}

TEST(EpochPlan, TextsOfOneLengthShareBatchesByGraphSize) {
  std::vector<SampleSize> sizes;
  for (std::size_t i = 0; i < 1024; ++i) {
    Random random(9, "graphs", i);
    SampleSize s;
    s.id = "planet-" + std::to_string(i) + "/methanogen";
    s.graphNodes = {50 + random.below(1000)};
    s.textLength = {{random.below(2) == 0 ? 40U : 300U}};
    sizes.push_back(std::move(s));
  }
  // Four windows of 16 batches of 16.
  const EpochPlan plan(sizes, 7, 0, Budget{16, 1U << 20U, 1U << 20U});
  ASSERT_EQ(plan.batches(), 64U);
  double spread = 0.0;
  std::size_t mixed = 0;
  for (std::size_t b = 0; b < plan.batches(); ++b) {
    std::set<std::uint32_t> lengths;
    std::set<std::uint32_t> nodes;
    for (const PlannedSample& p : plan.batch(b)) {
      lengths.insert(sizes[p.sample].textLength[0][0]);
      nodes.insert(sizes[p.sample].graphNodes[0]);
    }
    if (lengths.size() > 1) {
      ++mixed;
      continue;
    }
    spread += *nodes.rbegin() - *nodes.begin();
  }
  // The text goes first: one batch of each window may hold both lengths, where the shorter end.
  EXPECT_LE(mixed, 4U);
  // 16 neighbours among the 128 or so of one length span 15/129 of 1000 nodes, 116; 16 at random 15/17 of them, 880.
  EXPECT_LT(spread / static_cast<double>(plan.batches() - mixed), 200.0);
}

TEST(EpochPlan, GraphsFillTheirBudgetAndNeverPassIt) {
  std::vector<SampleSize> sizes(40);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    sizes[i].id = "planet-" + std::to_string(i) + "/methanogen";
    sizes[i].graphNodes = {100};
  }
  const auto rows = [&](std::uint32_t nodes) {
    const EpochPlan plan(sizes, 7, 0, Budget{16, 1U << 20U, nodes});
    std::map<std::size_t, int> batchesWithRows;
    for (std::size_t b = 0; b < plan.batches(); ++b) ++batchesWithRows[plan.batch(b).size()];
    return batchesWithRows;
  };
  EXPECT_EQ(rows(700), (std::map<std::size_t, int>{{7, 5}, {5, 1}}));
  EXPECT_EQ(rows(699), (std::map<std::size_t, int>{{6, 6}, {4, 1}}));
  EXPECT_EQ(rows(100), (std::map<std::size_t, int>{{1, 40}}));
  EXPECT_EQ(rows(1U << 20U), (std::map<std::size_t, int>{{16, 2}, {8, 1}}));
}

TEST(EpochPlan, DependsOnIdsNotOnTheirOrderInMemory) {
  const auto sizes = samples(300);
  auto reversed = sizes;
  std::reverse(reversed.begin(), reversed.end());
  const Budget budget;
  const EpochPlan a(sizes, 7, 4, budget);
  const EpochPlan b(reversed, 7, 4, budget);
  ASSERT_EQ(a.batches(), b.batches());
  for (std::size_t i = 0; i < a.batches(); ++i) {
    ASSERT_EQ(a.batch(i).size(), b.batch(i).size());
    for (std::size_t k = 0; k < a.batch(i).size(); ++k) {
      ASSERT_EQ(sizes[a.batch(i)[k].sample].id, reversed[b.batch(i)[k].sample].id);
      ASSERT_EQ(a.batch(i)[k].choice, b.batch(i)[k].choice);
    }
  }
}

TEST(EpochPlan, AnyWorldSizeReadsTheWholeEpochDisjointly) {
  const auto sizes = samples(500);
  const EpochPlan plan(sizes, 1, 2, Budget{8, 1U << 20U, 1U << 20U});
  for (const std::size_t world : {1U, 2U, 3U, 8U}) {
    std::multiset<std::uint32_t> seen;
    for (std::size_t position = 0; position < plan.batches(); position += world) {
      for (std::size_t rank = 0; rank < world && position + rank < plan.batches(); ++rank) {
        for (const PlannedSample& p : plan.batch(position + rank)) seen.insert(p.sample);
      }
    }
    ASSERT_EQ(seen, everySample(plan));
  }
}

TEST(EpochPlan, EpochsAndSeedsDifferInOrderAndDraws) {
  const auto sizes = samples(400);
  const auto draws = [&](std::uint64_t seed, std::uint64_t epoch) {
    const EpochPlan plan(sizes, seed, epoch, Budget{});
    std::vector<std::pair<std::uint32_t, std::uint32_t>> order;
    std::map<std::uint32_t, int> variants;
    std::map<std::uint32_t, int> spectra;
    for (std::size_t b = 0; b < plan.batches(); ++b) {
      for (const PlannedSample& p : plan.batch(b)) {
        order.emplace_back(p.sample, p.choice.spectrum);
        ++variants[p.choice.variant];
        ++spectra[p.choice.spectrum];
      }
    }
    EXPECT_EQ(variants.size(), 2U);
    EXPECT_EQ(spectra.size(), 3U);
    for (const auto& [index, count] : spectra) EXPECT_NEAR(count, 133, 45) << index;
    return order;
  };
  EXPECT_EQ(draws(1, 0), draws(1, 0));
  EXPECT_NE(draws(1, 0), draws(1, 1));
  EXPECT_NE(draws(1, 0), draws(2, 0));
}

TEST(EpochPlan, RefusesASampleThatFitsNoBatchAndRepeatedIds) {
  auto sizes = samples(5);
  EXPECT_THROW(EpochPlan(sizes, 1, 0, Budget{8, 10, 8192}), Error);
  EXPECT_THROW(EpochPlan(sizes, 1, 0, Budget{8, 1U << 20U, 10}), Error);
  EXPECT_THROW(EpochPlan(sizes, 1, 0, Budget{0, 1U << 20U, 1U << 20U}), Error);
  sizes[1].id = sizes[0].id;
  EXPECT_THROW(EpochPlan(sizes, 1, 0, Budget{}), Error);
  EXPECT_EQ(EpochPlan({}, 1, 0, Budget{}).batches(), 0U);
}

}  // namespace
}  // namespace ecumene::data::loader
