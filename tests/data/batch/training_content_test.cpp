// SPDX-License-Identifier: Apache-2.0
#include "data/batch/training_content.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/base/error.h"
#include "data/base/files.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::data::batch {
namespace {

using store::Mode;
using store::Store;

constexpr std::size_t kTrainPlanets = 3;

/// Adds `count` small planets of one split, changed by `change`.
template <class Change>
void add(Store& store, planet::Split split, std::size_t count, Change change) {
  for (std::uint64_t number = 0; count > 0; ++number) {
    planet::Planet p = test::samplePlanet(number, {true, 4, 8, 1, 2, 0, 2});
    if (planet::splitOf(p.origin, p.systemKey) != split) continue;
    change(p);
    store.add(p);
    --count;
  }
}
void asTheyAre(planet::Planet&) {}
void asStrangers(planet::Planet& p) {
  p.texts[0].body = "a planet of another split";
  for (auto& m : p.metabolisms[0].metabolism.network.metabolites) m.id += "_other";
}

class TrainingContentTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_ / "run");
    add(store_, planet::Split::kTrain, kTrainPlanets, asTheyAre);
  }
  [[nodiscard]] ContentOptions options() const {
    ContentOptions made;
    made.training.vocabulary = 320;
    return made;
  }
  test::TempFolder folder_;
  Store store_ = Store::open(folder_ / "s", Mode::kCreate);
};

TEST_F(TrainingContentTest, IsThatOfOneSplitAlone) {
  const SplitContent before = splitContent(store_, planet::Split::kTrain);
  EXPECT_EQ(before.texts.size(), 2 * kTrainPlanets);
  EXPECT_GT(before.vocabulary.size(), 30U);
  add(store_, planet::Split::kTest, 1, asStrangers);
  const SplitContent after = splitContent(store_, planet::Split::kTrain, 2);
  EXPECT_EQ(after.vocabulary, before.vocabulary);
  EXPECT_EQ(after.texts, before.texts);
  const SplitContent test = splitContent(store_, planet::Split::kTest);
  EXPECT_EQ(test.texts.size(), 2U);
  EXPECT_NE(test.texts.front().find("a planet of another split"), std::string::npos);
}

TEST_F(TrainingContentTest, NetworksWithoutAClimateAreInTheVocabularyWhereTheyAreAskedFor) {
  planet::Planet alone = test::samplePlanet(90, {false, 4, 8, 0, 0, 1, 0});
  alone.origin = planet::Origin::kNetworkOnly;
  alone.truth.reset();
  for (auto& m : alone.networks[0].metabolites) m.id += "_other";
  store_.add(alone);
  const std::size_t without = splitContent(store_, planet::Split::kTrain).vocabulary.size();
  EXPECT_GT(splitContent(store_, planet::Split::kTrain, 1, true).vocabulary.size(), without + 30);
  // They alone are nothing to train on.
  EXPECT_EQ(splitContent(store_, planet::Split::kReal, 1, true).vocabulary.size(), 0U);
}

TEST_F(TrainingContentTest, LoadedIsWhatWasMade) {
  const TrainingContent made = makeTrainingContent(store_, folder_ / "run", options());
  const TrainingContent loaded = loadTrainingContent(folder_ / "run");
  EXPECT_EQ(loaded.statistics, made.statistics);
  EXPECT_EQ(*loaded.vocabulary, *made.vocabulary);
  EXPECT_EQ(loaded.tokeniser->sha256(), made.tokeniser->sha256());
  EXPECT_EQ(made.statistics.planets, kTrainPlanets);
  EXPECT_EQ(made.statistics, store_.computeStatistics());
  EXPECT_LE(made.tokeniser->pieces(), 320U);
}

