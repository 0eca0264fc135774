// SPDX-License-Identifier: Apache-2.0
// The numbers of science.md 4.3 and 4.4.
#include "data/physics/metabolism/energetics.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "data/physics/metabolism/viability.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::metabolism {
namespace {

using Reaction = std::vector<Participant>;

const Reaction kMethane{{"CO2(g)", -1}, {"H2(g)", -4}, {"CH4(g)", 1}, {"H2O(l)", 2}};
const Reaction kMethaneFromBicarbonate{{"HCO3-", -1}, {"H2(g)", -4}, {"H+(aq)", -1}, {"CH4(g)", 1}, {"H2O(l)", 3}};
const Reaction kSulfide{{"SO4--", -1}, {"H2(g)", -4}, {"H+(aq)", -1}, {"HS-", 1}, {"H2O(l)", 4}};
const Reaction kAcetate{{"HCO3-", -2}, {"H2(g)", -4}, {"H+(aq)", -1}, {"acetate", 1}, {"H2O(l)", 4}};
const Reaction kMethaneBySulfate{{"CH4(g)", -1}, {"SO4--", -1}, {"HCO3-", 1}, {"HS-", 1}, {"H2O(l)", 1}};
const Reaction kAcetateBySulfate{{"acetate", -1}, {"SO4--", -1}, {"HCO3-", 2}, {"HS-", 1}};
const Reaction kKnallgas{{"H2(g)", -1}, {"O2(g)", -0.5}, {"H2O(l)", 1}};
const Reaction kGlucose{{"glucose", -1}, {"O2(g)", -6}, {"CO2(g)", 6}, {"H2O(l)", 6}};
const Reaction kFumarate{{"fumarate", -1}, {"H2(g)", -1}, {"succinate", 1}};

double atPh7(const Reaction& reaction) {
  const std::array<Activity, 1> neutral{{{"H+(aq)", 1e-7}}};
  return gibbsInSitu(reaction, 298.15, neutral);
}

double methanogenesis(double h2, double co2, double ch4) {
  const std::array<Activity, 3> air{{{"H2(g)", h2}, {"CO2(g)", co2}, {"CH4(g)", ch4}}};
  return gibbsInSitu(kMethane, 298.15, air);
}

// Hydrogen (bar) at which a reaction yields nothing, by bisection in the logarithm.
double thresholdBar(const Reaction& reaction, std::vector<Activity> activities) {
  activities.push_back({"H2(g)", 1.0});
  double low = -30.0, high = 0.0;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    activities.back().value = std::pow(10.0, middle);
    (gibbsInSitu(reaction, 298.15, activities) > 0.0 ? low : high) = middle;
  }
  return std::pow(10.0, 0.5 * (low + high));
}

