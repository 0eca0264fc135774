// SPDX-License-Identifier: Apache-2.0
// `ecumene-data export`, and what hostile files do to a store: nothing.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/formats/child/import_walls.h"
#include "data/formats/export/export.h"
#include "data/formats/registry.h"
#include "data/store/store.h"
#include "tests/data/formats/fuzz/hostile_files.h"
#include "tests/support/ecumene_data.h"
#include "tests/support/small_disk.h"

namespace ecumene::test {
namespace {

constexpr const char* kClimate = "resources/demo/tw307/MOST.00001.nc";

/// sha-256 of every payload and of what `list` says.
std::map<std::string, std::string> contentOf(const std::string& store) {
  std::map<std::string, std::string> content{{"list", ecumeneData({"list", "--json", "--store", store}).out}};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store + "/planets")) {
    if (entry.is_regular_file()) content[entry.path().string()] = sha256OfFile(entry.path());
  }
  return content;
}

TEST(Export, AFolderOfItsOwnThatImportsAgainToTheSameNumbers) {
  const TempFolder folder;
  const std::string store = folder / "store", again = folder / "again", out = folder / "out";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  const nlohmann::json exported = parsed(ecumeneData({"export", "tw307", "--to", out, "--json", "--store", store}));
  EXPECT_EQ(exported["folder"], out + "/tw307");
  for (const auto& file : exported["files"]) {
    EXPECT_TRUE(std::filesystem::exists(out + "/tw307/" + file.get<std::string>())) << file;
  }
  EXPECT_EQ(ecumeneData({"export", "tw307", "--to", out, "--store", store}).code, 2);
  EXPECT_EQ(ecumeneData({"export", "tw307", "--to", out, "--force", "--store", store}).code, 0);
  EXPECT_EQ(ecumeneData({"export", "nobody", "--to", out, "--store", store}).code, 1);

  ASSERT_EQ(ecumeneData({"import", out + "/tw307/climate.nc", "--store", again}).code, 0);
  const data::store::Store first = data::store::Store::open(store, data::store::Mode::kRead);
  const data::store::Store second = data::store::Store::open(again, data::store::Mode::kRead);
  ASSERT_EQ(second.list().size(), 1U);
  const data::planet::Planet before = first.get("tw307"), after = second.get(second.list().front().id);
  EXPECT_EQ(after.name, before.name);
  // To the bit before the store packs them anew.
  const data::planet::Import read = data::formats::importFile(out + "/tw307/climate.nc", {});
  EXPECT_TRUE(read.planet.climate->fields == before.climate->fields);
  EXPECT_TRUE(after.climate->fields == before.climate->fields);
  EXPECT_EQ(after.climate->grid, before.climate->grid);
  EXPECT_EQ(after.climate->landFraction, before.climate->landFraction);
  EXPECT_EQ(after.systemKey, before.systemKey);
  EXPECT_EQ(after.scalars, before.scalars);
  EXPECT_EQ(after.truth->bulk, before.truth->bulk);
  EXPECT_EQ(after.labels->regime, before.labels->regime);
}

TEST(Export, ComesBackIntoItsOwnStoreAsThePlanetThatIsThere) {
  const TempFolder folder;
  const std::string store = folder / "store", out = folder / "out";
  std::filesystem::create_directory(folder / "alone");
  std::filesystem::copy_file(kClimate, folder / "alone/MOST.00001.nc");
  for (const std::string& file :
       {std::string(kClimate), (folder / "alone").string(), std::string("tests/data/formats/fixtures/toy.xml"),
        std::string("resources/demo/wasp39b")}) {
    const nlohmann::json came = parsed(ecumeneData({"import", file, "--json", "--store", store}));
    ASSERT_EQ(came.size(), 1U) << file;
    const std::string id = came[0]["id"];
    const nlohmann::json exported = parsed(ecumeneData({"export", id, "--to", out, "--json", "--store", store}));
    const std::string first = out + "/" + id + "/" + exported["files"][0].get<std::string>();
    for (int times = 0; times < 2; ++times) {
      const nlohmann::json again = parsed(ecumeneData({"import", first, "--json", "--store", store}));
      ASSERT_EQ(again.size(), 1U);
      EXPECT_EQ(again[0]["message"], "already in the store") << first;
      EXPECT_EQ(again[0]["id"], id) << first;
    }
  }
  // The simulated spectra of a climate, too.
  const nlohmann::json simulated =
      parsed(ecumeneData({"import", out + "/tw307/spectrum-1.ecsv", "--json", "--store", store}));
  EXPECT_EQ(simulated[0]["message"], "already in the store");
  EXPECT_EQ(simulated[0]["id"], "tw307");
  EXPECT_EQ(data::store::Store::open(store, data::store::Mode::kRead).totals().planets, 4U);
  // The same climate with other words about its planet is another planet.
  const std::string sidecar = out + "/tw307/planet.json";
  nlohmann::json changed = nlohmann::json::parse(readFile(sidecar));
  changed["parameters"]["radius_earth"] = changed["parameters"]["radius_earth"].get<double>() * 1.001;
  std::ofstream(sidecar) << changed;
  const nlohmann::json other = parsed(ecumeneData({"import", out + "/tw307/climate.nc", "--json", "--store", store}));
  EXPECT_EQ(other[0]["id"], "tw307-2");
}