TEST_F(TrainingContentTest, SameStoreGivesTheSameBytes) {
  std::filesystem::create_directory(folder_ / "again");
  static_cast<void>(makeTrainingContent(store_, folder_ / "run", options()));
  static_cast<void>(store_.computeStatistics());
  ContentOptions two = options();
  two.threads = 2;
  static_cast<void>(makeTrainingContent(store_, folder_ / "again", two));
  for (const char* file : {"statistics.json", "reactions.json", "tokenizer.model"}) {
    EXPECT_EQ(readFile(folder_ / "run" / file), readFile(folder_ / "again" / file)) << file;
  }
}

TEST_F(TrainingContentTest, AStoreWithoutThatSplitIsRefusedWithTheSplitsItHas) {
  Store other = Store::open(folder_ / "other", Mode::kCreate);
  const auto refused = [&] {
    return test::errorOf([&] { static_cast<void>(makeTrainingContent(other, folder_ / "run", options())); });
  };
  EXPECT_EQ(refused().finding(), "no planets at all");
  add(other, planet::Split::kTest, 1, asTheyAre);
  EXPECT_EQ(refused().finding(), "planets: 1 test");
  EXPECT_NE(refused().object().find("split train"), std::string::npos) << refused().what();
}

TEST_F(TrainingContentTest, AnotherSplitHasItsOwnStatistics) {
  add(store_, planet::Split::kTest, 1, [](planet::Planet& p) {
    p.scalars[planet::ScalarId::kStellarFlux] = planet::Measurement{123.0, 1.0, 0};
  });
  ContentOptions ofTest = options();
  ofTest.split = planet::Split::kTest;
  const TrainingContent made = makeTrainingContent(store_, folder_ / "run", ofTest);
  EXPECT_EQ(made.statistics.planets, 1U);
  EXPECT_NEAR(made.statistics.scalars[0].mean, std::log10(123.0), 1e-12);
}

TEST_F(TrainingContentTest, GivenTokeniserIsTakenAsItIs) {
  static_cast<void>(Tokeniser::train(std::vector<std::string>{"another text"}, {300}, folder_ / "given.model"));
  ContentOptions with = options();
  with.tokeniser = folder_ / "given.model";
  const TrainingContent made = makeTrainingContent(store_, folder_ / "run", with);
  EXPECT_EQ(readFile(folder_ / "run" / "tokenizer.model"), readFile(folder_ / "given.model"));
  EXPECT_EQ(made.tokeniser->sha256(), Tokeniser::load(folder_ / "given.model").sha256());
}

TEST_F(TrainingContentTest, PlanetsWithoutTextsHaveATokeniserToo) {
  Store silent = Store::open(folder_ / "silent", Mode::kCreate);
  add(silent, planet::Split::kTrain, 1, [](planet::Planet& p) { p.texts.clear(); });
  const TrainingContent made = makeTrainingContent(silent, folder_ / "run");
  const std::string text = "Some text at 300 K, nonetheless.";
  EXPECT_EQ(made.tokeniser->decode(made.tokeniser->encode(text)), text);
}

TEST_F(TrainingContentTest, NothingToTrainOnIsRefusedWithTheSplit) {
  ContentOptions real = options();
  real.split = planet::Split::kReal;
  try {
    static_cast<void>(makeTrainingContent(store_, folder_ / "run", real));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.object().find("real"), std::string::npos);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "run"));
}

TEST_F(TrainingContentTest, MissingOrDamagedFilesAreNamed) {
  static_cast<void>(makeTrainingContent(store_, folder_ / "run", options()));
  for (const char* file : {"statistics.json", "reactions.json", "tokenizer.model"}) {
    const std::string whole = readFile(folder_ / "run" / file);
    writeFileAtomically(folder_ / "run" / file, std::string_view("{}"));
    try {
      static_cast<void>(loadTrainingContent(folder_ / "run"));
      FAIL() << file;
    } catch (const Error& error) {
      EXPECT_NE(error.object().find(file), std::string::npos);
    }
    std::filesystem::remove(folder_ / "run" / file);
    EXPECT_THROW(static_cast<void>(loadTrainingContent(folder_ / "run")), Error) << file;
    writeFileAtomically(folder_ / "run" / file, whole);
  }
}

}  // namespace
}  // namespace ecumene::data::batch
