// SPDX-License-Identifier: Apache-2.0
// Truth: what `predict` says, the numbers given inline, h5dump.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/inspect/inspector.h"
#include "tests/engine/inspect/inspected_run.h"

namespace ecumene {
namespace {

using engine::inspect::Inspector;
using nlohmann::json;

Inspector& inspector() {
  static Inspector one(test::trainedRun());
  return one;
}

json answer(const json& question) {
  return json::parse(inspector().answerLine(question.dump()));
}

TEST(Inspector, PredictsAsTheWordPredictDoes) {
  const auto rows = engine::train::predictPlanets(engine::run::RunDirectory::open(test::trainedRun()),
                                                  {test::anyPlanet(), {"climate"}});
  const json said = answer({{"id", 7}, {"ask", "predict"}, {"planet", test::anyPlanet()}, {"without", {"climate"}}});
  EXPECT_EQ(said.at("id"), 7);
  ASSERT_EQ(said.at("predictions").size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(said.at("predictions")[i].at("sample"), rows[i].sample);
    EXPECT_NEAR(said.at("predictions")[i].at("viable").get<double>(), rows[i].viable, 1e-6);
    EXPECT_NEAR(said.at("predictions")[i].at("f_hab").at("mean").get<double>(), rows[i].fHab.mean, 1e-6);
  }
  const std::string archetype = rows[2].sample.substr(rows[2].sample.find('/') + 1);
  const json one = answer({{"ask", "predict"}, {"planet", test::anyPlanet()}, {"archetype", archetype}});
  EXPECT_TRUE(one.at("predictions")[0].at("outside_training_hull").is_null());  // the run was never evaluated
  EXPECT_EQ(one.at("predictions")[0].at("f_hab").at("calibrated"), false);
  EXPECT_NE(one.at("predictions")[0].at("not_calibrated_because").get<std::string>().find("not evaluated"),
            std::string::npos);
  ASSERT_EQ(one.at("predictions").size(), 1U);
  EXPECT_EQ(one.at("predictions")[0].at("sample"), rows[2].sample);
  EXPECT_TRUE(one.at("id").is_null());
}

TEST(Inspector, EmbedsWithTheWeightsOfTheViews) {
  const json said = answer({{"id", "e"}, {"ask", "embed"}, {"planet", test::anyPlanet()}, {"without", {"text"}}});
  EXPECT_EQ(said.at("embedding").size(), 64U);  // of the planet and of growth: twice model.fusion.width of nano
  double sum = 0.0;
  for (const auto& [view, weight] : said.at("view_weight").items()) sum += weight.get<double>();
  EXPECT_NEAR(sum, 1.0, 1e-6);
  EXPECT_EQ(said.at("view_weight").at("text"), 0.0);
}

TEST(Inspector, PutsLongArraysIntoAFile) {
  const json question = {{"ask", "attend"}, {"planet", test::anyPlanet()}, {"part", "graph"}, {"layer", 0}, {"head", 1},
                         {"token", 2}};
  const json whole = json::parse(inspector().ask(question.dump()));
  ASSERT_GT(whole.at("attends_to").size(), Inspector::kMostInline);
  const json said = answer(question);
  EXPECT_EQ(said.at("attends_to").at("values"), whole.at("attends_to").size());
  EXPECT_EQ(said.at("tokens").at("dataset"), "tokens");
  EXPECT_EQ(said.at("token"), whole.at("tokens")[2]);
  const std::string file = said.at("file");
  EXPECT_EQ(readFile(file).substr(1, 3), "HDF");
  if (std::system("command -v h5dump > /dev/null") != 0) GTEST_SKIP() << "h5dump is not installed (hdf5-tools)";
  const test::TempFolder folder;
  const std::string out = folder / "out";
  const std::string dump = "h5dump -y -w 1 -m %.9g -d /attends_to " + file + " > " + out;
  ASSERT_EQ(std::system(dump.c_str()), 0);
  std::istringstream lines(readFile(out));
  std::vector<double> values;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("DATA {") != std::string::npos) {
      inside = true;
    } else if (line.find('}') != std::string::npos) {
      inside = false;
    } else if (inside) {
      values.push_back(std::stod(line));
    }
  }
  ASSERT_EQ(values.size(), whole.at("attends_to").size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(values[i], whole.at("attends_to")[i].get<double>(), 1e-7);
  }
}

