// SPDX-License-Identifier: Apache-2.0
// Truth: counts and statements that follow from the predictions given; h5dump for the HDF5 file.
#include "engine/report/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/random.h"
#include "engine/report/markdown.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;
using Json = nlohmann::json;

/// A predictor that is right with a probability, on planets with two archetypes; `skill` 1: nearly certain.
std::vector<Prediction> predictions(double skill, const std::vector<std::string>& subsets) {
  std::vector<Prediction> rows;
  for (const std::string& subset : subsets) {
    for (std::size_t p = 0; p < 60; ++p) {
      Random truth(1, "truth", p), noise(2, subset, p);
      Prediction row;
      row.planet = "g1-" + std::to_string(p);
      row.split = p % 3 == 0 ? "validation" : "test";
      row.subset = subset;
      row.truth.regime = static_cast<int>(truth.below(6));
      row.truth.habitable = truth.chance(0.5) ? 1.0 : 0.0;
      row.truth.fHab = truth.chance(0.3) ? 0.0 : truth.uniform();
      row.truth.h050 = row.truth.fHab;
      row.regime.fill((1.0 - skill) / 6.0);
      row.regime.at(static_cast<std::size_t>(row.truth.regime)) += skill;
      row.habitable = 0.5 + skill * (row.truth.habitable - 0.5);
      std::vector<double> probability(22, (1.0 - skill) / 22.0);
      const std::size_t bin = row.truth.fHab == 0.0 ? 0 : 1 + static_cast<std::size_t>(row.truth.fHab * 20.0);
      probability[bin] += skill;
      row.fHab = sharePrediction(probability, row.truth.fHab);
      row.h050 = row.fHab;
      row.tokens = 50;
      row.languageNll = 50.0 * 2.0;
      for (int archetype = 0; archetype < 2; ++archetype) {
        row.archetype = archetype;
        row.sample = row.planet + "/" + std::to_string(archetype);
        row.truth.viable = truth.chance(0.4) ? 1.0 : 0.0;
        row.viable = std::clamp(0.5 + skill * (row.truth.viable - 0.5) + 0.2 * (1 - skill) * noise.normal(), 0.0, 1.0);
        row.embedding = {0.1F, static_cast<float>(p)};
        rows.push_back(row);
      }
    }
  }
  return rows;
}

Prediction observed() {
  Prediction row;
  row.planet = "trappist-1-e";
  row.archetype = 3;
  row.sample = row.planet + "/aerobic";
  row.split = "observed";
  row.subset = cubeHidden();
  row.real = true;
  row.hull = HullVerdict{true, {{"gravity", "m s-2", 40.0, 2.0, 20.0}}, 0.5, 0.2, "validation"};
  row.regime = {0.1, 0.2, 0.1, 0.5, 0.05, 0.05};
  row.habitable = 0.6;
  row.viable = 0.25;
  row.fHab = sharePrediction({0.2, 0.3, 0.3, 0.1, 0.1}, kMissing);
  row.h050 = row.fHab;
  row.embedding = {1.0F, 2.0F};
  return row;
}

std::vector<Predictor> predictors() {
  Predictor model{"model", "all parts trained together", PredictorKind::kModel,
                  predictions(0.8, {subsetName(kAllViews), cubeHidden(), "scalars", "none"})};
  model.predictions.push_back(observed());
  return {model,
          {"reasoning head", "of the language part", PredictorKind::kPart, predictions(0.5, {subsetName(kAllViews)})},
          {"ridge", "on scalars", PredictorKind::kBaseline, predictions(0.3, {"scalars"})}};
}

