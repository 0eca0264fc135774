// SPDX-License-Identifier: Apache-2.0
// The whole way of generated planets: store, loader, collator, against what the store says of each planet.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "data/batch/collate.h"
#include "data/batch/training_content.h"
#include "data/loader/loader.h"
#include "data/physics/generator/generator.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::batch {
namespace {

using store::Mode;
using store::Store;

constexpr std::uint64_t kSeed = 42, kPlanets = 3;

/// The case and planet that a sample came from.
struct Origin {
  const planet::Planet* planet = nullptr;
  const planet::MetabolismCase* metabolism = nullptr;
};

class GeneratedPlanetsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<test::TempFolder>();
    store_ = std::make_unique<Store>(Store::open(*folder_ / "s", Mode::kCreate));
    for (std::uint64_t i = 0; planets_.size() < kPlanets; ++i) {
      const planet::Planet p = physics::generator::generatePlanet(kSeed, i);
      if (planet::splitOf(p.origin, p.systemKey) != planet::Split::kTrain) continue;
      store_->add(p);
      planets_[p.id] = store_->get(p.id);
    }
    std::filesystem::create_directory(*folder_ / "run");
    ContentOptions options;
    options.training.vocabulary = 600;
    content_ = makeTrainingContent(*store_, *folder_ / "run", options);
  }
  static void TearDownTestSuite() {
    planets_.clear();
    content_ = {};
    store_.reset();
    folder_.reset();
  }

  /// Calls body(batch, collated) for each batch of an epoch.
  template <class Body>
  static void eachBatch(std::uint64_t epoch, Body&& body) {
    loader::LoaderOptions options;
    options.budget.samples = 8;
    options.threads = 1;
    loader::Loader loader(*store_, options);
    loader.start(epoch);
    Collator collator(content_.statistics, content_.tokeniser, content_.vocabulary);
    MultiModalBatch made;
    while (const auto batch = loader.next()) {
      collator.collate(*batch, made);
      body(*batch, made);
    }
  }
  static Origin originOf(const loader::Sample& sample) {
    const planet::Planet& planet = planets_.at(sample.planet);
    const auto found = std::ranges::find_if(planet.metabolisms, [&](const planet::MetabolismCase& c) {
      return c.metabolism.network.id == sample.metabolism.metabolism.network.id;
    });
    return {&planet, found == planet.metabolisms.end() ? nullptr : &*found};
  }

  static inline std::unique_ptr<test::TempFolder> folder_;
  static inline std::unique_ptr<Store> store_;
  static inline std::map<std::string, planet::Planet> planets_;
  static inline TrainingContent content_;
};

TEST_F(GeneratedPlanetsTest, EverySampleComesOnceWithEveryViewAndNoNaN) {
  std::set<std::string> seen;
  eachBatch(0, [&](const loader::Batch& batch, const MultiModalBatch& made) {
    ASSERT_EQ(made.size, batch.samples.size());
    for (const std::string& id : made.sampleIds) EXPECT_TRUE(seen.insert(id).second) << id;
    EXPECT_TRUE(std::ranges::all_of(made.viewPresent, [](unsigned char there) { return there == 1; }));
    EXPECT_TRUE(std::ranges::all_of(made.variablePresent, [](unsigned char there) { return there == 1; }));
    const auto finite = [](const std::vector<float>& values) {
      return std::ranges::all_of(values, [](float x) { return std::isfinite(x) && std::abs(x) < 1e3F; });
    };
    EXPECT_TRUE(finite(made.levels) && finite(made.surface) && finite(made.spectra) && finite(made.planetParams));
    EXPECT_TRUE(finite(made.graphs.nodes) && finite(made.graphs.laplacian) && finite(made.graphs.randomWalk));
    EXPECT_TRUE(std::ranges::all_of(made.graphs.flux, [](float x) { return std::abs(x) <= 2000.0F; }));
    for (std::size_t i = 0; i < made.binPresent.size(); ++i) {
      if (made.binPresent[i] == 0) {
        EXPECT_EQ(made.spectra[3 * i], 0.0F);
      }
    }
    for (std::size_t i = 0; i < made.paramPresent.size(); ++i) {
      if (made.paramPresent[i] == 0) {
        EXPECT_EQ(made.planetParams[i], 0.0F);
      }
    }
  });
  EXPECT_EQ(seen.size(), kPlanets * planet::kArchetypeCount);
}