TEST(Energetics, CatabolismsHaveTheirPublishedEnergies) {
  test::NumberTable table("metabolism_energy");
  const StandardEnergy methane = standardEnergy(kMethane);
  const std::array<Activity, 1> tenth{{{"H+(aq)", 0.1}}};
  const Reaction proton{{"H+(aq)", -1}};
  table.add({"4.2", "[C]", "R T ln 10 at 298.15 K, kJ", 5.708, gibbsInSitu(proton, 298.15, tenth), 5e-4});
  table.add({"4.3", "[C]", "CO2(g) + 4 H2 -> CH4 + 2 H2O, dG0 kJ", -130.6, methane.gibbsKJ, 0.1});
  table.add({"4.3", "[C]", "the same, dH0 kJ", -253.0, methane.enthalpyKJ, 0.1});
  table.add({"4.3", "[C]", "the same, dS0 J/K", -410.0, methane.entropyJ, 1.0});
  // dG = -253.0 + 0.410 T reaches -125.9 at 310 K: the culture's temperature.
  table.add({"4.3", "[V] PMC92094", "the same at 310.15 K (culture temperature, assumed), kJ", -125.9,
             gibbsAt(methane, 310.15), 0.5});
  table.add({"4.3", "[C]", "HCO3- + 4 H2 + H+ -> CH4 + 3 H2O, pH 7, kJ", -135.4, atPh7(kMethaneFromBicarbonate), 0.1});
  table.add({"4.3", "[V] Thauer 1977", "the reverse, kJ", 136.0, -atPh7(kMethaneFromBicarbonate), 1.0});
  table.add({"4.3", "[V]", "methane from bicarbonate, per H2, kJ", -33.9, atPh7(kMethaneFromBicarbonate) / 4.0, 0.1});
  table.add({"4.3", "[C]", "SO4-- + 4 H2 + H+ -> HS- + 4 H2O, pH 7, kJ", -152.0, atPh7(kSulfide), 0.1});
  table.add({"4.3", "[V]", "the same, second source, kJ", -152.2, atPh7(kSulfide), 0.5});
  table.add({"4.3", "[V]", "sulfide, per H2, kJ", -38.0, atPh7(kSulfide) / 4.0, 0.1});
  table.add({"4.3", "[C]", "2 HCO3- + 4 H2 + H+ -> acetate + 4 H2O, pH 7, kJ", -104.3, atPh7(kAcetate), 0.1});
  table.add({"4.3", "[V]", "acetate, per H2, kJ", -26.1, atPh7(kAcetate) / 4.0, 0.1});
  table.add({"4.3", "[C]", "CH4 + SO4-- -> HCO3- + HS- + H2O, kJ", -16.6, atPh7(kMethaneBySulfate), 0.1});
  table.add({"4.3", "[V]", "acetate + SO4-- -> 2 HCO3- + HS-, kJ", -47.6, atPh7(kAcetateBySulfate), 0.1});
  table.add({"4.3", "[C]", "H2 + 1/2 O2 -> H2O, kJ", -237.1, atPh7(kKnallgas), 0.05});
  table.add({"4.3", "[M]", "CO2(g) + 4 H2 -> CH4 + 2 H2O, published, kJ", -131.0, methane.gibbsKJ, 0.5});
  table.add({"4.3", "[V]", "CH4 + SO4-- as -152 + 136, kJ", -16.6, atPh7(kMethaneBySulfate), 0.1});
  table.add({"4.2", "[C]", "R, kJ mol-1 K-1", 8.314462618e-3, 1e-3 * kGasConstant, 0.0});
  table.addContext("4.2", "[V] Noor et al. 2013", "lower median residual of component than of group contribution, %",
                   80.0, test::kNoNumber, "energies come from the embedded table, not from contributions");
  const std::string conditions = "ours: the table's standard state, pH per archetype";
  table.addContext("4.2", "[V] eQuilibrator", "its default pH", 7.5, 7.0, conditions);
  table.addContext("4.2", "[V] eQuilibrator", "its default ionic strength, M", 0.25, 0.0, conditions);
  table.addContext("4.2", "[V] eQuilibrator", "its default pMg", 3.0, test::kNoNumber, conditions);
  table.add({"4.3", "[V]", "H2 + 1/2 O2 -> H2O, kJ", -237.2, atPh7(kKnallgas), 0.1});
  table.add({"4.3", "[V]", "glucose + 6 O2 -> 6 CO2 + 6 H2O, kJ", -2872.0, atPh7(kGlucose), 1.0});
  table.add({"4.3", "[V]", "light-energy need per CH2O, kJ", 479.0, -atPh7(kGlucose) / 6.0, 0.5});
  table.finish();
}

TEST(Energetics, InSituMethanogenesisHasThePlansValues) {
  test::NumberTable table("metabolism_energy");
  table.add({"4.3", "[C]", "in situ, H2 1e-3 CO2 0.1 CH4 1e-3 bar, kJ", -73.5, methanogenesis(1e-3, 0.1, 1e-3), 0.1});
  table.add(
      {"4.3", "[C]", "in situ, H2 1e-5 CO2 4e-4 CH4 1.8e-6 bar, kJ", -29.9, methanogenesis(1e-5, 4e-4, 1.8e-6), 0.1});
  table.add({"4.3", "[C]", "in situ, H2 1e-6 CO2 1e-2 CH4 1e-4 bar, kJ", -5.1, methanogenesis(1e-6, 1e-2, 1e-4), 0.1});
  table.add({"4.3", "[C]", "in situ, H2 5e-7 CO2 4e-4 CH4 1.8e-6 bar (Earth), kJ", -0.2,
             methanogenesis(5e-7, 4e-4, 1.8e-6), 0.1});
  table.addContext("4.3", "[V]", "M. barkeri at 1.5 bar H2, -113 to -118 kJ", -115.5, methanogenesis(1.5, 0.4, 0.1),
                   "the source's CO2 and CH4 are not given; ours is with 0.4 and 0.1 bar");
  table.addContext("4.3", "[V]", "M. barkeri at 7-12 mbar H2, -89 to -96 kJ", -92.5, methanogenesis(9.5e-3, 0.4, 0.1),
                   "the source's CO2 and CH4 are not given; ours is with 0.4 and 0.1 bar");
  table.finish();
}

