// SPDX-License-Identifier: Apache-2.0
#include "data/physics/metabolism/archetypes.h"

#include <array>
#include <cmath>

#include "data/physics/constants.h"

namespace ecumene::data::physics::metabolism {
namespace {

using planet::Archetype;

// Catabolic reactions as science.md 4.3 and 4.5 name them.
const std::array<Catabolism, 1> kMethanogenesis{
    {{"CO2 + 4 H2 -> CH4 + 2 H2O", {{"CO2(g)", -1}, {"H2(g)", -4}, {"CH4(g)", 1}, {"H2O(l)", 2}}}}};
const std::array<Catabolism, 1> kAcetogenesis{
    {{"2 CO2 + 4 H2 -> acetate + H+ + 2 H2O",
      {{"CO2(g)", -2}, {"H2(g)", -4}, {"acetate", 1}, {"H+(aq)", 1}, {"H2O(l)", 2}}}}};
const std::array<Catabolism, 1> kSulfateReduction{
    {{"SO4-- + 4 H2 + 2 H+ -> H2S + 4 H2O",
      {{"SO4--", -1}, {"H2(g)", -4}, {"H+(aq)", -2}, {"H2S(g)", 1}, {"H2O(l)", 4}}}}};
const std::array<Catabolism, 1> kRespiration{
    {{"glucose + 6 O2 -> 6 CO2 + 6 H2O", {{"glucose", -1}, {"O2(g)", -6}, {"CO2(g)", 6}, {"H2O(l)", 6}}}}};
const std::array<Catabolism, 1> kMethaneOxidation{
    {{"CH4 + 2 O2 -> CO2 + 2 H2O", {{"CH4(g)", -1}, {"O2(g)", -2}, {"CO2(g)", 1}, {"H2O(l)", 2}}}}};
const std::array<Catabolism, 2> kAnoxygenic{
    {{"CO2 + 2 H2S -> CH2O + 2 S + H2O",
      {{"CO2(g)", -1}, {"H2S(g)", -2}, {"glucose", 1.0 / 6.0}, {"S(s)", 2}, {"H2O(l)", 1}}},
     {"CO2 + 2 H2 -> CH2O + H2O", {{"CO2(g)", -1}, {"H2(g)", -2}, {"glucose", 1.0 / 6.0}, {"H2O(l)", 1}}}}};
const std::array<Catabolism, 1> kOxygenic{
    {{"CO2 + H2O -> CH2O + O2", {{"CO2(g)", -1}, {"H2O(l)", -1}, {"glucose", 1.0 / 6.0}, {"O2(g)", 1}}}}};
const std::array<Catabolism, 1> kIronOxidation{
    {{"4 Fe++ + O2 + 4 H+ -> 4 Fe+++ + 2 H2O",
      {{"Fe++", -4}, {"O2(g)", -1}, {"H+(aq)", -4}, {"Fe+++", 4}, {"H2O(l)", 2}}}}};

// Rates at 298 K. Measured rates are of the growth optimum and are brought to 298 K by the factor of rateFactor().
constexpr std::array<Uptake, 3> kMethanogenUptakes{{{"h2", Supply::kGas, 150.0, 3e-6, true},
                                                    {"co2", Supply::kGas, 60.0, 5e-6, false},
                                                    {"n2", Supply::kGas, 5.0, 6e-5, true}}};
constexpr std::array<Uptake, 3> kAcetogenUptakes{{{"h2", Supply::kGas, 220.0, 3e-6, true},
                                                  {"co2", Supply::kGas, 120.0, 1e-5, false},
                                                  {"n2", Supply::kGas, 5.0, 6e-5, true}}};
constexpr std::array<Uptake, 4> kSulfateUptakes{{{"h2", Supply::kGas, 80.0, 1.2e-6, true},
                                                 {"so4", Supply::kSulfate, 40.0, 2e-5, false},
                                                 {"co2", Supply::kGas, 40.0, 5e-6, false},
                                                 {"n2", Supply::kGas, 5.0, 6e-5, true}}};
constexpr std::array<Uptake, 2> kHeterotrophUptakes{
    {{"glc", Supply::kOrganic, 6.0, 5e-6, false}, {"o2", Supply::kGas, 20.0, 5e-7, false}}};
constexpr std::array<Uptake, 4> kMethanotrophUptakes{{{"ch4", Supply::kGas, 20.0, 5e-8, false},
                                                      {"o2", Supply::kGas, 30.0, 5e-7, false},
                                                      {"co2", Supply::kGas, 10.0, 1e-5, false},
                                                      {"n2", Supply::kGas, 5.0, 6e-5, true}}};
constexpr std::array<Uptake, 5> kAnoxygenicUptakes{{{"photon", Supply::kLight, 60.0, 60.0, true},
                                                    {"h2s", Supply::kGas, 20.0, 2e-6, true},
                                                    {"h2", Supply::kGas, 20.0, 5e-6, true},
                                                    {"co2", Supply::kGas, 20.0, 1e-5, false},
                                                    {"n2", Supply::kGas, 5.0, 6e-5, true}}};
constexpr std::array<Uptake, 3> kOxygenicUptakes{{{"photon", Supply::kLight, 60.0, 150.0, false},
                                                  {"co2", Supply::kGas, 15.0, 5e-6, false},
                                                  {"o2", Supply::kGas, 10.0, 1e-6, false}}};
constexpr std::array<Uptake, 3> kIronUptakes{{{"fe2", Supply::kIron, 300.0, 1e-3, false},
                                              {"o2", Supply::kGas, 80.0, 2e-7, false},
                                              {"co2", Supply::kGas, 10.0, 1e-5, false}}};

const auto kArchetypes = std::to_array<ArchetypeRow>({
    {Archetype::kMethanogen,
     283.0,
     318.0,
     -12.0,
     30.0,
     7.0,
     2e-4,
     1e-5,
     0.0,
     1e-6,
     kMethanogenUptakes,
     kMethanogenesis,
     {},
     0.5,
     "Thauer et al. 2008 (0.5 ATP/CH4); Km(H2) 1-13 uM, Robinson & Tiedje 1984; qH2 200-700 mmol/gDW/h at 310-338 K, "
     "Goyal et al. 2015; windows: Methanococcoides burtonii to Methanothermobacter"},
    {Archetype::kAcetogen,
     283.0,
     318.0,
     -10.0,
     28.0,
     7.0,
     2e-4,
     1e-5,
     0.0,
     1e-6,
     kAcetogenUptakes,
     kAcetogenesis,
     {},
     0.3,
     "Schuchmann & Mueller 2014 (0.3 ATP/acetate); H2 rates of Acetobacterium woodii and Thermoanaerobacter kivui; "
     "upper end, since Tijhuis maintenance must be paid"},
    {Archetype::kSulfateReducer,
     280.0,
     316.0,
     -8.0,
     30.0,
     7.2,
     2e-4,
     1e-5,
     0.0,
     1e-6,
     kSulfateUptakes,
     kSulfateReduction,
     {},
     1.0,
     "Km(H2) 1-2 uM, Robinson & Tiedje 1984; Ks(SO4) 5-70 uM; Archean sea 0.2 mM SO4, Habicht et al. 2002; 1 ATP net, "
     "Badziong & Thauer 1978"},
    {Archetype::kAerobicHeterotroph,
     278.0,
     316.0,
     -5.0,
     30.0,
     7.5,
     2.8e-2,
     1e-9,
     5e-6,
     0.0,
     kHeterotrophUptakes,
     kRespiration,
     {},
     26.0,
     "q(glucose) 8-10 mmol/gDW/h at 310 K; Km(O2) 0.1-1 uM, Stolper et al. 2010; labile dissolved organic carbon of "
     "the "
     "surface sea tens of uM C, Hansell 2013"},
    {Archetype::kMethanotroph,
     278.0,
     313.0,
     -5.0,
     20.0,
     7.0,
     2.8e-2,
     1e-9,
     0.0,
     0.0,
     kMethanotrophUptakes,
     kMethaneOxidation,
     {},
     4.0,
     "qCH4 10-20 mmol/gDW/h; high-affinity Km(CH4) 5-190 nM, Tveit et al. 2019; Km(O2) 0.1-1 uM"},
    {Archetype::kAnoxygenicPhototroph,
     280.0,
     316.0,
     -5.0,
     25.0,
     7.2,
     2e-4,
     1e-5,
     0.0,
     2e-6,
     kAnoxygenicUptakes,
     kAnoxygenic,
     {400.0, 1000.0, 870.0, 10.0},
     0.0,
     "Ks(H2S) 1-7 uM, van Gemerden & Mas 1995; light saturation 10-100 umol/m2/s; bacteriochlorophyll a and c bands; "
     "O2 "
     "stops pigment synthesis"},
    {Archetype::kOxygenicPhototroph,
     275.0,
     313.0,
     0.0,
     25.0,
     7.8,
     2.8e-2,
     1e-9,
     0.0,
     0.0,
     kOxygenicUptakes,
     kOxygenic,
     {400.0, 700.0, 680.0, 10.0, 120.0},
     0.0,
     "plankton of a 120 m winter mixed layer (de Boyer Montegut et al. 2004: 50 to 200 m); light saturation 50-200 "
     "umol/m2/s; 10 photons per CO2 (8 at least); absorption 0.11 m2/gDW; Km(CO2) with a "
     "concentrating mechanism 1-10 uM; thermophilic Synechococcus to 345 K"},
    {Archetype::kIronOxidiser,
     279.0,
     313.0,
     -4.0,
     20.0,
     2.0,
     2.8e-2,
     1e-2,
     0.0,
     0.0,
     kIronUptakes,
     kIronOxidation,
     {},
     1.0,
     "Acidithiobacillus ferrooxidans: qFe 300-500 mmol/gDW/h, Km(Fe) 0.5-1.5 mM; acid spring pH 2, 10 mM Fe++, "
     "Nordstrom "
     "2011"},
});

}  // namespace

std::span<const ArchetypeRow> archetypes() {
  return kArchetypes;
}

const ArchetypeRow& archetype(planet::Archetype archetype) {
  return kArchetypes.at(static_cast<std::size_t>(archetype));
}

double rateFactor(double temperatureK) {
  constexpr double kElectronvolt = 1.602176634e-19;  // J
  constexpr double kReferenceK = 298.0;
  return std::exp(-kActivationEv * kElectronvolt / kBoltzmann * (1.0 / temperatureK - 1.0 / kReferenceK));
}

}  // namespace ecumene::data::physics::metabolism
