// SPDX-License-Identifier: Apache-2.0
// What the daemon does with GPUs, with a library in the place of NVML that has those which a test wants.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "data/base/error.h"
#include "engine/daemon/inspectors.h"
#include "engine/daemon/monitor.h"
#include "engine/daemon/readings.h"
#include "tests/engine/daemon/fake_nvml.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::daemon {
namespace {

using test::FakeNvml;
constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;

class Gpus : public ::testing::Test {
 protected:
  Gpus() {
    library_ = ::dlopen(FAKE_NVML, RTLD_NOW | RTLD_LOCAL);
    if (library_ == nullptr) throw std::runtime_error(::dlerror());
    fake_ = reinterpret_cast<FakeNvml* (*)()>(::dlsym(library_, "fakeNvml"))();
    fake_->driver = true;
    fake_->count = 0;
  }
  ~Gpus() override {
    EXPECT_EQ(fake_->open, 0U);
    ::dlclose(library_);
  }
  void card(unsigned index, std::uint64_t used, std::uint64_t total, unsigned busy) {
    FakeNvml::Card& card = fake_->cards[index];
    card.memoryUsed = used;
    card.memoryTotal = total;
    card.busy = busy;
    card.fails = false;
    fake_->count = std::max(fake_->count.load(), index + 1);
  }