TEST(Export, AndWhatItIsOfAreOnePlanetWhenTheyComeTogether) {
  const TempFolder folder;
  const std::string store = folder / "store", out = folder / "out";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  ASSERT_EQ(ecumeneData({"export", "tw307", "--to", out, "--store", store}).code, 0);
  const std::string fresh = folder / "fresh";
  ASSERT_EQ(ecumeneData({"import", kClimate, out + "/tw307/climate.nc", "--store", fresh}).code, 0);
  EXPECT_EQ(data::store::Store::open(fresh, data::store::Mode::kRead).totals().planets, 1U);
}

TEST(Export, KeepsTheWaterThatNoMapShows) {
  const TempFolder folder;
  const std::string store = folder / "store", out = folder / "out";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  data::planet::Planet planet = data::store::Store::open(store, data::store::Mode::kRead).get("tw307");
  ASSERT_TRUE(planet.truth);
  planet.climate->landFraction.clear();
  planet.truth->surface.oceanFraction = 0.25;
  planet.truth->surface.soilMoistureM = 0.125;
  const data::formats::Exported exported = data::formats::exportPlanet(planet, out, false);
  const data::planet::Import back = data::formats::importFile(exported.folder / "climate.nc", {});
  EXPECT_EQ(back.planet.truth->surface.oceanFraction, 0.25);
  EXPECT_EQ(back.planet.truth->surface.soilMoistureM, 0.125);
}

TEST(Export, OntoAFullDiskIsToldAndLeavesNothing) {
  const TempFolder folder;
  const std::string store = folder / "store";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  const SmallDisk disk(folder / "disk", std::size_t{600} << 10U);
  if (!disk.mounted()) GTEST_SKIP() << "a tmpfs cannot be mounted here (needs root with the right to mount)";
  const std::string out = folder / "disk/out";
  const Finished full = ecumeneData({"export", "tw307", "--to", out, "--store", store});
  EXPECT_EQ(full.code, 3) << full.err;
  EXPECT_NE(full.err.find("No space left"), std::string::npos) << full.err;
  EXPECT_TRUE(std::filesystem::is_empty(out));
}

TEST(Export, OfAClimateThatStatesNothingStatesNothing) {
  const TempFolder folder;
  const std::string store = folder / "store", out = folder / "out";
  std::filesystem::create_directory(folder / "alone");
  std::filesystem::copy_file(kClimate, folder / "alone/MOST.00001.nc");
  ASSERT_EQ(ecumeneData({"import", folder / "alone", "--store", store}).code, 0);
  ASSERT_EQ(ecumeneData({"export", "alone", "--to", out, "--store", store}).code, 0);
  const data::planet::Planet before = data::store::Store::open(store, data::store::Mode::kRead).get("alone");
  const data::planet::Import back = data::formats::importFile(out + "/alone/climate.nc", {});
  EXPECT_FALSE(before.truth.has_value());
  EXPECT_FALSE(back.planet.truth.has_value());
  EXPECT_EQ(back.planet.systemKey, before.systemKey);
  EXPECT_EQ(back.planet.name, before.name);
}

TEST(Import, OfAFolderPassesByWhatEcumeneKeepsInIt) {
  const TempFolder folder;
  const std::filesystem::path project = folder / "project";
  const std::string store = project / "data/store";
  for (const char* inside : {"tables", ".git/objects", "run", "saved/step-0000000010"})
    std::filesystem::create_directories(project / inside);
  std::filesystem::copy_file("tests/data/formats/fixtures/toy.xml", project / "tables/toy.xml");
  for (const char* file : {".git/objects/ab", "run/run.toml", "run/run.sqlite", "run/notes.txt",
                           "saved/step-0000000010/manifest.json", "saved/step-0000000010/manifest.sha256"})
    std::ofstream(project / file) << "not for people";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  const Finished came = ecumeneData({"import", project.string(), "--json", "--store", store});
  const nlohmann::json outcomes = parsed(came);
  ASSERT_EQ(outcomes.size(), 1U) << came.out;
  EXPECT_EQ(outcomes[0]["path"], (project / "tables/toy.xml").string());
  for (const char* what : {"data/store (a store of planets)", "run (a run)", "saved/step-0000000010 (a checkpoint)"}) {
    EXPECT_NE(came.err.find(what), std::string::npos) << came.err;
  }
  EXPECT_EQ(std::count(came.err.begin(), came.err.end(), '\n'), 1) << came.err;
  // Named itself, it is refused with what to do instead.
  const Finished named = ecumeneData({"import", store, "--json", "--store", folder / "other"});
  EXPECT_EQ(named.code, 1);
  EXPECT_NE(nlohmann::json::parse(named.out)[0]["message"].get<std::string>().find("ecumene-data export"),
            std::string::npos)
      << named.out;
}

