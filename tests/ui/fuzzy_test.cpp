// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/fuzzy.h"

#include <gtest/gtest.h>

namespace ecumene::ui::shell {
namespace {

TEST(Fuzzy, LettersMustOccurInTheirOrder) {
  EXPECT_TRUE(fuzzyScore("opl", "Open planets").has_value());
  EXPECT_TRUE(fuzzyScore("OPEN pla", "Open planets").has_value());
  EXPECT_FALSE(fuzzyScore("lpo", "Open planets").has_value());
  EXPECT_FALSE(fuzzyScore("open planetsx", "Open planets").has_value());
  EXPECT_EQ(fuzzyScore("", "anything"), 0);
}

TEST(Fuzzy, ARepeatedLetterNeedsTwoOfThem) {
  EXPECT_FALSE(fuzzyScore("ss", "Undo, save").has_value());
  EXPECT_TRUE(fuzzyScore("ss", "Save session").has_value());
}

TEST(Fuzzy, BeginningsOfWordsAndRunsOfLettersWin) {
  EXPECT_GT(*fuzzyScore("ss", "Save session"), *fuzzyScore("ss", "Show the mass of air"));
  EXPECT_GT(*fuzzyScore("glo", "Show as globe"), *fuzzyScore("glo", "Go along the orbit"));
  EXPECT_GT(*fuzzyScore("quit", "Quit"), *fuzzyScore("quit", "Show equatorial transit"));
}

TEST(Fuzzy, OfEqualMatchesTheShorterTextWins) {
  EXPECT_GT(*fuzzyScore("undo", "Undo"), *fuzzyScore("undo", "Undo all of it"));
}

}  // namespace
}  // namespace ecumene::ui::shell