TEST(Inspector, KeepsTheNewestFilesAndNoneAtItsEnd) {
  const test::TempFolder folder;
  std::filesystem::copy(test::trainedRun(), folder / "run", std::filesystem::copy_options::recursive);
  std::string first, last;
  {
    Inspector own(folder / "run");
    const json question = {{"ask", "attend"}, {"planet", test::anyPlanet()}, {"layer", 0}, {"token", 0}};
    first = json::parse(own.answerLine(question.dump())).at("file");
    for (std::size_t i = 0; i < Inspector::kFilesKept; ++i) {
      last = json::parse(own.answerLine(question.dump())).at("file");
    }
    EXPECT_FALSE(std::filesystem::exists(first));
    EXPECT_TRUE(std::filesystem::exists(last));
  }
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(last).parent_path()));
}

TEST(Inspector, AnswersABadLineAndLivesOn) {
  const std::string planet = test::anyPlanet();
  const std::vector<std::string> bad = {
      "hello",
      "{\"id\":1",
      "[]",
      "3",
      "{}",
      R"({"id":1,"ask":"dance"})",
      R"({"id":1,"ask":5})",
      R"({"id":1,"ask":"predict"})",
      R"({"id":1,"ask":"predict","planet":"../../etc/passwd"})",
      R"({"id":{"a":1},"ask":"predict","planet":")" + planet + "\"}",
      R"({"id":1,"ask":"predict","planet":")" + planet + R"(","colour":"red"})",
      R"({"id":1,"ask":"predict","planet":")" + planet + R"(","without":["smell"]})",
      R"({"id":1,"ask":"attend","planet":")" + planet + R"(","layer":0,"token":18446744073709551615})",
      R"({"id":1,"ask":"attend","planet":")" + planet + R"(","layer":0,"token":-1})",
      R"({"id":1,"ask":"attend","planet":")" + planet + R"(","layer":0.5,"token":1})",
      R"({"id":1,"ask":"attend","planet":")" + planet + R"(","layer":"all","token":1})",
      R"({"id":1,"ask":"attend","planet":")" + planet + R"(","layer":0,"token":100000})",
      R"({"id":1,"ask":"delete","planet":")" + planet + R"(","target":"viable","k":0})",
      R"({"id":1,"ask":"delete","planet":")" + planet + R"(","target":"viable","k":1,"by":"luck"})",
      R"({"id":1,"ask":"attribute","planet":")" + planet + R"(","target":"beauty"})",
      "{\"id\":1,\"ask\":\"\xff\"}",
      std::string(50000, '[')};
  std::string input = "\n";
  for (const std::string& line : bad) input += line + "\n";
  input += std::string(Inspector::kLongestLine + 5, 'x') + "\n";
  input += json{{"id", "last"}, {"ask", "predict"}, {"planet", planet}}.dump();  // no line's end
  std::istringstream in(input);
  std::ostringstream out;
  inspector().serve(in, out);
  std::istringstream answers(out.str());
  std::string line;
  for (const std::string& asked : bad) {
    ASSERT_TRUE(std::getline(answers, line));
    const json said = json::parse(line);
    ASSERT_TRUE(said.contains("error")) << asked << " -> " << line;
    EXPECT_FALSE(said.at("error").at("what").get<std::string>().empty()) << asked;
  }
  ASSERT_TRUE(std::getline(answers, line));
  EXPECT_TRUE(json::parse(line).contains("error"));
  ASSERT_TRUE(std::getline(answers, line));
  EXPECT_EQ(json::parse(line).at("id"), "last");
  EXPECT_EQ(json::parse(line).at("predictions").size(), 8U);
  EXPECT_FALSE(std::getline(answers, line));
}

