// SPDX-License-Identifier: Apache-2.0
// Truth: planets whose labels are simple functions of their scalars, which a fair baseline must find.
#include "engine/report/baselines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/base/random.h"
#include "data/store/store.h"
#include "engine/report/scalar_features.h"
#include "engine/report/scores.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;
using data::planet::ScalarId;

/// Warm between two fluxes; the regime follows flux and period; the first four archetypes grow where it is warm, the
/// others where there is any flux above a bound.
std::vector<ScalarRow> planets(std::size_t count, const std::string& split) {
  std::vector<ScalarRow> rows;
  for (std::size_t p = 0; p < count; ++p) {
    Random random(9, split, p);
    ScalarRow row;
    row.split = split;
    row.planet = split + std::to_string(p);
    row.system = "s" + row.planet;
    row.scalars.fill(kMissing);
    const double flux = random.logUniform(300.0, 3000.0), period = random.logUniform(2.0, 500.0);
    row.scalars[static_cast<std::size_t>(ScalarId::kStellarFlux)] = flux;
    row.scalars[static_cast<std::size_t>(ScalarId::kOrbitalPeriod)] = period;
    if (random.chance(0.5)) row.scalars[static_cast<std::size_t>(ScalarId::kPlanetRadius)] = random.uniform(0.5, 2.0);
    row.truth.fHab = std::clamp(1.5 - 4.0 * std::abs(std::log10(flux / 950.0)) + 0.03 * random.normal(), 0.0, 1.0);
    row.truth.h050 = 0.7 * row.truth.fHab;
    row.truth.habitable = row.truth.fHab >= 0.01 ? 1.0 : 0.0;
    row.truth.regime = flux > 1900.0 ? 0 : flux < 500.0 ? 1 : period < 30.0 ? 3 : 5;
    for (int archetype = 0; archetype < 8; ++archetype) {
      row.archetype = archetype;
      row.sample = row.planet + "/" + std::to_string(archetype);
      row.truth.viable = (archetype < 4 ? row.truth.fHab > 0.5 : flux > 1200.0) ? 1.0 : 0.0;
      rows.push_back(row);
    }
  }
  return rows;
}

Rows pointers(const Baseline& baseline) {
  Rows rows;
  for (const Prediction& row : baseline.predictions) rows.push_back(&row);
  return rows;
}
double value(const Baseline& baseline, std::string_view target, std::string_view name) {
  return score(pointers(baseline), target, name).estimate.value;
}

class BothBaselines : public testing::TestWithParam<decltype(&ridgeBaseline)> {};
INSTANTIATE_TEST_SUITE_P(Report, BothBaselines, testing::Values(&ridgeBaseline, &treeBaseline));

TEST_P(BothBaselines, FindWhatTheScalarsSay) {
  const auto train = planets(150, "train"), validation = planets(40, "validation"), test = planets(60, "test");
  const Baseline baseline = GetParam()(train, validation, test);
  ASSERT_EQ(baseline.predictions.size(), test.size());
  EXPECT_GT(value(baseline, "regime", "accuracy"), 0.85);
  EXPECT_GT(value(baseline, "habitable", "AUROC"), 0.95);
  EXPECT_GT(value(baseline, "viable", "AUROC"), 0.93);
  EXPECT_LT(value(baseline, "f_hab", "CRPS"), 0.08);
  EXPECT_NEAR(value(baseline, "f_hab", "coverage, ties split"), 0.9, 0.12);
  for (const Prediction& row : baseline.predictions) {
    double sum = 0.0;
    for (const double p : row.regime) sum += p;
    EXPECT_NEAR(sum, 1.0, 1e-5);
    EXPECT_EQ(row.subset, "scalars");
  }
  EXPECT_FALSE(baseline.about.empty());
}

TEST_P(BothBaselines, GiveTheSameTwiceAlsoWithoutScalarsOrLabels) {
  const auto train = planets(60, "train"), validation = planets(20, "validation");
  auto test = planets(3, "test");
  test[0].scalars.fill(kMissing);
  test[0].truth = {};
  const Baseline first = GetParam()(train, validation, test), second = GetParam()(train, validation, test);
  for (std::size_t i = 0; i < first.predictions.size(); ++i) {
    EXPECT_EQ(first.predictions[i].regime, second.predictions[i].regime);
    EXPECT_EQ(first.predictions[i].viable, second.predictions[i].viable);
    EXPECT_EQ(first.predictions[i].fHab.probability, second.predictions[i].fHab.probability);
  }
  EXPECT_TRUE(std::isfinite(first.predictions[0].fHab.mean));
  EXPECT_TRUE(std::isfinite(first.predictions[0].viable));
  EXPECT_TRUE(std::isnan(first.predictions[0].fHab.crps));
}

TEST_P(BothBaselines, RefuseASplitWithoutLabels) {
  EXPECT_THROW(GetParam()(planets(10, "train"), {}, planets(1, "test")), Error);
  auto unlabelled = planets(10, "validation");
  for (ScalarRow& row : unlabelled) row.truth.viable = kMissing;
  EXPECT_THROW(GetParam()(planets(10, "train"), unlabelled, planets(1, "test")), Error);
}

