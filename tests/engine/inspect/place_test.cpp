// SPDX-License-Identifier: Apache-2.0
// A run asked elsewhere than where it was trained, and what asking it takes. Truth: the same run asked where it is; the
// kernel's account of a process.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <sstream>

#include "data/base/files.h"
#include "engine/inspect/inspector.h"
#include "tests/engine/inspect/inspected_run.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;
using engine::inspect::Inspector;
using nlohmann::json;
using test::Finished;

/// A copy of the run whose run.toml says something else.
class Elsewhere {
 public:
  Elsewhere(const std::string& from, const std::string& to) {
    fs::copy(test::trainedRun(), run(), fs::copy_options::recursive);
    std::string toml = readFile(folder_ / "run" / "run.toml");
    const std::size_t place = toml.find(from);
    if (place == std::string::npos) throw std::runtime_error("run.toml says nothing of " + from);
    std::ofstream(folder_ / "run" / "run.toml") << toml.replace(place, from.size(), to);
  }
  [[nodiscard]] std::string run() const { return (folder_ / "run").string(); }
  [[nodiscard]] const test::TempFolder& folder() const { return folder_; }

 private:
  test::TempFolder folder_;
};

Finished predict(const std::string& run, std::vector<std::string> more = {}) {
  std::vector<std::string> words = {"ecumene-train", "predict", run, "--planet", test::anyPlanet(), "--json"};
  words.insert(words.end(), more.begin(), more.end());
  return test::runProgram(words);
}

const json& expected() {
  static const json predictions = test::parsed(predict(test::trainedRun().string()));
  return predictions;
}

TEST(Place, ARunOfAGpuIsAskedOnTheCpuWhereThereIsNone) {
  if (torch::cuda::is_available()) GTEST_SKIP() << "this machine has a GPU";
  const Elsewhere gpu("device = \"cpu\"", "device = \"cuda\"");
  const Finished said = predict(gpu.run());
  EXPECT_EQ(test::parsed(said), expected());
  EXPECT_NE(said.err.find("asked on the CPU: no GPU here\n"), std::string::npos) << said.err;
  EXPECT_EQ(predict(gpu.run(), {"--device", "cpu"}).err.find("GPU"), std::string::npos);
  const std::vector<std::string> rest = {"--planet", test::anyPlanet(), "--layer", "0", "--token", "0"};
  std::vector<std::string> attend = {"ecumene-train", "attend", gpu.run()};
  attend.insert(attend.end(), rest.begin(), rest.end());
  EXPECT_EQ(test::runProgram(attend).code, 0);
  EXPECT_EQ(test::runProgram({"ecumene-train", "sample", gpu.run(), "--networks", "1"}).code, 0);
  EXPECT_EQ(test::runProgram({"ecumene-train", "eval", gpu.run(), "--split", "observed", "--no-ablation"}).code, 0);
  // Who names a GPU gets it or is refused.
  for (const char* device : {"cuda", "cuda:1"}) {
    const Finished refused = predict(gpu.run(), {"--device", device});
    EXPECT_EQ(refused.code, 3) << device;
    EXPECT_NE(refused.err.find("no GPU"), std::string::npos) << refused.err;
  }
  for (const char* device : {"gpu", "cuda:", "cuda:x", "cuda:-1", ""}) {
    EXPECT_EQ(predict(gpu.run(), {"--device", device}).code, 2) << device;
  }
}

TEST(Place, AStoreThatHasMovedIsFoundByItsContent) {
  const Elsewhere moved(test::smallStore().string(), "/nowhere/store");
  EXPECT_NE(predict(moved.run()).code, 0);
  const Finished said = predict(moved.run(), {"--data", test::smallStore().string()});
  EXPECT_EQ(test::parsed(said), expected());
  const std::string other = (moved.folder() / "other").string();
  ASSERT_EQ(test::ecumeneData({"generate", "--planets", "6", "--seed", "7", "--threads", "1", "--store", other}).code,
            0);
  const Finished refused = predict(moved.run(), {"--data", other});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("not the store that the run learned from"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("SHA-256"), std::string::npos) << refused.err;
  EXPECT_EQ(predict(moved.run(), {"--data", "/nowhere"}).code, 1);
}

std::set<std::string> filesBelow(const fs::path& folder) {
  std::set<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) files.insert(entry.path().string());
  return files;
}

