// SPDX-License-Identifier: Apache-2.0
// Imports and generation as jobs of a real daemon, with the real ecumene-data.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/app/machine.h"
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
  [[nodiscard]] std::size_t uploadsLeft() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(runs() / ".daemon" / "uploads"))
      ++count;
    return count;
  }
};

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

  const Finished refused = store.ctl({"data", "import", store.file("noise.csv", "\x01\x02 no table"), "--json"});
  EXPECT_EQ(refused.code, 1) << refused.err;
  const Json job = Json::parse(refused.out);
  EXPECT_EQ(job.at("state"), "refused");
  EXPECT_NE(job.at("reason").get<std::string>().find("noise.csv: no format fits"), std::string::npos) << job.dump();
  EXPECT_NE(job.at("result").dump().find("noise.csv"), std::string::npos);
  EXPECT_EQ(store.uploadsLeft(), 0U);
  EXPECT_EQ(store.json({"jobs"}).at("jobs").size(), 2U);
  EXPECT_EQ(store.ctl({"cancel", "1"}).code, 1);
  EXPECT_EQ(store.ctl({"jobs", "77"}).code, 1);
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