TEST(TakeLabels, GivesTheOnesOfTheSameSample) {
  Baseline baseline;
  for (const char* sample : {"a/0", "a/1", "a/2", "b/0", "b/1", "b/2"}) {
    Prediction row;
    row.sample = sample;
    row.truth.viable = 1.0;
    row.fHab = row.h050 = sharePrediction({0.1, 0.4, 0.4, 0.1}, 0.5);
    baseline.predictions.push_back(row);
  }
  std::vector<Prediction> like(baseline.predictions.begin(), baseline.predictions.begin() + 3);
  like[1].truth.viable = 1.0 - like[1].truth.viable;
  like[1].truth.fHab = 0.25;
  takeLabels(baseline.predictions, like);
  EXPECT_EQ(baseline.predictions[1].truth.viable, like[1].truth.viable);
  EXPECT_EQ(baseline.predictions[1].fHab.crps, sharePrediction(baseline.predictions[1].fHab.probability, 0.25).crps);
  EXPECT_TRUE(std::isnan(baseline.predictions[5].truth.fHab));
}

/// Flux and period are always there, the radius at times, other scalars never: their columns say nothing.
TEST(LinearFeatures, HoldScalarsGapsProductsAndHinges) {
  const auto rows = planets(20, "train");
  const LinearFeatures features(rows, false);
  const Matrix x = features(rows);
  // Flux, radius, radius missing, period; six products of three; three hinges of each.
  ASSERT_EQ(x.columns, 4U + 6U + 9U);
  double sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < x.rows; ++i) {
    const auto row = x.row(i);
    const bool missing = std::isnan(rows[i].scalars[static_cast<std::size_t>(ScalarId::kPlanetRadius)]);
    sum += row[0];
    squares += row[0] * row[0];
    EXPECT_EQ(row[2], missing ? 1.0 : 0.0);
    if (missing) {
      for (const std::size_t column : {1U, 5U, 6U, 8U, 13U, 14U, 15U}) EXPECT_EQ(row[column], 0.0);
    }
    EXPECT_NEAR(row[4], row[0] * row[0], 1e-12);
    EXPECT_NEAR(row[7], row[3] * row[0], 1e-12);
    EXPECT_NEAR(row[10], std::max(0.0, row[0] + 1.0), 1e-12);
    EXPECT_NEAR(row[12], std::max(0.0, row[0] - 1.0), 1e-12);
  }
  EXPECT_NEAR(sum / static_cast<double>(x.rows), 0.0, 1e-9);
  EXPECT_NEAR(squares / static_cast<double>(x.rows), 1.0, 1e-9);
  auto far = std::vector<ScalarRow>{rows[0]};
  far[0].scalars[static_cast<std::size_t>(ScalarId::kStellarFlux)] = 1e30;
  EXPECT_EQ(features(far).row(0)[0], 3.0);
  EXPECT_EQ(LinearFeatures(rows, true)(rows).columns, 19U + 8U + 8U * 3U);
  EXPECT_EQ(firstOfEachPlanet(rows).size(), 20U);
}

TEST(ScalarRows, AreThoseOfTheStore) {
  const test::TempFolder folder;
  auto store = data::store::Store::open(folder / "store", data::store::Mode::kCreate);
  std::vector<data::planet::Planet> given;
  for (std::uint64_t i = 0; i < 3; ++i) {
    given.push_back(test::samplePlanet(i, {true, 4, 8, 1, 9, 0, 1}));
    given.back().id = "planet-" + std::to_string(i);
    store.add(given.back());
  }
  store.add(test::samplePlanet(7, {false, 4, 8, 1, 2, 0, 1}));  // without climate
  const auto rows = scalarRows(store, {});
  ASSERT_EQ(rows.size(), 3U * 8U);
  const data::planet::Planet& first = given[0];
  EXPECT_EQ(rows[1].sample, "planet-0/" + std::string(name(data::planet::Archetype::kAcetogen)));
  EXPECT_EQ(rows[1].system, first.systemKey);
  EXPECT_EQ(rows[1].truth.fHab, first.labels->fHab);
  EXPECT_EQ(rows[1].truth.viable, first.metabolisms[1].viability->viable ? 1.0 : 0.0);
  // The ninth metabolism is a second variant of the first archetype.
  const double both =
      (first.metabolisms[0].viability->viable ? 0.5 : 0.0) + (first.metabolisms[8].viability->viable ? 0.5 : 0.0);
  EXPECT_EQ(rows[0].truth.viable, both);
  EXPECT_EQ(rows[0].scalars[static_cast<std::size_t>(ScalarId::kStellarFlux)],
            first.scalars[ScalarId::kStellarFlux]->value);
  EXPECT_TRUE(std::isnan(rows[0].scalars[static_cast<std::size_t>(ScalarId::kObliquity)]));  // an upper limit
  EXPECT_FALSE(rows[0].real);
  data::store::Filter filter;
  filter.split = data::planet::Split::kTest;
  for (const ScalarRow& row : scalarRows(store, filter)) EXPECT_EQ(row.split, "test");
}

}  // namespace
