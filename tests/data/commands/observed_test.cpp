// SPDX-License-Identifier: Apache-2.0
// Observed planets as the program shows them: one planet for all its spectra, with what catalogues and texts add.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/run_program.h"

namespace ecumene::test {
namespace {

using Json = nlohmann::json;

void writeSpectrum(const std::filesystem::path& path, int depthPpm) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path);
  out << "wavelength (um),depth (ppm),error (ppm)\n";
  for (int i = 0; i < 10; ++i) out << 1.0 + 0.1 * i << ',' << depthPpm + i << ",50\n";
}

TEST(ObservedPlanets, SpectraCataloguesAndTextsMeetUnderOneName) {
  const TempFolder folder;
  const std::string store = folder / "store";
  writeSpectrum(folder / "files/a/TRAPPIST-1e_visit1.csv", 5000);
  writeSpectrum(folder / "files/b/trappist1e_visit2.csv", 5100);
  writeSpectrum(folder / "files/c/spectrum.csv", 6000);
  writeSpectrum(folder / "files/d/spectrum.csv", 7000);
  // Gillon et al. 2017 and Agol et al. 2021, rounded.
  std::ofstream(folder / "files/nasa.csv")
      << "pl_name,hostname,pl_orbper,pl_rade,st_teff\nTRAPPIST-1 e,TRAPPIST-1,6.101,0.92,2566\n";
  std::filesystem::copy_file("tests/data/formats/fixtures/mentions.jsonl", folder / "files/mentions.jsonl");
  const Finished came = runProgram({"ecumene-data", "import", folder / "files", "--json", "--store", store});
  ASSERT_EQ(came.code, 0) << came.out << came.err;
  std::size_t added = 0;
  for (const Json& outcome : Json::parse(came.out)) {
    EXPECT_EQ(outcome["status"], "imported");
    added += outcome["message"].get<std::string>().find("added to trappist-1-e") != std::string::npos ? 1U : 0U;
  }
  EXPECT_EQ(added, 1U);

  const Json list = Json::parse(runProgram({"ecumene-data", "list", "--json", "--store", store}).out)["planets"];
  // Two files that name no planet may be of two planets.
  ASSERT_EQ(list.size(), 3U) << list;
  const Json& row = list[2];
  EXPECT_EQ(row["id"], "trappist-1-e");
  EXPECT_EQ(row["spectra"], 2);
  EXPECT_EQ(row["texts"], 1);
  EXPECT_EQ(row["star"], "M");

  const Json shown = Json::parse(runProgram({"ecumene-data", "show", "trappist-1-e", "--json", "--store", store}).out);
  EXPECT_EQ(shown["spectra"].size(), 2U);
  ASSERT_EQ(shown["texts"].size(), 1U);
  EXPECT_EQ(shown["texts"][0]["id"], "m1");
  const std::string words = runProgram({"ecumene-data", "show", "trappist-1-e", "--store", store}).out;
  EXPECT_NE(words.find("A mock abstract on TRAPPIST-1 e"), std::string::npos) << words;
  EXPECT_NE(words.find("6.101"), std::string::npos) << words;
  EXPECT_NE(words.find("spectrum[1]"), std::string::npos) << words;

  const Finished checked = runProgram({"ecumene-data", "check", "--store", store});
  EXPECT_EQ(checked.code, 0) << checked.out;

  // Again they are there; with the planet goes all of it.
  for (const Json& outcome : Json::parse(
           runProgram({"ecumene-data", "import", folder / "files/a", folder / "files/b", "--json", "--store", store})
               .out)) {
    EXPECT_EQ(outcome["message"], "already in the store");
  }
  EXPECT_EQ(runProgram({"ecumene-data", "remove", "trappist-1-e", "--store", store}).code, 0);
  EXPECT_EQ(Json::parse(runProgram({"ecumene-data", "list", "--json", "--store", store}).out)["planets"].size(), 2U);
  EXPECT_EQ(runProgram({"ecumene-data", "check", "--store", store}).code, 0);
}

