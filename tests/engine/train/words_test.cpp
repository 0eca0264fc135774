// SPDX-License-Identifier: Apache-2.0
// The words of ecumene-train that ask a run or a language model, as a person calls them. Truth: logits that
// `transformers` gave (tests/oracles), counts of the small store, the same question asked twice.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "app/ecumene-train/result.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "engine/hf/generation.h"
#include "engine/train/run_content.h"
#include "tests/engine/train/program_run.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::Finished;
using test::parsed;
using test::runProgram;

/// A run trained by the program for one epoch, without evaluation, made once a process; its folder.
const std::string& trainedRun() {
  static const test::TempFolder folder;
  static const std::string run = [] {
    const std::string made = test::made(folder / "run", {"train.epochs=1"});
    const json said = parsed(runProgram({"ecumene-train", "run", made, "--plain", "--no-eval", "--json"}));
    EXPECT_EQ(said.at("ending"), "finished");
    EXPECT_TRUE(said.at("report").is_null());
    return made;
  }();
  return run;
}

/// The language part of that run, adapted to a small corpus.
struct Adapted {
  test::TempFolder folder;
  Finished said;
  Adapted() {
    std::string text;
    for (int i = 0; i < 60; ++i) text += "World " + std::to_string(i) + " has an ocean and a small star.\n\n";
    writeFileAtomically(folder / "corpus.txt", text);
    said = runProgram({"ecumene-train", "adapt", trainedRun(), "--corpus", (folder / "corpus.txt").string(), "--out",
                       out(), "--set", "train.epochs=1", "--json"});
  }
  [[nodiscard]] std::string out() const { return (folder / "adapted").string(); }
};

const Adapted& adapted() {
  static const Adapted made;
  return made;
}

void expectRefused(std::vector<std::string> words, int code, const std::string& says) {
  words.insert(words.begin(), "ecumene-train");
  const Finished finished = runProgram(words);
  EXPECT_EQ(finished.code, code) << words[1] << ": " << finished.err;
  EXPECT_NE(finished.err.find(says), std::string::npos) << words[1] << ": " << finished.err;
  EXPECT_EQ(finished.out, "") << words[1];
}

TEST(Words, ARunWithoutEvaluationHasCardsThatSaySo) {
  const std::string card = readFile(fs::path(trainedRun()) / "model_card.md");
  EXPECT_NE(card.find("Not evaluated"), std::string::npos) << card;
  EXPECT_NE(card.find("its 1 epoch is done"), std::string::npos) << card;
  EXPECT_TRUE(fs::exists(fs::path(trainedRun()) / "data_card.md"));
}

TEST(Words, ATrainingGoesOnWhereNothingCanBeSaid) {
  const test::TempFolder folder;
  const std::string run = test::made(folder / "run", {"train.epochs=1"});
  const std::string words = test::programFolder() + "/ecumene-train run " + run + " --plain --no-eval 2>/dev/full";
  EXPECT_EQ(std::system(words.c_str()), 0);
  EXPECT_TRUE(fs::exists(fs::path(run) / "model_card.md"));
}

