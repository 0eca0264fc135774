// SPDX-License-Identifier: Apache-2.0
#include "data/batch/reaction_vocabulary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/base/files.h"
#include "tests/data/batch/small_network.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::batch {
namespace {

using planet::MetabolicNetwork;
using planet::Reaction;

ReactionVocabulary of(const std::vector<MetabolicNetwork>& networks) {
  ReactionVocabularyBuilder builder;
  for (const MetabolicNetwork& n : networks) builder.add(n);
  return builder.build();
}

TEST(ReactionVocabulary, TheSameStoichiometryIsOneRowWhateverItsIdAndScale) {
  MetabolicNetwork one = smallNetwork();
  MetabolicNetwork other = smallNetwork();
  Reaction& r = other.reactions[0];
  r.id = "ANOTHER";
  for (auto& term : r.stoichiometry) term.second *= 3.0;
  std::reverse(r.stoichiometry.begin(), r.stoichiometry.end());
  const ReactionVocabulary vocabulary = of({one, other});
  EXPECT_EQ(vocabulary.size(), one.reactions.size());
  EXPECT_EQ(vocabulary.find(one, one.reactions[0]), vocabulary.find(other, other.reactions[0]));
  EXPECT_EQ(vocabulary.rows()[*vocabulary.find(one, one.reactions[0])].networks, 2U);
}

TEST(ReactionVocabulary, DirectionCoefficientsAndChargesTellRowsApart) {
  const MetabolicNetwork one = smallNetwork();
  const ReactionVocabulary vocabulary = of({one});
  MetabolicNetwork reversed = one;
  for (auto& term : reversed.reactions[0].stoichiometry) term.second *= -1.0;
  EXPECT_FALSE(vocabulary.find(reversed, reversed.reactions[0]));
  MetabolicNetwork more = one;
  more.reactions[0].stoichiometry[0].second *= 2.0;
  EXPECT_FALSE(vocabulary.find(more, more.reactions[0]));
  MetabolicNetwork charged = one;
  charged.metabolites[charged.reactions[0].stoichiometry[0].first].charge = 7.0;
  EXPECT_FALSE(vocabulary.find(charged, charged.reactions[0]));
}

TEST(ReactionVocabulary, OrderOfNetworksDoesNotMatter) {
  MetabolicNetwork one = smallNetwork();
  MetabolicNetwork other = smallNetwork();
  other.reactions[0].id = "AAA";
  for (auto& term : other.reactions[0].stoichiometry) term.second *= 2.0;
  other.reactions[1].lowerBound = -5.0;
  other.reactions.pop_back();
  EXPECT_EQ(of({one, other}).toText(), of({other, one}).toText());
  EXPECT_EQ(of({one, other}).sha256(), of({other, one}).sha256());
}

TEST(ReactionVocabulary, DisjointNetworksFindNothingInEachOther) {
  const MetabolicNetwork one = smallNetwork();
  MetabolicNetwork other = smallNetwork();
  for (auto& m : other.metabolites) m.id = "x" + m.id;
  const ReactionVocabulary vocabulary = of({one});
  for (const Reaction& r : other.reactions) EXPECT_FALSE(vocabulary.find(other, r));
  for (const Reaction& r : one.reactions) EXPECT_TRUE(vocabulary.find(one, r));
}

TEST(ReactionVocabulary, BalancedReactionsHaveNoElementLeft) {
  const MetabolicNetwork network = smallNetwork();
  const ReactionVocabulary vocabulary = of({network});
  const std::vector<float> elements = vocabulary.elements();
  for (const ReactionVocabulary::Row& row : vocabulary.rows()) {
    double worst = 0.0;
    for (std::size_t k = 0; k < kElements; ++k) {
      double left = 0.0;
      for (const auto& [m, coefficient] : row.stoichiometry) {
        left += coefficient * static_cast<double>(elements[m * kElements + k]);
      }
      worst = std::max(worst, std::abs(left));
    }
    if (row.isBoundary()) {
      EXPECT_GT(worst, 0.5) << row.id;
    } else {
      EXPECT_LT(worst, 1e-6) << row.id;
    }
  }
}

TEST(ReactionVocabulary, UnknownFormulaHasNoElements) {
  MetabolicNetwork network = smallNetwork();
  network.metabolites[0].formula = "";
  const ReactionVocabulary vocabulary = of({network});
  std::size_t unknown = 0;
  for (const float x : vocabulary.elements()) unknown += std::isnan(x) ? 1U : 0U;
  EXPECT_EQ(unknown, kElements);
}

TEST(ReactionVocabulary, SavedAndLoadedIsTheSame) {
  const test::TempFolder folder;
  const ReactionVocabulary vocabulary = of({smallNetwork()});
  vocabulary.save(folder / "v.json");
  const ReactionVocabulary loaded = ReactionVocabulary::load(folder / "v.json");
  EXPECT_EQ(loaded, vocabulary);
  EXPECT_EQ(loaded.sha256(), vocabulary.sha256());
  EXPECT_EQ(readFile(folder / "v.json"), vocabulary.toText());
}

TEST(ReactionVocabulary, BrokenTextIsRefusedWithItsName) {
  std::string text = of({smallNetwork()}).toText();
  for (const std::string& bad : {std::string("{}"), std::string("not json"), text.substr(0, text.size() / 2)}) {
    try {
      static_cast<void>(ReactionVocabulary::fromText(bad, "here"));
      FAIL() << bad;
    } catch (const Error& error) {
      EXPECT_EQ(error.object(), "here");
    }
  }
}

}  // namespace
}  // namespace ecumene::data::batch
