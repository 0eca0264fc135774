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

// Species, supply, vmax (mmol gDW-1 h-1 at 298 K; photons too), Km (M; photons umol m-2 s-1), stopped by O2; sources in
// the rows below. Measured rates are of the growth optimum and are brought to 298 K by the factor of rateFactor(). CO2
// and N2 are carbon and nitrogen, not energy: Km(N2) 60 uM is nitrogenase's.
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

// Dissolved in the water an archetype lives in, M. Sulfate: an anoxic world's sea (0.2 mM, Habicht et al. 2002) and the
// present one (28 mM). Iron: ferruginous water at the solubility of siderite (10 uM) and an oxic surface sea (1 nM).
constexpr double kAnoxicSulfateM = 2e-4, kSeaSulfateM = 2.8e-2;
constexpr double kAnoxicIronM = 1e-5, kOxicIronM = 1e-9;

const auto kArchetypes = std::to_array<ArchetypeRow>({
    {.archetype = Archetype::kMethanogen,
     .growthMinK = 283.0,
     .growthMaxK = 318.0,
     .coldShiftK = -12.0,
     .hotShiftK = 30.0,
     .ph = 7.0,
     .sulfateM = kAnoxicSulfateM,
     .ironM = kAnoxicIronM,
     .organicM = 0.0,
     .oxygenInhibitionM = 1e-6,
     .uptakes = kMethanogenUptakes,
     .catabolisms = kMethanogenesis,
     .light = {},
     .source =
         "Km(H2) 1-13 uM, Robinson & Tiedje 1984; qH2 200-700 mmol/gDW/h at 310-338 K, Goyal et al. 2015; windows: "
         "Methanococcoides burtonii to Methanothermobacter; stopped by uM O2"},
    {.archetype = Archetype::kAcetogen,
     .growthMinK = 283.0,
     .growthMaxK = 318.0,
     .coldShiftK = -10.0,
     .hotShiftK = 28.0,
     .ph = 7.0,
     .sulfateM = kAnoxicSulfateM,
     .ironM = kAnoxicIronM,
     .organicM = 0.0,
     .oxygenInhibitionM = 1e-6,
     .uptakes = kAcetogenUptakes,
     .catabolisms = kAcetogenesis,
     .light = {},
     .source =
         "H2 rates of Acetobacterium woodii and Thermoanaerobacter kivui; upper end, since Tijhuis maintenance must "
         "be paid; stopped by uM O2"},
    {.archetype = Archetype::kSulfateReducer,
     .growthMinK = 280.0,
     .growthMaxK = 316.0,
     .coldShiftK = -8.0,
     .hotShiftK = 30.0,
     .ph = 7.2,
     .sulfateM = kAnoxicSulfateM,
     .ironM = kAnoxicIronM,
     .organicM = 0.0,
     .oxygenInhibitionM = 1e-6,
     .uptakes = kSulfateUptakes,
     .catabolisms = kSulfateReduction,
     .light = {},
     .source = "Km(H2) 1-2 uM, Robinson & Tiedje 1984; Ks(SO4) 5-70 uM; stopped by uM O2"},
    {.archetype = Archetype::kAerobicHeterotroph,
     .growthMinK = 278.0,
     .growthMaxK = 316.0,
     .coldShiftK = -5.0,
     .hotShiftK = 30.0,
     .ph = 7.5,
     .sulfateM = kSeaSulfateM,
     .ironM = kOxicIronM,
     .organicM = 5e-6,
     .oxygenInhibitionM = 0.0,
     .uptakes = kHeterotrophUptakes,
     .catabolisms = kRespiration,
     .light = {},
     .source = "q(glucose) 8-10 mmol/gDW/h at 310 K; Km(O2) 0.1-1 uM, Stolper et al. 2010; labile dissolved organic "
               "carbon of the surface sea tens of uM C, Hansell 2013"},
    {.archetype = Archetype::kMethanotroph,
     .growthMinK = 278.0,
     .growthMaxK = 313.0,
     .coldShiftK = -5.0,
     .hotShiftK = 20.0,
     .ph = 7.0,
     .sulfateM = kSeaSulfateM,
     .ironM = kOxicIronM,
     .organicM = 0.0,
     .oxygenInhibitionM = 0.0,
     .uptakes = kMethanotrophUptakes,
     .catabolisms = kMethaneOxidation,
     .light = {},
     .source = "qCH4 10-20 mmol/gDW/h; high-affinity Km(CH4) 5-190 nM, Tveit et al. 2019; Km(O2) 0.1-1 uM"},
    {.archetype = Archetype::kAnoxygenicPhototroph,
     .growthMinK = 280.0,
     .growthMaxK = 316.0,
     .coldShiftK = -5.0,
     .hotShiftK = 25.0,
     .ph = 7.2,
     .sulfateM = kAnoxicSulfateM,
     .ironM = kAnoxicIronM,
     .organicM = 0.0,
     .oxygenInhibitionM = 2e-6,
     .uptakes = kAnoxygenicUptakes,
     .catabolisms = kAnoxygenic,
     .light = {.bandLowNm = 400.0, .bandHighNm = 1000.0, .centreNm = 870.0, .photonsPerCarbon = 10.0},
     .source =
         "Ks(H2S) 1-7 uM, van Gemerden & Mas 1995; light saturation 10-100 umol/m2/s; bacteriochlorophyll a and c "
         "bands; O2 stops pigment synthesis"},
    {.archetype = Archetype::kOxygenicPhototroph,
     .growthMinK = 275.0,
     .growthMaxK = 313.0,
     .coldShiftK = 0.0,
     .hotShiftK = 25.0,
     .ph = 7.8,
     .sulfateM = kSeaSulfateM,
     .ironM = kOxicIronM,
     .organicM = 0.0,
     .oxygenInhibitionM = 0.0,
     .uptakes = kOxygenicUptakes,
     .catabolisms = kOxygenic,
     .light =
         {.bandLowNm = 400.0, .bandHighNm = 700.0, .centreNm = 680.0, .photonsPerCarbon = 10.0, .mixedLayerM = 120.0},
     .source =
         "plankton of a 120 m winter mixed layer (de Boyer Montegut et al. 2004: 50 to 200 m); light saturation "
         "50-200 umol/m2/s; 10 photons per CO2 (8 at least); absorption 0.11 m2/gDW; Km(CO2) with a concentrating "
         "mechanism 1-10 uM; thermophilic Synechococcus to 345 K"},
    {.archetype = Archetype::kIronOxidiser,
     .growthMinK = 279.0,
     .growthMaxK = 313.0,
     .coldShiftK = -4.0,
     .hotShiftK = 20.0,
     .ph = 2.0,
     .sulfateM = kSeaSulfateM,
     .ironM = 1e-2,
     .organicM = 0.0,
     .oxygenInhibitionM = 0.0,
     .uptakes = kIronUptakes,
     .catabolisms = kIronOxidation,
     .light = {},
     .source =
         "Acidithiobacillus ferrooxidans: qFe 300-500 mmol/gDW/h, Km(Fe) 0.5-1.5 mM; acid spring pH 2, 10 mM Fe++, "
         "Nordstrom 2011"},
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
