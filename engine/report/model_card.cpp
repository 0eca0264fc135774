// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "engine/report/markdown.h"
#include "engine/report/report.h"

namespace ecumene::engine::report {
namespace {

std::string scored(const Report& report, const std::string& subset) {
  MarkdownTable table({"test planets, generated", "value, 95 % interval", "samples of planets"});
  for (const ScoreRow& row : report.scores) {
    if (row.predictor != report.predictors.front().name || row.split != "test" || row.subset != subset ||
        row.archetype != -1) {
      continue;
    }
    table.add({fmt::format("{} {}", row.score.target, row.score.name), shown(row.score.estimate),
               fmt::format("{} of {}", row.score.estimate.rows, row.score.estimate.planets)});
  }
  return table.empty() ? "No scored samples.\n\n" : table.text();
}

}  // namespace

std::string modelCard(const Report& report) {
  const RunFacts& facts = report.facts;
  std::string text = fmt::format("# Model card: {}\n\n", facts.name);
  text +=
      "## What it answers\n\nFor a planet with a named metabolism: P(viable), and the climate state behind it (regime, "
      "habitable, and the distributions of f_hab, the share of surface and time at 273.0 to 373.0 K, and h050, at "
      "273.15 to 323.15 K). Each carries a mark where the sample lies outside of the training hull.\n\n"
      "It never answers a probability of life: viable means that one metabolic network would grow under the climate, "
      "gases and light of a model planet, not that anything lives there.\n\n";
  text +=
      "## Not for\n\nDecisions about a real planet without its flag and interval in view; planets unlike the "
      "generated ones (no hydrogen envelopes, no tidal heating, no ocean dynamics, no clouds that move with the "
      "weather); text as a source of facts: what it writes is marked as model output.\n\n";

  text += fmt::format(
      "## How it was made\n\n{}; preset {}, seed {}, {} steps in {} epochs, {:.0f} s on {}. Training "
      "ended because: {}. The weights are those of step {}, chosen on validation planets.\n\n",
      facts.program, facts.preset, facts.seed, counted(facts.steps), facts.epochs, facts.trainSeconds, facts.device,
      facts.ended, counted(facts.bestStep));
  MarkdownTable parts({"part", "parameters"});
  std::int64_t total = 0;
  for (const auto& [part, count] : facts.parameters) {
    parts.add({part, counted(count)});
    total += count;
  }
  parts.add({"all", counted(total)});
  text += parts.text();
  if (!facts.attention.empty()) text += fmt::format("Attention of the language part: {}.\n\n", facts.attention);
  text +=
      "Inputs: climate cube (10 variables, 12 months, 32 x 64 cells, 10 levels), metabolic network, transmission "
      "spectrum with its uncertainties, text, ten scalars; any subset, what is missing is masked and never filled. "
      "Data: `data_card.md`. All options:\n\n```toml\n" +
      facts.options + "```\n\n";

  text +=
      "## How well it does\n\nOn generated planets it never saw. With the cube hidden, which is what it is for:\n\n" +
      scored(report, cubeHidden()) + "With all views, as a sanity check (labels are functions of the cube):\n\n" +
      scored(report, subsetName(kAllViews)) + "Baselines, subsets of views and every real planet: `report.md`.\n\n";

  text +=
      "## Known limits\n\n"
      "- Scores are on generated planets and hold for the generator's priors and its energy balance climate; on "
      "planets of other climate models and on observed ones no coverage is claimed.\n"
      "- Conformal intervals are right on average over planets like those of the validation split, not for every kind "
      "of planet.\n"
      "- Synchronous rotation, CO2 and the start state of the climate are never given: two climates of one system "
      "can only be told apart by the cube, the spectrum or the text.\n"
      "- Hydrogen is nearly invisible in the spectra, so viability of metabolisms that need it has a ceiling.\n"
      "- Attention and attribution show what the model read, not why a planet is as it is.\n\n"
      "## Loading\n\nWeights are safetensors with a manifest of hashes; nothing in a run executes. Licence: "
      "Apache-2.0. Sources, and with them the licences of imported data, are in the data card.\n";
  return text;
}

}  // namespace ecumene::engine::report