RunFacts facts() {
  RunFacts made;
  made.name = "demo";
  made.preset = "demo";
  made.options = "[train]\nseed = 3\n";
  made.program = "ecumene-train 0.1.0";
  made.device = "CPU, 1 thread";
  made.attention = "layers 0-3: flash";
  made.seed = 3;
  made.steps = 12345;
  made.epochs = 4;
  made.weights = {12000, "0123456789abcdef"};
  made.scalarError = 0.25;
  made.hull = {"Training hull of all: judged by a test."};
  made.finished = "2026-11-21T18:00:00Z";
  made.ended = "all epochs";
  made.parameters = {{"climate", 2000000}, {"language", 3000000}};
  made.remarks = {"The language part was trained on generated text only."};
  return made;
}

data::store::Store smallStore(const test::TempFolder& folder) {
  auto store = data::store::Store::open(folder / "store", data::store::Mode::kCreate);
  for (std::uint64_t i = 0; i < 4; ++i) store.add(test::samplePlanet(i, {true, 4, 8, 1, 8, 0, 1}));
  data::planet::Planet real = test::samplePlanet(9, {true, 4, 8, 1, 8, 0, 0});
  real.origin = data::planet::Origin::kGcm;
  data::planet::Provenance source;
  source.part = "climate";
  source.source = "MOST.00001.nc";
  source.licence = "CC-BY-4.0";
  real.provenance = {source};
  store.add(real);
  store.recordGeneration({42, 4, "ecumene generator 3", "priors of a test"});
  return store;
}

const Json& findRow(const Json& rows, const Json& wanted) {
  static const Json kNone;
  for (const Json& row : rows) {
    if (std::all_of(wanted.items().begin(), wanted.items().end(),
                    [&](const auto& item) { return row.at(item.key()) == item.value(); })) {
      return row;
    }
  }
  ADD_FAILURE() << "no row with " << wanted.dump();
  return kNone;
}

TEST(Report, LeavesEveryFileOfARun) {
  const test::TempFolder folder;
  const GraphScore score{"test", "reaction-set F1", "of sets", "3 networks", {0.7, 0.6, 0.8, 3, 2, {}}};
  writeReport(folder / "run", facts(), predictors(), {score}, smallStore(folder));
  for (const char* file : {"report.json", "report.md", "model_card.md", "data_card.md", "artifacts/predictions.h5"}) {
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "run" / file)) << file;
    EXPECT_FALSE(std::filesystem::exists((folder.path() / "run" / file).string() + ".incomplete")) << file;
  }
  const Json report = Json::parse(readFile(folder.path() / "run" / "report.json"));
  const Json wanted{{"predictor", "model"}, {"split", "test"},    {"subset", cubeHidden()},
                    {"archetype", "all"},   {"target", "viable"}, {"metric", "AUROC"}};
  const Json& auroc = findRow(report.at("scores"), wanted);
  EXPECT_EQ(auroc.at("rows"), 80);
  EXPECT_EQ(auroc.at("planets"), 40);
  EXPECT_GT(auroc.at("value").get<double>(), 0.99);
  const Json& perplexity = findRow(report.at("scores"), {{"target", "text"}, {"split", "test"}});
  EXPECT_NEAR(perplexity.at("value").get<double>(), std::exp(2.0), 1e-4);
  EXPECT_EQ(report.at("conformal").size(), 8U);
  EXPECT_EQ(report.at("run").at("parameters").at("language"), 3000000);
  EXPECT_EQ(report.at("graph"), Json::parse(R"([{"networks": "test", "metric": "reaction-set F1", "meaning": "of sets",
    "value": 0.7, "low": 0.6, "high": 0.8, "over": "3 networks", "rows": 3, "clusters": 2}])"));
  EXPECT_NE(readFile(folder.path() / "run" / "report.md")
                .find("| test | reaction-set F1 | 0.700 (0.600 to 0.800) | 3 networks | of sets |"),
            std::string::npos);
}

