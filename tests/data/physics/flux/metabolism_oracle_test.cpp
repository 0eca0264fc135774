// SPDX-License-Identifier: Apache-2.0
// Every value of the outside folder data/metabolism (COBRApy 0.32.1 with GLPK), and the same for our own toy network.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "data/base/hash.h"
#include "data/physics/flux/flux_balance.h"
#include "tests/data/physics/flux/oracle_files.h"
#include "tests/data/physics/flux/small_networks.h"
#include "tests/support/reference.h"

namespace ecumene::data::physics::flux {
namespace {

constexpr double kTolerance5 = 1e-5;  // the agreement that the data's README calls fair

struct Model {
  const char* file;
  const char* prefix;
};

class Metabolism : public testing::TestWithParam<Model> {
 protected:
  void SetUp() override {
    const auto folder = sharedMetabolism();
    if (!folder) GTEST_SKIP() << "the outside data ($ECUMENE_SHARED/data/metabolism) is not on this machine";
    folder_ = *folder;
    network_ = readNetwork(folder_ / GetParam().file);
    oracle_ = readJson(file("_oracle.json"));
  }
  [[nodiscard]] std::filesystem::path file(const std::string& ending) const {
    return folder_ / (GetParam().prefix + ending);
  }

  std::filesystem::path folder_;
  planet::MetabolicNetwork network_;
  nlohmann::json oracle_;
};

// Gaussian elimination with the largest pivot of each column.
std::size_t rank(const planet::MetabolicNetwork& network) {
  const std::size_t rows = network.metabolites.size();
  std::vector<std::vector<double>> columns;  // one row of the transposed matrix for each reaction
  for (const planet::Reaction& r : network.reactions) {
    std::vector<double> column(rows, 0.0);
    for (const auto& [metabolite, coefficient] : r.stoichiometry) column[metabolite] = coefficient;
    columns.push_back(std::move(column));
  }
  std::size_t found = 0;
  for (std::size_t m = 0; m < rows && found < columns.size(); ++m) {
    std::size_t best = found;
    for (std::size_t c = found; c < columns.size(); ++c) {
      if (std::abs(columns[c][m]) > std::abs(columns[best][m])) best = c;
    }
    if (std::abs(columns[best][m]) < 1e-9) continue;
    std::swap(columns[found], columns[best]);
    for (std::size_t c = found + 1; c < columns.size(); ++c) {
      const double factor = columns[c][m] / columns[found][m];
      if (factor == 0.0) continue;
      for (std::size_t k = m; k < rows; ++k) columns[c][k] -= factor * columns[found][k];
    }
    ++found;
  }
  return found;
}

TEST_P(Metabolism, CountsAgree) {
  EXPECT_EQ(sha256OfFile(folder_ / GetParam().file), oracle_["sha256"]) << "the references are of another file";
  EXPECT_EQ(network_.id, oracle_["model_id"]);
  EXPECT_EQ(network_.metabolites.size(), oracle_["metabolites"]);
  EXPECT_EQ(network_.reactions.size(), oracle_["reactions"]);
  EXPECT_EQ(network_.genes.size(), oracle_["genes"]);
  EXPECT_EQ(network_.exchanges().size(), oracle_["exchange_reactions"]);
  EXPECT_EQ(network_.maximise, oracle_["direction"] == "max");
  EXPECT_EQ(network_.compartments.size(), oracle_["compartments"].size());
  for (const auto& [compartment, count] : oracle_["metabolites_per_compartment"].items()) {
    std::size_t found = 0;
    for (const planet::Metabolite& m : network_.metabolites) found += m.compartment == compartment ? 1U : 0U;
    EXPECT_EQ(found, count) << compartment;
  }
  std::size_t boundary = 0, reversible = 0, withRule = 0, nonzeros = 0;
  nlohmann::json objective = nlohmann::json::array();
  for (const planet::Reaction& r : network_.reactions) {
    boundary += r.isBoundary() ? 1U : 0U;
    reversible += r.lowerBound < 0.0 && r.upperBound > 0.0 ? 1U : 0U;
    withRule += r.geneRule.empty() ? 0U : 1U;
    nonzeros += r.stoichiometry.size();
    if (r.objective != 0.0) objective.push_back(r.id);
  }
  EXPECT_EQ(boundary, oracle_["boundary_reactions"]);
  EXPECT_EQ(reversible, oracle_["reversible_reactions"]);
  EXPECT_EQ(withRule, oracle_["reactions_with_gpr"]);
  EXPECT_EQ(nonzeros, oracle_["stoichiometric_nonzeros"]);
  EXPECT_EQ(objective, oracle_["objective"]);
  EXPECT_EQ(rank(network_), oracle_["stoichiometric_rank"]);
}

TEST_P(Metabolism, MediumAgrees) {
  nlohmann::json medium = nlohmann::json::object();
  for (const std::size_t r : network_.exchanges()) {
    if (network_.reactions[r].lowerBound < 0.0) medium[network_.reactions[r].id] = -network_.reactions[r].lowerBound;
  }
  EXPECT_EQ(medium, oracle_["medium"]);
}

TEST_P(Metabolism, OptimumAgreesInAllItsDigits) {
  const Solution s = solve(network_);
  ASSERT_EQ(s.status, Status::kOptimal);
  EXPECT_NEAR(s.objective, oracle_["fba_objective"], 1e-8);
  EXPECT_LT(largestResidual(network_, s.fluxes), 1e-8);
}

TEST_P(Metabolism, ConditionsAgree) {
  const std::string glucose = "EX_glc__D_e";
  const std::string instead = "_uptake_10_instead_of_glucose";
  std::size_t compared = 0;
  for (const auto& [name, growth] : oracle_["conditions"].items()) {
    FbaRequest request;
    if (name == "anaerobic") {
      request.bounds = {uptake(network_, "EX_o2_e", 0.0)};
    } else if (name == "no_glucose") {
      request.bounds = {uptake(network_, glucose, 0.0)};
    } else if (name.starts_with("glucose_uptake_")) {
      request.bounds = {uptake(network_, glucose, std::stod(name.substr(15)))};
    } else if (name.ends_with(instead)) {
      const std::string carbon = name.substr(0, name.size() - instead.size());
      request.bounds = {uptake(network_, glucose, 0.0), uptake(network_, carbon, 10.0)};
    } else {
      ASSERT_EQ(name, "default") << "a condition that this test does not know";
    }
    expectGrowth(network_, request, growth, kTolerance5, name);
    ++compared;
  }
  EXPECT_GE(compared, 10U);
}

TEST_P(Metabolism, ParsimoniousTotalAndBoundsAgree) {
  FbaRequest request;
  request.parsimonious = true;
  const FbaAnswer answer = fba(network_, request);
  EXPECT_NEAR(answer.objective, oracle_["fba_objective"], kTolerance5);
  EXPECT_NEAR(answer.totalAbsoluteFlux.value(), oracle_["pfba_total_absolute_flux"], kTolerance5);
  const std::vector<CsvRow> rows = readCsv(file("_pfba_fluxes.csv"));
  ASSERT_EQ(rows.size(), answer.fluxes.size());
  double total = 0.0;
  for (const CsvRow& row : rows) {
    const std::size_t r = network_.reactionIndex(row.at("reaction")).value();
    EXPECT_EQ(network_.reactions[r].lowerBound, std::stod(row.at("lower_bound"))) << row.at("reaction");
    EXPECT_EQ(network_.reactions[r].upperBound, std::stod(row.at("upper_bound"))) << row.at("reaction");
    total += std::abs(std::stod(row.at("flux")));
    if (!row.contains("unique")) continue;  // iJO1366: its fluxes need not be unique
    EXPECT_EQ(row.at("unique"), "1");
    const double flux = answer.fluxes[r].second;
    EXPECT_NEAR(flux, std::stod(row.at("flux")), kTolerance5) << row.at("reaction");
    EXPECT_GE(flux, std::stod(row.at("pfba_min")) - kTolerance5) << row.at("reaction");
    EXPECT_LE(flux, std::stod(row.at("pfba_max")) + kTolerance5) << row.at("reaction");
  }
  EXPECT_NEAR(*answer.totalAbsoluteFlux, total, 1e-3);  // the sum of some hundred rounded fluxes
}

TEST_P(Metabolism, GeneKnockOutsAgree) {
  const std::vector<CsvRow> rows = readCsv(file("_gene_knockouts.csv"));
  EXPECT_GE(rows.size(), 41U);
  for (const CsvRow& row : rows) {
    FbaRequest request;
    request.geneKnockOuts = {row.at("gene")};
    expectGrowth(network_, request, row.at("growth"), kTolerance5, "gene " + row.at("gene"));
  }
}

TEST_P(Metabolism, ReactionKnockOutsAgree) {
  const std::vector<CsvRow> rows = readCsv(file("_reaction_knockouts.csv"));
  EXPECT_GE(rows.size(), 20U);
  for (const CsvRow& row : rows) {
    FbaRequest request;
    request.knockOuts = {row.at("reaction")};
    expectGrowth(network_, request, row.at("growth"), kTolerance5, "reaction " + row.at("reaction"));
  }
}

INSTANTIATE_TEST_SUITE_P(Shared, Metabolism,
                         testing::Values(Model{"textbook.xml.gz", "e_coli_core"}, Model{"iJO1366.xml.gz", "iJO1366"}),
                         [](const auto& row) { return std::string(row.param.prefix); });

TEST(MetabolismCore, VariabilityAgrees) {
  const auto folder = sharedMetabolism();
  if (!folder) GTEST_SKIP() << "the outside data ($ECUMENE_SHARED/data/metabolism) is not on this machine";
  const planet::MetabolicNetwork core = readNetwork(*folder / "textbook.xml.gz");
  const std::vector<FluxRange> ranges = FluxBalance(core).variability();
  const std::vector<CsvRow> rows = readCsv(*folder / "e_coli_core_fva.csv");
  ASSERT_EQ(rows.size(), ranges.size());
  for (const CsvRow& row : rows) {
    const FluxRange& range = ranges[core.reactionIndex(row.at("reaction")).value()];
    EXPECT_NEAR(range.minimum, std::stod(row.at("minimum")), kTolerance5) << row.at("reaction");
    EXPECT_NEAR(range.maximum, std::stod(row.at("maximum")), kTolerance5) << row.at("reaction");
  }
}

class Toy : public testing::Test {
 protected:
  planet::MetabolicNetwork network_ = readNetwork("tests/data/formats/fixtures/toy.xml");
  nlohmann::json oracle_ = test::reference("flux_toy.json");
};

std::string growthText(const nlohmann::json& growth) {
  return growth.is_string() ? growth.get<std::string>() : growth.dump();
}

TEST_F(Toy, ContentIsWhatCobrapyReads) {
  ASSERT_EQ(network_.metabolites.size(), oracle_["metabolites"].size());
  for (std::size_t i = 0; i < network_.metabolites.size(); ++i) {
    const planet::Metabolite& m = network_.metabolites[i];
    const nlohmann::json got = {{"id", m.id},
                                {"name", m.name},
                                {"formula", m.formula},
                                {"charge", m.charge.value()},
                                {"compartment", m.compartment}};
    EXPECT_EQ(got, oracle_["metabolites"][i]);
  }
  ASSERT_EQ(network_.reactions.size(), oracle_["reactions"].size());
  for (std::size_t i = 0; i < network_.reactions.size(); ++i) {
    const planet::Reaction& r = network_.reactions[i];
    const nlohmann::json& expected = oracle_["reactions"][i];
    EXPECT_EQ(r.id, expected["id"]);
    EXPECT_EQ(r.name, expected["name"]);
    EXPECT_EQ(r.lowerBound, expected["lower"]) << r.id;
    EXPECT_EQ(r.upperBound, expected["upper"]) << r.id;
    nlohmann::json stoichiometry;
    for (const auto& [metabolite, coefficient] : r.stoichiometry) {
      stoichiometry[network_.metabolites[metabolite].id] = coefficient;
    }
    EXPECT_EQ(stoichiometry, expected["stoichiometry"]) << r.id;
    if (!r.isBoundary()) {
      EXPECT_NEAR(planet::imbalance(network_, r).value().largest(), expected["imbalance"], 1e-9) << r.id;
    }
  }
  EXPECT_EQ(nlohmann::json(network_.genes), oracle_["genes"]);
}

TEST_F(Toy, ConditionsKnockOutsAndTotalsAgree) {
  for (const auto& [name, condition] : oracle_["conditions"].items()) {
    FbaRequest request;
    for (const auto& [reaction, limits] : condition["bounds"].items()) {
      request.bounds.push_back({reaction, limits[0].get<double>(), limits[1].get<double>()});
    }
    expectGrowth(network_, request, growthText(condition["growth"]), 1e-8, name);
  }
  for (const auto& [gene, growth] : oracle_["gene_knockouts"].items()) {
    FbaRequest request;
    request.geneKnockOuts = {gene};
    expectGrowth(network_, request, growthText(growth), 1e-8, "gene " + gene);
  }
  for (const auto& [reaction, growth] : oracle_["reaction_knockouts"].items()) {
    FbaRequest request;
    request.knockOuts = {reaction};
    expectGrowth(network_, request, growthText(growth), 1e-8, "reaction " + reaction);
  }
  FbaRequest parsimonious;
  parsimonious.parsimonious = true;
  EXPECT_NEAR(fba(network_, parsimonious).totalAbsoluteFlux.value(), oracle_["pfba_total"], 1e-7);
  const std::vector<FluxRange> ranges = FluxBalance(network_).variability(0.9);
  for (std::size_t r = 0; r < ranges.size(); ++r) {
    EXPECT_NEAR(ranges[r].minimum, oracle_["reactions"][r]["fva_90"][0], 1e-6) << network_.reactions[r].id;
    EXPECT_NEAR(ranges[r].maximum, oracle_["reactions"][r]["fva_90"][1], 1e-6) << network_.reactions[r].id;
  }
}

// By hand: with both inputs used up, carbon 20 = 10 mu + a + l, NADH 20 + 5 a = 30 + 5 mu + l, ATP 20 + a + 75 =
// 2 + 100 mu (a pyruvate burnt, l lactate), so 6.05 a = 25.35 and mu = (93 + a) / 100.
TEST_F(Toy, OptimumIsTheHandCalculation) {
  EXPECT_NEAR(solve(network_).objective, (93.0 + 25.35 / 6.05) / 100.0, 1e-9);
}

}  // namespace
}  // namespace ecumene::data::physics::flux
