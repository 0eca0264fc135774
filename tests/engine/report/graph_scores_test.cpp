// SPDX-License-Identifier: Apache-2.0
// Truth: sums and ranks by hand; the coverage of an interval by draws from the distribution that declares it.
#include "engine/report/graph_scores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/base/random.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;

const GraphScore& of(const std::vector<GraphScore>& scores, const std::string& networks, const std::string& name) {
  static const GraphScore kNone;
  for (const GraphScore& score : scores) {
    if (score.networks == networks && score.name == name) return score;
  }
  ADD_FAILURE() << networks << " " << name << " is not there";
  return kNone;
}

NetworkRow row(const std::string& split, const std::string& system, double setF1) {
  NetworkRow made;
  made.split = split;
  made.system = system;
  made.setF1 = setF1;
  return made;
}

/// Fluxes of which some lie inside of the declared half, and some more inside of the 90 %.
std::vector<float> fluxes(std::ptrdiff_t half, std::ptrdiff_t most, std::size_t all) {
  std::vector<float> made(all, 2.0F);
  std::fill_n(made.begin(), most, 1.0F);
  std::fill_n(made.begin(), half, 0.5F);
  return made;
}

TEST(GraphScores, CountWhatTheRowsHold) {
  std::vector<NetworkRow> rows = {row("test", "a", 0.5), row("test", "a", 0.7), row("test", "b", 0.9),
                                  row("validation", "c", 1.0), row("train", "d", 0.1)};
  rows[0].off = fluxes(5, 8, 10);
  rows[0].deviations = 20.0;
  rows[1].off = fluxes(5, 28, 30);
  rows[1].deviations = 30.0;  // of the others no flux is known
  const auto scores = graphScores(rows, {});
  EXPECT_EQ(scores.size(), 7U);
  const GraphScore& f1 = of(scores, "test", "reaction-set F1");
  EXPECT_NEAR(f1.estimate.value, 0.7, 1e-12);
  EXPECT_EQ(f1.counted, "3 networks");
  EXPECT_EQ(f1.estimate.planets, 2U);
  const GraphScore& most = of(scores, "test", "flux coverage of 90 %");
  EXPECT_NEAR(most.estimate.value, 36.0 / 40.0, 1e-12);
  EXPECT_EQ(most.counted, "40 fluxes");
  EXPECT_NEAR(of(scores, "test", "flux coverage of 50 %").estimate.value, 0.25, 1e-12);
  EXPECT_NEAR(of(scores, "test", "flux interval width").estimate.value, 2.0 * 1.644854 * 50.0 / 40.0, 1e-12);
  EXPECT_NEAR(of(scores, "validation", "reaction-set F1").estimate.value, 1.0, 1e-12);
  EXPECT_TRUE(graphScores({}, {}).empty());
}

TEST(GraphScores, ErrorsOfFluxesStandBesideThoseOfConstants) {
  // Learned: 0, 0, 0, 2, 4 of reaction 3 and 10, 20 of reaction 5: medians 2 of all, 0 and 15 of the reactions.
  std::vector<NetworkRow> learned(2), rows = {row("test", "a", kMissing)};
  for (const float flux : {0.0F, 4.0F, 0.0F, 2.0F, 0.0F}) learned[0].fluxes.push_back({3, flux, 99.0F});
  for (const float flux : {20.0F, 10.0F}) learned[1].fluxes.push_back({5, flux, 99.0F});
  rows[0].fluxes = {{3, 1.0F, 0.5F}, {5, 16.0F, 18.0F}, {7, -1.0F, 1.0F}};  // of reaction 7 nothing was learned
  rows[0].off.assign(3, 0.0F);
  const auto scores = graphScores(rows, learned);
  const auto value = [&](const std::string& name) { return of(scores, "test", name).estimate.value; };
  EXPECT_NEAR(value("flux MAE"), (0.5 + 2.0 + 2.0) / 3.0, 1e-6);
  EXPECT_NEAR(value("flux MAE of a constant"), (1.0 + 14.0 + 3.0) / 3.0, 1e-6);
  EXPECT_NEAR(value("flux MAE of a constant a reaction"), (1.0 + 1.0 + 3.0) / 3.0, 1e-6);
  const auto scaled = [](double flux) { return std::asinh(flux / 0.1); };
  EXPECT_NEAR(value("flux MAE, asinh"),
              (scaled(1.0) - scaled(0.5) + scaled(18.0) - scaled(16.0) + 2.0 * scaled(1.0)) / 3.0, 1e-6);
  EXPECT_NEAR(value("flux MAE, asinh of a constant"),
              (scaled(2.0) - scaled(1.0) + scaled(16.0) - scaled(2.0) + scaled(1.0) + scaled(2.0)) / 3.0, 1e-6);
  EXPECT_EQ(of(scores, "test", "flux MAE of a constant").counted, "3 fluxes");
  EXPECT_NE(of(scores, "test", "flux MAE of a constant").meaning.find("median of 7 training fluxes"),
            std::string::npos);
}