TEST(Report, ComparesTheModelWithEachOther) {
  const auto all = predictors();
  const Report report = makeReport(facts(), all, {});
  const Json made = Json::parse(toJson(report));
  const Json& crps = findRow(made.at("comparisons"), {{"against", "ridge"},
                                                      {"split", "test"},
                                                      {"subset", cubeHidden()},
                                                      {"archetype", "all"},
                                                      {"target", "f_hab"},
                                                      {"metric", "CRPS"}});
  EXPECT_LT(crps.at("high").get<double>(), 0.0);
  EXPECT_EQ(crps.at("replicates").size(), kReplicates);
  findRow(made.at("comparisons"),
          {{"against", "ridge"}, {"subset", cubeHidden()}, {"archetype", "acetogen"}, {"metric", "AUROC"}});
  // A part is compared on what the model saw too, so not where it has no predictions.
  for (const Json& row : made.at("comparisons")) {
    if (row.at("against") == "reasoning head") {
      EXPECT_EQ(row.at("subset"), subsetName(kAllViews));
    }
  }
  const std::string text = toMarkdown(report);
  EXPECT_NE(text.find("better"), std::string::npos);
}

TEST(Report, ShowsShuffledViewsBehindAllSubsetsWhereTheyWereAskedAbout) {
  auto all = predictors();
  EXPECT_EQ(toMarkdown(makeReport(facts(), all, {})).find("huffled"), std::string::npos);
  for (Prediction& row : predictions(0.1, {kShuffled})) {
    if (row.split == "test") all.front().predictions.push_back(std::move(row));
  }
  const Report report = makeReport(facts(), all, {});
  const Json made = Json::parse(toJson(report));
  const Json& loss = findRow(made.at("scores"), {{"subset", "shuffled"}, {"target", "regime"}, {"metric", "log-loss"}});
  EXPECT_NEAR(loss.at("value").get<double>(), -std::log(0.1 + 0.9 / 6.0), 1e-5);
  const std::string text = toMarkdown(report);
  const std::size_t last = text.find("\n| none | "), row = text.find("\n| shuffled | ");
  ASSERT_NE(row, std::string::npos) << text;
  EXPECT_LT(last, row);
  EXPECT_NE(text.find("Shuffled: all views, each of another planet", row), std::string::npos);
}

TEST(Report, ComparesShuffledViewsOnTheirOwnSamples) {
  auto all = predictors();
  for (Prediction& row : predictions(0.1, {kShuffled})) {
    // Twelve of forty systems; on all others the model is wrong with its own views.
    const int planet = std::stoi(row.planet.substr(3));
    if (row.split == "test" && planet < 18) all.front().predictions.push_back(std::move(row));
  }
  for (Prediction& row : all.front().predictions) {
    if (row.subset == subsetName(kAllViews) && !row.real && std::stoi(row.planet.substr(3)) >= 18) {
      row.regime.fill(0.2);
      row.regime.at(static_cast<std::size_t>(row.truth.regime)) = 0.0;
    }
  }
  const Report report = makeReport(facts(), all, {});
  const Json made = Json::parse(toJson(report));
  const Json& loss = findRow(made.at("comparisons"), {{"against", "shuffled"},
                                                      {"split", "test"},
                                                      {"subset", subsetName(kAllViews)},
                                                      {"target", "regime"},
                                                      {"metric", "log-loss"}});
  EXPECT_NEAR(loss.at("value").get<double>(), std::log(0.1 + 0.9 / 6.0) - std::log(0.8 + 0.2 / 6.0), 1e-5);
  EXPECT_EQ(loss.at("planets"), 12);
  const std::string text = toMarkdown(report);
  const std::size_t at = text.find("on the same samples: ", text.find("\n| shuffled | "));
  ASSERT_NE(at, std::string::npos);
  EXPECT_NE(text.find("regime log-loss -1.2", at), std::string::npos) << text.substr(at, 300);
}