TEST(Place, WholeAnswersHaveEveryArrayAndLeaveNoFile) {
  const json question = {
      {"ask", "attend"}, {"planet", test::anyPlanet()}, {"part", "graph"}, {"layer", 0}, {"token", 2}};
  Inspector files(test::trainedRun()), whole(test::trainedRun(), {}, Inspector::Arrays::kLine);
  const std::set<std::string> before = filesBelow(test::trainedRun());
  json line = json::parse(whole.answerLine(question.dump()));
  line.erase("id");
  EXPECT_EQ(line, json::parse(files.ask(question.dump())));
  EXPECT_GT(line.at("attends_to").size(), Inspector::kMostInline);
  EXPECT_EQ(filesBelow(test::trainedRun()), before);
}

TEST(Place, AModelSaysWhatItIs) {
  const json about = json::parse(Inspector(test::trainedRun()).answerLine(R"({"ask":"about"})"));
  EXPECT_EQ(about.at("device"), "cpu");
  const auto run = engine::run::RunDirectory::open(test::trainedRun());
  EXPECT_EQ(about.at("step"), test::lastCheckpoint(run).progress.bestStep);
  const auto spec = engine::config::preset("nano").model;
  EXPECT_EQ(about.at("parts").at("language"), (json{{"layers", spec.language.layers}, {"heads", spec.language.heads}}));
  EXPECT_EQ(about.at("parts").at("climate"),
            (json{{"layers", spec.climate.globalBlocks}, {"heads", spec.climate.heads}}));
  EXPECT_EQ(about.at("targets").size(), 10U);
}

/// Takes nothing, as a pipe whose reader has gone.
struct Closed : std::streambuf {
  int sync() override { return -1; }
};

TEST(Place, NoQuestionIsAnsweredThatNobodyReads) {
  std::istringstream in("{\"ask\":\"about\"}\n{\"ask\":\"about\"}\n{\"ask\":\"about\"}\n");
  Closed closed;
  std::ostream out(&closed);
  Inspector(test::trainedRun()).serve(in, out);
  std::string left;
  std::getline(in, left);
  std::getline(in, left);
  EXPECT_EQ(left, "{\"ask\":\"about\"}");
}

/// Bytes that a process had at most, which answered these questions.
std::int64_t mostBytes(const fs::path& run, const std::vector<json>& questions) {
  const test::TempFolder folder;
  std::string input;
  for (const json& question : questions) input += question.dump() + "\n";
  writeFileAtomically(folder / "in", input);
  const std::string program = test::programFolder() + "/ecumene-train inspect " + run.string() + " --whole";
  // The shell is replaced, so that its account is the program's.
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string line = "exec " + program + " < " + (folder / "in").string() + " > " + (folder / "out").string();
    ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  EXPECT_EQ(status, 0);
  const std::string answers = readFile(folder / "out");
  EXPECT_EQ(std::count(answers.begin(), answers.end(), '\n'), static_cast<std::ptrdiff_t>(questions.size()));
  EXPECT_EQ(answers.find("\"error\""), std::string::npos) << answers.substr(0, 400);
  return used.ru_maxrss * 1024;
}

TEST(Place, TheNeedHoldsWhatAProcessTakes) {
  const json need =
      test::parsed(test::runProgram({"ecumene-train", "inspect", test::trainedRun().string(), "--need", "--json"}));
  const std::string planet = test::anyPlanet();
  const std::int64_t took =
      mostBytes(test::trainedRun(), {{{"ask", "predict"}, {"planet", planet}},
                                     {{"ask", "attribute"}, {"planet", planet}, {"target", "viable"}},
                                     {{"ask", "delete"}, {"planet", planet}, {"target", "f_hab"}, {"k", 5}},
                                     {{"ask", "explain"}, {"planet", planet}, {"tokens", 16}}});
  const auto bytes = need.at("bytes").get<std::int64_t>();
  std::printf("need %lld MB, taken %lld MB\n", static_cast<long long>(bytes >> 20), static_cast<long long>(took >> 20));
  EXPECT_GE(bytes, took);
  EXPECT_LT(bytes, 2 * took);
  // Weights: every number of the checkpoint, four bytes each.
  const auto run = engine::run::RunDirectory::open(test::trainedRun());
  std::int64_t values = 0;
  const auto checkpoint = test::lastCheckpoint(run);
  for (const auto* group : {&checkpoint.model, &checkpoint.buffers}) {
    for (const auto& [name, tensor] : *group) values += tensor.numel();
  }
  EXPECT_EQ(need.at("weights"), 4 * values);
}

}  // namespace
}  // namespace ecumene
