// SPDX-License-Identifier: Apache-2.0
// A store of real files alone: climates of a circulation model, a curated network, measured spectra, an archive's
// table, abstracts; nothing in it is generated. And one of generated planets with observed ones beside them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data/base/files.h"
#include "engine/run/commands.h"
#include "engine/train/draws.h"
#include "engine/train/feed.h"
#include "engine/train/learner.h"
#include "engine/train/run_content.h"
#include "engine/train/tensors.h"
#include "tests/data/formats/shared_data.h"
#include "tests/engine/train/small_run.h"

namespace ecumene {
namespace {

using nlohmann::json;
using test::Finished;
using test::runProgram;

void import(const std::string& store, const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> words = {"import", "--store", store};
  for (const auto& file : files) words.push_back(file.string());
  const Finished finished = test::ecumeneData(words);
  ASSERT_EQ(finished.code, 0) << finished.err;
}

/// A trained and evaluated run of the preset nano.
void train(const std::string& store, const std::string& out, const std::vector<std::string>& settings) {
  std::vector<std::string> words = {"ecumene-train", "new",           "--preset", "nano",  "--data",
                                    store,           "--out",         out,        "--set", "train.device=cpu",
                                    "--set",         "train.epochs=1"};
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
  const Finished made = runProgram(words);
  ASSERT_EQ(made.code, 0) << made.err;
  const json trained = test::parsed(runProgram({"ecumene-train", "run", out, "--json"}));
  EXPECT_EQ(trained.at("report"), out + "/report.json");
}

json ask(const std::string& run, const std::string& planet, const std::vector<std::string>& without = {}) {
  std::vector<std::string> words = {"ecumene-train", "predict", run, "--planet", planet, "--json"};
  for (const std::string& view : without) words.insert(words.end(), {"--without", view});
  return test::parsed(runProgram(words)).at("predictions");
}

std::set<std::string> beyond(const json& prediction) {
  std::set<std::string> names;
  for (const json& range : prediction.at("hull").at("beyond")) names.insert(range.at("quantity").get<std::string>());
  return names;
}

/// The whole loss of a micro-batch, as it is or with all views of one sample hidden.
double lossOf(engine::train::Network& network, const engine::config::RunSpec& spec,
              const data::batch::MultiModalBatch& batch, std::optional<std::size_t> without = std::nullopt) {
  const torch::NoGradGuard noGradients;
  models::unified::UnifiedInput input = engine::train::toTensors(batch, torch::kCPU);
  if (without) {
    engine::train::Hidden hidden;
    for (torch::Tensor& view : hidden) {
      view = torch::zeros({static_cast<std::int64_t>(batch.size)}, torch::kBool);
      view[static_cast<std::int64_t>(*without)] = true;
    }
    engine::train::hide(input, hidden);
  }
  const auto output = network.model->forward(input);
  return network.model->loss(input, output, spec.loss, network.scale, 1.0).total.item<double>();
}

/// Networks, observed spectra and texts that a training reads without a climate, by what they are. Each moves the loss
/// of its micro-batch (of texts the first few are looked at), and none has a label.
std::map<std::string, std::size_t> partsThatCount(const std::string& out) {
  constexpr std::size_t kTextsTried = 8;
  const engine::run::RunDirectory run = engine::run::RunDirectory::open(out);
  const engine::config::RunSpec spec = engine::run::currentSpec(run);
  const data::store::Store store = engine::train::storeOf(spec);
  const data::batch::TrainingContent content = engine::train::loadContent(run, spec);
  engine::train::Network network = engine::train::loadBest(run, spec, content);
  engine::train::Feed feed(store, content, spec, engine::train::forTraining(spec));
  std::map<std::string, std::size_t> counts;
  data::batch::MultiModalBatch batch;
  feed.start(0);
  while (feed.next(batch)) {
    for (std::size_t b = 0; b < batch.size; ++b) {
      const std::string& id = batch.sampleIds[b];
      const bool text = id.starts_with("text ");
      if (!text && id.find("/network ") == std::string::npos && !id.ends_with("/spectra")) continue;
      const std::size_t count = ++counts[text ? "text" : id];
      EXPECT_EQ(batch.regime[b], -1) << id;
      EXPECT_TRUE(std::isnan(batch.viable[b]) && std::isnan(batch.fHab[b])) << id;
      if (text && count > kTextsTried) continue;
      EXPECT_NE(lossOf(network, spec, batch), lossOf(network, spec, batch, b)) << id;
      if (!id.ends_with("/network 0")) continue;
      const std::size_t rows = content.vocabulary->size();
      const float* held = &batch.graphs.reactions[b * rows];
      EXPECT_GT(std::accumulate(held, held + rows, 0.0F), 60.0F) << id << ": nothing to reconstruct it by";
      EXPECT_EQ(batch.graphs.archetype[b], -1) << id;
    }
  }
  return counts;
}

TEST(RealFiles, TrainAndPredictAndListObservedPlanets) {
  ECUMENE_NEEDS_SHARED(shared);
  const test::TempFolder folder;
  const std::string store = (folder / "store").string(), out = (folder / "run").string();
  std::vector<std::filesystem::path> files;
  for (const char* file :
       {"climate/exoplasim/earth_control", "climate/exoplasim/mdwarf_locked_aqua",
        "climate/exoplasim_thousandworlds/tw307", "metabolism/textbook.xml.gz",
        "spectra/observed/TRAPPIST-1e_JWST_PRISM_visit1.txt", "spectra/observed/K2-18b_niriss_soss_lowres.txt",
        "catalogue/nasa_pscomppars_2026-02_16col.csv", "text/arxiv_astro-ph.EP_2026.jsonl"}) {
    files.push_back(*shared / file);
  }
  import(store, files);
  const Finished refused = runProgram({"ecumene-train", "new", "--preset", "nano", "--data", store, "--out", out});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("data.split=real"), std::string::npos) << refused.err;
  train(store, out, {"data.split=real"});