TEST(Report, ListsRealPlanetsAndScoresThemNowhere) {
  const auto all = predictors();
  const Report report = makeReport(facts(), all, {});
  ASSERT_EQ(report.real.size(), 1U);
  for (const ScoreRow& row : report.scores) EXPECT_NE(row.split, "observed");
  const Json made = Json::parse(toJson(report));
  EXPECT_EQ(made.at("real")[0].at("planet"), "trappist-1-e");
  EXPECT_EQ(made.at("real")[0].at("outside_training_hull"), true);
  EXPECT_EQ(made.at("real")[0].at("hull"), Json::parse(R"({"beyond": [{"quantity": "gravity", "unit": "m s-2",
    "value": 40.0, "train_low": 2.0, "train_high": 20.0}], "distance": 0.5, "limit": 0.2,
    "threshold_from": "validation"})"));
  EXPECT_TRUE(made.at("real")[0].at("f_hab").at("label").is_null());
  const std::string text = toMarkdown(report);
  const std::size_t at = text.find("| trappist-1-e |");
  ASSERT_NE(at, std::string::npos);
  EXPECT_NE(text.substr(at, 80).find("**yes**: distance, gravity |"), std::string::npos) << text.substr(at, 80);
  EXPECT_NE(text.substr(at, 80).find("| none |"), std::string::npos);  // it has no cube to give or to hide
  EXPECT_NE(text.find("no coverage is claimed"), std::string::npos);
}

TEST(Report, SaysWhereNoHullJudged) {
  auto all = predictors();
  all.front().predictions.back().hull.reset();
  const Report report = makeReport(facts(), all, {});
  EXPECT_TRUE(Json::parse(toJson(report)).at("real")[0].at("outside_training_hull").is_null());
  EXPECT_NE(toMarkdown(report).find("| trappist-1-e | observed | none | not judged |"), std::string::npos);
}

TEST(Report, SaysThatItsPlanetsAreGenerated) {
  const auto all = predictors();
  const std::string text = toMarkdown(makeReport(facts(), all, {}));
  EXPECT_NE(text.find("**generated** planets"), std::string::npos);
  EXPECT_LT(text.find("## With the cube hidden"), text.find("## With all views"));
  const std::string card = modelCard(makeReport(facts(), all, {}));
  EXPECT_NE(card.find("layers 0-3: flash"), std::string::npos);
  EXPECT_NE(card.find("never answers a probability of life"), std::string::npos);
  EXPECT_NE(card.find("5,000,000"), std::string::npos);
  EXPECT_NE(card.find("seed = 3"), std::string::npos);
}

TEST(Report, EveryTableHasEvenRows) {
  const test::TempFolder folder;
  writeReport(folder / "run", facts(), predictors(), {}, smallStore(folder));
  for (const char* file : {"report.md", "model_card.md", "data_card.md"}) {
    std::ifstream in(folder.path() / "run" / file);
    std::ptrdiff_t columns = 0;
    for (std::string line; std::getline(in, line);) {
      const std::ptrdiff_t bars = std::count(line.begin(), line.end(), '|');
      if (!line.starts_with("|")) {
        columns = 0;
        continue;
      }
      if (columns == 0) columns = bars;
      EXPECT_EQ(bars, columns) << file << ": " << line;
    }
  }
}

TEST(Report, WorksWithoutScoredOrRealPlanets) {
  const Report empty = makeReport(facts(), {{"model", "", PredictorKind::kModel, {}}}, {});
  EXPECT_NE(toMarkdown(empty).find("No scored samples."), std::string::npos);
  EXPECT_TRUE(Json::parse(toJson(empty)).at("scores").empty());
  EXPECT_THROW(makeReport(facts(), {}, {}), Error);
  EXPECT_THROW(makeReport(facts(), {{"m", "", PredictorKind::kModel, {}}, {"m", "", PredictorKind::kPart, {}}}, {}),
               Error);
}

/// Facts of an evaluation of these splits.
RunFacts covering(const std::vector<std::string>& splits, bool everySubset = true) {
  RunFacts made = facts();
  made.covers = {{splits.begin(), splits.end()}, everySubset};
  return made;
}

