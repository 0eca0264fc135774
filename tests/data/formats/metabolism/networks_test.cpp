// SPDX-License-Identifier: Apache-2.0
// Networks in every dialect against what COBRApy says of the same files (tests/oracles/networks.py).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/formats/registry.h"
#include "data/physics/flux/fba.h"
#include "data/physics/flux/gene_rule.h"
#include "tests/data/formats/shared_data.h"
#include "tests/support/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using nlohmann::json;

double sumOf(const planet::MetabolicNetwork& n, double planet::Reaction::*member) {
  double sum = 0.0;
  for (const planet::Reaction& r : n.reactions) sum += r.*member;
  return sum;
}

void expectCounts(const planet::MetabolicNetwork& n, const json& truth) {
  EXPECT_EQ(n.id, truth["id"].get<std::string>());
  EXPECT_EQ(n.metabolites.size(), truth["metabolites"].get<std::size_t>());
  EXPECT_EQ(n.reactions.size(), truth["reactions"].get<std::size_t>());
  std::vector<std::string> compartments = n.compartments;
  std::sort(compartments.begin(), compartments.end());
  EXPECT_EQ(compartments, truth["compartments"].get<std::vector<std::string>>());
  std::size_t nonzeros = 0;
  for (const planet::Reaction& r : n.reactions) nonzeros += r.stoichiometry.size();
  EXPECT_EQ(nonzeros, truth["nonzeros"].get<std::size_t>());
  EXPECT_NEAR(sumOf(n, &planet::Reaction::lowerBound), truth["sum_of_lower"].get<double>(), 1e-6);
  EXPECT_NEAR(sumOf(n, &planet::Reaction::upperBound), truth["sum_of_upper"].get<double>(), 1e-6);
  std::size_t formulas = 0;
  double charge = 0.0;
  for (const planet::Metabolite& m : n.metabolites) {
    formulas += m.formula.empty() ? 0U : 1U;
    charge += m.charge.value_or(0.0);
  }
  EXPECT_EQ(formulas, truth["with_formula"].get<std::size_t>());
  EXPECT_EQ(charge, truth["charge"].get<double>());
}

void expectOptimum(const planet::MetabolicNetwork& n, const json& truth) {
  const physics::flux::Solution solution = physics::flux::solve(n);
  if (truth["objective"].is_string()) {
    EXPECT_EQ(physics::flux::name(solution.status), truth["objective"].get<std::string>());
    return;
  }
  ASSERT_EQ(solution.status, physics::flux::Status::kOptimal);
  EXPECT_NEAR(solution.objective, truth["objective"].get<double>(), 1e-6);
}

/// The lines of the assumptions against COBRApy's check_mass_balance, element by element.
void expectUnbalanced(const planet::Import& import, const json& truth) {
  std::map<std::string, std::string> lines;
  for (const std::string& line : import.assumptions) {
    const std::string begin = "unbalanced: reaction ";
    if (!line.starts_with(begin)) continue;
    const std::string id = line.substr(begin.size(), line.find_first_of(" :", begin.size()) - begin.size());
    lines[id] = line;
  }
  EXPECT_EQ(lines.size(), truth.size());
  for (const auto& [id, sums] : truth.items()) {
    ASSERT_TRUE(lines.contains(id)) << id;
    const std::string& line = lines[id];
    EXPECT_EQ(static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1, sums.size()) << line;
    for (const auto& [what, amount] : sums.items()) {
      const std::size_t place = line.find(" " + what + " ");
      ASSERT_NE(place, std::string::npos) << what << " in " << line;
      EXPECT_NEAR(std::stod(line.substr(place + what.size() + 2)), amount.get<double>(),
                  1e-5 * std::max(1.0, std::abs(amount.get<double>())))
          << what << " in " << line;
    }
  }
}

void expectGeneRules(const planet::MetabolicNetwork& n, const json& truth) {
  EXPECT_EQ(n.genes.size(), truth["genes"].get<std::size_t>());
  EXPECT_EQ(static_cast<std::size_t>(std::count_if(n.reactions.begin(), n.reactions.end(),
                                                   [](const planet::Reaction& r) { return !r.geneRule.empty(); })),
            truth["with_rule"].get<std::size_t>());
  for (const json& deletion : truth["deletions"]) {
    std::vector<std::string> stopped;
    for (const std::size_t r : physics::flux::reactionsWithout(n, deletion["genes"].get<std::vector<std::string>>())) {
      stopped.push_back(n.reactions[r].id);
    }
    std::sort(stopped.begin(), stopped.end());
    EXPECT_EQ(stopped, deletion["stopped"].get<std::vector<std::string>>());
  }
}

void expectAsCobra(const std::filesystem::path& path, const json& truth, bool withGenes = true) {
  SCOPED_TRACE(path.filename());
  const planet::Import import = formats::importFile(path, {});
  ASSERT_EQ(import.planet.networks.size(), 1U);
  const planet::MetabolicNetwork& n = import.planet.networks.front();
  expectCounts(n, truth);
  expectOptimum(n, truth);
  expectUnbalanced(import, truth["unbalanced"]);
  if (withGenes) expectGeneRules(n, truth);
}

TEST(Networks, EveryDialectOfTheToyIsWhatCobrapyReads) {
  const json truth = test::reference("networks.json")["toy"];
  expectAsCobra("tests/data/formats/fixtures/toy.xml", truth["toy.xml"]);
  const std::string folder = "tests/data/formats/metabolism/fixtures/";
  expectAsCobra(folder + "toy.json", truth["toy.json"]);
  expectAsCobra(folder + "toy_level2.xml", truth["toy_level2.xml"]);
  // COBRApy does not read the rules in the notes of fbc version 1; DialectsGiveOneNetwork does.
  expectAsCobra(folder + "toy_fbc1.xml", truth["toy_fbc1.xml"], false);
}

TEST(Networks, OutsideNetworksAreWhatCobrapyReads) {
  ECUMENE_NEEDS_SHARED(shared);
  const json truths = test::reference("networks.json")["outside"];
  ASSERT_EQ(truths.size(), 4U);
  for (const auto& [name, truth] : truths.items()) expectAsCobra(*shared / name, truth);
}

}  // namespace