  // What has no climate is learned from too, and the run says so.
  const auto run = engine::run::RunDirectory::open(out);
  const auto language = test::metric(run, "loss.language");
  EXPECT_TRUE(std::ranges::any_of(language, [](const auto& step) { return step.second > 1.0; }));
  std::map<std::string, std::size_t> parts = partsThatCount(out);
  EXPECT_GT(parts["text"], 100U);
  parts.erase("text");
  EXPECT_EQ(parts, (std::map<std::string, std::size_t>{
                       {"e_coli_core/network 0", 1}, {"k2-18-b/spectra", 1}, {"trappist-1-e/spectra", 1}}));
  const std::string said = "1 network, 2 planets with a measured spectrum, ";
  EXPECT_NE(test::events(run, "learns_from").at(0).text.find("without a climate " + said), std::string::npos);
  const std::string data = readFile(std::filesystem::path(out) / "data_card.md");
  EXPECT_NE(data.find("holds without a climate: " + said), std::string::npos) << data;
  EXPECT_NE(data.find("- http://arxiv.org/abs/; licence: CC0-1.0 (138 collected texts)\n"), std::string::npos) << data;

  // Every planet that was not generated is listed with its interval and flag; none is scored.
  const json report = json::parse(readFile(std::filesystem::path(out) / "report.json"));
  std::map<std::string, int> listed;
  for (const json& row : report.at("real")) {
    ++listed[row.at("planet").get<std::string>() + " " + row.at("split").get<std::string>()];
    EXPECT_TRUE(row.at("outside_training_hull").is_boolean()) << row.dump();
    EXPECT_LE(row.at("f_hab").at("low"), row.at("f_hab").at("high"));
    if (row.at("split") == "observed") {
      EXPECT_EQ(row.at("subset"), "graph+spectrum+text+scalars");
      EXPECT_TRUE(row.at("viable_label").is_null());
    } else {
      EXPECT_FALSE(row.at("outside_training_hull").get<bool>() && !beyond(row).empty()) << "it was trained on";
    }
  }
  EXPECT_EQ(listed["trappist-1-e observed"], 8);
  EXPECT_EQ(listed["k2-18-b observed"], 8);
  EXPECT_EQ(listed["earth_control real"], 16);  // with the cube and without
  EXPECT_TRUE(report.at("scores").empty());