const std::vector<std::string> kWhole{"validation", "test", "real", "observed"};

TEST(Report, OfAPartNeverReplacesOneOfMore) {
  const test::TempFolder folder;
  const auto store = smallStore(folder);
  const std::filesystem::path run = folder / "run", artifacts = run / "artifacts";
  // Where there is none yet, the name is the plain one.
  EXPECT_EQ(writeReport(run, covering({"validation"}), predictors(), {}, store).report, run / "report");
  EXPECT_EQ(writeReport(run, covering(kWhole), predictors(), {}, store).report, run / "report");
  const std::string report = readFile(run / "report.md"), numbers = readFile(run / "report.json"),
                    rows = readFile(artifacts / "predictions.h5"), card = readFile(run / "model_card.md");
  auto few = predictors();
  for (Predictor& one : few) one.predictions.resize(1);
  EXPECT_EQ(writeReport(run, covering({"validation", "test"}), few, {}, store).report, run / "report-test");
  EXPECT_EQ(writeReport(run, covering({"validation"}), few, {}, store).report, run / "report-validation");
  EXPECT_EQ(writeReport(run, covering({"validation", "real", "observed"}), few, {}, store).report,
            run / "report-real-observed");
  EXPECT_EQ(writeReport(run, covering(kWhole, false), few, {}, store).report, run / "report-no-ablation");
  for (const char* file : {"report-test.md", "report-test.json", "artifacts/predictions-test.h5"}) {
    EXPECT_TRUE(std::filesystem::exists(run / file)) << file;
  }
  EXPECT_EQ(readFile(run / "report.md"), report);
  EXPECT_EQ(readFile(run / "report.json"), numbers);
  EXPECT_EQ(readFile(artifacts / "predictions.h5"), rows);
  EXPECT_EQ(readFile(run / "model_card.md"), card);
  // Of other weights too the whole one stays, but the card is of the run's own.
  RunFacts later = covering({"validation", "test"});
  later.weights = {13000, "fedcba"};
  EXPECT_EQ(writeReport(run, later, few, {}, store).report, run / "report-test");
  EXPECT_EQ(readFile(run / "report.md"), report);
  const std::string own = readFile(run / "model_card.md");
  EXPECT_NE(own.find("step 13,000"), std::string::npos);
  EXPECT_NE(own.find("`report-test.md`"), std::string::npos);
  EXPECT_EQ(own.find("`report.md`"), std::string::npos) << own;
  EXPECT_TRUE(isReported(run, later.weights) && isReported(run, facts().weights));
  EXPECT_FALSE(isReported(run, {13000, "0123456789abcdef"}));
  // What cannot be read may have been the whole one.
  writeFileAtomically(run / "report.json", "{");
  EXPECT_EQ(writeReport(run, later, few, {}, store).report, run / "report-test");
  EXPECT_EQ(writeReport(run, covering(kWhole), few, {}, store).report, run / "report");
}

TEST(Report, OfTrainPlanetsIsNotReplacedByAnOrdinaryOne) {
  const test::TempFolder folder;
  const auto store = smallStore(folder);
  std::vector<std::string> all = kWhole;
  all.emplace_back("train");
  const std::filesystem::path run = folder / "run";
  EXPECT_EQ(writeReport(run, covering(all), predictors(), {}, store).report, run / "report");
  EXPECT_EQ(writeReport(run, covering(kWhole), predictors(), {}, store).report, run / "report-no-train");
  EXPECT_TRUE(std::filesystem::exists(run / "artifacts" / "predictions-no-train.h5"));
  EXPECT_EQ(writeReport(run, covering(all), predictors(), {}, store).report, run / "report");
}

