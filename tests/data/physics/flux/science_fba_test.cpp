// SPDX-License-Identifier: Apache-2.0
// The table of science.md 4.1, row by row. The networks are outside data, so the test skips where they are absent.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "data/physics/flux/fba.h"
#include "tests/data/physics/flux/oracle_files.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::flux {
namespace {

const char* const kGlucose = "EX_glc__D_e";
const char* const kOxygen = "EX_o2_e";
// Of printed digits: half of the last one, and the other solver's tolerance of 1e-7.
constexpr double kTenDigits = 1e-7;
constexpr double kFiveDecimals = 6e-6;
constexpr double kFourDecimals = 6e-5;

double flux(const FbaAnswer& answer, const std::string& id) {
  for (const auto& [reaction, value] : answer.fluxes) {
    if (reaction == id) return value;
  }
  return std::nan("");
}

double growth(const planet::MetabolicNetwork& network, std::vector<BoundChange> bounds) {
  FbaRequest request;
  request.bounds = std::move(bounds);
  const FbaAnswer answer = fba(network, request);
  return answer.status == Status::kOptimal ? answer.objective : std::nan("");
}

double mostAtp(const planet::MetabolicNetwork& network, bool aerobic) {
  FluxBalance balance(network);
  const auto set = [&](const char* id, double lower) {
    const std::size_t r = network.reactionIndex(id).value();
    balance.setBounds(r, lower, balance.upperBound(r));
  };
  set("ATPM", 0.0);
  set(kGlucose, -1.0);
  if (!aerobic) set(kOxygen, 0.0);
  balance.setObjective(network.reactionIndex("ATPM").value());
  return balance.solve().objective;
}

TEST(ScienceTable, Section41FluxBalance) {
  const auto folder = sharedMetabolism();
  if (!folder) GTEST_SKIP() << "the outside data ($ECUMENE_SHARED/data/metabolism) is not on this machine";
  const planet::MetabolicNetwork core = readNetwork(*folder / "textbook.xml.gz");
  const planet::MetabolicNetwork whole = readNetwork(*folder / "iJO1366.xml.gz");
  test::NumberTable table("science_4_1_fba");
  const auto add = [&](const std::string& quantity, double expected, double got, double tolerance) {
    table.add({"4.1", "[C]", quantity, expected, got, tolerance});
  };

  add("e_coli_core reactions", 95, static_cast<double>(core.reactions.size()), 0);
  add("e_coli_core metabolites", 72, static_cast<double>(core.metabolites.size()), 0);
  add("e_coli_core genes", 137, static_cast<double>(core.genes.size()), 0);
  const FbaAnswer aerobic = fba(core, {});
  add("e_coli_core growth, glucose 10, O2 free, ATPM >= 8.39 (1/h)", 0.8739215070, aerobic.objective, kTenDigits);
  const std::vector<std::pair<const char*, double>> exchanges{{"EX_o2_e", -21.7995}, {"EX_co2_e", 22.8098},
                                                              {"EX_nh4_e", -4.7653}, {"EX_pi_e", -3.2149},
                                                              {"EX_h2o_e", 29.1758}, {"EX_h_e", 17.5309}};
  for (const auto& [id, expected] : exchanges) {
    add(std::string("e_coli_core aerobic ") + id + " (mmol/gDW/h)", expected, flux(aerobic, id), kFourDecimals);
  }
  FbaRequest noOxygen;
  noOxygen.bounds = {uptake(core, kOxygen, 0.0)};
  const FbaAnswer anaerobic = fba(core, noOxygen);
  add("e_coli_core growth without O2 (1/h)", 0.2116629497, anaerobic.objective, kTenDigits);
  add("e_coli_core without O2, acetate out (mmol/gDW/h)", 8.5036, flux(anaerobic, "EX_ac_e"), kFourDecimals);
  add("e_coli_core without O2, ethanol out (mmol/gDW/h)", 8.2795, flux(anaerobic, "EX_etoh_e"), kFourDecimals);
  add("e_coli_core without O2, formate out (mmol/gDW/h)", 17.8047, flux(anaerobic, "EX_for_e"), kFourDecimals);
  add("e_coli_core growth, glucose 18.5, aerobic (1/h)", 1.6530718512, growth(core, {uptake(core, kGlucose, 18.5)}),
      kTenDigits);
  add("e_coli_core growth, glucose 18.5, no O2 (1/h)", 0.4705651711,
      growth(core, {uptake(core, kGlucose, 18.5), uptake(core, kOxygen, 0.0)}), kTenDigits);

  const std::vector<std::pair<const char*, double>> carbons{
      {"EX_ac_e", 0.17334},     {"EX_etoh_e", 0.33042},   {"EX_pyr_e", 0.29122},
      {"EX_lac__D_e", 0.35031}, {"EX_mal__L_e", 0.37074}, {"EX_succ_e", 0.39756},
      {"EX_akg_e", 0.52876},    {"EX_glu__L_e", 0.59873}, {"EX_fru_e", 0.87392}};
  int anaerobicNonSugars = 0;
  for (const auto& [id, expected] : carbons) {
    const std::vector<BoundChange> medium{uptake(core, kGlucose, 0.0), uptake(core, id, 10.0)};
    add(std::string("e_coli_core growth on 10 of ") + id + ", aerobic (1/h)", expected, growth(core, medium),
        kFiveDecimals);
    FbaRequest request;
    request.bounds = {medium[0], medium[1], uptake(core, kOxygen, 0.0)};
    const bool feasible = fba(core, request).status == Status::kOptimal;
    if (std::string(id) != "EX_fru_e" && feasible) ++anaerobicNonSugars;
  }
  add("e_coli_core non-sugars that are feasible without O2", 0, anaerobicNonSugars, 0);
  add("e_coli_core most ATP per glucose, aerobic", 17.5, mostAtp(core, true), 1e-6);
  add("e_coli_core most ATP per glucose, no O2", 2.75, mostAtp(core, false), 1e-6);

  int lethal = 0;
  for (const std::string& gene : core.genes) {
    FbaRequest request;
    request.geneKnockOuts = {gene};
    const FbaAnswer answer = fba(core, request);
    if (answer.status != Status::kOptimal || answer.objective < 1e-6) ++lethal;
  }
  add("e_coli_core lethal single-gene deletions", 7, lethal, 0);
  FbaRequest parsimonious;
  parsimonious.parsimonious = true;
  add("e_coli_core sum of |v| of the parsimonious optimum (mmol/gDW/h)", 518.4221,
      fba(core, parsimonious).totalAbsoluteFlux.value_or(std::nan("")), kFourDecimals);

  std::vector<std::string> unbalanced;
  for (const planet::Reaction& r : core.reactions) {
    if (r.isBoundary()) continue;
    const auto rest = planet::imbalance(core, r);
    if (!rest || rest->largest() > 1e-6) unbalanced.push_back(r.id);
  }
  add("e_coli_core unbalanced internal reactions", 1, static_cast<double>(unbalanced.size()), 0);
  EXPECT_EQ(unbalanced, std::vector<std::string>{"Biomass_Ecoli_core"});

  add("iJO1366 reactions", 2583, static_cast<double>(whole.reactions.size()), 0);
  add("iJO1366 metabolites", 1805, static_cast<double>(whole.metabolites.size()), 0);
  add("iJO1366 genes", 1367, static_cast<double>(whole.genes.size()), 0);
  add("iJO1366 growth (1/h)", 0.9823718127, fba(whole, {}).objective, kTenDigits);
  table.finish();
}

}  // namespace
}  // namespace ecumene::data::physics::flux
