// SPDX-License-Identifier: Apache-2.0
// The program ecumene-train as a person calls it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/train/evaluate_run.h"
#include "tests/engine/train/small_run.h"

namespace ecumene {
namespace {

using nlohmann::json;
using test::Finished;
using test::Running;
using test::runProgram;

std::vector<std::string> makeWords(const std::string& out, const std::vector<std::string>& settings = {}) {
  std::vector<std::string> words = {"ecumene-train", "new", "--preset", "nano", "--data", test::smallStore().string(),
                                    "--out",         out};
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
  return words;
}

std::string lastLine(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "";
  const std::size_t begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

TEST(EcumeneTrain, ASignalSavesAndSaysHowToGoOn) {
  const test::TempFolder folder;
  const std::string out = (folder / "run").string();
  ASSERT_EQ(runProgram(makeWords(out, {"train.epochs=500", "train.device=cpu"})).code, 0);
  Running running({"ecumene-train", "run", out, "--plain"});
  const auto begun = [&] {
    const auto run = engine::run::RunDirectory::open(out);
    return !test::metric(run, "loss.total").empty();
  };
  for (int i = 0; i < 300 && !begun(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  running.signal(SIGTERM);
  running.signal(SIGTERM);  // as from timeout, which signals the child and its group
  const Finished finished = running.finish();
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_EQ(lastLine(finished.out), "resume with ecumene-train resume " + out);
  const auto run = engine::run::RunDirectory::open(out);
  EXPECT_EQ(run.state(), engine::run::State::kStopped);
  // Nothing that the journal says is lost.
  EXPECT_EQ(test::lastCheckpoint(run).progress.step, test::metric(run, "loss.total").rbegin()->first);
  // Cards say what there is to say.
  const std::string card = readFile(run.folder() / "model_card.md");
  for (const char* said : {"Not evaluated", "asked to by a signal", "preset nano, seed 1", "| language |"}) {
    EXPECT_NE(card.find(said), std::string::npos) << said << '\n' << card;
  }
  const std::string steps = std::to_string(test::lastCheckpoint(run).progress.step) + " steps";
  EXPECT_NE(card.find(steps), std::string::npos) << steps << '\n' << card;
  EXPECT_NE(readFile(run.folder() / "data_card.md").find("6 planets"), std::string::npos);
}

TEST(EcumeneTrain, TrainsEvaluatesAndAnswers) {
  const test::TempFolder folder;
  const std::string out = (folder / "run").string();
  ASSERT_EQ(runProgram(makeWords(out, {"train.epochs=1", "train.device=cpu"})).code, 0);
  const Finished trained = runProgram({"ecumene-train", "run", out});
  ASSERT_EQ(trained.code, 0) << trained.err;
  // Its first line says what is told, its last that it is done; the report itself is in the file.
  EXPECT_EQ(trained.out.rfind("test planets, cube hidden:\n", 0), 0U) << trained.out;
  EXPECT_NE(trained.out.find("\nreport: " + out + "/report.md\n"), std::string::npos) << trained.out;
  EXPECT_EQ(lastLine(trained.out).rfind("finished at step ", 0), 0U) << trained.out;
  EXPECT_EQ(trained.out.find("## "), std::string::npos) << trained.out;
  const std::string report = readFile(out + "/report.json"), rows = readFile(out + "/artifacts/predictions.h5"),
                    attention = readFile(out + "/artifacts/attention.h5");
  ASSERT_EQ(runProgram({"ecumene-train", "eval", out, "--split", "observed", "--no-ablation"}).code, 0);
  EXPECT_EQ(readFile(out + "/report.json"), report);
  EXPECT_EQ(readFile(out + "/artifacts/predictions.h5"), rows);
  EXPECT_EQ(readFile(out + "/artifacts/attention.h5"), attention);
  EXPECT_EQ(readFile(out + "/model_card.md").find("Not evaluated"), std::string::npos);
  EXPECT_EQ(runProgram({"ecumene-train", "run", out}).code, 1);  // it has begun already

  const std::string planet = test::parsed(test::ecumeneData({"list", "--json", "--store", test::smallStore().string()}))
                                 .at("planets")
                                 .at(0)
                                 .at("id");
  const json all = test::parsed(runProgram({"ecumene-train", "predict", out, "--planet", planet, "--json"}));
  const json hidden = test::parsed(runProgram(
      {"ecumene-train", "predict", out, "--planet", planet, "--without", "climate", "--without", "text", "--json"}));
  ASSERT_EQ(all.at("predictions").size(), 8U);
  ASSERT_EQ(hidden.at("predictions").size(), 8U);
  double sum = 0.0;
  for (const auto& [regime, probability] : all.at("predictions").at(0).at("regime").items()) {
    sum += probability.get<double>();
  }
  EXPECT_NEAR(sum, 1.0, 1e-9);
  EXPECT_EQ(hidden.at("predictions").at(0).at("views"), "graph+spectrum+scalars");
  EXPECT_NE(all.at("predictions").at(0).at("f_hab"), hidden.at("predictions").at(0).at("f_hab"));
  // Held against embeddings only where there is a hull of exactly these views, else against ranges.
  EXPECT_TRUE(all.at("predictions").at(0).at("outside_training_hull").is_boolean());
  EXPECT_TRUE(all.at("predictions").at(0).at("not_judged_because").is_null());
  EXPECT_EQ(all.at("predictions").at(0).at("hull").at("threshold_from"), "training");
  EXPECT_EQ(hidden.at("predictions").at(0).at("hull").at("threshold_from"), "training");
  const json blind = test::parsed(
      runProgram({"ecumene-train", "predict", out, "--planet", planet, "--without", "spectrum", "--json"}));
  EXPECT_TRUE(blind.at("predictions").at(0).at("outside_training_hull").is_boolean());
  EXPECT_TRUE(blind.at("predictions").at(0).at("hull").at("threshold_from").is_null());
  std::filesystem::remove(out + "/artifacts/hull.json");
  const json bare = test::parsed(runProgram({"ecumene-train", "predict", out, "--planet", planet, "--json"}));
  EXPECT_TRUE(bare.at("predictions").at(0).at("outside_training_hull").is_null());
  EXPECT_FALSE(bare.at("predictions").at(0).at("not_judged_because").get<std::string>().empty());
  // Each planet's split, and what is true of it as the store lists it.
  const json listed = test::parsed(test::ecumeneData({"list", "--json", "--store", test::smallStore().string()}));
  const json every = test::parsed(runProgram({"ecumene-train", "predict", out, "--json"}));
  ASSERT_EQ(every.at("predictions").size(), 8 * listed.at("planets").size());
  for (const json& row : every.at("predictions")) {
    const auto same =
        std::ranges::find_if(listed.at("planets"), [&](const json& one) { return one.at("id") == row.at("planet"); });
    ASSERT_NE(same, listed.at("planets").end());
    EXPECT_EQ(row.at("split"), same->at("split"));
    EXPECT_EQ(row.at("truth").at("regime"), same->at("regime"));
    EXPECT_NEAR(row.at("truth").at("f_hab").get<double>(), same->at("f_hab").get<double>(), 1e-6);
    EXPECT_FALSE(row.contains("fluxes"));
  }
  // Fluxes where they are asked for, as wide as the validation networks say.
  const json fluxes =
      test::parsed(runProgram({"ecumene-train", "predict", out, "--planet", planet, "--fluxes", "--json"}))
          .at("predictions");
  const json factor = json::parse(readFile(out + "/artifacts/flux_calibration.json")).at("content").at("factor");
  for (const json& row : fluxes) {
    const json& said = row.at("fluxes");
    EXPECT_EQ(said.at("factor"), factor);
    EXPECT_EQ(said.at("calibrated"), factor.is_number());
    EXPECT_GT(said.at("reactions").size(), 50U);
    for (const json& one : said.at("reactions")) {
      EXPECT_LE(one.at("low"), one.at("median"));
      EXPECT_LE(one.at("median"), one.at("high"));
    }
  }
  EXPECT_FALSE(test::parsed(runProgram({"ecumene-train", "predict", out, "--planet", planet, "--fluxes", "--without",
                                        "graph", "--json"}))
                   .at("predictions")
                   .at(0)
                   .contains("fluxes"));
  const std::string plain = runProgram({"ecumene-train", "predict", out, "--planet", planet, "--fluxes"}).out;
  EXPECT_NE(plain.find("  true: "), std::string::npos) << plain;
  EXPECT_NE(plain.find("/methanogen: fluxes in mmol/gDW/h, 90 % intervals\n"), std::string::npos) << plain;
  EXPECT_NE(plain.find("\nfluxes calibrated: deviations times "), std::string::npos) << plain;
  EXPECT_NE(plain.find("  not judged\n"), std::string::npos);
  EXPECT_NE(plain.find("\nnot judged: the run has no training hull: it was not evaluated\n"), std::string::npos)
      << plain;
  // Six planets have too few of the validation split for intervals of 90 %.
  EXPECT_EQ(all.at("predictions").at(0).at("f_hab").at("calibrated"), false);
  EXPECT_EQ(all.at("predictions").at(0).at("f_hab").at("level"), 0.9);
  EXPECT_NE(plain.find("h050 90 % interval"), std::string::npos) << plain;
  EXPECT_EQ(plain.find("\ncalibrated: "), std::string::npos) << plain;
  EXPECT_NE(plain.find(" uncalibrated  "), std::string::npos) << plain;
  EXPECT_NE(plain.find("\nuncalibrated: the conformal step had too few validation systems"), std::string::npos)
      << plain;
  // With a step that says how far, the same intervals move.
  const std::string steps = out + "/artifacts/conformal.json";
  json kept = json::parse(readFile(steps));
  for (json& step : kept.at("content")) step["shift"] = 0.05;
  writeFileAtomically(steps, kept.dump());
  const json moved = test::parsed(runProgram({"ecumene-train", "predict", out, "--planet", planet, "--json"}));
  const json& before = all.at("predictions").at(0).at("f_hab");
  const json& after = moved.at("predictions").at(0).at("f_hab");
  EXPECT_EQ(after.at("calibrated"), true);
  EXPECT_EQ(after.at("low"), before.at("low"));
  EXPECT_NEAR(after.at("conformal_low").get<double>(), std::max(0.0, before.at("low").get<double>() - 0.05), 1e-12);
  EXPECT_NEAR(after.at("conformal_high").get<double>(), std::min(1.0, before.at("high").get<double>() + 0.05), 1e-12);
  EXPECT_TRUE(moved.at("predictions").at(0).at("not_calibrated_because").is_null());
  EXPECT_EQ(moved.at("predictions").at(0).at("calibrated_on"), "generated validation planets");
  EXPECT_TRUE(all.at("predictions").at(0).at("calibrated_on").is_null());
  const std::string told = runProgram({"ecumene-train", "predict", out, "--planet", planet}).out;
  EXPECT_NE(told.find("\ncalibrated: "), std::string::npos) << told;
  EXPECT_EQ(told.find("uncalibrated"), std::string::npos) << told;
  EXPECT_EQ(runProgram({"ecumene-train", "predict", out, "--planet", "no-such-planet"}).code, 1);
  EXPECT_EQ(runProgram({"ecumene-train", "predict", out, "--without", "smell"}).code, 2);
}

TEST(EcumeneTrain, AnEvaluationThatFailsIsAnEventOfTheRun) {
  const test::TempFolder folder;
  auto run = test::makeRun(folder / "run", test::nano({"train.epochs=1"}));
  const auto outcome = test::trainHere(run);
  int asked = 0;
  engine::train::EvaluateOptions options;
  options.stop = [&] { return ++asked == 2; };
  try {
    engine::train::evaluateRun(run, options);
    ADD_FAILURE() << "it was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
    EXPECT_NE(std::string(error.what()).find("the evaluation was interrupted"), std::string::npos) << error.what();
  }
  EXPECT_EQ(asked, 2);
  std::filesystem::rename(run.checkpoints(), folder / "gone");
  EXPECT_THROW(engine::train::evaluateRun(run, {}), Error);
  run.flush();
  const auto failed = test::events(run, "evaluation_failed");
  ASSERT_EQ(failed.size(), 2U);
  EXPECT_EQ(failed[0].step, outcome.step);
  EXPECT_NE(failed[0].text.find("interrupted"), std::string::npos) << failed[0].text;
  EXPECT_NE(failed[1].text.find("the run has no checkpoint"), std::string::npos) << failed[1].text;
  EXPECT_EQ(run.state(), engine::run::State::kFinished);
}

TEST(EcumeneTrain, NewRefusesWhatCannotBeTrainedOnAndLeavesNothing) {
  const test::TempFolder folder;
  const std::string out = (folder / "run").string();
  const auto refused = [&](std::vector<std::string> words, int code, const std::string& says) {
    const Finished finished = runProgram(std::move(words));
    EXPECT_EQ(finished.code, code) << finished.err;
    EXPECT_NE(finished.err.find(says), std::string::npos) << finished.err;
    EXPECT_FALSE(std::filesystem::exists(out));
    EXPECT_FALSE(std::filesystem::exists(out + ".incomplete"));
  };
  refused({"ecumene-train", "new", "--preset", "nano", "--data", (folder / "none").string(), "--out", out}, 1, "none");
  refused({"ecumene-train", "new", "--preset", "mano", "--data", test::smallStore().string(), "--out", out}, 2,
          "nano?");
  refused(makeWords(out, {"train.lrr=1"}), 2, "train.lr?");
  refused(makeWords(out, {"train.lr=11"}), 2, "a number from 0 to 10");
  refused(makeWords(out, {"model.fusion.heads=7"}), 2, "model.fusion");
  refused(makeWords(out, {"data.split=real"}), 1, "those of the split train: data.split=train");
  refused(makeWords(out, {"train.parts=fusion,climat"}), 2, "climat");
  // What only a training would find otherwise.
  refused(makeWords(out, {"train.begin=" + (folder / "nowhere").string()}), 1, "train.begin: ");
  refused(makeWords(out, {"data.graph_nodes=64"}), 1, "data.graph_nodes: ");
  refused(makeWords(out, {"model.language.vocabulary=299"}), 2, "model.language.vocabulary: ");
  if (!torch::cuda::is_available()) refused(makeWords(out, {"train.device=cuda"}), 3, "no GPU");
  refused(makeWords(out, {"data.store=" + test::smallStore().string()}), 2, "--data alone");
  refused({"ecumene-train", "new", "--preset", "nano"}, 2, "--data");
}

TEST(EcumeneTrain, AWordThatIsNoneIsNamed) {
  const Finished frob = runProgram({"ecumene-train", "frob", "--planet", "x"});
  EXPECT_EQ(frob.code, 2);
  EXPECT_NE(frob.err.find("frob: there is no such word"), std::string::npos) << frob.err;
  EXPECT_NE(runProgram({"ecumene-train", "evla", "x"}).err.find("did you mean eval?"), std::string::npos);
  EXPECT_NE(runProgram({"ecumene-train"}).err.find("A subcommand is required"), std::string::npos);
  EXPECT_EQ(runProgram({"ecumene-train", "new", "x"}).code, 2);
}

TEST(EcumeneTrain, ARunInUseIsRefused) {
  const test::TempFolder folder;
  auto run = test::makeRun(folder / "run", test::nano());
  run.claim();
  for (const char* word : {"run", "resume", "eval"}) {
    const Finished refused = runProgram({"ecumene-train", word, run.folder().string()});
    EXPECT_EQ(refused.code, 1) << word << ": " << refused.err;
    EXPECT_NE(refused.err.find("in the hands of process"), std::string::npos) << refused.err;
  }
}

TEST(EcumeneTrain, CountsAndListsWithoutAStore) {
  const json counted = test::parsed(runProgram({"ecumene-train", "params", "--preset", "nano", "--json"}));
  std::int64_t total = 0;
  for (const auto& [part, count] : counted.at("parts").items()) total += count.get<std::int64_t>();
  EXPECT_EQ(counted.at("total"), total);
  EXPECT_GT(counted.at("parts").at("language"), 0);
  const Finished options = runProgram({"ecumene-train", "options"});
  EXPECT_EQ(options.out, readFile("engine/config/OPTIONS.md"));
  const json listed = test::parsed(runProgram({"ecumene-train", "options", "--json"}));
  EXPECT_GT(listed.at("options").size(), 80U);
}

}  // namespace
}  // namespace ecumene