TEST(Report, WithoutScoresClaimsNone) {
  RunFacts real = facts();
  real.trainSplit = "real";
  real.validated = false;
  auto all = predictors();
  all.resize(1);
  std::erase_if(all.front().predictions, [](const Prediction& row) { return !row.real; });
  ASSERT_FALSE(all.front().predictions.empty());
  const Report report = makeReport(real, all, {});
  const std::string text = toMarkdown(report), card = modelCard(report);
  for (const char* claim :
       {"All scores are", "was fitted on generated validation planets, for", "These planets chose", "excludes zero"}) {
    EXPECT_EQ(text.find(claim), std::string::npos) << claim << '\n' << text;
  }
  for (const char* said : {"There are **no scores**", "no generated validation planets", "\n\n## Validation\n\n"}) {
    EXPECT_NE(text.find(said), std::string::npos) << said << '\n' << text;
  }
  for (const char* claim : {"on validation planets", "generated planets it never saw", "Scores are on generated"}) {
    EXPECT_EQ(card.find(claim), std::string::npos) << claim << '\n' << card;
  }
  EXPECT_NE(card.find("step 12,000, the last."), std::string::npos) << card;
  // Headings stand on lines of their own, and no table is without rows.
  for (const std::string& page : {text, card, toMarkdown(makeReport(facts(), predictors(), {}))}) {
    for (std::size_t at = page.find("## "); at != std::string::npos; at = page.find("## ", at + 1)) {
      EXPECT_TRUE(at == 0 || page.substr(at - 2, 2) == "\n\n" || page[at - 1] == '#') << page.substr(at, 30);
    }
    EXPECT_EQ(page.find("---:|\n\n"), std::string::npos);
  }
  EXPECT_EQ(inShort(report), "No scores: no generated planet of the test split was evaluated.\n");
}

TEST(Report, CallsNothingBetterOfFewSystems) {
  auto all = predictors();
  const auto withSystems = [&](std::size_t systems) {
    auto few = all;
    for (Predictor& one : few) {
      for (Prediction& row : one.predictions) {
        if (!row.real) row.system = std::to_string(std::hash<std::string>{}(row.planet) % systems);
      }
    }
    return toMarkdown(makeReport(facts(), few, {}));
  };
  const std::string nine = withSystems(9), many = withSystems(40);
  EXPECT_EQ(nine.find(", better |"), std::string::npos);
  EXPECT_EQ(nine.find(": the model is better"), std::string::npos);
  EXPECT_NE(nine.find(", too few planets to say"), std::string::npos);
  EXPECT_NE(nine.find(" over 9 systems; ridge "), std::string::npos) << nine.substr(0, 3000);
  EXPECT_NE(many.find(", better |"), std::string::npos);
  EXPECT_NE(many.find(": the model is better"), std::string::npos);
  EXPECT_EQ(many.find("too few planets to say"), std::string::npos);
}

TEST(DataCard, CountsWhatTheStoreHolds) {
  const test::TempFolder folder;
  const std::string card = dataCard(facts(), smallStore(folder));
  for (const char* wanted : {"5 planets", "a new Gaussian error of 0.25 standard deviations", "priors of a test",
                             "MOST.00001.nc; licence: CC-BY-4.0", "real, gcm", "viable: methanogen", "273.15"}) {
    EXPECT_NE(card.find(wanted), std::string::npos) << wanted << "\n" << card;
  }
}

TEST(DataCard, OfImportedPlanetsSaysNothingOfAGenerator) {
  const test::TempFolder folder;
  auto store = data::store::Store::open(folder / "real", data::store::Mode::kCreate);
  data::planet::Planet real = test::samplePlanet(9, {true, 4, 8, 1, 8, 0, 0});
  real.origin = data::planet::Origin::kGcm;
  store.add(real);
  const std::string card = dataCard(facts(), store);
  EXPECT_NE(card.find("There are none."), std::string::npos) << card;
  for (const char* claim : {"Priors are choices", "System draws from stated priors", "by construction"}) {
    EXPECT_EQ(card.find(claim), std::string::npos) << claim << '\n' << card;
  }
}

