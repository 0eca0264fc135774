// SPDX-License-Identifier: Apache-2.0
#include "data/physics/flux/gene_rule.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "tests/data/physics/flux/small_networks.h"

namespace ecumene::data::physics::flux {
namespace {

bool works(std::string_view rule, const std::set<std::string, std::less<>>& absent) {
  return GeneRule::parse(rule).worksWithout(absent);
}

TEST(GeneRule, EmptyRuleNeedsNoGene) {
  EXPECT_TRUE(works("", {"a"}));
  EXPECT_TRUE(works("  \t", {"a"}));
  EXPECT_TRUE(GeneRule::parse("").genes().empty());
}

// All 8 subsets of {a, b, c} as absent genes against the same expression in C++.
TEST(GeneRule, TruthTablesAgreeWithTheLanguage) {
  struct Row {
    const char* rule;
    bool (*holds)(bool, bool, bool);
  };
  const std::vector<Row> rows{
      {"a", [](bool a, bool, bool) { return a; }},
      {"((a))", [](bool a, bool, bool) { return a; }},
      {"a and b and c", [](bool a, bool b, bool c) { return a && b && c; }},
      {"a or b or c", [](bool a, bool b, bool c) { return a || b || c; }},
      {"a and b or c", [](bool a, bool b, bool c) { return (a && b) || c; }},
      {"a or b and c", [](bool a, bool b, bool c) { return a || (b && c); }},
      {"(a or b) and c", [](bool a, bool b, bool c) { return (a || b) && c; }},
      {"a and (b or c)", [](bool a, bool b, bool c) { return a && (b || c); }},
      {"( a AND(b Or c) )or(b and c)", [](bool a, bool b, bool c) { return (a && (b || c)) || (b && c); }},
      {"a or a and b", [](bool a, bool, bool) { return a; }},
  };
  for (const Row& row : rows) {
    for (unsigned bits = 0; bits < 8; ++bits) {
      const bool a = (bits & 1U) != 0, b = (bits & 2U) != 0, c = (bits & 4U) != 0;
      std::set<std::string, std::less<>> absent;
      if (!a) absent.insert("a");
      if (!b) absent.insert("b");
      if (!c) absent.insert("c");
      EXPECT_EQ(works(row.rule, absent), row.holds(a, b, c)) << row.rule << " with subset " << bits;
    }
  }
}

TEST(GeneRule, OperatorsInsideNamesAreNames) {
  const GeneRule rule = GeneRule::parse("android or b0001.1 or x-and-y or 100_AT1");
  EXPECT_EQ(rule.genes(), (std::set<std::string, std::less<>>{"100_AT1", "android", "b0001.1", "x-and-y"}));
}

TEST(GeneRule, DeepNestingNeedsNoStack) {
  const std::size_t depth = 200000;
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "(a and ";
  text += "b" + std::string(depth, ')');
  const GeneRule rule = GeneRule::parse(text);
  EXPECT_TRUE(rule.worksWithout({"c"}));
  EXPECT_FALSE(rule.worksWithout({"b"}));
}

TEST(GeneRule, BrokenRulesAreRefusedWithThePlace) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"a and", "the end"},
      {"and a", "'and' at character 1"},
      {"a b", "'b' at character 3"},
      {"(a or b", "the end"},
      {"a)", "')' at character 2"},
      {"()", "')' at character 2"},
      {"a or or b", "'or' at character 6"},
      {"a (b)", "'(' at character 3"},
  };
  for (const auto& [rule, place] : rows) {
    try {
      GeneRule::parse(rule);
      FAIL() << rule << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.finding(), place) << rule;
    }
  }
}

TEST(GeneKnockOut, StopsTheReactionsThatNeedTheGene) {
  const planet::MetabolicNetwork network = twoRoutes();
  const auto without = [&](std::vector<std::string> genes) { return reactionsWithout(network, genes); };
  EXPECT_EQ(without({"g1"}), (std::vector<std::size_t>{1}));
  EXPECT_EQ(without({"g3"}), (std::vector<std::size_t>{}));
  EXPECT_EQ(without({"g3", "g4"}), (std::vector<std::size_t>{2}));
  EXPECT_EQ(without({"g1", "g3"}), (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(without({}), (std::vector<std::size_t>{}));
}

TEST(GeneKnockOut, UnknownGeneNamesTheNearest) {
  planet::MetabolicNetwork network = twoRoutes();
  network.genes = {"b0720", "s0001"};
  try {
    reactionsWithout(network, std::vector<std::string>{"b072O"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.nextStep().find("b0720"), std::string::npos) << error.what();
  }
}

TEST(GeneKnockOut, BrokenRuleNamesItsReaction) {
  planet::MetabolicNetwork network = twoRoutes();
  network.reactions[4].geneRule = "g1 and (";
  try {
    reactionsWithout(network, std::vector<std::string>{"g1"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("D_B"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace ecumene::data::physics::flux
