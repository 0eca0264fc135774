// SPDX-License-Identifier: Apache-2.0
// Questions to a trained model through a real daemon and a real `ecumene-train inspect`. Truth: that program asked
// alone, and the losses of a run that nobody asked.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "data/base/files.h"
#include "tests/app/session.h"

namespace ecumene {
namespace {

using test::Finished;
using test::Json;
using test::Machine;

/// A run of the preset nano, trained for one epoch and evaluated, made once a process.
const std::string& trainedRun() {
  static const test::TempFolder folder;
  static const std::string run = [] {
    const std::string made = (folder / "run").string();
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"ecumene-train", "new", "--preset", "nano", "--data", test::sixPlanets(), "--out",
                                   made, "--set", "train.device=cpu", "--set", "train.epochs=1", "--set",
                                   "train.lr=0.01"},
          std::vector<std::string>{"ecumene-train", "run", made, "--plain"}}) {
      const Finished finished = test::runProgram(words);
      if (finished.code != 0) throw std::runtime_error(finished.err);
    }
    return made;
  }();
  return run;
}

/// What the program answers to these lines, alone.
std::vector<std::string> answersAlone(const std::vector<std::string>& questions) {
  const test::TempFolder folder;
  std::string input;
  for (const std::string& question : questions) input += question + "\n";
  writeFileAtomically(folder / "in", input);
  const std::string command = test::programFolder() + "/ecumene-train inspect " + trainedRun() + " --whole < " +
                              (folder / "in").string() + " > " + (folder / "out").string();
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ifstream out(folder / "out");
  std::vector<std::string> lines;
  for (std::string line; std::getline(out, line);) lines.push_back(line);
  return lines;
}

/// A machine with the trained run under the id "a".
class Asked : public test::Session {
 public:
  Asked() { std::filesystem::copy(trainedRun(), runs() / "a", std::filesystem::copy_options::recursive); }

  [[nodiscard]] Finished ask(const std::string& question, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"question", "a", question});
    return ctl(more);
  }
  [[nodiscard]] std::string planet() const {
    return json({"data", "list"}).at("planets").at(0).at("id").get<std::string>();
  }
  /// The process that keeps the run's model; 0: there is none.
  [[nodiscard]] pid_t child() const {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream file(entry.path() / "cmdline");
      std::string words((std::istreambuf_iterator<char>(file)), {});
      const bool isOurs = words.find((runs() / "a").string()) != std::string::npos;
      if (isOurs && words.find("--whole") != std::string::npos) return std::stoi(entry.path().filename().string());
    }
    return 0;
  }
  void waitForNoChild() const {
    for (int i = 0; i < 300 && child() != 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(child(), 0);
  }
};

std::string planetQuestion(const std::string& planet, const char* ask, const char* more = "") {
  return std::string(R"({"id":1,"ask":")") + ask + R"(","planet":")" + planet + "\"" + more + "}";
}

TEST(Inspection, AnswersAreThoseOfTheProgramBitForBit) {
  const Asked machine;
  const std::string planet = machine.planet();
  const std::vector<std::string> questions = {
      R"({"ask":"about"})",
      planetQuestion(planet, "predict"),
      planetQuestion(planet, "predict", R"(,"without":["climate","text"])"),
      planetQuestion(planet, "embed"),
      planetQuestion(planet, "attend", R"(,"part":"graph","layer":0,"head":1,"token":2)"),
      planetQuestion(planet, "attribute", R"(,"target":"viable")"),
      planetQuestion(planet, "explain", R"(,"tokens":8)")};
  const std::vector<std::string> alone = answersAlone(questions);
  ASSERT_EQ(alone.size(), questions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const Finished said = machine.ask(questions[i]);
    ASSERT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out, alone[i] + "\n");
  }
  // Long arrays are in the line, and nothing was left in the run.
  EXPECT_EQ(Json::parse(alone[4]).at("tokens").size(), Json::parse(alone[4]).at("attends_to").size());
  for (const auto& entry : std::filesystem::directory_iterator(machine.runs() / "a" / "artifacts")) {
    EXPECT_EQ(entry.path().filename().string().find("inspect-"), std::string::npos);
  }
  EXPECT_EQ(machine.json({"predict", "a", "--planet", planet}).at("predictions"),
            Json::parse(alone[1]).at("predictions"));
  const Finished people = machine.ctl({"attribute", "a", "--planet", planet, "--target", "f_hab"});
  EXPECT_EQ(people.code, 0) << people.err;
  EXPECT_NE(people.out.find("gradient times input"), std::string::npos) << people.out;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"predict", "a", "--planet", planet},
        std::vector<std::string>{"explain", "a", "--planet", planet, "--tokens", "8"},
        std::vector<std::string>{"attend", "a", "--planet", planet, "--layer", "rollout", "--token", "0"}}) {
    const Finished said = machine.ctl(words);
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out.find('{'), std::string::npos) << said.out;
  }
}

