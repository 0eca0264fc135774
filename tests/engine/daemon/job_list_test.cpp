// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/job_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
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
    (void)sending.end([] { return true; });
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

  using Names = std::vector<std::string>;
  /// What lies among the jobs beside the list of them and what they printed.
  Names left() {
    Names names;
    for (const auto& entry : fs::directory_iterator(folder_ / "jobs")) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with("jobs.sqlite") && !name.ends_with(".out") && !name.ends_with(".err")) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  /// Files go behind the end of their job.
  static bool soon(const std::function<bool()>& condition) {
    for (int i = 0; i < 400 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(25));
    return condition();
  }
  bool leavesNothing() {
    return soon([&] { return left().empty() && fs::is_empty(folder_ / "uploads"); });
  }

  test::TempFolder folder_;
  Stores stores_{{{"main", folder_ / "store"}, {"other", folder_ / "other"}}};
  transfer::Uploads uploads_{folder_ / "uploads"};
  std::optional<JobList> jobs_;
};

TEST_F(JobListTest, AnImportTakesAnyNumberOfFiles) {
  start("sort \"$last\" | uniq | wc -l >&2\nxargs cat < \"$last\" | wc -l >&2\necho '[]'\n");
  std::vector<ImportFile> files;
  for (int i = 0; i < 1500; ++i) {
    const std::string name = "f" + std::to_string(i);
    files.push_back({placed(name, "content " + std::to_string(i) + "\n"), "many/" + name});
  }
  const Job job = waitForEnd(jobs_->import("main", files, {"planet=x"}).id);
  EXPECT_EQ(job.state, "done") << job.reason;
  EXPECT_EQ(readFile(folder_ / "jobs" / "1.err"), "1500\n1500\n");
  EXPECT_TRUE(leavesNothing());
}

TEST_F(JobListTest, AnImportWorksInTheTreeThatThePathsMake) {
  start(
      "cat \"$last\" >&2; echo of: >&2; find . -type f | LC_ALL=C sort | while read f; do cat \"$f\" >&2; done; echo "
      "'[]'\n");
  const std::string table = upload("t", "a table\n"), climate = upload("c", "a climate\n");
  const std::vector<ImportFile> files = {{climate, "world/-x y.nc"},
                                         {upload("p", "its planet\n"), "world/planet.json", true},
                                         {table, "other/a.csv"},
                                         {table, "other/b.csv"}};
  EXPECT_EQ(waitForEnd(jobs_->import("main", files, {}).id).state, "done");
  EXPECT_EQ(readFile(folder_ / "jobs" / "1.err"),
            "world/-x y.nc\nother/a.csv\nother/b.csv\nof:\na table\na table\na climate\nits planet\n");
  EXPECT_TRUE(leavesNothing());
}

TEST_F(JobListTest, PathsThatLeadElsewhereOrMeetAreRefusedAndNothingIsMade) {
  start("echo '[]'\n");
  const std::string id = upload("a.csv", "here\n");
  const auto refused = [&](const std::vector<ImportFile>& files) {
    try {
      (void)jobs_->import("main", files, {});
      return std::string("taken");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage) << error.what();
      return error.failure();
    }
  };
  int tried = 0;
  for (const std::string& path :
       {std::string("../a.csv"), std::string("/tmp/a.csv"), std::string("a/../../b.csv"), std::string("a//b"),
        std::string(), std::string("a\0b", 3), std::string("a\nb"), std::string(3000, 'a'), std::string("a/")}) {
    EXPECT_EQ(refused({{id, "good.csv"}, {id, path}}), "this is no path of a file in an import") << path;
    ++tried;
  }
  EXPECT_EQ(tried, 9);
  EXPECT_EQ(refused({{id, "a/b.csv"}, {id, "a/b.csv", true}}), "two files of the import have one path");
  EXPECT_EQ(refused({{id, "a/b"}, {id, "a/b.csv"}, {id, "a/b/c.csv"}}),
            "a file of the import is the folder of another");
  EXPECT_EQ(refused({{id, "planet.json", true}}), "nothing is to be imported, or too much");
  EXPECT_EQ(left(), Names());
  EXPECT_TRUE(jobs_->list().empty());
}

TEST_F(JobListTest, TheTreeGoesWithTheJobHoweverItEnds) {
  start("while [ ! -e ../../go ]; do sleep 0.05; done; exit 3\n");
  const std::string id = upload("a.csv", "here\n");
  const std::int64_t runs = jobs_->import("main", {{id, "a.csv"}}, {}).id;
  const std::int64_t waits = jobs_->import("main", {{id, "b/a.csv"}}, {}).id;
  EXPECT_EQ(left(), (Names{"1.list", "1.tree", "2.list", "2.tree"}));
  EXPECT_EQ(jobs_->cancel(waits).state, "cancelled");
  EXPECT_TRUE(soon([&] { return left() == Names{"1.list", "1.tree"}; }));
  std::ofstream(folder_ / "go") << "";
  EXPECT_EQ(waitForEnd(runs).state, "failed");
  EXPECT_TRUE(leavesNothing());
}

TEST_F(JobListTest, JobsAreListedWhileTheFilesOfOneThatEndedGo) {
  start("seq 20000 | xargs touch; echo '[]'\n");
  bool seen = false;
  for (int i = 0; i < 10 && !seen; ++i) {
    const std::int64_t id = jobs_->import("main", {{upload("a.csv", "here\n"), "a.csv"}}, {}).id;
    const fs::path tree = folder_ / "jobs" / (std::to_string(id) + ".tree");
    while (jobs_->find(id).state != "done") std::this_thread::yield();
    seen = fs::exists(tree);
    EXPECT_TRUE(leavesNothing());
  }
  EXPECT_TRUE(seen) << "nobody was answered before thousands of files were gone";
}