TEST(Inspector, AttributesDeletesAndExplains) {
  const std::string planet = test::anyPlanet();
  const json whole =
      json::parse(inspector().ask(json{{"ask", "attribute"}, {"planet", planet}, {"target", "viable"}}.dump()));
  EXPECT_EQ(whole.at("unit"), "logit");
  EXPECT_EQ(whole.at("tokens").size(), whole.at("attribution").size());
  for (const char* by : {"attribution", "attention"}) {
    const json said = answer(
        {{"ask", "delete"}, {"planet", planet}, {"target", "viable"}, {"k", 3}, {"draws", 4}, {"by", by}, {"id", 2}});
    EXPECT_EQ(said.at("id"), 2);
    EXPECT_EQ(said.at("removed").size(), 3U);
    EXPECT_EQ(said.at("after_random").size(), 4U);
    EXPECT_NEAR(said.at("before").get<double>(), whole.at("value").get<double>(), 1e-6);
  }
  const json text = answer({{"ask", "explain"}, {"planet", planet}, {"tokens", 16}});
  EXPECT_EQ(text.at("source"), "model output, not a statement of fact");
  EXPECT_TRUE(text.at("text").is_string());
  EXPECT_TRUE(text.at("numbers").is_array());
}

TEST(InspectorProgram, AttendsExplainsAndEndsWithItsInput) {
  const std::string run = test::trainedRun().string(), planet = test::anyPlanet();
  const json attended = test::parsed(test::runProgram({"ecumene-train", "attend", run, "--planet", planet, "--part",
                                                       "spectrum", "--layer", "rollout", "--token", "4", "--json"}));
  EXPECT_EQ(attended.at("layer"), "rollout");
  EXPECT_EQ(attended.at("tokens").size(), attended.at("attends_to").size());
  const test::Finished said = test::runProgram(
      {"ecumene-train", "attend", run, "--planet", planet, "--part", "spectrum", "--layer", "rollout", "--token", "4"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.out.find('{'), std::string::npos) << said.out;
  EXPECT_NE(said.out.find(": spectrum, layer rollout, head mean\n"), std::string::npos) << said.out;
  // The most attended token comes first.
  const auto weights = attended.at("attends_to").get<std::vector<double>>();
  const auto most = std::max_element(weights.begin(), weights.end());
  const std::size_t list = said.out.find("\nattends to, ");
  ASSERT_NE(list, std::string::npos) << said.out;
  std::istringstream row(said.out.substr(said.out.find('\n', list + 1) + 1));
  double weight = 0.0;
  std::ptrdiff_t token = -1;
  row >> weight >> token;
  EXPECT_EQ(token, most - weights.begin()) << said.out;
  EXPECT_NEAR(weight, *most, 1e-4);
  const json written =
      test::parsed(test::runProgram({"ecumene-train", "explain", run, "--planet", planet, "--tokens", "8", "--json"}));
  EXPECT_TRUE(written.contains("numbers"));
  const test::Finished plain = test::runProgram({"ecumene-train", "explain", run, "--planet", planet, "--tokens", "8"});
  EXPECT_EQ(plain.code, 0);
  EXPECT_NE(plain.out.find("model output"), std::string::npos);
  const std::vector<std::string> words = {"ecumene-train", "generate", "--hf",     run,
                                          "--prompt",      "A planet", "--tokens", "4"};
  std::vector<std::string> asJson = words;
  asJson.emplace_back("--json");
  EXPECT_EQ(test::parsed(test::runProgram(asJson)).at("text").get<std::string>() + "\n", test::runProgram(words).out);
  const test::Finished none = test::runProgram({"ecumene-train", "inspect", run});
  EXPECT_EQ(none.code, 0) << none.err;
  EXPECT_EQ(none.out, "");
  EXPECT_EQ(test::runProgram({"ecumene-train", "inspect", run + "-not"}).code, 1);
  EXPECT_EQ(test::runProgram({"ecumene-train", "attend", run, "--planet", planet, "--layer", "9", "--token", "0"}).code,
            1);
}

}  // namespace
}  // namespace ecumene
