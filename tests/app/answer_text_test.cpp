// SPDX-License-Identifier: Apache-2.0
// Truth: answers written by hand, as engine/inspect/README.md describes them.
#include "app/answer_text.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/plain.h"

namespace ecumene {
namespace {

TEST(Plain, HasNoControlCharactersAndAllOtherText) {
  EXPECT_EQ(app::plain("a\tb\n\x1B[2J\x7F"), "a b  [2J ");
  // U+0085 and U+009B, which some terminals take for "next line" and ESC [.
  EXPECT_EQ(app::plain("a\xC2\x85"
                       "b\xC2\x9B"
                       "2J"),
            "a b 2J");
  // U+00A0, U+00B5, and letters whose second byte is one of theirs.
  const std::string text = "\xC2\xA0 \xC2\xB5m \xC3\x85 \xC3\x9B \xE2\x82\x85";
  EXPECT_EQ(app::plain(text), text);
  EXPECT_EQ(app::plain("cut \xC2"), "cut \xC2");
}

TEST(AnswerText, ALayerIsANumberOrAWord) {
  EXPECT_EQ(app::numberOrWord("3"), 3);
  EXPECT_EQ(app::numberOrWord("rollout"), "rollout");
  EXPECT_EQ(app::numberOrWord("-1"), "-1");
  EXPECT_EQ(app::numberOrWord(""), "");
  EXPECT_EQ(app::numberOrWord("12345678901234567890"), "12345678901234567890");
}

TEST(AnswerText, ShowsTheTokensWithTheLargestNumbersFirst) {
  nlohmann::ordered_json answer =
      nlohmann::ordered_json::parse(R"({"sample": "tw1/methanogen", "part": "fusion", "layer": "rollout", "head": 2,
    "tokens": [{"view": "text", "piece": "ice\u001b[2J"}, {"view": "climate", "latitude_deg": [30, 60.5]}, {"view": "scalar"}],
    "attends_to": [0.25, 0.5, null]})");
  EXPECT_EQ(app::attentionText(answer),
            "tw1/methanogen: fusion, layer rollout, head 2\n\nattends to, 3 of 3 tokens:\n"
            "       0.5     1 climate, latitude_deg 30 to 60.5\n"
            "      0.25     0 text ice [2J\n"
            "         0     2 scalar\n");
  answer["attribution"] = {-3.0, 1.0, 2.0};
  EXPECT_EQ(app::largestText("gradient times input", answer, "attribution"),
            "\ngradient times input, 3 of 3 tokens:\n"
            "        -3     0 text ice [2J\n"
            "         2     2 scalar\n"
            "         1     1 climate, latitude_deg 30 to 60.5\n");
  answer["tokens"] = nlohmann::ordered_json(40, nlohmann::ordered_json{{"view", "text"}});
  answer["attends_to"] = nlohmann::ordered_json(40, 0.025);
  const std::string said = app::attentionText(answer);
  EXPECT_NE(said.find("attends to, 12 of 40 tokens:\n     0.025     0 text\n"), std::string::npos) << said;
  EXPECT_EQ(std::ranges::count(said, '\n'), 3 + 12) << said;
}

TEST(AnswerText, AnExplanationsNumbersStandWithTheirVerdicts) {
  const nlohmann::ordered_json answer = nlohmann::ordered_json::parse(
      R"({"sample": "tw1/methanogen", "source": "model output", "text": "A world of 288 K.",
    "numbers": [{"written": "288 K", "verdict": "agrees", "quantity": "mean temperature", "known": 287.5, "source": "the record"},
                {"written": "7", "verdict": "unchecked"}]})");
  EXPECT_EQ(app::explanationText(answer),
            "tw1/methanogen: model output\n\nA world of 288 K.\n\n"
            "288 K: agrees, mean temperature, known: 287.5 (the record)\n7: unchecked\n");
}

}  // namespace
}  // namespace ecumene