TEST(Inspection, ABadQuestionIsRefusedAndTheModelStays) {
  const Asked machine;
  ASSERT_EQ(machine.ask(R"({"ask":"about"})").code, 0);
  const pid_t child = machine.child();
  ASSERT_NE(child, 0);
  const Finished none = machine.ctl({"predict", "a", "--planet", "../../etc/passwd"});
  EXPECT_EQ(none.code, 1) << none.err;
  EXPECT_NE(none.err.find("the id is not valid"), std::string::npos) << none.err;
  EXPECT_EQ(machine.ask("[1]").code, 2);
  EXPECT_EQ(machine.ask(R"({"ask":"dance"})").code, 1);
  EXPECT_EQ(machine.ctl({"question", "../a", R"({"ask":"about"})"}).code, 2);
  EXPECT_EQ(machine.ctl({"question", "none", R"({"ask":"about"})"}).code, 1);
  EXPECT_EQ(machine.ask(R"({"ask":"about"})", {"--store", "six"}).code, 0);
  EXPECT_EQ(machine.child() != 0, true);
  EXPECT_EQ(::kill(child, 0), 0);
}

TEST(Inspection, AKilledModelIsSaidAndLoadedAgain) {
  const Asked machine;
  const std::string about = R"({"ask":"about"})";
  const Finished first = machine.ask(about);
  ASSERT_EQ(first.code, 0) << first.err;
  const pid_t child = machine.child();
  ASSERT_NE(child, 0);
  // Stopped, it is in the middle of whatever it is asked.
  ::kill(child, SIGSTOP);
  test::Running asked({"ecumenectl", "--socket", machine.socket(), "question", "a", about});
  test::Running waits({"ecumenectl", "--socket", machine.socket(), "question", "a", about});
  std::this_thread::sleep_for(std::chrono::seconds(1));
  ::kill(child, SIGKILL);
  const Finished killed = asked.finish(), next = waits.finish();
  // Which of the two was first is theirs.
  EXPECT_EQ(std::min(killed.code, next.code), 0) << killed.err << next.err;
  EXPECT_EQ(std::max(killed.code, next.code), 3) << killed.err << next.err;
  EXPECT_NE((killed.err + next.err).find("ended by signal 9"), std::string::npos) << killed.err << next.err;
  EXPECT_EQ(killed.out + next.out, first.out);
  EXPECT_EQ(machine.ask(about).out, first.out);
}

TEST(Inspection, TwoClientsAreAnsweredAndALateOneRefused) {
  const Asked machine;
  const std::string about = R"({"ask":"about"})";
  const std::string expected = machine.ask(about).out;
  {
    test::Running one({"ecumenectl", "--socket", machine.socket(), "question", "a", about});
    test::Running two({"ecumenectl", "--socket", machine.socket(), "question", "a", about});
    EXPECT_EQ(one.finish().out, expected);
    EXPECT_EQ(two.finish().out, expected);
  }
  ::kill(machine.child(), SIGSTOP);
  {
    test::Running late({"ecumenectl", "--socket", machine.socket(), "question", "a", about, "--seconds", "1"});
    const Finished refused = late.finish();
    EXPECT_EQ(refused.code, 3);
    EXPECT_NE(refused.err.find("not answered in time"), std::string::npos) << refused.err;
  }
  EXPECT_EQ(machine.ask(about).out, expected);
}

TEST(Inspection, AModelEndsWithItsDaemon) {
  for (const bool killed : {false, true}) {
    const Asked machine;
    ASSERT_EQ(machine.ask(R"({"ask":"about"})").code, 0);
    ASSERT_NE(machine.child(), 0);
    if (killed) {
      ::kill(machine.daemonPid(), SIGKILL);
    } else {
      ASSERT_EQ(machine.ctl({"daemon", "stop"}).code, 0);
    }
    machine.waitForNoChild();
  }
}

