// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <set>
#include <utility>

#include "data/base/error.h"
#include "data/base/parallel.h"
#include "data/base/say.h"
#include "data/commands/commands.h"
#include "data/commands/file_import.h"
#include "data/commands/json.h"
#include "data/commands/marks.h"
#include "data/commands/memory_room.h"
#include "data/commands/terminal.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/files.h"
#include "data/formats/registry.h"
#include "data/store/store.h"

namespace ecumene::data::commands {
namespace {

/// What lies in a folder that is imported and is not read: `what` it is, and the first names.
void sayPassedBy(const std::filesystem::path& folder, const char* what, const std::vector<formats::PassedBy>& list) {
  constexpr std::size_t kNamed = 3;
  std::string names;
  for (std::size_t i = 0; i < std::min(list.size(), kNamed); ++i) {
    names +=
        fmt::format("{}{} ({})", i == 0 ? "" : ", ", list[i].path.lexically_relative(folder).string(), list[i].what);
  }
  if (list.size() > kNamed) names += fmt::format(" and {} more", list.size() - kNamed);
  if (!list.empty())
    say(fmt::format("ecumene-data: {}: passed by {}: {}\n", formats::shownText(folder.string()), what,
                    formats::shownText(names)));
}

/// Files as named, and those inside named folders in the order of their names; says which of them archives take along.
/// What cannot be walked goes to `refused`.
std::vector<std::filesystem::path> filesOf(const std::vector<std::filesystem::path>& paths,
                                           std::vector<Outcome>& refused) {
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& path : paths) {
    std::error_code problem;
    if (!std::filesystem::is_directory(path, problem)) {
      files.push_back(path);
      continue;
    }
    try {
      const formats::FolderContents inside = formats::contentsOf(path);
      files.insert(files.end(), inside.files.begin(), inside.files.end());
      for (const Error& closed : inside.closed) refused.push_back(refusal(closed.object(), closed.what()));
      sayPassedBy(path, "what Ecumene keeps for itself", inside.own);
      sayPassedBy(path, "what is no file", inside.others);
      if (const std::size_t parts = inside.ofClimates.size(); parts > 0)
        say(
            fmt::format("ecumene-data: {}: passed by {} networks and simulated spectra, which the climates beside them "
                        "bring; named "
                        "one by one they are read: {} and such\n",
                        formats::shownText(path.string()), parts,
                        formats::shownText(inside.ofClimates.front().lexically_relative(path).string())));
      const std::set<std::filesystem::path> tables = formats::tablesOfArchives(inside.files);
      const auto passedBy = std::count_if(tables.begin(), tables.end(), [&](const std::filesystem::path& table) {
        return !table.lexically_relative(path.lexically_normal()).native().starts_with("..");
      });
      if (passedBy > 0)
        say(fmt::format("ecumene-data: {}: {} tables of archives are read with these alone\n",
                        formats::shownText(path.string()), passedBy));
    } catch (const Error& error) {
      refused.push_back(refusal(path, error.what()));
    }
  }
  return files;
}

/// The checks that a planet failed, in one line.
std::string failedInWords(const Outcome& outcome) {
  if (outcome.failed.size() == 1) return "failed " + outcome.failed.front();
  std::string names;
  for (const std::string& check : outcome.failed) {
    names += (names.empty() ? "" : ", ") + check.substr(0, check.find(':'));
  }
  return fmt::format("{} checks failed: {} (`ecumene-data show {}` says more)", outcome.failed.size(), names,
                     outcome.id.value_or("ID"));
}

void print(const std::vector<Outcome>& outcomes, bool json) {
  if (json) {
    Json array = Json::array();
    for (const Outcome& o : outcomes) {
      array.push_back({{"path", o.path()},
                       {"status", o.status},
                       {"kind", o.kind.empty() ? Json(nullptr) : Json(o.kind)},
                       {"id", o.id ? Json(*o.id) : Json(nullptr)},
                       {"message", o.message},
                       {"assumptions", o.assumptions},
                       {"failed_checks", o.failed},
                       {"tried", o.looks}});
    }
    fmt::print("{}\n", printed(array));
    return;
  }
  std::string file;
  std::set<std::string> said;  // of this file: its planets have most in common
  for (const Outcome& o : outcomes) {
    if (std::exchange(file, o.file) != o.file) said.clear();
    fmt::print("{:<9} {}{}  {}\n", o.status, formats::shownText(o.path()), o.id ? " -> " + *o.id : "",
               formats::shownText(o.message));
    if (!o.failed.empty()) fmt::print("          quality: {}\n", failedInWords(o));
    for (const std::string& assumption : o.assumptions) {
      if (said.insert(assumption).second) fmt::print("          assumed: {}\n", assumption);
    }
  }
}

}  // namespace

int importFiles(const Common& common, const std::vector<std::filesystem::path>& paths,
                const std::map<std::string, std::string>& set) {
  const formats::ImportOptions options{set};
  formats::checkOptions(options);
  std::vector<Outcome> unwalked;
  const std::vector<std::filesystem::path> files = filesOf(paths, unwalked);
  store::Store store = store::Store::open(common.store, store::Mode::kCreate);
  std::vector<std::vector<Outcome>> byFile(files.size());
  const auto allOutcomes = [&] {
    std::vector<Outcome> all;
    for (std::vector<Outcome>& outcomes : byFile) {
      std::copy_if(outcomes.begin(), outcomes.end(), std::back_inserter(all),
                   [](const Outcome& o) { return !o.status.empty(); });
    }
    return all;
  };
  bool cancelled = false;
  {
    ProgressBar bar("importing");
    const Progress progress = bar.progress();
    std::mutex mutex;
    std::size_t done = 0;
    MemoryRoom memory(availableMemory() / 4 * 3);
    const bool one = files.size() == 1;
    const Importing importing{store, options, one ? common.threads : 1, common.stop};
    try {
      parallelFor(
          files.size(), common.threads,
          [&](std::size_t i) {
            const MemoryRoom::Share share = memory.take(memoryOfImport(files[i]), common.stop);
            const std::string name = files[i].string();
            const auto tell = [&](std::size_t parts, std::size_t of, const std::string& part) {
              const std::lock_guard lock(mutex);
              if (one) return progress(parts, of, name + (part.empty() ? "" : ": " + part));
              if (parts < of) progress(done, files.size(), fmt::format("{}, {} %", name, 100 * parts / of));
            };
            importFile(importing, files[i], tell, byFile[i]);
            const std::lock_guard lock(mutex);
            ++done;
            if (!one) progress(done, files.size(), name);
          },
          common.stop);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kCancelled) {
        // What was done before the store failed is done: say it, then fail.
        if (!common.json) print(allOutcomes(), false);
        throw;
      }
      cancelled = true;
    }
  }
  std::vector<Outcome> outcomes = allOutcomes();
  outcomes.insert(outcomes.end(), unwalked.begin(), unwalked.end());
  print(outcomes, common.json);
  // Planets that were judged while a catalogue of the same command was on its way in.
  const bool catalogue = std::any_of(outcomes.begin(), outcomes.end(),
                                     [](const Outcome& o) { return o.kind == name(planet::ImportKind::kCatalogue); });
  if (catalogue && files.size() > 1) store.judgeNamed([&](planet::Planet& judged) { return mark(store, judged); });
  if (cancelled) say(fmt::format("ecumene-data: {}\n", cancelledError().what()));
  const bool refused =
      std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.status == "refused"; });
  const bool hindered = std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.hindered; });
  return hindered && !cancelled ? 3 : cancelled || refused ? 1 : 0;
}

}  // namespace ecumene::data::commands
