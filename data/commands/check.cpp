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
        const std::vector<planet::QualityCheck> now = marksOf(store, p);
        for (const planet::QualityCheck& check : now) {
          const auto stored =
              std::find_if(p.quality.begin(), p.quality.end(), [&](const auto& q) { return q.name == check.name; });
          if (stored != p.quality.end() && stored->passed == check.passed) continue;
          problems[i] = {rows[i].id,
                         fmt::format("quality check '{}' now {}: {}", check.name, check.passed ? "passes" : "fails",
                                     check.message.empty() ? "import or generate the planet again" : check.message)};
        }
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