TEST(ObservedPlanets, TheSameNumbersOfTwoPlanetsAreTwoSpectra) {
  const TempFolder folder;
  const std::string store = folder / "store";
  writeSpectrum(folder / "template.csv", 5000);
  for (const std::string id : {"wasp-39-b", "k2-18-b"}) {
    const Finished came = runProgram(
        {"ecumene-data", "import", folder / "template.csv", "--set", "planet=" + id, "--json", "--store", store});
    ASSERT_EQ(came.code, 0) << came.out << came.err;
    EXPECT_EQ(Json::parse(came.out)[0]["id"], id);
  }
  EXPECT_EQ(Json::parse(runProgram({"ecumene-data", "list", "--json", "--store", store}).out)["planets"].size(), 2U);
  EXPECT_EQ(runProgram({"ecumene-data", "check", "--store", store}).code, 0);
}

Json marksOf(const std::string& store, const std::string& id) {
  return Json::parse(runProgram({"ecumene-data", "show", id, "--json", "--store", store}).out)["quality"];
}

TEST(ObservedPlanets, CataloguesThatDisagreeMarkThePlanetWhateverCameFirst) {
  const TempFolder folder;
  writeSpectrum(folder / "K2-18b.csv", 2900);
  // 3457 K: Cloutier et al. 2017. 9000 K is no M dwarf.
  std::ofstream(folder / "a.csv") << "pl_name,hostname,st_teff\nK2-18 b,K2-18,3457\n";
  std::ofstream(folder / "b.csv") << "pl_name,hostname,st_teff\nK2-18 b,K2-18,9000\n";
  const std::vector<std::vector<std::string>> orders{
      {"K2-18b.csv", "a.csv", "b.csv"}, {"a.csv", "b.csv", "K2-18b.csv"}, {"a.csv", "K2-18b.csv", "b.csv"}};
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const std::string store = folder / ("store" + std::to_string(i));
    for (const std::string& file : orders[i]) {
      ASSERT_EQ(runProgram({"ecumene-data", "import", folder / file, "--store", store}).code, 0);
      const Finished checked = runProgram({"ecumene-data", "check", "--store", store});
      EXPECT_EQ(checked.code, 0) << file << ": " << checked.out;
    }
    Json agreement;
    for (const Json& mark : marksOf(store, "k2-18-b")) {
      if (mark["name"] == "agreement") agreement = mark;
    }
    ASSERT_FALSE(agreement.is_null()) << marksOf(store, "k2-18-b");
    EXPECT_EQ(agreement["passed"], false);
    EXPECT_NE(agreement["message"].get<std::string>().find("9000"), std::string::npos) << agreement;
    EXPECT_EQ(marksOf(store, "k2-18-b"), marksOf(folder / "store0", "k2-18-b"));
    EXPECT_EQ(runProgram({"ecumene-data", "list", "--json", "--store", store}).out,
              runProgram({"ecumene-data", "list", "--json", "--store", folder / "store0"}).out);
  }
}

TEST(ObservedPlanets, AStoreWithTheArchivesTableIsSound) {
  const char* shared = std::getenv("ECUMENE_SHARED");
  const std::filesystem::path data = std::filesystem::path(shared == nullptr ? "" : shared) / "data";
  const std::vector<std::filesystem::path> files{
      data / "spectra/observed/K2-18b_niriss_soss_lowres.txt",
      data / "catalogue/nasa_pscomppars_2026-02_16col.csv",
  };
  if (!std::filesystem::exists(files[0]) || !std::filesystem::exists(files[1])) {
    GTEST_SKIP() << "the outside data ($ECUMENE_SHARED/data) is not on this machine";
  }
  const TempFolder folder;
  for (const bool turned : {false, true}) {
    const std::string store = folder / (turned ? "turned" : "store");
    for (const std::size_t i : {0U, 1U}) {
      const std::string file = files[turned ? 1 - i : i];
      ASSERT_EQ(runProgram({"ecumene-data", "import", file, "--store", store}).code, 0);
    }
    const Finished checked = runProgram({"ecumene-data", "check", "--store", store});
    EXPECT_EQ(checked.code, 0) << checked.out;
  }
  EXPECT_EQ(marksOf(folder / "store", "k2-18-b"), marksOf(folder / "turned", "k2-18-b"));
}

TEST(ObservedPlanets, TheEmbeddedFilesKeepTheirLicences) {
  const TempFolder folder;
  const std::string store = folder / "store";
  ASSERT_EQ(runProgram({"ecumene-data", "import", "resources/demo/wasp39b", "--store", store}).code, 0);
  const Json shown = Json::parse(runProgram({"ecumene-data", "show", "wasp-39-b", "--json", "--store", store}).out);
  EXPECT_EQ(shown["provenance"][0]["licence"], "MIT");
}

}  // namespace
}  // namespace ecumene::test
