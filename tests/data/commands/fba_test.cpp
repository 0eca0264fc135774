// SPDX-License-Identifier: Apache-2.0
// `ecumene-data fba` on stored metabolisms and on files.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/data/formats/shared_data.h"
#include "tests/support/ecumene_data.h"
#include "tests/support/reference.h"

namespace ecumene::test {
namespace {

using Json = nlohmann::json;

TEST(FbaWord, SolvesAStoredMetabolismAsItsPlanetFeedsIt) {
  const TempFolder folder;
  const std::string store = folder / "store";
  parsed(ecumeneData({"generate", "--planets", "4", "--seed", "5", "--json", "--store", store}));
  std::size_t grown = 0, phototrophs = 0, dry = 0;
  const Json list = parsed(ecumeneData({"list", "--json", "--store", store}));
  for (const Json& row : list["planets"]) {
    const std::string id = row["id"];
    const Json shown = parsed(ecumeneData({"show", id, "--json", "--store", store}));
    for (const Json& c : shown["metabolisms"]) {
      const std::string word = id + ":" + c["network"]["word"].get<std::string>();
      const Json& verdict = c["viability"];
      if (verdict["maintenance_mmol_atp"].is_null()) {
        const Finished refused = ecumeneData({"fba", word, "--json", "--store", store});
        EXPECT_EQ(refused.code, 1) << word;
        EXPECT_NE(refused.err.find("no liquid water"), std::string::npos) << refused.err;
        ++dry;
        continue;
      }
      const Json solved = parsed(ecumeneData({"fba", word, "--json", "--store", store}));
      EXPECT_EQ(solved["status"] == "optimal", verdict["optimal"].get<bool>()) << word;
      EXPECT_EQ(solved["environment"]["window_temperature_K"], verdict["window_temperature_k"]);
      if (!verdict["optimal"].get<bool>()) continue;
      const double growth = verdict["growth_per_hour"];
      EXPECT_NEAR(solved["objective"].get<double>(), growth, 1e-6) << word;
      EXPECT_GE(solved["fluxes"]["ATPM"].get<double>(), verdict["maintenance_mmol_atp"].get<double>() - 1e-6) << word;
      grown += growth > 1e-6 ? 1U : 0U;
      phototrophs +=
          growth > 1e-6 && c["archetype"].get<std::string>().find("phototroph") != std::string::npos ? 1U : 0U;
    }
  }
  EXPECT_GT(grown, 5U);
  EXPECT_GT(phototrophs, 0U) << "the light of the planet is asked too";
  EXPECT_GT(dry, 0U);
}

TEST(FbaWord, TakesTheWordAndTheIdOfANetworkAndItsChanges) {
  const TempFolder folder;
  const std::string store = folder / "store";
  parsed(ecumeneData({"generate", "--planets", "4", "--seed", "5", "--json", "--store", store}));
  const Json list = parsed(ecumeneData({"list", "--json", "--store", store}));
  for (const Json& row : list["planets"]) {
    const std::string id = row["id"];
    const Json shown = parsed(ecumeneData({"show", id, "--json", "--store", store}));
    EXPECT_EQ(ecumeneData({"fba", id, "--store", store}).code, 1) << "several networks: which?";
    for (const Json& c : shown["metabolisms"]) {
      if (!c["viability"]["viable"].get<bool>()) continue;
      const std::string word = id + ":" + c["network"]["word"].get<std::string>();
      EXPECT_NE(ecumeneData({"show", id, "--store", store}).out.find(word.substr(id.size() + 1)), std::string::npos);
      const Json solved = parsed(ecumeneData({"fba", word, "--pfba", "--json", "--store", store}));
      const std::string byId = id + ":" + c["network"]["id"].get<std::string>();
      EXPECT_EQ(parsed(ecumeneData({"fba", byId, "--pfba", "--json", "--store", store})), solved);
      // Biomass holds phosphorus, maintenance takes none.
      const Json starved = parsed(ecumeneData({"fba", word, "--bound", "EX_pi_e=0:1000", "--json", "--store", store}));
      EXPECT_GT(solved["objective"].get<double>(), 1e-6);
      EXPECT_NEAR(starved["objective"].get<double>(), 0.0, 1e-9);
      const Finished unknown = ecumeneData({"fba", word, "--knockout", "NOPE", "--store", store});
      EXPECT_EQ(unknown.code, 1);
      EXPECT_NE(unknown.err.find("NOPE"), std::string::npos);
      return;
    }
  }
  FAIL() << "no viable metabolism on four planets of seed 5";
}

TEST(FbaWord, SolvesAFileAsCobrapyDoes) {
  const std::string model = "tests/data/formats/fixtures/toy.xml";
  const Json truth = reference("flux_toy.json");
  for (const auto& [name, condition] : truth["conditions"].items()) {
    std::vector<std::string> words{"fba", model, "--json"};
    for (const auto& [reaction, bounds] : condition["bounds"].items()) {
      words.insert(words.end(), {"--bound", reaction + "=" + bounds[0].dump() + ":" + bounds[1].dump()});
    }
    const Json solved = parsed(ecumeneData(words));
    EXPECT_TRUE(solved["environment"].is_null()) << "a file's bounds are its own";
    if (condition["growth"].is_string()) {
      EXPECT_EQ(solved["status"], condition["growth"]) << name;
      EXPECT_TRUE(solved["objective"].is_null()) << name;
    } else {
      EXPECT_EQ(solved["status"], "optimal") << name;
      EXPECT_NEAR(solved["objective"].get<double>(), condition["growth"].get<double>(), 1e-6) << name;
    }
  }
  const Json least = parsed(ecumeneData({"fba", model, "--pfba", "--json"}));
  EXPECT_NEAR(least["total_absolute_flux"].get<double>(), truth["pfba_total"].get<double>(), 1e-5);
  const Json stopped = parsed(ecumeneData({"fba", model, "--gene-knockout", "ldhA", "--json"}));
  EXPECT_NEAR(stopped["objective"].get<double>(), truth["gene_knockouts"]["ldhA"].get<double>(), 1e-6);
}

TEST(FbaWord, SaysWhyAWordThatMeansAFileNamesNone) {
  const TempFolder folder;
  const std::string store = folder / "store";
  std::filesystem::create_directory(folder / "models");
  const std::string missing = folder / "nofile", models = folder / "models";
  for (const auto& [word, why] :
       std::vector<std::pair<std::string, std::string>>{{missing, "there is no such file"},
                                                        {"nofile.xml", "there is no such file"},
                                                        {"No File.sbml", "there is no such file"},
                                                        {"nofile.xml.gz", "there is no such file"},
                                                        {"nofile.json", "there is no such file"},
                                                        {models, "this is a folder"},
                                                        {"/dev/null", "this is not a plain file"},
                                                        {std::string(300, 'x') + ".xml", "cannot open the file"}}) {
    const Finished refused = ecumeneData({"fba", word, "--store", store});
    EXPECT_NE(refused.code, 0) << word;
    EXPECT_NE(refused.err.find(word + ": " + why), std::string::npos) << refused.err;
    EXPECT_EQ(refused.err.find("id is not valid"), std::string::npos) << refused.err;
  }
  // An id may end like a file: the model of textbook.xml.gz without an id of its own is the planet textbook.xml.
  const std::string named = folder / "named.xml";
  std::filesystem::copy_file("tests/data/formats/fixtures/toy.xml", named);
  ASSERT_EQ(ecumeneData({"import", named, "--set", "planet=toy.xml", "--store", store}).code, 0);
  EXPECT_EQ(parsed(ecumeneData({"fba", "toy.xml", "--json", "--store", store}))["status"], "optimal");
  const Finished other = ecumeneData({"fba", "nofile.xml", "--store", store});
  EXPECT_NE(other.err.find("there is no such file"), std::string::npos) << other.err;
}

TEST(FbaWord, SolvesTheCoreOfEColiAsCobrapyDoes) {
  ECUMENE_NEEDS_SHARED(shared);
  const std::filesystem::path data = *shared / "metabolism";
  std::ifstream file(data / "e_coli_core_oracle.json");
  const Json oracle = Json::parse(file);
  const std::string model = data / "textbook.xml.gz";
  const Json solved = parsed(ecumeneData({"fba", model, "--json"}));
  EXPECT_EQ(solved["status"], "optimal");
  EXPECT_TRUE(solved["environment"].is_null()) << "a file's bounds are its own";
  EXPECT_NEAR(solved["objective"].get<double>(), oracle["fba_objective"].get<double>(), 1e-6);
  const Json least = parsed(ecumeneData({"fba", model, "--pfba", "--json"}));
  EXPECT_NEAR(least["total_absolute_flux"].get<double>(), oracle["pfba_total_absolute_flux"].get<double>(), 1e-4);
  const Json anaerobic = parsed(ecumeneData({"fba", model, "--bound", "EX_o2_e=0:1000", "--json"}));
  EXPECT_NEAR(anaerobic["objective"].get<double>(), std::stod(oracle["conditions"]["anaerobic"].get<std::string>()),
              1e-6);
  const Json hungry = parsed(ecumeneData({"fba", model, "--bound", "EX_glc__D_e=0:1000", "--json"}));
  EXPECT_EQ(hungry["status"], oracle["conditions"]["no_glucose"]);
  EXPECT_TRUE(hungry["objective"].is_null());
}

}  // namespace
}  // namespace ecumene::test