/// The exit code of the program under a limit of the shell's `ulimit`, or 128 and its signal; what it said goes to
/// `said`.
int underLimit(const std::string& limit, const std::string& words, const std::string& said) {
  const std::string program = programFolder() + "/ecumene-data " + words;
  const int status = std::system(("( ulimit " + limit + "; " + program + " ) > /dev/null 2> " + said).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(Import, ALimitOnTheSizeOfFilesIsToldAndTheStoreStaysWhole) {
  const TempFolder folder;
  const std::string store = folder / "store", said = folder / "said";
  EXPECT_EQ(underLimit("-f 1000", std::string("import ") + kClimate + " --store " + store, said), 3);
  EXPECT_NE(readFile(said).find("File too large"), std::string::npos) << readFile(said);
  EXPECT_EQ(parsed(ecumeneData({"check", "--json", "--store", store}))["planets"], 0);
  EXPECT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
}

TEST(Export, ALimitOnTheSizeOfFilesIsNamed) {
  const TempFolder folder;
  const std::string store = folder / "store", said = folder / "said", out = folder / "out";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  EXPECT_EQ(underLimit("-f 100", "export tw307 --to " + out + " --store " + store, said), 3);
  EXPECT_NE(readFile(said).find("50 KiB (ulimit -f)"), std::string::npos) << readFile(said);
  EXPECT_TRUE(std::filesystem::is_empty(out));
}

TEST(Import, ALimitOfTheShellIsNotBlamedOnTheFile) {
  const TempFolder folder;
  if (data::formats::memoryIsLimited()) {
    const std::string said = folder / "said", network = folder / "network.json", store = folder / "small";
    std::ofstream file(network);
    file << R"({"id": "m", "genes": [], "reactions": [], "metabolites": [{"id": "a", "compartment": "c"})";
    for (int i = 0; i < 1000000; ++i)
      file << R"(, {"id": "m)" << i << R"(", "compartment": "c", "formula": "C6H12O6"})";
    file << "]}";
    file.close();
    EXPECT_EQ(underLimit("-v 300000", "import " + network + " --store " + store + " >&2", said), 3);
    EXPECT_NE(readFile(said).find("3072 MiB of memory, found 292 MiB (ulimit -v)"), std::string::npos)
        << readFile(said);
    EXPECT_EQ(readFile(said).find("hostile"), std::string::npos) << readFile(said);
  }
#ifndef __SANITIZE_ADDRESS__  // whose checks of pointers open pipes
  const std::string said = folder / "said";
  const std::string words = std::string("import ") + kClimate + " --store " + (folder / "store").string();
  EXPECT_EQ(underLimit("-n 12", words, said), 3) << readFile(said);
  EXPECT_NE(readFile(said).find("Too many open files"), std::string::npos) << readFile(said);
  EXPECT_EQ(readFile(said).find("defect"), std::string::npos) << readFile(said);
#endif
}

TEST(Import, OfAnExportTakesThePlanetAndNotItsNetworksAsPlanets) {
  const TempFolder folder;
  const std::string store = folder / "store", again = folder / "again", out = folder / "out";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  ASSERT_EQ(ecumeneData({"export", "tw307", "--to", out, "--store", store}).code, 0);
  const Finished came = ecumeneData({"import", out, "--store", again});
  EXPECT_EQ(came.code, 0) << came.out << came.err;
  EXPECT_NE(came.err.find("passed by 19 networks and simulated spectra"), std::string::npos) << came.err;
  const nlohmann::json before = parsed(ecumeneData({"show", "tw307", "--json", "--store", store}));
  const nlohmann::json after = parsed(ecumeneData({"show", "tw307", "--json", "--store", again}));
  ASSERT_EQ(after["metabolisms"].size(), before["metabolisms"].size());
  for (std::size_t i = 0; i < after["metabolisms"].size(); ++i)
    EXPECT_EQ(after["metabolisms"][i]["network"], before["metabolisms"][i]["network"]);
  EXPECT_EQ(after["spectra"].size(), before["spectra"].size());
  EXPECT_EQ(parsed(ecumeneData({"list", "--json", "--store", again}))["planets"].size(), 1U);
  // Named itself, a network is read.
  for (const auto& file : std::filesystem::directory_iterator(out + "/tw307")) {
    if (!file.path().filename().string().starts_with("network-methanogen-")) continue;
    EXPECT_EQ(parsed(ecumeneData({"import", file.path(), "--json", "--store", again}))[0]["kind"], "network");
  }
  EXPECT_EQ(parsed(ecumeneData({"list", "--json", "--store", again}))["planets"].size(), 3U);
}

TEST(Import, OfAFolderSaysWhatIsNoFile) {
  const TempFolder folder;
  std::filesystem::create_directories(folder / "files/inside");
  std::filesystem::create_directory(folder / "elsewhere");
  std::filesystem::copy_file("tests/data/formats/fixtures/toy.xml", folder / "files/toy.xml");
  std::filesystem::create_directory_symlink(folder / "elsewhere", folder / "files/linked");
  std::filesystem::create_symlink("loop", folder / "files/loop");
  ASSERT_EQ(::mkfifo((folder / "files/fifo.csv").c_str(), 0600), 0);
  const Finished came = ecumeneData({"import", folder / "files", "--store", folder / "store"});
  EXPECT_EQ(came.code, 0) << came.err;
  for (const char* said : {"linked (a link to a folder)", "loop (a link that leads to no file)", "fifo.csv (a pipe)"}) {
    EXPECT_NE(came.err.find(said), std::string::npos) << said << " in " << came.err;
  }
}

TEST(Import, SaysThatAPlanetFailedAQualityCheck) {
  const TempFolder folder;
  const std::string store = folder / "store";
  const auto imported = [&](const std::string& name, int depthPpm) {
    std::ofstream table(folder / name);
    table << "wavelength (um),depth (ppm),error (ppm)\n";
    for (int i = 0; i < 40; ++i) table << 1.0 + 0.1 * i << ',' << depthPpm << ",50\n";
    table.close();
    return ecumeneData({"import", folder / name, "--store", store}).out;
  };
  EXPECT_EQ(imported("WASP-39b_one.csv", 21000).find("quality"), std::string::npos);
  // Both are measured, and differ by eighty of their errors.
  const std::string other = imported("WASP-39b_two.csv", 25000);
  EXPECT_NE(other.find("\n          quality: failed agreement: "), std::string::npos) << other;
}

TEST(Import, GoesOnUnderLimitsThatAreTighterThanItsOwn) {
  const TempFolder folder;
  const std::string said = folder / "said";
  EXPECT_EQ(underLimit("-n 100", std::string("import ") + kClimate + " --store " + (folder / "store").string(), said),
            0)
      << readFile(said);
}

TEST(Import, AnEmptyNameOrSettingIsAMistakeOfUse) {
  const TempFolder folder;
  const std::string store = folder / "store";
  ASSERT_EQ(ecumeneData({"import", "tests/data/formats/fixtures/toy.xml", "--store", store}).code, 0);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"import", "", "--store", store}, {"export", "toy", "--to", "", "--store", store}}) {
    const Finished refused = ecumeneData(words);
    EXPECT_EQ(refused.code, 2) << words[0];
    EXPECT_NE(refused.err.find("the name is empty"), std::string::npos) << refused.err;
  }
  // What a script's unset variable leaves of --set planet=$NAME.
  const Finished set = ecumeneData({"import", kClimate, "--set", "planet=", "--store", store});
  EXPECT_EQ(set.code, 2);
  EXPECT_NE(set.err.find("--set planet=: the setting has no value"), std::string::npos) << set.err;
}

TEST(Import, HostileFilesAreRefusedAndTheStoreIsAsItWas) {
  const TempFolder folder;
  const std::string store = folder / "store", bad = folder / "bad";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  const std::map<std::string, std::string> before = contentOf(store);
  std::filesystem::create_directory(bad);
  std::size_t files = 0;
  for (const HostileFile& hostile : hostileFiles()) {
    std::ofstream(bad + "/" + hostile.name, std::ios::binary) << hostile.content;
    ++files;
  }
  const Finished refused = ecumeneData({"import", bad, "--json", "--store", store});
  EXPECT_EQ(refused.code, 1) << refused.err;
  const nlohmann::json outcomes = nlohmann::json::parse(refused.out);
  EXPECT_EQ(outcomes.size(), files);
  for (const auto& outcome : outcomes) {
    EXPECT_EQ(outcome["status"], "refused") << outcome;
    EXPECT_FALSE(outcome["message"].get<std::string>().empty()) << outcome;
  }
  EXPECT_EQ(contentOf(store), before);
  EXPECT_TRUE(parsed(ecumeneData({"check", "--json", "--store", store}))["problems"].empty());
}

}  // namespace
}  // namespace ecumene::test
