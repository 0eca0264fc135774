// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/gene_rule_text.h"

#include <gtest/gtest.h>

#include "data/base/error.h"

namespace ecumene::data::formats {
namespace {

std::string same(std::string_view gene) {
  return std::string(gene);
}

std::string text(std::string_view rule) {
  return readGeneRule(rule, same).text();
}

std::string refusal(std::string_view rule) {
  try {
    return "taken as " + text(rule);
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(GeneRuleText, HasParenthesesOnlyWhereAndAndOrMeet) {
  EXPECT_EQ(text("b1"), "b1");
  EXPECT_EQ(text("((b1))"), "b1");
  EXPECT_EQ(text("( b1 AND b2 )or b3"), "(b1 and b2) or b3");
  EXPECT_EQ(text("b1 and (b2 and (b3 and b4))"), "b1 and b2 and b3 and b4");
  EXPECT_EQ(text("a and b or c and d"), "(a and b) or (c and d)");  // "and" binds tighter
  EXPECT_EQ(text("a & (b | c) && d"), "a and (b or c) and d");
  EXPECT_EQ(text("b1&b2"), "b1 and b2");
  EXPECT_EQ(text("b1||(b2&&b3)|b4"), "b1 or (b2 and b3) or b4");
  EXPECT_EQ(text("android or orb"), "android or orb");  // operators are whole words
}

TEST(GeneRuleText, WhatIsNoRuleIsRefusedWithItsPlace) {
  EXPECT_NE(refusal("a and").find("character 6"), std::string::npos) << refusal("a and");
  EXPECT_NE(refusal("a b").find("character 3"), std::string::npos) << refusal("a b");
  EXPECT_NE(refusal("a&&&b").find("character 4"), std::string::npos) << refusal("a&&&b");
  EXPECT_NE(refusal("a|").find("the end"), std::string::npos) << refusal("a|");
  EXPECT_FALSE(canStandInGeneRule("gi|123"));
  EXPECT_NE(refusal("(a or b").find("')'"), std::string::npos) << refusal("(a or b");
  EXPECT_NE(refusal("a)").find("found ')'"), std::string::npos) << refusal("a)");
  EXPECT_NE(refusal("()").find("a gene or '('"), std::string::npos) << refusal("()");
  EXPECT_NE(refusal("").find("the end"), std::string::npos) << refusal("");
  EXPECT_NE(refusal(std::string(100000, '(')).find("100 open"), std::string::npos);
}

}  // namespace
}  // namespace ecumene::data::formats
