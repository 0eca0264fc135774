// SPDX-License-Identifier: Apache-2.0
// Two processes meet by a file and sum a vector over loopback, through c10d's C++ interface.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Outcome {
  int status = -1;     // exit status of the rank
  std::string output;  // its stdout and stderr
};

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "ecumene-gloo-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw fs::filesystem_error("mkdtemp", pattern, std::error_code(errno, std::generic_category()));
    path_ = pattern;
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Starts one program for each list of arguments, all at once, and waits for all.
std::vector<Outcome> runTogether(const std::string& program,
                                 const std::vector<std::vector<std::string>>& argumentLists) {
  std::vector<std::FILE*> pipes;
  for (const auto& arguments : argumentLists) {
    std::string command = "'" + program + "'";
    for (const auto& argument : arguments) command += " '" + argument + "'";
    pipes.push_back(popen((command + " 2>&1").c_str(), "r"));
  }
  std::vector<Outcome> outcomes;
  for (std::FILE* pipe : pipes) {
    Outcome outcome;
    std::array<char, 512> part{};
    while (std::fgets(part.data(), static_cast<int>(part.size()), pipe) != nullptr) outcome.output += part.data();
    const int status = pclose(pipe);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcomes.push_back(outcome);
  }
  return outcomes;
}

std::string rankProgram() {
  return (fs::read_symlink("/proc/self/exe").parent_path() / "stack_gloo_rank").string();
}

TEST(StackGloo, TwoProcessesSumOverLoopback) {
  const TemporaryFolder folder;
  const std::string store = (folder.path() / "store").string();
  const auto outcomes = runTogether(rankProgram(), {{store, "0", "2"}, {store, "1", "2"}});
  // Rank r gives (r + 1) k in place k: the sum over both is 3 k.
  for (const Outcome& outcome : outcomes) {
    EXPECT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_EQ(outcome.output, "3 6 9 12 15 \n");
  }
}

TEST(StackGloo, RankWhosePeerIsGoneFailsInsteadOfHanging) {
  const TemporaryFolder folder;
  const std::string store = (folder.path() / "store").string();
  const auto outcomes = runTogether(rankProgram(), {{store, "0", "2"}, {store, "1", "2", "absent"}});
  EXPECT_EQ(outcomes[1].status, 0) << outcomes[1].output;
  EXPECT_EQ(outcomes[0].status, 3) << outcomes[0].output;
  EXPECT_FALSE(outcomes[0].output.empty());
}

}  // namespace
