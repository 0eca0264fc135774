// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "data/base/error.h"
#include "data/base/parallel.h"
#include "data/commands/commands.h"
#include "data/commands/json.h"
#include "data/commands/marks.h"
#include "data/commands/terminal.h"
#include "data/store/store.h"

namespace ecumene::data::commands {
namespace {

constexpr const char* kJudgeAgain =
    "remove the planet and import or generate it again, or import again a catalogue that names it";

/// The first check whose stored verdict is not the one of now, in words; empty if there is none.
std::string changeOf(const std::vector<planet::QualityCheck>& stored, const std::vector<planet::QualityCheck>& now) {
  const auto find = [](const std::vector<planet::QualityCheck>& marks, const std::string& name) {
    const auto found = std::find_if(marks.begin(), marks.end(), [&](const auto& mark) { return mark.name == name; });
    return found == marks.end() ? nullptr : &*found;
  };
  for (const planet::QualityCheck& check : now) {
    const planet::QualityCheck* before = find(stored, check.name);
    if (before != nullptr && before->passed == check.passed) continue;
    return fmt::format("quality check '{}' now {}{}{}", check.name, check.passed ? "passes" : "fails",
                       check.message.empty() ? "" : ": ", check.message);
  }
  for (const planet::QualityCheck& check : stored) {
    if (find(now, check.name) == nullptr) return fmt::format("quality check '{}' no longer applies", check.name);
  }
  return "";
}

/// Planets whose stored marks are not those that the quality checks give now.
std::vector<store::Problem> changedMarks(const store::Store& store, const Common& common) {
  const std::vector<store::Row> rows = store.list();
  std::vector<store::Problem> problems(rows.size());
  ProgressBar bar("quality");
  const Progress progress = bar.progress();
  std::mutex mutex;
  std::size_t done = 0;
  parallelFor(
      rows.size(), common.threads,
      [&](std::size_t i) {
        const planet::Planet p = store.get(rows[i].id);
        const std::string change = changeOf(p.quality, marksOf(store, p));
        if (!change.empty()) problems[i] = {rows[i].id, change + "; " + kJudgeAgain};
        const std::lock_guard lock(mutex);
        progress(++done, rows.size(), rows[i].id);
      },
      common.stop);
  std::erase_if(problems, [](const store::Problem& p) { return p.id.empty(); });
  return problems;
}

/// How many planets there are, and how many of them have or are excluded by marks.
struct Counts {
  std::size_t planets = 0, marked = 0, excluded = 0;
};

Counts countsOf(const store::Store& store) {
  Counts counts;
  for (const store::Row& row : store.list()) {
    ++counts.planets;
    counts.marked += row.failedChecks > 0 ? 1U : 0U;
    counts.excluded += row.excluded ? 1U : 0U;
  }
  return counts;
}

}  // namespace

int check(const Common& common) {
  const store::Store store = store::Store::open(common.store, store::Mode::kRead);
  std::vector<store::Problem> problems;
  {
    ProgressBar bar("checking");
    problems = store.check(bar.progress(), common.threads, common.stop);
  }
  Counts counts;
  if (problems.empty()) {
    problems = changedMarks(store, common);
    counts = countsOf(store);
  } else {
    try {
      counts = countsOf(store);
    } catch (const Error& error) {
      problems.push_back({"", error.what()});
    }
  }
  if (common.json) {
    Json array = Json::array();
    for (const store::Problem& p : problems) array.push_back({{"id", p.id}, {"message", p.message}});
    fmt::print("{}\n", printed(Json({{"planets", counts.planets},
                                     {"problems", array},
                                     {"marked", counts.marked},
                                     {"excluded", counts.excluded}})));
  } else {
    for (const store::Problem& p : problems) fmt::print("{}: {}\n", p.id.empty() ? "store" : p.id, p.message);
    fmt::print("{} planets checked, {} problems; {} planets have marks of quality checks, {} are excluded by them\n",
               counts.planets, problems.size(), counts.marked, counts.excluded);
  }
  return problems.empty() ? 0 : 1;
}

}  // namespace ecumene::data::commands
