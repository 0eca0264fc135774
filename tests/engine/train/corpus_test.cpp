// SPDX-License-Identifier: Apache-2.0
#include "engine/train/corpus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "data/base/files.h"
#include "data/base/hash.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene {
namespace {

using engine::train::Corpus;
using engine::train::readCorpus;

std::string paragraphsOf(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "Planet " + std::to_string(i) + "\nhas a number.\n \n\n";
  return text;
}

TEST(Corpus, PartsPlainTextAtEmptyLinesAndHoldsATenthOut) {
  const test::TempFolder folder;
  // The first paragraph again: it must not stand on both sides.
  writeFileAtomically(folder / "all.txt", paragraphsOf(1000) + paragraphsOf(1));
  const Corpus corpus = readCorpus(folder / "all.txt");
  EXPECT_EQ(corpus.learned.size() + corpus.heldOut.size(), 1000U);
  EXPECT_NEAR(static_cast<double>(corpus.heldOut.size()), 1000.0 * 26 / 256, 40.0);
  for (const std::string& text : corpus.heldOut) EXPECT_LT(sha256(text).substr(0, 2), "1a");
  const std::set<std::string> heldOut(corpus.heldOut.begin(), corpus.heldOut.end());
  for (const std::string& text : corpus.learned) EXPECT_FALSE(heldOut.contains(text));
  const std::string again = "Planet 0\nhas a number.";
  EXPECT_EQ(std::ranges::count(corpus.learned, again) + std::ranges::count(corpus.heldOut, again), 1);
  // A text that is held out is so beside other texts too.
  writeFileAtomically(folder / "some.txt", paragraphsOf(300));
  for (const std::string& text : readCorpus(folder / "some.txt").heldOut) EXPECT_TRUE(heldOut.contains(text));
}

TEST(Corpus, ReadsBothKindsOfPapers) {
  const test::TempFolder folder;
  std::string lines;
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    lines += i % 2 == 0
                 ? R"({"id": "1", "abs": "x", "authors": ["A"], "title": "Worlds )" + n +
                       R"(", "categories": [], "summary": " Some\nworlds  are "})" + "\n"
                 : R"({"id": "2", "title": "Worlds )" + n + R"(", "summary": "Some worlds are", "url": "y"})" + "\n";
  }
  writeFileAtomically(folder / "papers.jsonl", lines);
  const Corpus corpus = readCorpus(folder / "papers.jsonl");
  EXPECT_EQ(corpus.learned.size() + corpus.heldOut.size(), 60U);
  for (const std::string& text : corpus.learned) {
    EXPECT_TRUE(text.starts_with("Worlds ") && text.ends_with("\nSome worlds are")) << text;
  }
}

TEST(Corpus, RefusesWhatIsNone) {
  const test::TempFolder folder;
  const auto refused = [&](const std::string& name, const std::string& content, const std::string& says) {
    writeFileAtomically(folder / name, content);
    const std::string said = test::messageOf([&] { (void)readCorpus(folder / name); });
    EXPECT_NE(said.find(says), std::string::npos) << said;
  };
  refused("a.txt", "One text.", "too few");
  refused("b.txt", "\xff\xfe", "UTF-8");
  refused("c.jsonl", "{\"title\": \"x\", \"summary\": \"y\"}\n{\"title\": 3}\n", "line 2");
  refused("d.jsonl", "[1]\n", "line 1");
}

TEST(Corpus, ScoresEachPieceButATextsFirstOnce) {
  const test::TempFolder folder;
  std::vector<std::string> texts;
  for (int i = 0; i < 40; ++i)
    texts.push_back("A world with " + std::to_string(i * i) + " kelvin and a text about it.");
  const auto tokeniser = data::batch::Tokeniser::train(texts, {.vocabulary = 320}, folder / "tokenizer.model");
  for (const std::size_t length : {2U, 3U, 7U, 1000U}) {
    const auto sequences = engine::train::sequencesOf(tokeniser, texts, length);
    std::vector<std::vector<std::int64_t>> joined(texts.size());
    std::int64_t scored = 0;
    for (std::size_t s = 0; s < sequences.pieces.size(); ++s) {
      const auto& pieces = sequences.pieces[s];
      EXPECT_GE(pieces.size(), 2U);
      EXPECT_LE(pieces.size(), length);
      auto& text = joined[sequences.text[s]];
      if (text.empty()) text.push_back(pieces.front());
      EXPECT_EQ(text.back(), pieces.front());
      text.insert(text.end(), pieces.begin() + 1, pieces.end());
      scored += static_cast<std::int64_t>(pieces.size()) - 1;
    }
    for (std::size_t t = 0; t < texts.size(); ++t) EXPECT_EQ(joined[t], tokeniser.encode(texts[t]));
    EXPECT_EQ(sequences.scored(), scored);
  }
}

}  // namespace
}  // namespace ecumene