TEST(Fluxes, AnIntervalIsThatOfItsGaussianTimesTheFactor) {
  const FluxEstimate flux{"R1", 0.1 * std::sinh(2.0), 0.5, kMissing};
  const auto [low, high] = interval(flux, 1.0);
  EXPECT_NEAR(low, 0.1 * std::sinh(2.0 - 1.644854 * 0.5), 1e-12);
  EXPECT_NEAR(high, 0.1 * std::sinh(2.0 + 1.644854 * 0.5), 1e-12);
  const auto [wideLow, wideHigh] = interval(flux, 3.0);
  EXPECT_NEAR(std::asinh(wideHigh / 0.1) - std::asinh(wideLow / 0.1), 3.0 * 1.644854, 1e-9);
  const FluxCalibration none = fluxCalibrationFromJson(toJson(FluxCalibration{kMissing, 4}));
  EXPECT_TRUE(std::isnan(none.factor));
  EXPECT_EQ(none.fluxes, 4U);
  EXPECT_EQ(fluxCalibrationFromJson(toJson(FluxCalibration{1.25, 40})).factor, 1.25);
}

TEST(FluxCalibration, IsTheRankOfSplitConformalPrediction) {
  std::vector<NetworkRow> rows(2);
  for (int i = 1; i <= 99; ++i) rows[i % 3 == 0 ? 1 : 0].off.push_back(static_cast<float>(i));
  EXPECT_NEAR(fluxCalibration(rows).factor, 90.0 / 1.644854, 1e-4);  // 0.9 (99 + 1)
  EXPECT_EQ(fluxCalibration(rows).fluxes, 99U);
  rows[0].off.assign(9, 1.0F);
  rows[1].off.clear();
  EXPECT_NEAR(fluxCalibration(rows).factor, 1.0 / 1.644854, 1e-6);
  rows[0].off.pop_back();
  EXPECT_TRUE(std::isnan(fluxCalibration(rows).factor));
}

TEST(FluxCalibration, OfValidationNetworksCoversTestNetworks) {
  // Deviations that are declared at half of what they are.
  Random random(3, "test/calibration");
  std::vector<NetworkRow> rows;
  for (const char* split : {"validation", "test"}) {
    for (int system = 0; system < 100; ++system) {
      NetworkRow& made = rows.emplace_back(row(split, split + std::to_string(system), kMissing));
      for (int flux = 0; flux < 100; ++flux) made.off.push_back(static_cast<float>(2.0 * std::abs(random.normal())));
      made.deviations = 100.0;
    }
  }
  const auto scores = graphScores(rows, {});
  const auto value = [&](const std::string& name) { return of(scores, "test", name).estimate.value; };
  EXPECT_NEAR(value("flux coverage of 90 %"), std::erf(1.644854 / 2.0 / std::sqrt(2.0)), 0.02);
  EXPECT_NEAR(value("flux coverage of 90 %, calibrated"), 0.9, 4.0 * std::sqrt(2.0 * 0.09 / 10000.0));
  EXPECT_NEAR(value("flux coverage of 50 %, calibrated"), 0.5, 4.0 * std::sqrt(2.0 * 0.25 / 10000.0));
  EXPECT_NEAR(value("flux interval width, calibrated"), 4.0 * 1.644854, 0.2);
  EXPECT_FALSE(std::ranges::any_of(scores, [](const GraphScore& score) {
    return score.networks == "validation" && score.name.ends_with("calibrated");
  }));
}

TEST(GraphScores, TheIntervalIsOverDrawsOfSystems) {
  // Systems are wholly right or wholly wrong, so how many networks each has does not narrow the interval.
  std::vector<NetworkRow> rows;
  for (int system = 0; system < 40; ++system) {
    for (int i = 0; i < 50; ++i) {
      rows.push_back(row("test", std::to_string(system), system % 2 == 0 ? 1.0 : 0.0));
    }
  }
  const Estimate f1 = of(graphScores(rows, {}), "test", "reaction-set F1").estimate;
  const double error = std::sqrt(0.25 / 40.0);
  EXPECT_NEAR(f1.high - f1.low, 2.0 * 1.96 * error, 0.1 * 2.0 * 1.96 * error);
}

}  // namespace
