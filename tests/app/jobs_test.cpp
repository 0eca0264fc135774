// SPDX-License-Identifier: Apache-2.0
// Imports and generation as jobs of a real daemon, with the real ecumene-data.
#include <gtest/gtest.h>

#include <fstream>

#include "data/formats/registry.h"
#include "tests/app/machine.h"
#include "tests/data/formats/fuzz/seeds.h"
#include "tests/support/ecumene_data.h"

namespace ecumene {
namespace {

using test::Finished;
using test::Json;
using test::Machine;

constexpr const char* kSpectrum = "wavelength_um,depth_ppm,error_ppm\n1.0,500,20\n1.1,510,20\n1.2,505,25\n";

class Store : public Machine {
 public:
  Store() { EXPECT_EQ(start().code, 0); }
  [[nodiscard]] std::string file(const std::string& name, const std::string& content) const {
    const std::string path = (folder() / name).string();
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  [[nodiscard]] Json job(std::int64_t id) const {
    const Json all = json({"jobs"});
    for (const Json& job : all.at("jobs")) {
      if (job.at("id") == id) return job;
    }
    return Json::object();
  }
  Json waitForJob(std::int64_t id, const std::function<bool(const Json&)>& wanted) const {
    Json now = job(id);
    for (int i = 0; i < 600 && !wanted(now); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      now = job(id);
    }
    EXPECT_TRUE(wanted(now)) << now.dump();
    return now;
  }
  /// Uploads, trees and lists of imports, which go behind the end of their job: false where they stay.
  [[nodiscard]] bool leavesNothing() const {
    for (int i = 0; i < 400; ++i) {
      if (leftovers() == 0) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    return false;
  }
  /// Outcomes of an import through the daemon, and of `ecumene-data` of the same files; paths below the folder, as the
  /// daemon has them.
  [[nodiscard]] std::pair<Json, Json> importedBothWays(const std::string& what,
                                                       std::vector<std::string> settings) const {
    std::vector<std::string> words = {"import", (folder() / what).string(), "--json"};
    for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
    std::vector<std::string> here = words;
    here.insert(here.begin(), {"--store", (folder() / "direct").string()});
    Json direct = Json::parse(test::ecumeneData(here).out);
    const std::string below = folder().path().string() + "/";
    for (Json& outcome : direct) {
      const std::string path = outcome.at("path");
      EXPECT_TRUE(path.starts_with(below)) << path;
      outcome["path"] = path.substr(below.size());
    }
    words.insert(words.begin(), "data");
    return {Json::parse(ctl(words).out).at("result"), direct};
  }

 private:
  [[nodiscard]] std::size_t leftovers() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(runs() / ".daemon" / "uploads"))
      ++count;
    for (const auto& entry : std::filesystem::directory_iterator(runs() / ".daemon" / "jobs")) {
      const std::string ending = entry.path().extension().string();
      if (ending == ".tree" || ending == ".list" || entry.path().filename().string().starts_with("begun-")) ++count;
    }
    return count;
  }
};

test::Seed seedOf(const std::string& format) {
  for (test::Seed& seed : test::seeds()) {
    if (seed.format == format) return seed;
  }
  throw std::runtime_error("no seed of " + format);
}

TEST(Jobs, ImportWhatIsSentAndSayWhy) {
  const Store store;
  const std::string good = store.file("GJ 436 b.csv", kSpectrum);
  const Json done = store.json({"data", "import", good});
  EXPECT_EQ(done.at("state"), "done");
  EXPECT_EQ(done.at("kind"), "import");
  EXPECT_FALSE(done.at("result").is_null());
  const Json planets = store.json({"data", "list"}).at("planets");
  ASSERT_EQ(planets.size(), 1U);
  EXPECT_EQ(planets[0].at("name"), "GJ 436 b");
  EXPECT_EQ(planets[0].at("spectra"), 1);
  const auto listed = [&](std::vector<std::string> filters) {
    filters.insert(filters.begin(), {"data", "list"});
    return store.json(filters).at("planets").size();
  };
  EXPECT_EQ(listed({"--with", "spectrum", "--without", "climate", "--without", "network"}), 1U);
  EXPECT_EQ(listed({"--with", "climate"}), 0U);
  EXPECT_EQ(listed({"--star", "F"}), 0U);
  EXPECT_EQ(listed({"--habitable", "yes"}), 0U);

  const Finished refused = store.ctl({"data", "import", store.file("noise.csv", "\x01\x02 no table"), "--json"});
  EXPECT_EQ(refused.code, 1) << refused.err;
  const Json job = Json::parse(refused.out);
  EXPECT_EQ(job.at("state"), "refused");
  EXPECT_NE(job.at("reason").get<std::string>().find("noise.csv: no format fits"), std::string::npos) << job.dump();
  EXPECT_NE(job.at("result").dump().find("noise.csv"), std::string::npos);
  EXPECT_TRUE(store.leavesNothing());
  EXPECT_EQ(store.json({"jobs"}).at("jobs").size(), 2U);
  EXPECT_EQ(store.ctl({"cancel", "1"}).code, 1);
  EXPECT_EQ(store.ctl({"jobs", "77"}).code, 1);
}

TEST(Jobs, ImportATreeAsEcumeneDataReadsItFromTheDisk) {
  const Store store;
  // Two climates of one name, one with planet.json beside it, one named after its folder; a licence beside a spectrum.
  const test::Seed climate = seedOf("exoplasim");
  test::write(climate, store.folder() / "drop/first world");
  test::write(climate, store.folder() / "drop/second");
  std::filesystem::remove(store.folder() / "drop/second/planet.json");
  (void)store.file("drop/GJ 436 b.csv", kSpectrum);
  (void)store.file("drop/GJ 436 b.csv.license",
                   "SPDX-License-Ident"
                   "ifier: CC-BY-4.0\n");
  (void)store.file("drop/notes.csv", "no table");
  (void)store.file("drop/README.md", "about");
  const auto [sent, direct] = store.importedBothWays("drop", {});
  EXPECT_EQ(sent, direct);
  ASSERT_EQ(sent.size(), 4U) << sent.dump(1);
  EXPECT_EQ(sent[0].at("path"), "drop/GJ 436 b.csv");
  EXPECT_NE(sent[0].dump().find("licence CC-BY-4.0"), std::string::npos) << sent[0].dump();
  EXPECT_EQ(sent[1].at("status"), "imported") << sent[1].dump();
  EXPECT_NE(sent[3].dump().find("named after its folder, 'second'"), std::string::npos) << sent[3].dump();
  EXPECT_EQ(store.json({"jobs"}).at("jobs").size(), 1U);
  const Json job = store.job(1);
  EXPECT_EQ(job.at("total"), 4);
  EXPECT_TRUE(job.at("what").get<std::string>().starts_with("drop/")) << job.dump();
  EXPECT_TRUE(job.at("reason").get<std::string>().starts_with("drop/notes.csv: ")) << job.dump();
  EXPECT_TRUE(store.leavesNothing());
}

TEST(Jobs, ImportASingleFileWithWhatLiesBesideIt) {
  const Store store;
  const std::filesystem::path world = test::write(seedOf("exoplasim"), store.folder() / "worlds/w1");
  (void)store.file("worlds/w1/other.nc", "not asked for");
  const auto [planet, direct] = store.importedBothWays("worlds/w1/" + world.filename().string(), {});
  EXPECT_EQ(planet.size(), 1U);
  EXPECT_EQ(planet.at(0).at("id"), direct.at(0).at("id"));
  EXPECT_EQ(planet.at(0).at("assumptions"), direct.at(0).at("assumptions"));
  EXPECT_EQ(planet.at(0).at("path"), "w1/MOST.00001.nc");
  EXPECT_EQ(planet.dump().find("no planet.json"), std::string::npos) << planet.dump();
}

TEST(Jobs, ImportAnArchiveWithItsTables) {
  const Store store;
  test::write(seedOf("thousandworlds"), store.folder() / "dataset/fields");
  std::filesystem::create_directories(store.folder() / "dataset/subsets/multi-partial");
  (void)store.file("dataset/inputs.csv",
                   "simulation_id,radius,gravity,rotation_period,surface_pressure,co2,ch4,stellar_flux,"
                   "stellar_temperature,gcm_label,is_target_gcm,in_target_physical_domain,planet_id,source\n"
                   "0,6371000.0,9.807,15.0,70040.0,0.0005,0.001,500.0,3000.0,exocam,True,True,495,this work\n");
  (void)store.file("dataset/subsets/multi-partial/test.csv", "simulation_id\n0\n");
  const auto [sent, direct] = store.importedBothWays("dataset/fields/all-obs.npz", {"simulation=0", "time=constant"});
  ASSERT_EQ(sent.size(), 1U) << sent.dump();
  EXPECT_EQ(sent.at(0).at("status"), "imported") << sent.dump();
  EXPECT_EQ(sent.at(0).at("id"), direct.at(0).at("id"));
  EXPECT_EQ(sent.at(0).at("assumptions"), direct.at(0).at("assumptions"));
  EXPECT_EQ(sent.dump().find("no ../inputs.csv"), std::string::npos) << sent.dump();
}

TEST(Jobs, ThatWaitKeepTheirTreeWhileThereIsNoDaemon) {
  const Store store;
  const std::int64_t first = store.json({"data", "generate", "--planets", "1000", "--no-wait"}).at("id");
  store.waitForJob(first, [](const Json& job) { return job.at("state") == "running"; });
  test::write(seedOf("exoplasim"), store.folder() / "w1");
  const std::int64_t second = store.json({"data", "import", (store.folder() / "w1").string(), "--no-wait"}).at("id");
  ::kill(store.daemonPid(), SIGKILL);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  std::filesystem::create_directories(store.runs() / ".daemon/jobs/begun-xxxxxx/w9");
  ASSERT_EQ(store.start().code, 0);
  EXPECT_EQ(store.ctl({"cancel", std::to_string(first)}).code, 0);
  const Json done = store.waitForJob(second, [](const Json& job) { return job.at("state") == "done"; });
  EXPECT_TRUE(store.leavesNothing());
}

TEST(Jobs, SayWhichOtherTheyWaitFor) {
  const Store store;
  const std::int64_t first = store.json({"data", "generate", "--planets", "5000", "--no-wait"}).at("id");
  const Finished begun = store.ctl({"data", "import", store.file("GJ 436 b.csv", kSpectrum), "--no-wait"});
  EXPECT_NE(begun.out.find("queued, waits for job 1 (generate)"), std::string::npos) << begun.out;
  EXPECT_EQ(store.ctl({"cancel", std::to_string(first)}).code, 0);
  const Finished ended = store.ctl({"jobs", "2"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out.find("waits for"), std::string::npos) << ended.out;
}

TEST(Jobs, SayWhatCanBeImported) {
  const Store store;
  const std::string help = store.ctl({"data", "import", "--help"}).out;
  for (const data::formats::Format& format : data::formats::formats()) {
    EXPECT_NE(help.find(std::string(format.reads)), std::string::npos) << format.name;
  }
}

TEST(Jobs, WhatCannotBeReadHereIsSaidAndTheRestIsImported) {
  const Store store;
  (void)store.file("drop/GJ 436 b.csv", kSpectrum);
  std::filesystem::create_directories(store.folder() / "drop2");
  const Finished sent =
      store.ctl({"data", "import", (store.folder() / "drop").string(), (store.folder() / "drop2").string()});
  EXPECT_EQ(sent.code, 1);
  EXPECT_NE(sent.err.find("drop2: the folder holds no file to import"), std::string::npos) << sent.err;
  EXPECT_EQ(store.json({"data", "list"}).at("planets").size(), 1U);
}

TEST(Jobs, WaitForTheirStoreSayHowFarTheyAreAndEndWhenCancelled) {
  const Store store;
  const auto begin = [&](const char* planets) {
    return store.json({"data", "generate", "--planets", planets, "--no-wait"}).at("id").get<std::int64_t>();
  };
  const std::int64_t first = begin("1000");
  const std::int64_t second = begin("1");
  store.waitForJob(first, [](const Json& job) { return job.at("done") >= 2; });
  EXPECT_EQ(store.job(first).at("total"), 1000);
  EXPECT_EQ(store.job(second).at("state"), "queued");
  EXPECT_EQ(store.ctl({"cancel", std::to_string(first)}).code, 0);
  EXPECT_EQ(store.job(first).at("state"), "cancelled");
  // Its planets are there, so the second has nothing left to do.
  store.waitForJob(second, [](const Json& job) { return job.at("state") == "done"; });
  EXPECT_GE(store.json({"data", "list"}).at("planets").size(), 2U);
}

TEST(Jobs, GoOnWhileThereIsNoDaemon) {
  const Store store;
  const std::int64_t id = store.json({"data", "generate", "--planets", "3", "--no-wait"}).at("id");
  store.waitForJob(id, [](const Json& job) { return job.at("state") == "running"; });
  ::kill(store.daemonPid(), SIGKILL);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  ASSERT_EQ(store.start().code, 0);
  store.waitForJob(id, [](const Json& job) { return job.at("state") == "done"; });
  EXPECT_EQ(store.json({"data", "list"}).at("planets").size(), 3U);
}

}  // namespace
}  // namespace ecumene
