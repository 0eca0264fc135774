// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/job_list.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;

/// A list whose programs are a shell script.
class JobListTest : public ::testing::Test {
 protected:
  void start(const std::string& script) {
    fs::create_directories(folder_ / "bin");
    const fs::path program = folder_ / "bin" / "ecumene-data";
    std::ofstream(program) << "#!/bin/sh\nfor last; do :; done\n" << script;
    fs::permissions(program, fs::perms::owner_all);
    jobs_.emplace(stores_, uploads_, JobList::Setup{folder_ / "bin", folder_ / "jobs"});
  }
  std::string upload(const std::string& name, const std::string& content) {
    const std::string hash = sha256(content);
    const auto begun = uploads_.begin(name, content.size(), hash);
    transfer::Uploads::Sending sending(uploads_, begun.id);
    sending.append(begun.bytes, std::string_view(content).substr(begun.bytes));
    (void)sending.end();
    return hash;
  }
  /// As one that has come, without a wait for the disk at each.
  std::string placed(const std::string& name, const std::string& content) {
    const std::string hash = sha256(content);
    const fs::path at = folder_ / "uploads" / hash;
    fs::create_directories(at);
    std::ofstream(at / ".about.json") << nlohmann::json{{"name", name}, {"bytes", content.size()}}.dump();
    std::ofstream(at / name) << content;
    return hash;
  }
  Job waitForEnd(std::int64_t id) {
    Job job = jobs_->find(id);
    for (int i = 0; i < 400 && (job.state == "queued" || job.state == "running"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
      job = jobs_->find(id);
    }
    return job;
  }

  test::TempFolder folder_;
  Stores stores_{{{"main", folder_ / "store"}}};
  transfer::Uploads uploads_{folder_ / "uploads"};
  std::optional<JobList> jobs_;
};

TEST_F(JobListTest, AnImportTakesAnyNumberOfFiles) {
  start("sort \"$last\" | uniq | wc -l >&2\nxargs cat < \"$last\" | wc -l >&2\necho '[]'\n");
  std::vector<std::string> ids;
  for (int i = 0; i < 1500; ++i) ids.push_back(placed("f" + std::to_string(i), "content " + std::to_string(i) + "\n"));
  const Job job = waitForEnd(jobs_->import("main", ids, {"planet=x"}).id);
  EXPECT_EQ(job.state, "done") << job.reason;
  EXPECT_EQ(readFile(folder_ / "jobs" / "1.err"), "1500\n1500\n");
  EXPECT_TRUE(fs::is_empty(folder_ / "uploads"));
  EXPECT_FALSE(fs::exists(folder_ / "jobs" / "1.list"));
}

TEST_F(JobListTest, ContentThatTwoJobsNeedIsThereForBoth) {
  start("while read f; do cat \"$f\" >&2; done < \"$last\"\necho '[]'\n");
  const std::string content = "the same\n";
  const std::string id = upload("a.csv", content);
  const std::int64_t first = jobs_->import("main", {id}, {}).id;
  EXPECT_EQ(upload("b.csv", content), id);
  const std::int64_t second = jobs_->import("main", {id}, {}).id;
  EXPECT_EQ(waitForEnd(first).state, "done");
  EXPECT_EQ(waitForEnd(second).state, "done");
  for (const char* err : {"1.err", "2.err"}) EXPECT_EQ(readFile(folder_ / "jobs" / err), content);
  EXPECT_TRUE(fs::is_empty(folder_ / "uploads"));
}

TEST_F(JobListTest, AnImportThatIsRefusedHoldsNothing) {
  start("echo '[]'\n");
  const std::string here = upload("a.csv", "here\n");
  EXPECT_THROW((void)jobs_->import("main", {here, sha256("never sent")}, {}), Error);
  EXPECT_EQ(uploads_.here(here), 5U);
  uploads_.remove(here);
  EXPECT_EQ(uploads_.here(here), 0U);
}

TEST_F(JobListTest, SaysWhatMayHaveChangedSinceItWasAskedLast) {
  start("echo '[]'\n");
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(jobs_->generate("main", 1, 1, 1).id);
  for (const std::int64_t id : ids) EXPECT_EQ(waitForEnd(id).state, "done");
  const auto listed = [&](std::int64_t after, const std::vector<std::int64_t>& also) {
    std::vector<std::int64_t> found;
    for (const Job& job : jobs_->list(after, also)) found.push_back(job.id);
    return found;
  };
  EXPECT_EQ(listed(0, {}), (std::vector<std::int64_t>{4, 3, 2, 1}));
  EXPECT_EQ(listed(4, {}), std::vector<std::int64_t>());
  EXPECT_EQ(listed(3, {1, 2, 4, 99}), (std::vector<std::int64_t>{4, 2, 1}));
}

TEST_F(JobListTest, OfALongResultWhatWasRefusedIsKept) {
  start(
      "i=0; printf '['; while [ $i -lt 20000 ]; do printf "
      "'{\"path\":\"file-%d-with-a-rather-long-name-of-its-own.csv\",\"status\":\"imported\"},' $i; i=$((i+1)); done\n"
      "printf '{\"path\":\"bad\",\"status\":\"refused\",\"message\":\"why\"}]'\n");
  const Job job = waitForEnd(jobs_->generate("main", 1, 1, 1).id);
  ASSERT_EQ(job.state, "done");
  ASSERT_GT(fs::file_size(folder_ / "jobs" / "1.out"), JobList::kMostResult);
  const std::string result = jobs_->result(job.id);
  EXPECT_LE(result.size(), JobList::kMostResult);
  const auto files = nlohmann::json::parse(result);
  EXPECT_EQ(files.front().at("message"), "why");
  const std::size_t left = std::stoul(files.back().at("path").get<std::string>());
  EXPECT_EQ(left + files.size() - 1, 20001U);
}

}  // namespace
}  // namespace ecumene::engine::daemon
