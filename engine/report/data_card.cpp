// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "data/loader/parts.h"
#include "engine/report/markdown.h"
#include "engine/report/report.h"

namespace ecumene::engine::report {
namespace {

using data::store::Row;
namespace planet = data::planet;

std::string share(double part, double whole) {
  return whole > 0.0 ? fmt::format("{:.0f} %", 100.0 * part / whole) : "–";
}

std::string splits(const std::vector<Row>& rows) {
  struct Counts {
    std::size_t planets = 0, excluded = 0, climates = 0, spectra = 0, networks = 0, texts = 0;
    std::set<std::string> systems;
  };
  std::map<std::pair<int, int>, Counts> groups;
  for (const Row& row : rows) {
    Counts& counts = groups[{static_cast<int>(row.split), static_cast<int>(row.origin)}];
    ++counts.planets;
    counts.excluded += row.excluded ? 1U : 0U;
    counts.climates += row.hasClimate ? 1U : 0U;
    counts.spectra += row.spectra;
    counts.networks += row.metabolisms + row.networks;
    counts.texts += row.texts;
    counts.systems.insert(row.systemKey);
  }
  MarkdownTable table({"split, origin", "planets", "systems", "left out by quality checks", "climates", "spectra",
                       "networks", "texts"});
  for (const auto& [key, counts] : groups) {
    table.add({fmt::format("{}, {}", name(static_cast<planet::Split>(key.first)),
                           name(static_cast<planet::Origin>(key.second))),
               std::to_string(counts.planets), std::to_string(counts.systems.size()), std::to_string(counts.excluded),
               std::to_string(counts.climates), std::to_string(counts.spectra), std::to_string(counts.networks),
               std::to_string(counts.texts)});
  }
  return table.text();
}

/// Of labelled planets: regimes, habitable and viable by split.
std::string labels(const std::vector<Row>& rows) {
  std::map<planet::Split, std::vector<const Row*>> bySplit;
  for (const Row& row : rows) {
    if (row.labels && !row.excluded) bySplit[row.split].push_back(&row);
  }
  std::vector<std::string> head{"share of planets"};
  for (const auto& [split, group] : bySplit) head.emplace_back(name(split));
  MarkdownTable table(head);
  const auto add = [&](const std::string& what, const auto& of) {
    std::vector<std::string> cells{what};
    for (const auto& [split, group] : bySplit) {
      double part = 0.0, whole = 0.0;
      for (const Row* row : group) {
        const std::optional<double> value = of(*row);
        if (!value) continue;
        part += *value;
        whole += 1.0;
      }
      cells.push_back(share(part, whole));
    }
    table.add(std::move(cells));
  };
  for (std::size_t r = 0; r < planet::kRegimeCount; ++r) {
    add(std::string(name(static_cast<planet::Regime>(r))), [=](const Row& row) {
      return std::optional(row.labels->regime == static_cast<planet::Regime>(r) ? 1.0 : 0.0);
    });
  }
  add("habitable", [](const Row& row) { return std::optional(row.labels->habitable ? 1.0 : 0.0); });
  for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
    add(fmt::format("viable: {}", name(static_cast<planet::Archetype>(a))),
        [=](const Row& row) { return row.viable.at(a); });
  }
  return table.empty() || bySplit.empty() ? "No planet has labels.\n\n" : table.text();
}

std::string flags(const std::vector<Row>& rows) {
  const std::array<std::pair<std::string_view, bool planet::ClimateFlags::*>, 5> kinds{
      {{"outgoing longwave outside of its fit", &planet::ClimateFlags::olrClamped},
       {"albedo clipped", &planet::ClimateFlags::albedoClipped},
       {"heat transport capped", &planet::ClimateFlags::diffusionCapped},
       {"water would boil somewhere", &planet::ClimateFlags::waterBoils},
       {"CO2 would freeze somewhere", &planet::ClimateFlags::co2Freezes}}};
  std::size_t solved = 0;
  std::array<std::size_t, 5> counts{};
  for (const Row& row : rows) {
    if (!row.climateFlags) continue;
    ++solved;
    for (std::size_t i = 0; i < kinds.size(); ++i) counts.at(i) += (*row.climateFlags).*kinds.at(i).second ? 1U : 0U;
  }
  MarkdownTable table({"mark of the climate solver", "planets", "of"});
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    table.add({std::string(kinds.at(i).first), std::to_string(counts.at(i)), std::to_string(solved)});
  }
  return solved == 0 ? "" : table.text();
}

/// What of the store the run has read.
std::string readBy(const RunFacts& facts, const data::store::Store& store) {
  const std::string parts = data::loader::wordsOf(data::loader::partsOf(store));
  std::string text = fmt::format("The run was trained on planets with a climate of the split `{}`", facts.trainSplit);
  if (facts.learnsFromParts && !parts.empty()) {
    text += fmt::format(
        " and, each once an epoch and without any label, on what the store holds without a climate: {}. A network "
        "alone is reconstructed; a measured spectrum is told from others and read beside the texts that name its "
        "planet; a text alone is continued. Only transmission spectra are read",
        parts);
  }
  text += ". ";
  if (!facts.learnsFromParts && !parts.empty()) {
    text += fmt::format("No training step has read what the store holds without a climate: {}. ", parts);
  }
  return text + (facts.tokeniser.empty() ? "The tokeniser was trained on the texts of that split and on all collected "
                                           "texts.\n\n"
                                         : "The tokeniser was given as a file.\n\n");
}