// fmt::print of the fmt beside Torch's headers writes behind the stream's buffer, in the end beyond the heap.
TEST(Words, PrintingStopsWhereNothingCanBeWritten) {
  const pid_t child = ::fork();
  if (child == 0) {
    (void)::dup2(::open("/dev/full", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
    const std::string line(1000, 'x');
    try {
      for (int i = 0; i < 100000; ++i) ecumene_train::put("{}\n", line);
    } catch (const Error& error) {
      std::_Exit(error.kind() == ErrorKind::kEnvironment ? 3 : 2);
    }
    std::_Exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 3);
}

TEST(Words, FilesThatAreNotTheRunsAreRefused) {
  const test::TempFolder folder;
  const fs::path run = folder / "run";
  fs::copy(trainedRun(), run, fs::copy_options::recursive);
  const auto refused = [&](const std::string& says) {
    const Finished finished = runProgram({"ecumene-train", "predict", run.string(), "--planet", "all"});
    EXPECT_EQ(finished.code, 1) << says;
    EXPECT_NE(finished.err.find(says), std::string::npos) << finished.err;
  };
  const std::string statistics = readFile(run / "statistics.json");
  std::string changed = statistics;
  const std::size_t digit = changed.find_first_of("123456789", changed.find("mean"));
  ASSERT_NE(digit, std::string::npos);
  changed[digit] = changed[digit] == '9' ? '8' : '9';
  writeFileAtomically(run / "statistics.json", changed);
  refused("the run's files are not those that it was made with");
  writeFileAtomically(run / "statistics.json", statistics);
  std::string toml = readFile(run / "run.toml");
  const std::size_t fusion = toml.find("heads", toml.find("[model.fusion]"));
  ASSERT_NE(fusion, std::string::npos);
  toml.replace(fusion, toml.find('\n', fusion) - fusion, "heads = 1");
  writeFileAtomically(run / "run.toml", toml);
  refused("run.toml: model.fusion.heads");
}

TEST(Words, EvalOfOneSplitReportsThatSplit) {
  const json report = parsed(runProgram({"ecumene-train", "eval", trainedRun(), "--split", "validation", "--json"}));
  ASSERT_FALSE(report.at("scores").empty());
  for (const json& score : report.at("scores")) EXPECT_EQ(score.at("split"), "validation");
  EXPECT_TRUE(report.at("real").empty());
  EXPECT_FALSE(fs::exists(fs::path(trainedRun()) / "artifacts" / "attention.h5"));
  std::set<std::string> graph;
  for (const json& row : report.at("graph")) {
    graph.insert(row.at("networks").get<std::string>() + " " + row.at("metric").get<std::string>());
    EXPECT_GE(row.at("value").get<double>(), 0.0);
  }
  for (const char* metric : {"validation reaction-set F1", "validation flux coverage of 90 %", "validation flux MAE",
                             "validation flux MAE of a constant", "validation flux MAE of a constant a reaction",
                             "drawn feasible", "drawn balanced", "drawn novel", "test recovery AUROC"}) {
    EXPECT_TRUE(graph.contains(metric)) << metric;
  }
  // Of another part it stands beside the first.
  const std::string first = readFile(fs::path(trainedRun()) / "report.json");
  const json test =
      parsed(runProgram({"ecumene-train", "eval", trainedRun(), "--split", "observed", "--no-ablation", "--json"}));
  EXPECT_EQ(test.at("run").at("covers").at("splits"), json::parse(R"(["observed", "validation"])"));
  EXPECT_EQ(readFile(fs::path(trainedRun()) / "report.json"), first);
  EXPECT_TRUE(fs::exists(fs::path(trainedRun()) / "report-observed-no-ablation.md"));
  expectRefused({"eval", trainedRun(), "--split", "moon"}, 2, "--split moon");
  expectRefused({"eval", (fs::path(trainedRun()) / "none").string()}, 1, "none");
}

TEST(Words, SampleDrawsTheSameNetworksFromTheSameSeed) {
  const std::vector<std::string> words = {"ecumene-train", "sample", trainedRun(), "--networks", "2", "--json"};
  const json drawn = parsed(runProgram(words));
  EXPECT_EQ(drawn.at("networks"), 2);
  EXPECT_GT(drawn.at("training_networks"), 8);
  ASSERT_EQ(drawn.at("drawn").size(), 2U);
  for (const char* share :
       {"balanced", "feasible", "thermodynamically_consistent", "novel", "reconstruction_f1", "recovery_auroc"}) {
    EXPECT_GE(drawn.at(share).get<double>(), 0.0) << share;
    EXPECT_LE(drawn.at(share).get<double>(), 1.0) << share;
  }
  EXPECT_EQ(drawn, parsed(runProgram(words)));
  for (const char* none : {"-1", "18446744073709551616", "1.5", ""}) {
    EXPECT_EQ(runProgram({"ecumene-train", "sample", trainedRun(), "--seed", none}).code, 2) << none;
  }
  std::vector<std::string> other = words;
  other.insert(other.end(), {"--seed", "2"});
  EXPECT_NE(drawn.at("drawn"), parsed(runProgram(other)).at("drawn"));
  const Finished plain = runProgram({"ecumene-train", "sample", trainedRun(), "--networks", "2"});
  EXPECT_EQ(plain.out.rfind("2 networks drawn, ", 0), 0U) << plain.out;
  EXPECT_EQ(plain.out.find('{'), std::string::npos) << plain.out;
  const std::string second = "\n      1 " + fmt::format("{:>9}", drawn.at("drawn")[1].at("reactions").size()) + " ";
  EXPECT_NE(plain.out.find(second), std::string::npos) << plain.out;
  expectRefused({"sample", trainedRun(), "--networks", "0"}, 2, "--networks");
  expectRefused({"sample", (fs::path(trainedRun()) / "none").string()}, 1, "none");
}

TEST(Words, WhatAModelOrAPlanetLacksIsRefusedAlike) {
  const json planets = parsed(test::ecumeneData({"list", "--json", "--store", test::smallStore().string()}));
  const std::string planet = planets.at("planets").at(0).at("id");
  const std::vector<std::string> words = {"attend", trainedRun(), "--planet"};
  const auto refused = [&](const std::vector<std::string>& rest, const std::string& says) {
    std::vector<std::string> all = words;
    all.insert(all.end(), rest.begin(), rest.end());
    expectRefused(all, 1, says);
  };
  refused({planet, "--layer", "99", "--token", "0"}, "no such layer");
  refused({planet, "--layer", "0", "--token", "0", "--head", "99"}, "no such head");
  refused({planet, "--layer", "0", "--token", "99999"}, "no such token");
  refused({planet, "--layer", "0", "--token", "0", "--archetype", "none"}, "no such metabolism");
  refused({"none", "--layer", "0", "--token", "0"}, "no such planet");
}

TEST(Words, LogitsAreThoseOfTransformers) {
  const std::string folder = "tests/oracles/reference/hf/llama";
  const json reference = json::parse(readFile(folder + "/reference.json"));
  std::string ids;
  for (const json& id : reference.at("ids")) ids += (ids.empty() ? "" : ",") + id.dump();
  const json said = parsed(runProgram({"ecumene-train", "logits", "--hf", folder, "--ids", ids}));
  const json& expected = reference.at("logits").back();
  ASSERT_EQ(said.at("logits").size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(said.at("logits")[i].get<double>(), expected[i].get<double>(), 1e-4);
  }
  expectRefused({"logits", "--hf", folder, "--ids", "1,two"}, 2, "1,two");
  expectRefused({"logits", "--hf", folder + "/none", "--ids", "1"}, 1, "none");
}

TEST(Words, AdaptLeavesReportCardsAndAFolderForTransformers) {
  const json ended = parsed(adapted().said);
  EXPECT_EQ(ended.at("ending"), "finished");
  const json report = json::parse(readFile(ended.at("report").get<std::string>()));
  EXPECT_EQ(report.at("kind"), "adaptation");
  for (const char* when : {"before", "after"}) EXPECT_GT(report.at("perplexity").at(when).at("value"), 1.0) << when;
  // It knows no planets; who asks is told whom to ask.
  const std::string hf = "ecumene-train generate --hf " + adapted().out() + "/hf";
  expectRefused({"generate", "--hf", adapted().out(), "--prompt", "x"}, 1, hf);
  expectRefused({"predict", adapted().out(), "--planet", "x"}, 1, hf);
  const std::string model = readFile(fs::path(adapted().out()) / "model_card.md");
  for (const char* said : {"by the word adapt", "Perplexity of", "before", "its 1 epoch is done", "| language |"}) {
    EXPECT_NE(model.find(said), std::string::npos) << said << '\n' << model;
  }
  const std::string data = readFile(fs::path(adapted().out()) / "data_card.md");
  EXPECT_NE(data.find(sha256(readFile(adapted().folder / "corpus.txt"))), std::string::npos) << data;
  EXPECT_TRUE(fs::exists(fs::path(adapted().out()) / "hf" / "config.json"));

  const std::string out = (adapted().folder / "refused").string(), corpus = (adapted().folder / "corpus.txt").string();
  expectRefused({"adapt", "--corpus", corpus, "--out", out}, 2, "begins with one model");
  expectRefused({"adapt", trainedRun(), "--corpus", corpus, "--out", out, "--set", "data.corpus=" + corpus}, 2,
                "--corpus alone");
  expectRefused({"adapt", trainedRun(), "--corpus", corpus + ".none", "--out", out}, 1, ".none");
  expectRefused({"adapt", trainedRun(), "--out", out}, 2, "--corpus");
  EXPECT_FALSE(fs::exists(out));
}

TEST(Words, ExportWritesALanguagePartThatSaysTheSameWithoutTheRun) {
  const test::TempFolder folder;
  const std::string out = (folder / "hf").string();
  const json wrote = parsed(runProgram({"ecumene-train", "export", trainedRun(), "--out", out, "--json"}));
  EXPECT_GT(wrote.at("step").get<int>(), 0);
  const json config = json::parse(readFile(out + "/config.json"));
  EXPECT_EQ(config.at("hidden_size"), engine::config::preset("nano").model.language.width);
  EXPECT_EQ(readFile(out + "/tokenizer.model"), readFile(trainedRun() + "/tokenizer.model"));
  // The run's own model, asked in this process.
  const auto run = engine::run::RunDirectory::open(trainedRun());
  const auto content = engine::train::loadContent(run, run.spec());
  const auto network = engine::train::loadBest(run, run.spec(), content);
  const std::vector<std::int64_t> ids = {1, 17, 5, 301, 44};
  const torch::NoGradGuard noGradients;
  const torch::Tensor own = engine::hf::nextLogits(*network.model->language, ids).to(torch::kFloat64);
  const json said = parsed(runProgram({"ecumene-train", "logits", "--hf", out, "--ids", "1,17,5,301,44"}));
  ASSERT_EQ(said.at("logits").size(), static_cast<std::size_t>(own.numel()));
  for (std::int64_t i = 0; i < own.numel(); ++i) {
    EXPECT_NEAR(said.at("logits")[static_cast<std::size_t>(i)].get<double>(), own[i].item<double>(), 1e-5) << i;
  }
  // Nothing is overwritten; an adaptation has a language part too.
  const std::string before = readFile(out + "/config.json");
  expectRefused({"export", trainedRun(), "--out", out}, 1, "nothing is overwritten");
  EXPECT_EQ(readFile(out + "/config.json"), before);
  const std::string again = (folder / "adapted").string();
  EXPECT_EQ(runProgram({"ecumene-train", "export", adapted().out(), "--out", again}).code, 0);
  EXPECT_EQ(readFile(again + "/model.safetensors"), readFile(adapted().out() + "/hf/model.safetensors"));
}

TEST(Words, MeasureTakesNoFolderThatHoldsAnything) {
  const test::TempFolder folder;
  writeFileAtomically(folder / "thesis.tex", "years of work");
  const auto measure = [](const fs::path& scratch) {
    return std::vector<std::string>{"measure", "--preset",         "nano",      "--data",         test::smallStore(),
                                    "--set",   "train.device=cpu", "--scratch", scratch.string(), "--steps",
                                    "1"};
  };
  expectRefused(measure(folder.path()), 1, "found 'thesis.tex'; name another one");
  EXPECT_EQ(readFile(folder / "thesis.tex"), "years of work");
  // Its own folder goes, what lies beside it stays.
  std::vector<std::string> words = measure(folder / "scratch");
  words.insert(words.begin(), "ecumene-train");
  words.emplace_back("--json");
  EXPECT_EQ(parsed(runProgram(words)).at("steps"), 1);
  EXPECT_FALSE(fs::exists(folder / "scratch"));
  EXPECT_EQ(readFile(folder / "thesis.tex"), "years of work");
}

TEST(Words, GenerateGoesOnFromAPromptAlikeFromARunAndItsFolder) {
  // Hot, so that it does not end at once.
  const auto said = [](const std::string& from, const char* seed, bool asJson) {
    std::vector<std::string> words = {"ecumene-train", "generate", "--hf",   from, "--prompt",      "World 7",
                                      "--tokens",      "8",        "--seed", seed, "--temperature", "2"};
    if (asJson) words.emplace_back("--json");
    const Finished finished = runProgram(words);
    EXPECT_EQ(finished.code, 0) << finished.err;
    return finished.out;
  };
  const std::string hf = adapted().out() + "/hf";
  const std::string plain = said(hf, "5", false);
  EXPECT_EQ(plain.rfind("World 7", 0), 0U) << plain;
  EXPECT_GT(plain.size(), std::string("World 7\n").size());
  EXPECT_EQ(json::parse(said(hf, "5", true)).at("text").get<std::string>() + "\n", plain);
  EXPECT_NE(said(hf, "6", false), plain);
  EXPECT_EQ(json::parse(said(trainedRun(), "5", true)).at("text").get<std::string>().rfind("World 7", 0), 0U);
  expectRefused({"generate", "--hf", hf, "--prompt", "x", "--temperature", "-1"}, 2, "--temperature");
  expectRefused({"generate", "--hf", "tests/oracles/reference/hf/llama", "--prompt", "x"}, 1, "tokeniser");
}

}  // namespace
}  // namespace ecumene
