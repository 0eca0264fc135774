// SPDX-License-Identifier: Apache-2.0
#include "data/commands/file_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "data/base/error.h"
#include "data/base/parallel.h"
#include "data/commands/marks.h"
#include "data/formats/child/import_child.h"
#include "data/formats/registry.h"
#include "data/physics/generator/generator.h"

namespace ecumene::data::commands {
namespace {

/// Seed of what is derived for imported planets: the same file gives the same planet everywhere.
constexpr std::uint64_t kDeriveSeed = 1;

constexpr std::size_t kPercent = 100;
constexpr const char* kPresent = "already in the store";

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

std::vector<std::string> failedChecks(const planet::Planet& planet) {
  std::vector<std::string> failed;
  for (const planet::QualityCheck& check : planet.quality) {
    if (!check.passed) failed.push_back(check.name + ": " + check.message);
  }
  return failed;
}

void addToStore(store::Store& store, planet::Import& import, const formats::ImportOptions& options, Outcome& outcome) {
  outcome.kind = name(import.kind);
  outcome.assumptions = import.assumptions;
  switch (import.kind) {
    case planet::ImportKind::kCatalogue: {
      const store::CatalogueResult result = store.addCatalogue(import);
      store.judgeNamed([&](planet::Planet& judged) { return mark(store, judged); });
      outcome.present = result.replaced;
      outcome.message = result.replaced
                            ? kPresent
                            : fmt::format("{} planet{} of a catalogue", result.entries, result.entries == 1 ? "" : "s");
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
    result = store.addObserved(p, [&](planet::Planet& judged) {
      const bool excluded = mark(store, judged);
      outcome.failed = failedChecks(judged);
      return excluded;
    });
  } else {
    const bool excluded = mark(store, p);
    outcome.failed = failedChecks(p);
    result = store.add(p, excluded);
  }
  outcome.id = result.id;
  outcome.present = result.duplicate;
  if (result.duplicate) outcome.message = kPresent;
  if (result.extended) outcome.message += ", added to " + result.id;
}

Outcome added(store::Store& store, const std::filesystem::path& file, formats::ImportedPart& part,
              const formats::ImportOptions& options) {
  Outcome outcome;
  try {
    if (part.refusal) throw Error(*part.refusal);
    addToStore(store, part.import, options, outcome);
    outcome.status = "imported";
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    outcome = refusal(file, error.what());
  }
  outcome.file = file.string();
  outcome.part = part.name;
  return outcome;
}

}  // namespace

Outcome refusal(const std::filesystem::path& file, std::string why) {
  Outcome outcome;
  outcome.file = file.string();
  outcome.status = "refused";
  outcome.message = std::move(why);
  return outcome;
}

void importFile(const Importing& importing, const std::filesystem::path& file, const TellPart& tell,
                std::vector<Outcome>& outcomes) {
  const std::size_t width =
      importing.threads > 0 ? importing.threads : std::max(1U, std::thread::hardware_concurrency());
  formats::ImportOptions options = importing.options;
  options.tell = [&](double share) { tell(static_cast<std::size_t>(kPercent * share), kPercent, ""); };
  std::vector<formats::ImportedPart> waiting;
  bool adding = false;  // an error is the store's, not the file's
  const auto addWaiting = [&] {
    adding = true;
    const std::size_t first = outcomes.size();
    outcomes.resize(first + waiting.size());
    parallelFor(
        waiting.size(), importing.threads,
        [&](std::size_t i) { outcomes[first + i] = added(importing.store, file, waiting[i], importing.options); },
        importing.stop);
    if (!waiting.empty()) tell(waiting.back().at + 1, waiting.back().of, waiting.back().name);
    waiting.clear();
    adding = false;
  };
  try {
    formats::importPartsInChild(
        importing.program, file, options,
        [&](formats::ImportedPart&& part) {
          waiting.push_back(std::move(part));
          if (waiting.size() >= width) addWaiting();
        },
        {}, importing.stop);
    addWaiting();
  } catch (const Error& error) {
    const auto* hindered = dynamic_cast<const formats::Hindered*>(&error);
    if (adding || error.kind() == ErrorKind::kCancelled || (hindered != nullptr && hindered->everyFile())) throw;
    for (const Outcome& outcome : outcomes) {
      if (outcome.id && !outcome.present) importing.store.remove(*outcome.id);
    }
    outcomes = {refusal(file, error.what())};
    outcomes.front().hindered = hindered != nullptr;
    if (const auto* unknown = dynamic_cast<const formats::UnknownFormat*>(&error); unknown != nullptr)
      outcomes.front().looks = unknown->looks();
  }
}

}  // namespace ecumene::data::commands