  void* library_ = nullptr;
  FakeNvml* fake_ = nullptr;
  test::TempFolder folder_;
};

TEST_F(Gpus, AreReadAsTheLibrarySaysThem) {
  card(0, 5 * kGiB, 24 * kGiB, 73);
  card(1, 0, 24 * kGiB, 0);
  fake_->cards[1].fails = true;
  const Nvml nvml(FAKE_NVML);
  EXPECT_EQ(nvml.absence(), "");
  const std::vector<GpuReading> gpus = nvml.read();
  ASSERT_EQ(gpus.size(), 2U);
  EXPECT_EQ(gpus[0].index, 0);
  EXPECT_EQ(gpus[0].name, "Fake A5000 0");
  EXPECT_EQ(gpus[0].memoryUsed, 5 * kGiB);
  EXPECT_EQ(gpus[0].memoryTotal, 24 * kGiB);
  EXPECT_DOUBLE_EQ(gpus[0].busy, 0.73);
  EXPECT_EQ(gpus[0].temperatureC, 61.0);
  EXPECT_EQ(gpus[0].powerW, 229.5);
  EXPECT_TRUE(std::isnan(gpus[0].recentBusy));
  EXPECT_EQ(gpus[1].name, "Fake A5000 1");
  EXPECT_EQ(gpus[1].memoryTotal, 0U);
  for (const double value : {gpus[1].busy, gpus[1].temperatureC, gpus[1].powerW}) EXPECT_TRUE(std::isnan(value));
}

TEST_F(Gpus, OfADriverThatDoesNotRunAreSaidToBeAbsent) {
  fake_->driver = false;
  const Nvml nvml(FAKE_NVML);
  EXPECT_NE(nvml.absence().find("finds no driver that runs"), std::string::npos) << nvml.absence();
  EXPECT_TRUE(nvml.read().empty());
}

TEST_F(Gpus, AreBusyAsTheMeanOfFiveMinutes) {
  RecentBusy recent;
  const auto fill = [&](double time, double busy) {
    Readings readings;
    readings.time = time;
    readings.gpus = {{3, "a", 1, 2, busy, 50, 300}};
    recent.fill(readings);
    return readings.gpus.front().recentBusy;
  };
  // Steps of which every second one is read in its wait.
  for (int second = 0; second < 300; second += 2) EXPECT_TRUE(std::isnan(fill(second, second % 4 == 0 ? 1.0 : 0.9)));
  EXPECT_NEAR(fill(300.0, 1.0), (76 * 1.0 + 75 * 0.9) / 151.0, 1e-12);
  EXPECT_TRUE(std::isnan(fill(301.0, std::nan(""))));
  for (int second = 302; second <= 700; second += 2) fill(second, 0.5);
  EXPECT_NEAR(fill(702.0, 0.5), 0.5, 1e-12);
}

/// A daemon's parts about one folder of runs.
class GpusOfADaemon : public Gpus {
 protected:
  void watch() {
    monitor_.emplace(registry_, supervisor_,
                     Monitor::Setup{folder_ / "alerts.sqlite", "", folder_ / "told", 0.0, FAKE_NVML});
  }
  bool holds(const std::string& rule, const std::string& object, bool wanted) {
    for (int i = 0; i < 200; ++i) {
      bool found = false;
      for (const Alert& alert : monitor_->alertsAfter(0, 100)) {
        found = found || (alert.rule == rule && alert.object == object && alert.until == 0.0);
      }
      if (found == wanted) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  Registry registry_{folder_ / "runs"};
  Stores stores_{{}};
  Supervisor supervisor_{registry_, stores_, Supervisor::Setup{folder_ / "programs", folder_ / "launches.sqlite"}};
  std::optional<Monitor> monitor_;
};

TEST_F(GpusOfADaemon, WithFullMemoryAreAlerts) {
  card(0, 10 * kGiB, 24 * kGiB, 0);
  card(1, 23 * kGiB, 24 * kGiB, 0);
  watch();
  EXPECT_TRUE(holds("gpu memory", "gpu:1", true));
  EXPECT_TRUE(holds("gpu memory", "gpu:0", false));
  card(1, 1 * kGiB, 24 * kGiB, 0);
  EXPECT_TRUE(holds("gpu memory", "gpu:1", false));
}

/// Answers with the GPUs that it is shown, and its device.
constexpr const char* kInspector = R"sh(#!/bin/sh
case "$*" in *--need*) echo '{"bytes": 8589934592}'; exit 0;; esac
while read -r line; do
  printf '{"id":null,"pid":%s,"device":"%s","gpus":"%s","order":"%s"}\n' "$$" "$6" "$CUDA_VISIBLE_DEVICES" "$CUDA_DEVICE_ORDER"
done
)sh";

TEST_F(GpusOfADaemon, TakeTheModelsThatAreAskedWhereNothingTrains) {
  const std::filesystem::path program = folder_ / "programs" / "ecumene-train";
  std::filesystem::create_directories(program.parent_path());
  std::ofstream(program) << kInspector;
  ::chmod(program.c_str(), 0700);
  for (const char* id : {"a", "b", "c"}) {
    (void)run::RunDirectory::create(registry_.folder() / id, config::preset("nano"));
  }
  card(0, 20 * kGiB, 24 * kGiB, 0);  // 4 GiB free, 8 are needed
  card(1, 2 * kGiB, 24 * kGiB, 0);
  watch();
  Inspectors inspectors(registry_, stores_, supervisor_, *monitor_,
                        Inspectors::Setup{folder_ / "programs", folder_ / "inspect", std::int64_t{1000}});
  const auto ask = [&](const std::string& run) {
    const std::string answer =
        inspectors.ask({run, R"({"ask":"x"})", {}, 20.0}, [](const std::string&) { return true; });
    return nlohmann::json::parse(answer);
  };
  const auto first = ask("a");
  EXPECT_EQ(first.at("device"), "cuda");
  EXPECT_EQ(first.at("gpus"), "1");
  EXPECT_EQ(first.at("order"), "PCI_BUS_ID");
  EXPECT_EQ(ask("a").at("pid"), first.at("pid"));
  // No card with room, and too little memory of this machine: refused with both numbers.
  card(1, 20 * kGiB, 24 * kGiB, 0);
  for (int i = 0; i < 200 && monitor_->readings().gpus.at(1).memoryUsed != 20 * kGiB; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  try {
    ask("b");
    FAIL() << "it was loaded";
  } catch (const Error& error) {
    EXPECT_NE(error.expectation().find("8589934592 bytes"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("no GPU with that much"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace ecumene::engine::daemon
