// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ecumene::test {

/// Where a row has no number: a claim in words, or nothing of ours beside it. Shown as "-", empty in the CSV.
inline constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

/// One number of the plan (science.md) or of a source, beside what our code gives.
struct NumberRow {
  std::string section;   ///< of science.md: "2.3"
  std::string tag;       ///< "[C]", "[V]" or "[M]", with the source where it is not the plan: "[V] Leconte 2013"
  std::string quantity;  ///< what, with its unit
  double expected = 0.0;
  double got = 0.0;
  double tolerance = 0.0;  ///< absolute; the row holds if |got - expected| <= tolerance
  /// Why a row that is known not to hold does not. Such a row stays visible as "differs"; the test fails if it comes to
  /// hold (then the reason is stale) as it fails if a row without a reason does not hold.
  std::string differs = {};
};

/// The table that shows the plan's numbers beside ours. Use: one table for each TEST, `add` its rows, `finish` at the
/// end: prints the table, appends it to $ECUMENE_TABLE_DIR/<file>.csv if that variable is set (the folder must exist;
/// rows are appended, so whoever collects a fresh table empties the folder first) and fails the running test for every
/// row whose state is not the declared one.
class NumberTable {
 public:
  explicit NumberTable(std::string file) : file_(std::move(file)) {}
  NumberTable(const NumberTable&) = delete;
  NumberTable& operator=(const NumberTable&) = delete;
  /// A table that is never finished would be a test that cannot fail.
  ~NumberTable() {
    if (!finished_) ADD_FAILURE() << "the table " << file_ << " was not finished";
  }

  void add(NumberRow row) { rows_.push_back({std::move(row), State::kCompared}); }
  /// The row holds if low <= got <= high.
  void addRange(std::string section, std::string tag, std::string quantity, double low, double high, double got,
                std::string differs = {}) {
    add({std::move(section), std::move(tag), std::move(quantity), 0.5 * (low + high), got, 0.5 * (high - low),
         std::move(differs)});
  }
  /// A published number that ours cannot be held to; shown with the reason, never compared. `got` is kNoNumber where
  /// the code has no such number; one that the test itself computes, or only feeds in, stands here too.
  void addContext(std::string section, std::string tag, std::string quantity, double expected, double got,
                  std::string reason) {
    rows_.push_back({{std::move(section), std::move(tag), std::move(quantity), expected, got, 0.0, std::move(reason)},
                     State::kContext});
  }

  /// holds: |got - expected| <= tolerance, up to the last bits of decimal input; never for NaN.
  [[nodiscard]] static bool holds(const NumberRow& row) {
    return std::abs(row.got - row.expected) <= row.tolerance + 1e-12 * std::abs(row.expected);
  }

  void finish() {
    finished_ = true;
    std::string csv;
    fmt::print("{:<7} {:<22} {:<72} {:>12} {:>12} {:>10}  {}\n", "section", "tag", "quantity", "expected", "got",
               "tolerance", "status");
    for (const Entry& entry : rows_) {
      const NumberRow& row = entry.row;
      const std::string_view status = statusOf(entry);
      fmt::print("{:<7} {:<22} {:<72} {:>12} {:>12} {:>10.3g}  {}{}{}\n", row.section, row.tag, row.quantity,
                 shown(row.expected, 6, "-"), shown(row.got, 6, "-"), row.tolerance, status,
                 row.differs.empty() ? "" : ": ", row.differs);
      csv +=
          fmt::format("{},{},{},{},{},{:.6g},{},{}\n", quoted(row.section), quoted(row.tag), quoted(row.quantity),
                      shown(row.expected, 10, ""), shown(row.got, 10, ""), row.tolerance, status, quoted(row.differs));
      if (entry.state == State::kContext) continue;
      if (row.differs.empty()) {
        EXPECT_TRUE(holds(row)) << row.section << ' ' << row.quantity << ": expected " << row.expected << " +- "
                                << row.tolerance << ", got " << row.got;
      } else {
        EXPECT_FALSE(holds(row)) << row.section << ' ' << row.quantity << " is listed as differing (" << row.differs
                                 << ") but holds: expected " << row.expected << ", got " << row.got;
      }
    }
    std::fflush(stdout);
    append(csv);
  }

 private:
  enum class State { kCompared, kContext };
  struct Entry {
    NumberRow row;
    State state;
  };

  static std::string_view statusOf(const Entry& entry) {
    if (entry.state == State::kContext) return "context";
    return holds(entry.row) ? "holds" : "differs";
  }
  static std::string shown(double value, int digits, const char* none) {
    return std::isnan(value) ? none : fmt::format("{:.{}g}", value, digits);
  }
  static std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + '"';
  }
  /// Under a lock: ctest runs the tests that share a file in processes of their own.
  void append(const std::string& csv) const {
    const char* folder = std::getenv("ECUMENE_TABLE_DIR");
    if (folder == nullptr || *folder == '\0') return;
    const std::string path = std::string(folder) + "/" + file_ + ".csv";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    ASSERT_GE(file, 0) << "cannot open " << path;
    ASSERT_EQ(::flock(file, LOCK_EX), 0) << path;
    struct stat status {};
    ASSERT_EQ(::fstat(file, &status), 0) << path;
    const std::string text =
        (status.st_size == 0 ? "section,tag,quantity,expected,got,tolerance,status,reason\n" : "") + csv;
    EXPECT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size())) << path;
    ::close(file);
  }

  std::string file_;
  std::vector<Entry> rows_;
  bool finished_ = false;
};

}  // namespace ecumene::test