  // From spectrum and catalogue: either changes the answer. There are no validation planets, so the train planets
  // themselves give the threshold, of the views that they have; of others ranges alone decide.
  const json asked = ask(out, "trappist-1-e"), blind = ask(out, "trappist-1-e", {"graph"});
  ASSERT_EQ(asked.size(), 8U);
  EXPECT_EQ(asked[0].at("views"), "graph+spectrum+scalars");  // no abstract names it
  EXPECT_TRUE(asked[0].at("outside_training_hull").is_boolean());
  EXPECT_EQ(asked[0].at("hull").at("threshold_from"), "training");
  EXPECT_GT(asked[0].at("hull").at("limit").get<double>(), 0.0);
  EXPECT_EQ(blind[0].at("views"), "spectrum+scalars");
  EXPECT_TRUE(blind[0].at("outside_training_hull").is_boolean());
  EXPECT_TRUE(blind[0].at("hull").at("threshold_from").is_null());
  // Nor is there anything to calibrate intervals by.
  EXPECT_EQ(asked[0].at("f_hab").at("calibrated"), false);
  EXPECT_NE(asked[0].at("not_calibrated_because").get<std::string>().find("no validation planets"), std::string::npos);
  const std::string plain = runProgram({"ecumene-train", "predict", out, "--planet", "trappist-1-e"}).out;
  EXPECT_NE(plain.find("uncalibrated"), std::string::npos) << plain;
  for (const char* view : {"spectrum", "scalars"}) {
    EXPECT_NE(asked[0].at("f_hab"), ask(out, "trappist-1-e", {view})[0].at("f_hab")) << view;
  }
  EXPECT_TRUE(ask(out, "k2-18-b", {"text"})[0].at("outside_training_hull").is_boolean());
  const std::string page = readFile(std::filesystem::path(out) / "report.md");
  EXPECT_NE(page.find("There are **no scores**"), std::string::npos) << page;
  EXPECT_EQ(page.find("These planets chose"), std::string::npos) << page;
  const std::string card = readFile(std::filesystem::path(out) / "model_card.md");
  EXPECT_EQ(card.find("on validation planets"), std::string::npos) << card;
  EXPECT_NE(card.find("No interval of f_hab and h050 is calibrated"), std::string::npos) << card;
  EXPECT_NE(card.find("training samples of 3 systems"), std::string::npos) << card;
}

TEST(ObservedPlanets, OfAMixedStoreHaveTheirFlag) {
  const test::TempFolder folder;
  const std::string store = (folder / "store").string(), out = (folder / "run").string();
  std::filesystem::copy(test::smallStore(), store, std::filesystem::copy_options::recursive);
  std::vector<std::filesystem::path> files = {"resources/demo/wasp39b"};
  const auto shared = test::sharedData();
  if (shared) {
    files.push_back(*shared / "spectra/observed/TRAPPIST-1e_JWST_PRISM_visit1.txt");
    files.push_back(*shared / "catalogue/nasa_pscomppars_2026-02_16col.csv");
  }
  import(store, files);
  train(store, out, {});

  // A hot giant: outside by its spectrum alone, and by its size where a catalogue knows it.
  const json giant = ask(out, "wasp-39-b");
  ASSERT_EQ(giant.size(), 8U);
  EXPECT_EQ(giant[0].at("views"), shared ? "graph+spectrum+scalars" : "graph+spectrum");
  EXPECT_EQ(giant[0].at("outside_training_hull"), true) << giant[0].dump();
  EXPECT_TRUE(beyond(giant[0]).contains("transit_depth_median")) << giant[0].dump();
  if (!shared) GTEST_SKIP() << "without the outside data TRAPPIST-1 e and the catalogue are missing";
  EXPECT_TRUE(beyond(giant[0]).contains("planet_radius")) << giant[0].dump();
  const std::string plain = runProgram({"ecumene-train", "predict", out, "--planet", "wasp-39-b"}).out;
  EXPECT_NE(plain.find("\nplanet_radius: "), std::string::npos) << plain;
  EXPECT_NE(plain.find("  outside: "), std::string::npos) << plain;

  const json temperate = ask(out, "trappist-1-e");
  ASSERT_EQ(temperate.size(), 8U);
  for (const json& row : temperate) {
    EXPECT_EQ(row.at("views"), "graph+spectrum+scalars");
    EXPECT_TRUE(row.at("outside_training_hull").is_boolean());
    EXPECT_EQ(row.at("hull").at("threshold_from"), "training");  // six planets have too few validation planets
    const bool far = row.at("hull").at("distance") > row.at("hull").at("limit");
    EXPECT_EQ(row.at("outside_training_hull"), far || !beyond(row).empty());
  }
  // From spectrum and catalogue alone.
  for (const json& row : ask(out, "trappist-1-e", {"text", "graph"})) {
    EXPECT_EQ(row.at("views"), "spectrum+scalars");
    EXPECT_TRUE(row.at("outside_training_hull").is_boolean()) << row.dump();
  }
}

}  // namespace
}  // namespace ecumene