TEST_F(GeneratedPlanetsTest, LabelsAreThoseOfTheStoredPlanet) {
  eachBatch(1, [&](const loader::Batch& batch, const MultiModalBatch& made) {
    for (std::size_t b = 0; b < made.size; ++b) {
      const Origin from = originOf(batch.samples[b]);
      ASSERT_NE(from.metabolism, nullptr);
      EXPECT_EQ(made.regime[b], static_cast<std::int64_t>(from.planet->labels->regime));
      EXPECT_EQ(made.habitable[b], from.planet->labels->habitable ? 1.0F : 0.0F);
      EXPECT_EQ(made.fHab[b], static_cast<float>(from.planet->labels->fHab));
      EXPECT_EQ(made.h050[b], static_cast<float>(from.planet->labels->h050));
      EXPECT_EQ(made.viable[b], from.metabolism->viability->viable ? 1.0F : 0.0F);
      EXPECT_EQ(made.graphs.archetype[b], static_cast<std::int64_t>(from.metabolism->metabolism.archetype));
    }
  });
}

TEST_F(GeneratedPlanetsTest, TextIsOneAboutTheDrawnVariant) {
  eachBatch(2, [&](const loader::Batch& batch, const MultiModalBatch& made) {
    for (std::size_t b = 0; b < made.size; ++b) {
      const Origin from = originOf(batch.samples[b]);
      const auto position = static_cast<std::size_t>(from.metabolism - from.planet->metabolisms.data());
      const bool found = std::ranges::any_of(from.planet->texts, [&](const planet::Text& text) {
        return text.metabolism == position && textOf(text) == made.textDescriptions[b];
      });
      EXPECT_TRUE(found) << made.sampleIds[b];
      std::vector<std::int64_t> ids;
      for (std::size_t t = 0; t < made.textLength; ++t) {
        if (made.attentionMask[b * made.textLength + t] != 0) ids.push_back(made.inputIds[b * made.textLength + t]);
      }
      EXPECT_EQ(content_.tokeniser->decode(ids), made.textDescriptions[b]);
    }
  });
}

TEST_F(GeneratedPlanetsTest, KnownFluxesBalanceAndGrowAsTheVerdictSays) {
  std::size_t known = 0;
  eachBatch(3, [&](const loader::Batch& batch, const MultiModalBatch& made) {
    const auto& g = made.graphs;
    std::vector<double> left(g.flux.size(), 0.0), turnover(g.flux.size(), 0.0);
    for (std::size_t e = 0; e < g.edgeSource.size(); ++e) {
      // From a reaction to a metabolite; the edges of compartments have coefficient 0.
      const auto from = static_cast<std::size_t>(g.edgeSource[e]);
      const auto to = static_cast<std::size_t>(g.edgeTarget[e]);
      if (g.kind[from] == 0 || g.kind[to] != 0) continue;
      const double moved = static_cast<double>(g.coefficient[e]) * static_cast<double>(g.flux[from]);
      left[to] += moved;
      turnover[to] += std::abs(moved);
    }
    for (std::size_t n = 0; n < left.size(); ++n) EXPECT_NEAR(left[n], 0.0, 1e-5 * turnover[n] + 1e-6) << n;
    for (std::size_t b = 0; b < made.size; ++b) {
      const Origin from = originOf(batch.samples[b]);
      ASSERT_NE(from.metabolism, nullptr);
      const planet::Viability& verdict = *from.metabolism->viability;
      double growth = 0.0;
      bool any = false;
      for (auto n = static_cast<std::size_t>(g.first[b]); n < static_cast<std::size_t>(g.first[b + 1]); ++n) {
        any = any || g.fluxKnown[n] != 0;
        growth += g.nodes[n * kNodeFeatures + nodeColumn("is_objective")] * static_cast<double>(g.flux[n]);
      }
      EXPECT_EQ(any, verdict.optimal) << made.sampleIds[b];
      EXPECT_NEAR(growth, verdict.growthPerHour.value_or(0.0), 1e-6 + 1e-5 * growth) << made.sampleIds[b];
      known += any ? 1 : 0;
    }
  });
  EXPECT_GT(known, 0U);
}

}  // namespace
}  // namespace ecumene::data::batch
