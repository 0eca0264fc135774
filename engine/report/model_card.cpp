// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

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

std::string howMade(const RunFacts& facts, std::string_view chosen) {
  std::string text = fmt::format(
      "## How it was made\n\n{}; {}, seed {}, {} steps in {} whole epochs, {} on {}. Training ended because: {}. "
      "The weights are those of step {}, {}.\n\n",
      facts.program, facts.preset == "adapt" ? "by the word adapt" : "preset " + facts.preset, facts.seed,
      counted(facts.steps), facts.epochs, inSeconds(facts.trainSeconds), facts.device, facts.ended,
      counted(facts.weights.step), chosen);
  MarkdownTable parts({"part", "parameters"});
  std::int64_t total = 0;
  for (const auto& [part, count] : facts.parameters) {
    parts.add({part, counted(count)});
    total += count;
  }
  parts.add({"all", counted(total)});
  text += parts.text();
  if (!facts.attention.empty()) text += fmt::format("Attention: {}.\n\n", facts.attention);
  return text;
}

std::string optionsOf(const RunFacts& facts) {
  return "All options:\n\n```toml\n" + facts.options + "```\n\n";
}

/// For which views single predictions are calibrated and judged, and by what.
std::string marks(const Report& report) {
  std::string views;
  for (const ConformalStep& step : report.conformal) {
    if (step.target != "f_hab" || !std::isfinite(step.shift)) continue;
    views += fmt::format("{}{} ({} systems)", views.empty() ? "" : "; ", step.subset, step.planets);
  }
  std::string text =
      report.conformal.empty()
          ? "No interval of f_hab and h050 is calibrated: there are no generated validation planets with "
            "labels.\n"
      : views.empty() ? "No interval of f_hab and h050 is calibrated: there are too few validation systems.\n"
                      : fmt::format(
                            "Intervals of f_hab and h050 are conformal, fitted on generated validation planets, where "
                            "the views given are {}. Others are as the model gives them, and marked uncalibrated.\n",
                            views);
  for (const std::string& sentence : report.facts.hull) text += "- " + sentence + "\n";
  return text + "\n";
}

std::string howWell(const Report& report, const std::string& file) {
  if (report.predictors.empty()) {
    return "## How well it does\n\nNot evaluated: these weights have no scores, their intervals no conformal step, and "
           "no training hull is theirs, so that their predictions say neither. `ecumene-train eval` makes all three. A "
           "`report.md` beside this card is of an earlier evaluation and names its step.\n\n";
  }
  if (report.scores.empty()) {
    return "## How well it does\n\nNot known: no generated planet of the validation or test split was evaluated, and "
           "others are not scored.\n\n" +
           marks(report) + "Every real planet: `" + file + "`.\n\n";
  }
  return "## How well it does\n\nOn generated planets it never saw. With the cube hidden, which is what it is "
         "for:\n\n" +
         scored(report, cubeHidden()) + "With all views, as a sanity check (labels are functions of the cube):\n\n" +
         scored(report, subsetName(kAllViews)) + marks(report) +
         "Baselines, subsets of views and every real planet: `" + file + "`.\n\n";
}

constexpr std::string_view kLoading =
    "## Loading\n\nWeights are safetensors with a manifest of hashes; nothing in a run executes. Licence: Apache-2.0. ";

}  // namespace

std::string modelCard(const Report& report, const std::string& file) {
  const RunFacts& facts = report.facts;
  std::string text = fmt::format("# Model card: {}\n\n", facts.name);
  text +=
      "## What it answers\n\nFor a planet with a named metabolism: P(viable), and the climate state behind it (regime, "
      "habitable, and the distributions of f_hab, the share of surface and time at 273.0 to 373.0 K, and h050, at "
      "273.15 to 323.15 K). Once the run is evaluated, each says whether the sample lies outside of what was trained "
      "on "
      "and whether its intervals are calibrated, or why neither is known.\n\n"
      "It never answers a probability of life: viable means that one metabolic network would grow under the climate, "
      "gases and light of a model planet, not that anything lives there.\n\n";
  const bool ofReal = facts.trainSplit == "real";
  text += fmt::format(
      "## Not for\n\nDecisions about a real planet without its flag and interval in view; planets unlike {}; text as a "
      "source of facts: what it writes is marked as model output.\n\n",
      ofReal
          ? "those it was trained on, the imported ones of the split real"
          : "the generated ones (no hydrogen envelopes, no tidal heating, no ocean dynamics, no clouds that move with "
            "the weather)");

  text += howMade(facts, facts.validated ? "the best on validation planets" : "the last");
  text +=
      "Inputs: climate cube (10 variables, 12 months, 32 x 64 cells, 10 levels), metabolic network, transmission "
      "spectrum with its uncertainties, text, ten scalars; any subset, what is missing is masked and never filled. "
      "Data: `data_card.md`. " +
      optionsOf(facts) + howWell(report, file);

  text +=
      "## Known limits\n\n" +
      std::string(
          ofReal ? "- What other climate models simulated is what it learned; their assumptions are its own. On no "
                   "planet is a coverage claimed.\n"
                 : "- Scores are on generated planets and hold for the generator's priors and its energy balance "
                   "climate; on planets of other climate models and on observed ones no coverage is claimed.\n") +
      "- Conformal intervals are right on average over planets like those of the validation split, not for every kind "
      "of planet.\n"
      "- Synchronous rotation, CO2 and the start state of the climate are never given: two climates of one system "
      "can only be told apart by the cube, the spectrum or the text.\n"
      "- Hydrogen is nearly invisible in the spectra, so viability of metabolisms that need it has a ceiling.\n"
      "- Attention and attribution show what the model read, not why a planet is as it is.\n\n";
  return text + std::string(kLoading) + "Sources, and with them the licences of imported data, are in the data card.\n";
}

std::string adaptationCard(const RunFacts& facts, const AdaptedTo& corpus) {
  std::string text = fmt::format("# Model card: {}\n\n", facts.name);
  text +=
      "## What it answers\n\nNothing by itself about planets: it is the language part of the model, adapted to a "
      "corpus "
      "of texts. It goes on from a prompt, and another run takes it by `train.begin`. What it writes is model output, "
      "not a statement of fact.\n\n";
  text += howMade(facts, "the best on held-out texts") +
          fmt::format("It began with {}. Data: `data_card.md`. ",
                      corpus.begin.empty() ? "random weights" : "`" + corpus.begin + "`") +
          optionsOf(facts);
  text += "## How well it does\n\n";
  if (corpus.perplexity.empty()) {
    text += "Not evaluated: the adaptation has not finished.\n\n";
  } else {
    text += fmt::format("Perplexity of {} held-out texts of the same corpus: {}. Intervals: `report.md`.\n\n",
                        corpus.heldOutTexts, corpus.perplexity);
  }
  text +=
      "## Known limits\n\n"
      "- The held-out texts chose the weights, so their perplexity flatters.\n"
      "- A low perplexity says that the texts' wording is foreseen, not that what is written is right.\n\n";
  return text + std::string(kLoading) + "The licence of the corpus is not known here.\n";
}

}  // namespace ecumene::engine::report
