// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>

#include "data/base/error.h"
#include "data/base/parallel.h"
#include "data/base/say.h"
#include "data/commands/commands.h"
#include "data/commands/json.h"
#include "data/commands/marks.h"
#include "data/commands/terminal.h"
#include "data/formats/child/import_child.h"
#include "data/formats/registry.h"
#include "data/physics/generator/generator.h"
#include "data/store/store.h"

namespace ecumene::data::commands {
namespace {

/// Seed of what is derived for imported planets: the same file gives the same planet everywhere.
constexpr std::uint64_t kDeriveSeed = 1;

/// Files that lie beside data and are read with it, or are for people; a walk through a folder passes them by.
constexpr auto kBeside = std::to_array<std::string_view>({"planet.json", "namelists.txt", "reference_values.json"});

constexpr const char* kPresent = "already in the store";

struct Outcome {
  std::string path, status, kind, message;
  std::optional<std::string> id;
  std::vector<std::string> assumptions;
  bool present = false;  ///< nothing was added: the same content is in the store
};

bool isBeside(const std::filesystem::path& path) {
  const std::string file = path.filename().string();
  return file.starts_with('.') || path.extension() == ".md" || path.extension() == ".license" ||
         file.starts_with("LICENSE") || std::find(kBeside.begin(), kBeside.end(), file) != kBeside.end();
}

Outcome refusal(const std::filesystem::path& path, std::string why) {
  Outcome outcome;
  outcome.path = path.string();
  outcome.status = "refused";
  outcome.message = std::move(why);
  return outcome;
}

/// Files as named, and those inside named folders in the order of their names. What cannot be walked goes to `refused`.
std::vector<std::filesystem::path> filesOf(const std::vector<std::filesystem::path>& paths,
                                           std::vector<Outcome>& refused) {
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& path : paths) {
    std::error_code problem;
    if (!std::filesystem::is_directory(path, problem)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::filesystem::path> inside;
    std::filesystem::recursive_directory_iterator walk(path, problem);
    for (const std::filesystem::recursive_directory_iterator end; !problem && walk != end; walk.increment(problem)) {
      std::error_code unreadable;  // a dangling or looping link is no file
      if (walk->is_regular_file(unreadable) && !isBeside(walk->path())) inside.push_back(walk->path());
    }
    if (problem) refused.push_back(refusal(path, path.string() + ": cannot walk the folder: " + problem.message()));
    if (!problem && inside.empty())
      refused.push_back(refusal(path, path.string() + ": the folder holds no file to import"));
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

std::string describe(const planet::Planet& p) {
  std::string parts;
  const auto add = [&](bool there, const std::string& what) {
    if (there) parts += (parts.empty() ? "" : ", ") + what;
  };
  add(p.climate.has_value(), fmt::format("climate of {} variables", p.climate ? p.climate->fields.size() : 0));
  add(!p.networks.empty(),
      p.networks.empty() ? ""
                         : fmt::format("network of {} reactions and {} metabolites",
                                       p.networks.front().reactions.size(), p.networks.front().metabolites.size()));
  std::size_t points = 0;
  for (const planet::Spectrum& s : p.spectra) points += s.size();
  add(!p.spectra.empty(),
      fmt::format("{} of {} points", p.spectra.size() == 1 ? "a spectrum" : fmt::format("{} spectra", p.spectra.size()),
                  points));
  return parts;
}

/// Whether the name is a planet's. That of a file ("spectrum_final") may stand for another planet in every folder.
bool isPlanetName(const store::Store& store, const std::string& name, const formats::ImportOptions& options) {
  const auto designation = planet::parseDesignation(name);
  return (designation && !designation->planet.empty()) || options.find("planet") != nullptr ||
         !store.catalogueEntries(name).empty();
}

void addToStore(store::Store& store, planet::Import& import, const formats::ImportOptions& options, Outcome& outcome) {
  outcome.kind = name(import.kind);
  outcome.assumptions = import.assumptions;
  switch (import.kind) {
    case planet::ImportKind::kCatalogue: {
      const store::CatalogueResult result = store.addCatalogue(import);
      store.judgeNamed([&](planet::Planet& judged) { return mark(store, judged); });
      outcome.present = result.replaced;
      outcome.message = result.replaced ? kPresent : fmt::format("{} planets of a catalogue", result.entries);
      return;
    }
    case planet::ImportKind::kText: {
      const store::TextResult result = store.addTexts(import);
      outcome.present = result.added == 0 && result.skipped > 0;
      outcome.message =
          outcome.present ? kPresent : fmt::format("{} texts added, {} were there", result.added, result.skipped);
      return;
    }
    case planet::ImportKind::kClimate:
    case planet::ImportKind::kNetwork:
    case planet::ImportKind::kSpectrum:
      break;
  }
  planet::Planet& p = import.planet;
  outcome.message = describe(p);
  if (p.climate) physics::generator::derive(p, kDeriveSeed);
  store::AddResult result;
  if (p.origin == planet::Origin::kObserved && isPlanetName(store, p.name, options)) {
    result = store.addObserved(p, [&](planet::Planet& judged) { return mark(store, judged); });
  } else {
    const bool excluded = mark(store, p);
    result = store.add(p, excluded);
  }
  outcome.id = result.id;
  outcome.present = result.duplicate;
  if (result.duplicate) outcome.message = kPresent;
  if (result.extended) outcome.message += ", added to " + result.id;
}

/// A file that cannot be read is refused and the others go on; a store that cannot be written, or a stop, ends the
/// command.
void importOne(store::Store& store, const std::filesystem::path& file, const formats::ImportOptions& options,
               const std::stop_token& stop, Outcome& outcome) {
  planet::Import import;
  try {
    import = formats::runImportChild("/proc/self/exe", file, options, {}, stop);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kCancelled) throw;
    outcome = refusal(file, error.what());
    return;
  }
  try {
    addToStore(store, import, options, outcome);
    outcome.status = "imported";
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    outcome.status = "refused";
    outcome.message = error.what();
  }
}

void print(const std::vector<Outcome>& outcomes, bool json) {
  if (json) {
    Json array = Json::array();
    for (const Outcome& o : outcomes) {
      array.push_back({{"path", o.path},
                       {"status", o.status},
                       {"kind", o.kind.empty() ? Json(nullptr) : Json(o.kind)},
                       {"id", o.id ? Json(*o.id) : Json(nullptr)},
                       {"message", o.message},
                       {"assumptions", o.assumptions}});
    }
    fmt::print("{}\n", printed(array));
    return;
  }
  for (const Outcome& o : outcomes) {
    fmt::print("{:<9} {}{}  {}\n", o.status, o.path, o.id ? " -> " + *o.id : "", o.message);
    if (o.present) continue;  // they were said when the file came in
    for (const std::string& assumption : o.assumptions) fmt::print("          assumed: {}\n", assumption);
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
  std::vector<Outcome> outcomes(files.size());
  bool cancelled = false;
  {
    ProgressBar bar("importing");
    const Progress progress = bar.progress();
    std::mutex mutex;
    std::size_t done = 0;
    try {
      parallelFor(
          files.size(), common.threads,
          [&](std::size_t i) {
            Outcome& outcome = outcomes[i];
            outcome.path = files[i].string();
            importOne(store, files[i], options, common.stop, outcome);
            const std::lock_guard lock(mutex);
            progress(++done, files.size(), files[i].filename().string());
          },
          common.stop);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kCancelled) {
        // What was done before the store failed is done: say it, then fail.
        std::erase_if(outcomes, [](const Outcome& o) { return o.status.empty(); });
        if (!common.json) print(outcomes, false);
        throw;
      }
      cancelled = true;
    }
  }
  outcomes.insert(outcomes.end(), unwalked.begin(), unwalked.end());
  std::erase_if(outcomes, [](const Outcome& o) { return o.status.empty(); });
  print(outcomes, common.json);
  // Planets that were judged while a catalogue of the same command was on its way in.
  const bool catalogue = std::any_of(outcomes.begin(), outcomes.end(),
                                     [](const Outcome& o) { return o.kind == name(planet::ImportKind::kCatalogue); });
  if (catalogue && files.size() > 1) store.judgeNamed([&](planet::Planet& judged) { return mark(store, judged); });
  if (cancelled) say(fmt::format("ecumene-data: {}\n", cancelledError().what()));
  const bool refused =
      std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.status == "refused"; });
  return cancelled || refused ? 1 : 0;
}

}  // namespace ecumene::data::commands