/// A source in words, without its count.
std::string sourceLine(const std::string& source, const std::string& licence) {
  return fmt::format("{}; licence: {}", source.empty() ? "unnamed source" : source,
                     licence.empty() ? "not stated" : licence);
}

/// Texts of collections, which are of no planet of their own. Those that have addresses are told by where these lie.
std::string collectedTexts(const data::store::Store& store) {
  std::map<std::string, std::size_t> counts;
  for (const planet::Text& one : store.collectionTexts()) {
    const std::size_t slash = one.source.rfind('/');
    const bool isAddress = one.source.find("://") < slash && slash != std::string::npos;
    ++counts[sourceLine(isAddress ? one.source.substr(0, slash + 1) : one.source, one.licence)];
  }
  std::string text;
  for (const auto& [source, count] : counts) {
    text +=
        fmt::format("- {} ({})\n", source, count == 1 ? "1 collected text" : fmt::format("{} collected texts", count));
  }
  return text;
}

}  // namespace

std::string dataCard(const RunFacts& facts, const data::store::Store& store) {
  const std::vector<Row> rows = store.list();
  std::string text = "# Data card\n\n## What it is\n\n";
  text += fmt::format("{} planets, dataset version {}.\n\n", rows.size(), planet::kDatasetVersion) + splits(rows);
  text +=
      "A sample is a planet with one of eight archetype metabolisms. Split 70 / 10 / 20 % by hash of the system draw, "
      "so all planets of a system are in one split. `real` are planets of other climate models, `observed` have "
      "measured spectra; by default a run trains on neither.\n\n" +
      readBy(facts, store);

  text += "## How the generated planets were made\n\n";
  const auto generations = store.generations();
  const bool generated =
      std::ranges::any_of(rows, [](const Row& row) { return row.origin == planet::Origin::kGenerated; });
  if (generations.empty()) text += generated ? "The store does not say.\n\n" : "There are none.\n\n";
  for (const data::store::Generation& generation : generations) {
    text += fmt::format("{} planets asked for, seed {}, {}:\n\n```text\n{}{}```\n\n", generation.count, generation.seed,
                        generation.generator, generation.parameters, generation.parameters.ends_with('\n') ? "" : "\n");
  }
  if (generated) {
    text +=
        "System draws from stated priors; an energy balance climate in two dimensions; spectra by a forward model with "
        "instrument noise; metabolic networks from one balanced vocabulary, judged by flux balance in the planet's own "
        "environment; text from a grammar that cannot see climate, amounts of gas or labels. They are consistent with "
        "their own physics, and they are not observations.\n\n" +
        flags(rows);
  }

  text += "## Labels\n\nWithout planets left out:\n\n" + labels(rows);
  for (const planet::LabelDefinition& label : planet::labelDefinitions()) {
    text += fmt::format("- {}{}: {}\n", label.name, label.unit.empty() ? "" : fmt::format(" ({})", label.unit),
                        label.definition);
  }

  text += "\n## Files of others\n\n";
  std::map<std::string, std::set<std::string>> sources;
  for (const Row& row : rows) {
    if (row.origin == planet::Origin::kGenerated) continue;
    for (const planet::Provenance& source : store.get(row.id).provenance) {
      sources[sourceLine(source.source, source.licence)].insert(row.id);
    }
  }
  const std::string texts = collectedTexts(store);
  if (sources.empty() && texts.empty()) text += "None.\n";
  for (const auto& [source, planets] : sources) {
    text +=
        fmt::format("- {} ({} {})\n", source, planets.size() == 1 ? *planets.begin() : std::to_string(planets.size()),
                    planets.size() == 1 ? "" : "planets");
  }
  text += texts;

  text += fmt::format(
      "\n## What the run makes of them\n\nEach training step gives every scalar of a sample, as it is normalised, a "
      "new Gaussian error of {:g} standard deviations of that scalar among the planets it trains on, drawn by seed, "
      "step and sample: about what a survey would measure another time. Ten numbers that are always the same would "
      "name their planet, whose labels could then be remembered. It comes on top of the noise that the store's scalars "
      "have; predictions and evaluations take the scalars as they are.\n",
      facts.scalarError);

  text +=
      "\n## What it does not say\n\n"
      "- Labels are functions of the climate cubes; scores with the cube given are no evidence.\n";
  if (generated) {
    text +=
        "- Priors are choices: shares of stars, atmospheres and climates are those of the generator, not of the "
        "galaxy.\n"
        "- No ocean dynamics, moving clouds, carbon cycle or photochemistry; atmospheres are drawn, not evolved.\n"
        "- Scalars carry survey-like noise and gaps; rotation, obliquity and pressure are usually absent.\n"
        "- Statements of texts about redox state or ocean are right 80 % of the time, by construction.\n";
  } else {
    text += "- How like other planets these are: they are those that somebody simulated or observed.\n";
  }
  return text;
}

std::string corpusCard(const AdaptedTo& corpus) {
  return fmt::format(
      "# Data card\n\n## What it is\n\nTexts of the file `{}` (SHA-256 {}), each once: {} learned from, {} held out, a "
      "tenth by the texts' own hashes. No planets.\n\n## What it does not say\n\n"
      "- Who wrote the texts, under which licence, and what is true in them: the file does not tell.\n"
      "- Held-out texts are of the same file; near copies of them may be among those learned.\n",
      corpus.file, corpus.sha256, corpus.learnedTexts, corpus.heldOutTexts);
}

}  // namespace ecumene::engine::report
