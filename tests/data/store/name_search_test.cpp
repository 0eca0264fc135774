// SPDX-License-Identifier: Apache-2.0
#include "data/store/name_search.h"

#include <gtest/gtest.h>

namespace ecumene::data::store {
namespace {

bool names(const std::string& prose, const std::string& name) {
  const std::optional<SoughtName> sought = SoughtName::of(name);
  return sought && sought->isIn(prose);
}

TEST(NameSearch, NamesAreFoundInAnySpelling) {
  for (const std::string prose :
       {"The lava world 55 Cnc e is hot.", "the day side of 55-Cnc e", "55~Cnc~e", "$55\\,\\mathrm{Cnc}\\,e$",
        "55 CNC e", "(55 Cnc e)", "55\nCnc\ne", "55 Cnc\xc2\xa0\x65", "55 Cnc e's crust"}) {
    EXPECT_TRUE(names(prose, "55 Cnc e")) << prose;
    EXPECT_TRUE(names(prose, "55 cnc e")) << prose;
    EXPECT_TRUE(names(prose, "55_Cnc_e")) << prose;
  }
  EXPECT_TRUE(names("Around Teegarden\xe2\x80\x99s Star b and c", "Teegarden's Star b"));
  EXPECT_TRUE(names("The disc of PDS 70b and", "PDS 70 b"));
  EXPECT_TRUE(names("We image AF Lep b.", "AF Lep b"));
  EXPECT_TRUE(names("The dust of Fomalhaut b", "Fomalhaut b"));
  EXPECT_TRUE(names("$\\beta$ Pic b", "beta Pic b"));
}

TEST(NameSearch, ALetterMayStandInAList) {
  for (const std::string prose : {"PDS 70 b and c", "PDS 70b, c", "PDS 70 b/c", "PDS 70 b & c", "PDS 70 b, and c"}) {
    EXPECT_TRUE(names(prose, "PDS 70 c")) << prose;
    EXPECT_FALSE(names(prose, "PDS 70 d")) << prose;
  }
}

TEST(NameSearch, PartsOfWordsOtherPlanetsAndStarsAreNotFound) {
  for (const std::string prose : {"155 Cnc e", "55 Cnc", "55 Cnc b", "55 Cnc B", "55 Cnc, e.g. its planets",
                                  "55 Cnc ed", "55. Cnc e", "of 55, Cnc e", "55 Cnc even", "55 Cnc, e"}) {
    EXPECT_FALSE(names(prose, "55 Cnc e")) << prose;
  }
  EXPECT_FALSE(names("PDS 700 b", "PDS 70 b"));
  EXPECT_FALSE(names("PDS 70 B", "PDS 70 b")) << "a star";
}

TEST(NameSearch, NumberedAndFileNamesAreNotSought) {
  for (const std::string name : {"WASP-39 b", "K2-18 b", "spectrum", "spectrum_b", "55 Cnc", "b", "", "70 b", "e b"}) {
    EXPECT_FALSE(SoughtName::of(name)) << name;
  }
}

}  // namespace
}  // namespace ecumene::data::store
