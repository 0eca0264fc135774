// SPDX-License-Identifier: Apache-2.0
#include "data/batch/tokeniser.h"

#include <gtest/gtest.h>
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <algorithm>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "tests/data/batch/small_texts.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::data::batch {
namespace {

class TokeniserTest : public testing::Test {
 protected:
  test::TempFolder folder_;
};

TEST_F(TokeniserTest, EveryTextComesBackAsItWas) {
  const Tokeniser tokeniser = Tokeniser::train(smallTexts(), {400}, folder_ / "t.model");
  for (const std::string& text :
       {smallTexts().front(), std::string("two  blanks, 3.14e-5 W m\xe2\x81\xbb\xc2\xb2 \xce\xb1 \xf0\x9f\xaa\x90"),
        std::string("a line\nand another"), std::string("UPPER lower")}) {
    EXPECT_EQ(tokeniser.decode(tokeniser.encode(text)), text);
  }
}

/// Holds the tokeniser against SentencePiece itself, on whole texts, first and repeated.
void expectAgreement(const std::filesystem::path& model) {
  const Tokeniser tokeniser = Tokeniser::load(model);
  sentencepiece::SentencePieceProcessor whole;
  ASSERT_TRUE(whole.Load(model.string()).ok());
  std::vector<std::string> texts = smallTexts();
  for (const char* text : {"", " ", "a", " a", "a ", "a  b", "a\nb c", "unknown w\xc3\xb6rds 12.5", "\t",
                           "a \xe2\x96\x81 b", "\xe2\x96\x81", "planet\nThe planet"}) {
    texts.emplace_back(text);
  }
  for (int again = 0; again < 2; ++again) {
    for (const std::string& text : texts) {
      std::vector<int> expected;
      ASSERT_TRUE(whole.Encode(text, &expected).ok());
      EXPECT_TRUE(std::ranges::equal(tokeniser.encode(text, false, false), expected)) << text;
    }
  }
}

TEST_F(TokeniserTest, PiecesAreThoseOfSentencePieceOnTheWholeText) {
  static_cast<void>(Tokeniser::train(smallTexts(), {500}, folder_ / "t.model"));
  expectAgreement(folder_ / "t.model");
}

TEST_F(TokeniserTest, ModelsWhosePiecesSpanWordsOrLackTheFirstBlankAreReadAsTheyAre) {
  std::string lines;
  for (const std::string& text : smallTexts()) lines += text + "\n";
  writeFileAtomically(folder_ / "texts", lines);
  for (const char* kind : {"split_by_whitespace", "add_dummy_prefix"}) {
    const std::string prefix = folder_ / kind;
    ASSERT_TRUE(sentencepiece::SentencePieceTrainer::Train({{"input", folder_ / "texts"},
                                                            {"model_prefix", prefix},
                                                            {"model_type", "bpe"},
                                                            {kind, "false"},
                                                            {"vocab_size", "300"},
                                                            {"hard_vocab_limit", "false"},
                                                            {"minloglevel", "2"}})
                    .ok());
    expectAgreement(prefix + ".model");
  }
}

TEST_F(TokeniserTest, BeginAndEndStandWhereAskedFor) {
  const Tokeniser tokeniser = Tokeniser::train(smallTexts(), {400}, folder_ / "t.model");
  EXPECT_EQ(tokeniser.unknown(), 0);
  EXPECT_EQ(tokeniser.begin(), 1);
  EXPECT_EQ(tokeniser.end(), 2);
  const auto plain = tokeniser.encode("a planet", false, false);
  const auto both = tokeniser.encode("a planet");
  ASSERT_EQ(both.size(), plain.size() + 2);
  EXPECT_EQ(both.front(), 1);
  EXPECT_EQ(both.back(), 2);
  for (const std::int64_t id : both) EXPECT_LT(id, static_cast<std::int64_t>(tokeniser.pieces()));
  EXPECT_EQ(tokeniser.encode("", true, true), (std::vector<std::int64_t>{1, 2}));
}

TEST_F(TokeniserTest, WordsOfTheTextsTakeFewerPiecesThanTheirBytes) {
  const Tokeniser tokeniser = Tokeniser::train(smallTexts(), {500}, folder_ / "t.model");
  EXPECT_LE(tokeniser.pieces(), 500U);
  EXPECT_LT(2 * tokeniser.encode(smallTexts().front(), false, false).size(), smallTexts().front().size());
}

TEST_F(TokeniserTest, TooFewPiecesAreRefusedWithTheNumberThatIsNeeded) {
  // Letters of two bytes each: single bytes, special pieces and all these do not fit into 300.
  std::string letters;
  for (int i = 0; i < 60; ++i) letters += std::string("\xd0") + static_cast<char>(0x80 + i);
  const std::vector<std::string> texts = {letters};
  const Error refused = test::errorOf([&] { static_cast<void>(Tokeniser::train(texts, {300}, folder_ / "t.model")); });
  EXPECT_EQ(refused.kind(), ErrorKind::kUsage);
  EXPECT_EQ(refused.finding(), "300");
  EXPECT_EQ(std::string(refused.what()).find(".cc"), std::string::npos) << refused.what();
  ASSERT_TRUE(refused.expectation().starts_with("at least ")) << refused.what();
  const std::size_t needed = std::stoul(refused.expectation().substr(9));
  EXPECT_THROW(static_cast<void>(Tokeniser::train(texts, {needed - 1}, folder_ / "t.model")), Error);
  EXPECT_NO_THROW(static_cast<void>(Tokeniser::train(texts, {needed}, folder_ / "t.model")));
}

TEST_F(TokeniserTest, SameTextsGiveTheSameBytes) {
  const Tokeniser one = Tokeniser::train(smallTexts(), {400}, folder_ / "1.model");
  const Tokeniser two = Tokeniser::train(smallTexts(), {400}, folder_ / "2.model");
  EXPECT_EQ(readFile(folder_ / "1.model"), readFile(folder_ / "2.model"));
  EXPECT_EQ(one.sha256(), two.sha256());
  EXPECT_EQ(one.sha256(), sha256OfFile(folder_ / "1.model"));
  const Tokeniser other = Tokeniser::train(std::span(smallTexts()).first(20), {400}, folder_ / "3.model");
  EXPECT_NE(one.sha256(), other.sha256());
}

TEST_F(TokeniserTest, LoadedIsTheSameAsTrained) {
  const Tokeniser trained = Tokeniser::train(smallTexts(), {400}, folder_ / "t.model");
  const Tokeniser loaded = Tokeniser::load(folder_ / "t.model");
  EXPECT_EQ(loaded.sha256(), trained.sha256());
  EXPECT_EQ(loaded.pieces(), trained.pieces());
  EXPECT_EQ(loaded.encode(smallTexts()[3]), trained.encode(smallTexts()[3]));
}

TEST_F(TokeniserTest, TrainingSaysNothingOnStandardError) {
  testing::internal::CaptureStderr();
  static_cast<void>(Tokeniser::train(smallTexts(), {400}, folder_ / "t.model"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(TokeniserTest, BadFilesAndVocabulariesAreRefused) {
  writeFileAtomically(folder_ / "bad.model", std::string_view("no model"));
  EXPECT_THROW(static_cast<void>(Tokeniser::load(folder_ / "bad.model")), Error);
  EXPECT_THROW(static_cast<void>(Tokeniser::load(folder_ / "none.model")), Error);
  EXPECT_THROW(static_cast<void>(Tokeniser::train({}, {400}, folder_ / "t.model")), Error);
  EXPECT_THROW(static_cast<void>(Tokeniser::train(smallTexts(), {100}, folder_ / "t.model")), Error);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "t.model"));
}

TEST_F(TokeniserTest, NumbersOutsideTheVocabularyAreRefused) {
  const Tokeniser tokeniser = Tokeniser::train(smallTexts(), {400}, folder_ / "t.model");
  for (const std::int64_t bad : {std::int64_t{-1}, static_cast<std::int64_t>(tokeniser.pieces())}) {
    EXPECT_THROW(static_cast<void>(tokeniser.decode(std::vector{bad})), Error);
    EXPECT_THROW(static_cast<void>(tokeniser.piece(bad)), Error);
  }
}

}  // namespace
}  // namespace ecumene::data::batch