TEST(Energetics, HydrogenThresholdsHaveTheObservedOrder) {
  // One water for all: bicarbonate 30 mM, sulfate and sulfide 1 mM, acetate 1 mM, methane 10 mbar, pH 7.
  const std::vector<Activity> water{{"H+(aq)", 1e-7}, {"HCO3-", 0.03},   {"SO4--", 1e-3},
                                    {"HS-", 1e-3},    {"acetate", 1e-3}, {"CH4(g)", 0.01}};
  const double acetogen = 1e6 * thresholdBar(kAcetate, water);
  const double methanogen = 1e6 * thresholdBar(kMethaneFromBicarbonate, water);
  const double reducer = 1e6 * thresholdBar(kSulfide, water);
  const double fumarate = 1e6 * thresholdBar(kFumarate, water);
  EXPECT_GT(acetogen, methanogen);
  EXPECT_GT(methanogen, reducer);
  EXPECT_GT(reducer, fumarate);
  const std::string reason =
      "observed: where cells stop; ours: where dG is 0 in one stated water; the order is the test";
  test::NumberTable table("metabolism_energy");
  table.addContext("4.3", "[V]", "H2 threshold of acetogens, 430-4660 ppm", 2545.0, acetogen, reason);
  table.addContext("4.3", "[V]", "H2 threshold of methanogens, 6-120 ppm", 63.0, methanogen, reason);
  table.addContext("4.3", "[V]", "H2 threshold of sulfate reducers, 1.3-19 ppm", 10.2, reducer, reason);
  table.addContext("4.3", "[V]", "H2 threshold with fumarate, 0.02 ppm", 0.02, fumarate, reason);
  table.finish();
}

TEST(Energetics, MaintenanceHasThePlansValues) {
  test::NumberTable table("metabolism_energy");
  table.add({"4.4", "[C]", "maintenance at 273 K, kJ/C-mol/h", 0.35, maintenanceKJ(273.0), 0.005});
  table.add({"4.4", "[C]", "maintenance at 298 K, kJ/C-mol/h", 4.5, maintenanceKJ(298.0), 1e-9});
  table.add({"4.4", "[C]", "maintenance at 323 K, kJ/C-mol/h", 39.0, maintenanceKJ(323.0), 0.5});
  table.add({"4.4", "[C]", "maintenance at 373 K, kJ/C-mol/h", 1250.0, maintenanceKJ(373.0), 10.0});
  table.add({"4.4", "[C] dataset.md", "maintenance at 298 K, mmol ATP/gDW/h", 3.7, maintenanceMmolAtp(298.0), 0.05});
  table.finish();
}

TEST(Energetics, QuantaStandBesideTheirSources) {
  test::NumberTable table("metabolism_energy");
  table.add(
      {"4.4", "[V] Hoehler", "energy quantum of H2 users active in nature, kJ/mol", -10.0, kEnergyThresholdKJ, 0.0});
  table.addContext("4.4", "[V] Hoehler", "energy that growth in culture needs, kJ/mol", -20.0, kEnergyThresholdKJ,
                   "viable takes the quantum of nature; the threshold is an argument of assess");
  const std::string words = "a finding in words; what lies under a surface is not modelled";
  table.addContext("4.4", "[V] Sauterey et al. 2022", "Noachian Mars: subsurface habitability very likely",
                   test::kNoNumber, test::kNoNumber, words);
  table.addContext("4.4", "[V] Sauterey et al. 2020", "early Earth: methane cycling coupled to climate",
                   test::kNoNumber, test::kNoNumber, "a finding in words; here life does not change the air");
  table.addContext("4.4", "[V] Affholder et al. 2021", "Enceladus: serpentinisation alone insufficient",
                   test::kNoNumber, test::kNoNumber, words);
  // Waite et al. 2017: 50 to 120 kJ/mol. Theirs is of dissolved gases at pH 9 to 11 and 273 K.
  table.addContext("4.4", "[M] Waite et al. 2017", "Enceladus: affinity of methanogenesis, kJ/mol (50 to 120)", 85.0,
                   -methanogenesis(1e-3, 0.1, 1e-3), "ours: at the first mixture in situ above, another water");
  table.finish();
}

TEST(Energetics, GibbsHelmholtzHoldsByFiniteDifference) {
  // d(dG/T)/dT = -dH/T2.
  const StandardEnergy e = standardEnergy(kSulfide);
  for (const double t : {275.0, 310.0, 360.0}) {
    const double slope = (gibbsAt(e, t + 0.01) / (t + 0.01) - gibbsAt(e, t - 0.01) / (t - 0.01)) / 0.02;
    EXPECT_NEAR(slope, -e.enthalpyKJ / (t * t), 1e-7);
  }
}

TEST(Energetics, UnknownSpeciesAndAbsentActivityAreErrors) {
  EXPECT_THROW((void)formation("unobtainium"), Error);
  const std::array<Activity, 1> none{{{"H2(g)", 0.0}}};
  EXPECT_THROW((void)gibbsInSitu(kMethane, 298.15, none), Error);
}

}  // namespace
}  // namespace ecumene::data::physics::metabolism