TEST_F(JobListTest, OneInTheQueueSaysWhatItWaitsFor) {
  start("while [ ! -e \"$ECUMENE_GO\" ]; do sleep 0.05; done; echo '[]'\n");
  ::setenv("ECUMENE_GO", (folder_ / "go").c_str(), 1);
  const std::string id = upload("a.csv", "here\n");
  const std::int64_t first = jobs_->generate("main", 1, 1, 1).id;
  const std::int64_t second = jobs_->import("main", {{id, "a.csv"}}, {}).id;
  const std::int64_t elsewhere = jobs_->generate("other", 1, 1, 1).id;
  EXPECT_EQ(jobs_->find(second).what, "waits for job 1 (generate)");
  EXPECT_EQ(jobs_->list().front().id, elsewhere);
  EXPECT_EQ(jobs_->list().front().what, "");
  EXPECT_EQ(jobs_->find(first).what, "");
  std::ofstream(folder_ / "go") << "";
  for (const std::int64_t job : {first, second, elsewhere}) {
    EXPECT_EQ(waitForEnd(job).state, "done");
    EXPECT_EQ(jobs_->find(job).what, "");
  }
  ::unsetenv("ECUMENE_GO");
}

TEST_F(JobListTest, WhatADaemonThatWasKilledLeftIsRemovedAndWhatIsNeededStays) {
  start("while [ ! -e ../../go ]; do sleep 0.05; done; cat a.csv >&2; echo '[]'\n");
  const std::string id = upload("a.csv", "here\n");
  const std::int64_t runs = jobs_->import("main", {{id, "a.csv"}}, {}).id;
  const std::int64_t waits = jobs_->import("main", {{id, "a.csv"}}, {}).id;
  for (int i = 0; i < 400 && jobs_->find(runs).state != "running"; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  jobs_.reset();
  for (const char* name : {"begun-abcdef", "7.tree"}) {
    fs::create_directories(folder_ / "jobs" / name / "deep");
    std::ofstream(folder_ / "jobs" / name / "deep" / "a.csv") << "left";
  }
  std::ofstream(folder_ / "jobs" / "7.list") << "a.csv\n";
  jobs_.emplace(stores_, uploads_, JobList::Setup{folder_ / "bin", folder_ / "jobs"});
  EXPECT_EQ(left(), (Names{"1.list", "1.tree", "2.list", "2.tree"}));
  std::ofstream(folder_ / "go") << "";
  for (const std::int64_t job : {runs, waits}) {
    EXPECT_EQ(waitForEnd(job).state, "done");
    EXPECT_EQ(readFile(folder_ / "jobs" / (std::to_string(job) + ".err")), "here\n");
  }
  EXPECT_TRUE(soon([&] { return left().empty(); }));
}

TEST_F(JobListTest, ARefusalNamesThePathOfItsFile) {
  start("echo '[{\"path\":\"w/a/M.nc\",\"status\":\"refused\",\"message\":\"M.nc: no twelve months\"}]'; exit 1\n");
  const Job job = waitForEnd(jobs_->import("main", {{upload("a", "x"), "w/a/M.nc"}}, {}).id);
  EXPECT_EQ(job.state, "refused");
  EXPECT_EQ(job.reason, "w/a/M.nc: no twelve months");
}

TEST_F(JobListTest, ContentThatTwoJobsNeedIsThereForBoth) {
  start("while read f; do cat \"$f\" >&2; done < \"$last\"\necho '[]'\n");
  const std::string content = "the same\n";
  const std::string id = upload("a.csv", content);
  const std::int64_t first = jobs_->import("main", {{id, "a.csv"}}, {}).id;
  EXPECT_EQ(upload("b.csv", content), id);
  const std::int64_t second = jobs_->import("main", {{id, "b.csv"}}, {}).id;
  EXPECT_EQ(waitForEnd(first).state, "done");
  EXPECT_EQ(waitForEnd(second).state, "done");
  for (const char* err : {"1.err", "2.err"}) EXPECT_EQ(readFile(folder_ / "jobs" / err), content);
  EXPECT_TRUE(leavesNothing());
}

TEST_F(JobListTest, AnImportThatIsRefusedHoldsNothing) {
  start("echo '[]'\n");
  const std::string here = upload("a.csv", "here\n");
  EXPECT_THROW((void)jobs_->import("main", {{here, "a.csv"}, {sha256("never sent"), "b.csv"}}, {}), Error);
  EXPECT_EQ(left(), Names());
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
  const JobResult result = jobs_->result(job.id);
  EXPECT_LE(result.json.size(), JobList::kMostResult);
  const auto files = nlohmann::json::parse(result.json);
  EXPECT_EQ(files.front().at("message"), "why");
  EXPECT_EQ(files.at(1).at("path"), "file-0-with-a-rather-long-name-of-its-own.csv");
  EXPECT_EQ(result.leftOut + files.size(), 20001U);
  // As many as there is room for.
  EXPECT_GT(result.json.size() + files.back().dump().size() + 2, JobList::kMostResult);
  for (const auto& file : files) EXPECT_TRUE(file.contains("status"));
}

}  // namespace
}  // namespace ecumene::engine::daemon
