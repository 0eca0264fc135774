// SPDX-License-Identifier: Apache-2.0
// A store of real files alone: climates of a circulation model, a curated network, measured spectra, an archive's
// table, abstracts. Nothing in it is generated.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "data/base/files.h"
#include "tests/data/formats/shared_data.h"
#include "tests/engine/train/small_run.h"

namespace ecumene {
namespace {

using nlohmann::json;
using test::Finished;
using test::runProgram;

TEST(RealFiles, TrainAndPredictAndListObservedPlanets) {
  ECUMENE_NEEDS_SHARED(shared);
  const test::TempFolder folder;
  const std::string store = (folder / "store").string(), out = (folder / "run").string();
  std::vector<std::string> import = {"import", "--store", store};
  for (const char* file :
       {"climate/exoplasim/earth_control", "climate/exoplasim/mdwarf_locked_aqua",
        "climate/exoplasim_thousandworlds/tw307", "metabolism/textbook.xml.gz",
        "spectra/observed/TRAPPIST-1e_JWST_PRISM_visit1.txt", "spectra/observed/K2-18b_niriss_soss_lowres.txt",
        "catalogue/nasa_pscomppars_2026-02_16col.csv", "text/arxiv_astro-ph.EP_2026.jsonl"}) {
    import.push_back((*shared / file).string());
  }
  ASSERT_EQ(test::ecumeneData(import).code, 0);
  const Finished made = runProgram({"ecumene-train", "new", "--preset", "nano", "--data", store, "--out", out, "--set",
                                    "data.split=real", "--set", "train.device=cpu"});
  ASSERT_EQ(made.code, 0) << made.err;
  const Finished trained = runProgram({"ecumene-train", "run", out, "--json"});
  ASSERT_EQ(trained.code, 0) << trained.err;

  // Every planet that was not generated is listed with its interval; none is scored. Without validation planets there
  // is no hull, and so no flag.
  const json report = json::parse(readFile(std::filesystem::path(out) / "report.json"));
  std::map<std::string, int> listed;
  for (const json& row : report.at("real")) {
    ++listed[row.at("planet").get<std::string>() + " " + row.at("split").get<std::string>()];
    EXPECT_TRUE(row.at("out_of_hull").is_null());
    EXPECT_LE(row.at("f_hab").at("low"), row.at("f_hab").at("high"));
    if (row.at("split") == "observed") {
      EXPECT_EQ(row.at("subset"), "graph+spectrum+text+scalars");
      EXPECT_TRUE(row.at("viable_label").is_null());
    }
  }
  EXPECT_EQ(listed["trappist-1-e observed"], 8);
  EXPECT_EQ(listed["k2-18-b observed"], 8);
  EXPECT_EQ(listed["earth_control real"], 16);  // with the cube and without
  EXPECT_TRUE(report.at("scores").empty());
  const std::string text = readFile(std::filesystem::path(out) / "report.md");
  EXPECT_NE(text.find("| trappist-1-e | observed | none | not judged |"), std::string::npos) << text;

  const json asked = test::parsed(runProgram({"ecumene-train", "predict", out, "--planet", "trappist-1-e", "--json"}));
  ASSERT_EQ(asked.at("predictions").size(), 8U);
  EXPECT_TRUE(asked.at("predictions").at(0).at("outside_training_hull").is_null());
  EXPECT_FALSE(asked.at("predictions").at(0).at("not_judged_because").get<std::string>().empty());
  // From spectrum and catalogue: either changes the answer.
  for (const char* view : {"spectrum", "scalars"}) {
    const json without = test::parsed(
        runProgram({"ecumene-train", "predict", out, "--planet", "trappist-1-e", "--without", view, "--json"}));
    EXPECT_NE(asked.at("predictions").at(0).at("f_hab"), without.at("predictions").at(0).at("f_hab")) << view;
  }
}

}  // namespace
}  // namespace ecumene