TEST(Inspection, TooLittleMemoryIsRefusedWithBothNumbers) {
  const Asked machine;
  ASSERT_EQ(machine.ctl({"daemon", "stop"}).code, 0);
  ASSERT_EQ(machine
                .ctl({"daemon", "start", "--", "--runs", machine.runs().string(), "--store",
                      "six=" + test::sixPlanets(), "--inspect-memory", "1000000"})
                .code,
            0);
  const Finished refused = machine.ask(R"({"ask":"about"})");
  EXPECT_EQ(refused.code, 3);
  const Json need = Json::parse(
      test::runProgram({"ecumene-train", "inspect", trainedRun(), "--need", "--json", "--device", "cpu"}).out);
  EXPECT_GT(need.at("bytes").get<std::int64_t>(), need.at("weights").get<std::int64_t>());
  EXPECT_NE(refused.err.find("expected at least "), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("found 1000000 bytes"), std::string::npos) << refused.err;
  EXPECT_EQ(machine.child(), 0);
}

TEST(Inspection, ATrainingThatIsAskedLearnsTheSame) {
  Asked machine;
  const std::string planet = machine.planet();
  const auto losses = [&](const std::string& id) {
    const auto run = engine::run::RunDirectory::open(machine.runs() / id);
    std::map<std::int64_t, double> values;
    for (const auto& row : run.metricsAfter(0)) {
      if (row.name == "loss.total") values[row.step] = row.value;
    }
    return values;
  };
  machine.launch("asked", "12");
  machine.waitFor("asked", [](const Json& run) { return run.at("state") == "running"; });
  int answers = 0;
  std::int64_t lastStep = -1;
  while (machine.state("asked") != "finished" && answers < 200) {
    const Finished said = machine.ctl({"question", "asked", R"({"ask":"about"})"});
    ASSERT_EQ(said.code, 0) << said.err;
    lastStep = Json::parse(said.out).at("step");
    EXPECT_EQ(machine.ctl({"predict", "asked", "--planet", planet}).code, 0);
    ++answers;
  }
  EXPECT_GT(answers, 0);
  machine.launch("alone", "12");
  machine.waitForState("alone", "finished");
  EXPECT_EQ(losses("asked"), losses("alone"));
  EXPECT_GE(Json::parse(machine.ctl({"question", "asked", R"({"ask":"about"})"}).out).at("step"), lastStep);
  std::printf("%d answers while it was trained\n", answers);
}

TEST(Inspection, ArtifactsAreReadByRow) {
  const Asked machine;
  const std::string planet = machine.planet();
  const Json all = machine.json({"artifact", "a", "predictions", "--dataset", "0/sample"});
  const Json viable = machine.json({"artifact", "a", "predictions", "--dataset", "0/viable"});
  ASSERT_EQ(all.at("values").size(), viable.at("values").size());
  ASSERT_FALSE(all.at("values").empty());
  const std::string sample = all.at("values").at(3);
  const Json some = machine.json({"artifact", "a", "predictions", "--dataset", "0/viable", "--id", sample});
  std::vector<Json> expected;
  for (std::size_t i = 0; i < all.at("values").size(); ++i) {
    if (all.at("values")[i] == sample) expected.push_back(viable.at("values")[i]);
  }
  EXPECT_EQ(some.at("values").get<std::vector<Json>>(), expected);
  EXPECT_EQ(some.at("row").size(), expected.size());
  const Json list = machine.json({"artifact", "a", "attention"});
  EXPECT_FALSE(list.at("manifest").get<std::string>().empty());
  const Json weights = machine.json({"artifact", "a", "attention", "--dataset", "view_weight"});
  for (const Json& row : weights.at("values")) {
    double sum = 0.0;
    for (const Json& weight : row) sum += weight.get<double>();
    EXPECT_NEAR(sum, 1.0, 1e-5);
  }
  EXPECT_EQ(machine.ctl({"artifact", "a", "../run"}).code, 2);
  EXPECT_EQ(machine.ctl({"artifact", "a", "nothing"}).code, 1);
  EXPECT_EQ(machine.ctl({"artifact", "a", "predictions", "--dataset", "0/../x"}).code, 2);
  EXPECT_EQ(machine.ctl({"artifact", "a", "predictions", "--dataset", "0/viable", "--id", "nobody"}).code, 1);
}

}  // namespace
}  // namespace ecumene
