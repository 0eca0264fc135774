// SPDX-License-Identifier: Apache-2.0
// The numbers of science.md 2.7 (ranges with precedent), 5 (machine learning) and 6 (what convinces), which the
// embedded generator is built beside but does not compute. Where a part of it has such a number, it stands as "got".
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "data/physics/generator/composition.h"
#include "data/physics/generator/priors.h"
#include "data/planet/cube.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::generator {
namespace {

using ecumene::test::kNoNumber;
using ecumene::test::NumberTable;

TEST(AnchorNumbers, OfTheSamplingRanges) {
  NumberTable table("science_5_anchors");
  const std::string tag = "[V] ThousandWorlds";
  const planet::Grid& grid = planet::canonicalGrid();
  table.add({"0", tag, "latitudes of the grid", 32, static_cast<double>(grid.latitudeDeg.size()), 0});
  table.add({"0", tag, "longitudes of the grid", 64, static_cast<double>(grid.longitudeDeg.size()), 0});
  table.add({"2.7", tag, "sigma levels of the grid", 10, static_cast<double>(grid.sigma.size()), 0});
  table.add({"2.7", tag, "radius, least, R_earth", 0.7, prior("planet.radius").low, 0});
  table.add({"2.7", tag, "radius, most, R_earth", 1.4, prior("planet.radius").high, 0});
  double least = 1e9, most = 0.0, co2 = 0.0, ch4 = 0.0;
  for (const ScenarioPrior& s : scenarioPriors()) {
    least = std::min(least, s.pressureLowBar);
    most = std::max(most, s.pressureHighBar);
    for (const GasRange& g : s.gases) {
      if (g.gas == planet::Gas::kCO2) co2 = std::max(co2, 100.0 * g.high);
      if (g.gas == planet::Gas::kCH4) ch4 = std::max(ch4, 100.0 * g.high);
    }
  }
  const std::string wider = "ours goes further, for thin and dense air";
  const std::string chosen = "a choice of ours, with its reason in the priors";
  table.addContext("2.7", tag, "surface pressure, least, bar", 0.5, least, wider);
  table.addContext("2.7", tag, "surface pressure, most, bar", 5.0, most, wider);
  table.addContext("2.7", tag, "CO2, most, %", 100.0, co2, chosen);
  table.addContext("2.7", tag, "CH4, most, %", 5.0, ch4, chosen);
  table.addContext("2.7", tag, "rotation, least, d", 0.1, prior("planet.rotation.fast").low, chosen);
  table.addContext("2.7", tag, "rotation, most, d", 1000.0, prior("planet.rotation.slow").high,
                   "of free spins; synchronous planets turn with their orbit");
  table.addContext("2.7", tag, "star temperature, least, K", 2500.0, prior("star.M.temperature").low,
                   "ours begins where the habitable-zone limits do");
  table.addContext("2.7", tag, "star temperature, most, K", 5800.0, prior("star.F.temperature").high, chosen);
  const std::string derived = "ours follows from other draws, not from a range";
  table.addContext("2.7", tag, "gravity, least, m s-2", 6.0, kNoNumber, derived);
  table.addContext("2.7", tag, "gravity, most, m s-2", 16.0, kNoNumber, derived);
  table.addContext("2.7", tag, "stellar flux, least, W m-2", 500.0, kNoNumber, derived);
  table.addContext("2.7", tag, "stellar flux, most, W m-2", 1500.0, kNoNumber, derived);
  table.addContext("2.7", "[V] Paradise et al. 2022", "ExoPlaSim lies within the spread of ExoCAM, LMD-G, ROCKE-3D",
                   kNoNumber, kNoNumber, "a finding in words about another model");
  table.finish();
}

TEST(AnchorNumbers, OfThousandWorlds) {
  NumberTable table("science_5_anchors");
  const std::string tag = "[V] ThousandWorlds";
  struct Count {
    const char* quantity;
    double value;
  };
  const std::string data = "outside data; what is imported of it is counted where it is imported";
  for (const Count& row :
       {Count{"runs", 1760}, Count{"GCMs", 5}, Count{"ExoPlaSim runs", 1216}, Count{"UM runs", 271},
        Count{"ExoCAM pre-2022 runs", 160}, Count{"ExoCAM runs", 94}, Count{"LFRic runs", 19},
        Count{"channels, all-obs", 53}, Count{"runs, complete-obs-only", 1659},
        Count{"channels, complete-obs-only", 48}, Count{"T21 coefficients per field", 484},
        Count{"single-complete, train", 206}, Count{"single-complete, test", 50}, Count{"multi-complete, train", 1538},
        Count{"multi-complete, test", 90}, Count{"multi-partial, train", 1626}, Count{"multi-partial, test", 100}}) {
    table.addContext("5.1", tag, row.quantity, row.value, kNoNumber, data);
  }
  constexpr std::array<const char*, 9> kScores{"T_s, K",
                                               "T, K",
                                               "q, dex",
                                               "cloud",
                                               "OLR, W m-2",
                                               "ASR, W m-2",
                                               "u, m/s",
                                               "single-complete T_s, K",
                                               "relative RMSE of T_s (shared)"};
  struct Method {
    const char* name;
    std::array<double, 9> scores;
  };
  const std::string bar = "a score to set beside a trained model's, in its own report; no physics of ours";
  for (const Method& m : {Method{"train mean", {25.2, 20.3, 1.04, .106, 40.8, 199, 15.1, 21.4, 1.60}},
                          Method{"kNN", {23.2, 18.5, 0.88, .073, 26.3, 32.8, 10.5, 13.4, 1.84}},
                          Method{"PCA ridge", {17.1, 14.3, 0.66, .071, 25.3, 37.9, 12.1, 14.9, 1.23}},
                          Method{"PCA + MLP", {13.1, 10.2, 0.53, .063, 20.3, 32.1, 10.0, 12.9, 0.85}},
                          Method{"DeepONet", {13.2, 10.9, 0.55, .064, 20.5, 38.1, 10.2, 14.6, 0.88}},
                          Method{"PPCA-ICM", {12.1, 10.0, 0.49, .063, 20.3, 36.9, 9.5, 11.3, 1.00}},
                          Method{"GPLFR", {11.5, 8.8, 0.46, .054, 17.5, 26.2, 8.9, 11.2, 0.86}}}) {
    for (std::size_t i = 0; i < kScores.size(); ++i) {
      table.addContext("5.1", "[C]", fmt::format("multi-complete, {}: {}", m.name, kScores[i]), m.scores[i], kNoNumber,
                       bar);
    }
  }
  table.addContext("5.1", "[C]", "spread-skill of T_s, GPLFR", 1.08, kNoNumber, bar);
  table.addContext("5.1", "[C]", "spread-skill of T_s, PPCA-ICM", 0.54, kNoNumber, bar);
  table.addContext("5.1", "[C]", "multi-partial, GPLFR: T_s, K", 10.69, kNoNumber, bar);
  table.addContext("5.1", "[C]", "multi-partial, GPLFR: relative", 0.764, kNoNumber, bar);
  table.finish();
}

TEST(AnchorNumbers, OfLearningAndOfEvidence) {
  NumberTable table("science_5_anchors");
  struct Row {
    const char* section;
    const char* tag;
    const char* quantity;
    double value;
  };
  for (const Row& row : {
           Row{"5.2", "[V] Changeat & Yip 2023", "ABC: forward models", 105887},
           Row{"5.2", "[V] Changeat & Yip 2023", "ABC: nested-sampling posteriors", 26109},
           Row{"5.2", "[V] Ariel Challenge 2023", "points of a spectrum", 52},
           Row{"5.2", "[V] Ariel Challenge 2023", "targets of the posterior", 7},
           Row{"5.2", "[V] Ariel Challenge 2023", "score, most, of each part", 1000},
           Row{"5.2", "[V] Ariel Challenge 2023", "entrants", 293},
           Row{"5.2", "[V] Ariel Challenge 2025", "wavelengths", 283},
           Row{"5.2", "[V] Ariel Challenge 2025", "teams", 860},
           Row{"5.2", "[V] 2505.08940", "gain by calibrating sigma and more, %", 11},
           Row{"5.2", "[V] Soboczenski et al. 2018", "INARA: synthetic spectra", 3e6},
           Row{"5.2", "[V] Himes et al. 2022", "Bhattacharyya coefficient, least, %", 97.7},
           Row{"5.2", "[V] Himes et al. 2022", "Bhattacharyya coefficient, most, %", 99.7},
           Row{"5.3", "[V] Aurora", "hours of training data, more than", 1e6},
           Row{"5.3", "[V] NeuralGCM", "resolution, km", 140},
           Row{"5.3", "[V] AstroCLIP", "gain over ResNet18 in R2, %", 19},
           Row{"5.3", "[V] AION-1", "objects, more than", 2e8},
           Row{"5.3", "[V] AION-1", "parameters, least", 3e8},
           Row{"5.3", "[V] AION-1", "parameters, most", 3.1e9},
           Row{"5.3", "[V] Adams et al. 2025", "ROCKE-3D runs", 93},
           Row{"5.3", "[V] Adams et al. 2025", "of them for training, and as many for test", 46},
           Row{"5.3", "[V] 2508.10827", "hot-Jupiter emulation: runs", 60},
           Row{"5.3", "[V] 2508.10827", "hot-Jupiter emulation: agreement of spectra, ppm", 32},
           Row{"5.4", "[V] Jin et al. 2018", "JT-VAE: validity, %", 100},
           Row{"5.4", "[M] Jin et al. 2018", "JT-VAE: reconstruction, %", 76.7},
           Row{"5.4", "[V] CHESHIRE", "BiGG models with reactions removed", 108},
           Row{"5.4", "[V] CHESHIRE", "models with AGORA", 926},
           Row{"6", "[V] Catling et al. 2018", "levels of evidence", 5},
           Row{"6", "[V] Catling et al. 2018", "very likely, from, %", 90},
           Row{"6", "[V] Catling et al. 2018", "very unlikely, up to, %", 10},
           Row{"6", "[V] Green et al. 2021", "levels of the CoLD scale", 7},
           Row{"6", "[V] 2606.17098", "coverage error of a flow that passed recovery", 0.113},
           Row{"6", "[V] 2606.17098", "the same after split conformal", 0.026},
           Row{"6", "[V] 2606.17098", "AUC of the predictive check, missing line", 0.97},
           Row{"6", "[V] 2606.17098", "AUC of the predictive check, gain shift", 0.50},
           Row{"6", "[V] 2606.17098", "gain shift that stays invisible, %", 3},
           Row{"6", "[V] THAI", "spread of dry GCMs, least, K", 6},
           Row{"6", "[V] THAI", "spread of dry GCMs, most, K", 7},
       }) {
    table.addContext(row.section, row.tag, row.quantity, row.value, kNoNumber,
                     "of another study; the generator computes nothing like it");
  }
  table.finish();
}

}  // namespace
}  // namespace ecumene::data::physics::generator