TEST(DataCard, SaysWhatWithoutAClimateWasReadAndByWhat) {
  const test::TempFolder folder;
  auto store = data::store::Store::open(folder / "real", data::store::Mode::kCreate);
  data::planet::Planet network = test::samplePlanet(9, {false, 4, 8, 0, 0, 1, 0});
  network.origin = data::planet::Origin::kNetworkOnly;
  network.truth.reset();
  store.add(network);
  data::planet::Import texts;
  texts.kind = data::planet::ImportKind::kText;
  texts.texts = {{"1", "t", "Of dust.", "abstracts.jsonl", "CC0-1.0", std::nullopt, {}},
                 {"2", "t", "Of ice.", "https://a.b/abs/2", "CC0-1.0", std::nullopt, {}},
                 {"3", "t", "Of air.", "https://a.b/abs/3", "CC0-1.0", std::nullopt, {}}};
  store.addTexts(texts);
  RunFacts of = facts();
  const auto expect = [&](std::initializer_list<const char*> wanted) {
    const std::string card = dataCard(of, store);
    for (const char* words : wanted) EXPECT_NE(card.find(words), std::string::npos) << words << '\n' << card;
  };
  expect(
      {"of the split `train`. No training step has read what the store holds without a climate: 1 network, 3 "
       "collected texts. The tokeniser was trained on the texts of that split and on all collected texts.",
       "- abstracts.jsonl; licence: CC0-1.0 (1 collected text)\n",
       "- https://a.b/abs/; licence: CC0-1.0 (2 collected texts)\n"});
  of.trainSplit = "real";
  of.learnsFromParts = true;
  of.tokeniser = "pieces.model";
  expect({"of the split `real` and, each once an epoch", "holds without a climate: 1 network, 3 collected texts. ",
          "The tokeniser was given as a file."});
}

std::vector<double> dumped(const std::filesystem::path& file, const std::string& column, std::size_t rows) {
  const std::string command = "h5dump -y -w 1 -d " + column + " " + file.string();
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), n);
  EXPECT_EQ(pclose(pipe), 0);
  std::vector<double> values;
  std::size_t at = text.find("DATA {") + 6;
  while (values.size() < rows) {
    char* next = nullptr;
    values.push_back(std::strtod(text.c_str() + at, &next));
    at = static_cast<std::size_t>(next - text.c_str()) + 1;
  }
  return values;
}

