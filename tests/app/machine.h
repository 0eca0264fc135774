// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/run_program.h"

namespace ecumene::test {

using Json = nlohmann::json;

/// A user's daemon in folders of its own, and the words of ecumenectl to it.
class Machine {
 public:
  explicit Machine(std::string store = "") : store_(store.empty() ? (folder_ / "store").string() : std::move(store)) {}
  ~Machine() { runProgram({"ecumenectl", "--socket", socket(), "daemon", "stop"}); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  [[nodiscard]] const TempFolder& folder() const { return folder_; }
  [[nodiscard]] std::string socket() const { return (folder_ / "s" / "d.sock").string(); }
  [[nodiscard]] std::filesystem::path runs() const { return folder_ / "runs"; }
  [[nodiscard]] Finished start() const {
    return ctl({"daemon", "start", "--", "--runs", runs().string(), "--store", "six=" + store_});
  }
  [[nodiscard]] Finished ctl(std::vector<std::string> words) const {
    words.insert(words.begin(), {"ecumenectl", "--socket", socket()});
    return runProgram(std::move(words));
  }
  /// What a word printed with --json; a failure fails the test.
  [[nodiscard]] Json json(std::vector<std::string> words) const {
    words.emplace_back("--json");
    const Finished finished = ctl(words);
    EXPECT_EQ(finished.code, 0) << finished.err << finished.out;
    return finished.code == 0 ? Json::parse(finished.out) : Json();
  }
  [[nodiscard]] Json run(const std::string& id) const { return json({"show", id}).at("run"); }
  [[nodiscard]] std::string state(const std::string& id) const { return run(id).at("state"); }
  [[nodiscard]] pid_t daemonPid() const { return json({"daemon", "status"}).at("pid"); }

  /// Asks a run until it is as wanted; what it is at last.
  Json waitFor(const std::string& id, const std::function<bool(const Json&)>& wanted) const {
    Json now = run(id);
    for (int i = 0; i < 600 && !wanted(now); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      now = run(id);
    }
    EXPECT_TRUE(wanted(now)) << now.dump();
    return now;
  }
  Json waitForState(const std::string& id, const std::string& state) const {
    return waitFor(id, [&](const Json& run) { return run.at("state") == state; });
  }

 private:
  TempFolder folder_;
  std::string store_;
};

}  // namespace ecumene::test