TEST(PredictionsFile, OpensInH5dump) {
  if (std::system("command -v h5dump > /dev/null") != 0) GTEST_SKIP() << "h5dump is not installed (hdf5-tools)";
  const test::TempFolder folder;
  auto all = predictors();
  std::vector<Prediction>& rows = all.front().predictions;
  rows.front().hull = HullVerdict{};
  writeReport(folder / "run", facts(), all, {}, smallStore(folder));
  const std::filesystem::path file = folder.path() / "run" / "artifacts" / "predictions.h5";
  const auto viable = dumped(file, "/0/viable", rows.size()), flags = dumped(file, "/0/out_of_hull", rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_NEAR(viable[i], rows[i].viable, 1e-5);
  const std::string weights = folder / "weights";
  ASSERT_EQ(std::system(("h5dump -a /manifest -a /step " + file.string() + " > " + weights).c_str()), 0);
  EXPECT_NE(readFile(weights).find("\"0123456789abcdef\""), std::string::npos);
  EXPECT_NE(readFile(weights).find("(0): 12000"), std::string::npos);
  EXPECT_EQ(flags.front(), 0.0);
  EXPECT_EQ(flags.at(1), -1.0);  // not judged
  EXPECT_EQ(flags.back(), 1.0);
}

TEST(Figures, AreDrawnFromTheFilesOfARun) {
  const char* python = std::getenv("ECUMENE_PYTHON");
  if (python == nullptr ||
      std::system((std::string(python) + " -c 'import h5py, matplotlib' 2> /dev/null").c_str()) != 0) {
    GTEST_SKIP() << "no Python with matplotlib and h5py (tools/setup)";
  }
  const test::TempFolder folder;
  writeReport(folder / "run", facts(), predictors(), {}, smallStore(folder));
  const std::string run = (folder.path() / "run").string();
  ASSERT_EQ(std::system((std::string(python) + " tools/figures " + run + " > " + run + "/words").c_str()), 0);
  EXPECT_NE(readFile(run + "/words").find("training.png: left out"), std::string::npos);  // there is no journal
  for (const char* name : {"f_hab", "regimes", "reliability", "subsets", "viability"}) {
    const std::string image = readFile(run + "/figures/" + name + ".png");
    EXPECT_EQ(image.substr(1, 3), "PNG") << name;
    EXPECT_GT(image.size(), 10000U) << name;
  }
}

TEST(Markdown, ShowsNumbersForPeople) {
  EXPECT_EQ(counted(0), "0");
  EXPECT_EQ(counted(-1234567), "-1,234,567");
  EXPECT_EQ(counted(-123), "-123");
  EXPECT_EQ(counted(12345), "12,345");
  EXPECT_EQ(shown(kMissing), "–");
  Estimate estimate;
  estimate.value = 0.91234;
  EXPECT_EQ(shown(estimate), "0.912");
  estimate.low = 0.9;
  estimate.high = 0.92;
  EXPECT_EQ(shown(estimate), "0.912 (0.900 to 0.920)");
  MarkdownTable table({"a", "b"});
  EXPECT_THROW(table.add({"1"}), Error);
}

TEST(Cards, OfARunThatWasNotEvaluatedSaySo) {
  Report unscored;
  unscored.facts = facts();
  const std::string card = modelCard(unscored);
  for (const char* said : {"Not evaluated", "12,345 steps", "preset demo", "because: all epochs", "| climate |",
                           "| all | 5,000,000 |", "seed = 3"}) {
    EXPECT_NE(card.find(said), std::string::npos) << said;
  }
  EXPECT_EQ(card.find("No scored samples"), std::string::npos);
  unscored.facts.trainSeconds = kMissing;
  for (const std::string& page : {modelCard(unscored), toMarkdown(makeReport(unscored.facts, predictors(), {}))}) {
    EXPECT_NE(page.find("an unknown time"), std::string::npos);
    EXPECT_EQ(page.find("nan s"), std::string::npos);
  }
}

TEST(Cards, CountTheSystemsOfEachSubset) {
  Report report = makeReport(facts(), predictors(), {});
  report.conformal = {{"scalars", "f_hab", 0.1, 20}, {"none", "f_hab", 0.1, 12}};
  EXPECT_NE(modelCard(report).find("are scalars (20 systems); none (12 systems)."), std::string::npos);
}

TEST(Cards, OfAnAdaptationNameCorpusAndPerplexity) {
  AdaptedTo corpus{"texts.jsonl", "0a1b", "runs/joint:language", 90, 10, {}};
  EXPECT_NE(adaptationCard(facts(), corpus).find("has not finished"), std::string::npos);
  corpus.perplexity = "80.1 before, 20.3 after";
  const std::string card = adaptationCard(facts(), corpus);
  for (const char* said : {"Perplexity of 10 held-out texts of the same corpus: 80.1 before, 20.3 after",
                           "`runs/joint:language`", "12,345 steps"}) {
    EXPECT_NE(card.find(said), std::string::npos) << said;
  }
  const std::string data = corpusCard(corpus);
  for (const char* said : {"texts.jsonl", "0a1b", "90 learned from", "10 held out"}) {
    EXPECT_NE(data.find(said), std::string::npos) << said;
  }
}

}  // namespace
