// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "engine/report/markdown.h"
#include "engine/report/markdown_sections.h"
#include "engine/report/report.h"

namespace ecumene::engine::report {
namespace {

using data::planet::Archetype;
using data::planet::Regime;

const Estimate* find(const Report& report, std::string_view predictor, std::string_view split, std::string_view subset,
                     std::string_view target, std::string_view metric, int archetype = -1) {
  for (const ScoreRow& row : report.scores) {
    if (row.predictor == predictor && row.split == split && row.subset == subset && row.archetype == archetype &&
        row.score.target == target && row.score.name == metric) {
      return &row.score.estimate;
    }
  }
  return nullptr;
}

const Estimate* findDifference(const Report& report, std::string_view against, std::string_view split,
                               std::string_view subset, std::string_view target, std::string_view metric,
                               int archetype = -1) {
  for (const Comparison& row : report.comparisons) {
    if (row.against == against && row.split == split && row.subset == subset && row.archetype == archetype &&
        row.difference.target == target && row.difference.name == metric) {
      return &row.difference.estimate;
    }
  }
  return nullptr;
}

std::string shownOr(const Estimate* estimate) {
  return estimate == nullptr ? "–" : shown(*estimate);
}

std::string verdict(const Estimate* difference, Better better) {
  if (difference == nullptr || std::isnan(difference->low)) return "";
  if (difference->planets < kLeastCompared) return ", too few planets to say";
  const bool lower = difference->high < 0.0;
  const bool higher = difference->low > 0.0;
  if (!lower && !higher) return ", undecided";
  return (better == Better::kLower ? lower : higher) ? ", better" : ", worse";
}

/// The same in a sentence.
std::string inWords(const std::string& said) {
  if (said == ", better" || said == ", worse") return ": the model is " + said.substr(2);
  return said == ", undecided" ? "" : said;
}

std::string counts(const Estimate* estimate) {
  if (estimate == nullptr) return "–";
  return fmt::format("{} of {}", estimate->rows, estimate->planets);
}

std::string modelName(const Report& report) {
  return report.predictors.front().name;
}

/// Whether the model has scores of a split.
bool isScored(const Report& report, std::string_view split) {
  return std::ranges::any_of(
      report.scores, [&](const ScoreRow& row) { return row.split == split && row.predictor == modelName(report); });
}

bool has(const Report& report, PredictorKind kind) {
  return std::ranges::any_of(report.predictors, [&](const Report::Named& one) { return one.kind == kind; });
}

/// The model beside all others on one subset; others that are baselines see the scalars.
std::string comparison(const Report& report, std::string_view split, const std::string& subset) {
  std::vector<std::string> head{"", modelName(report)};
  for (std::size_t i = 1; i < report.predictors.size(); ++i) {
    head.push_back(report.predictors[i].name);
    head.push_back("model less " + report.predictors[i].name);
  }
  head.emplace_back("samples of planets");
  MarkdownTable table(head);
  for (const MetricInfo& metric : metrics()) {
    const Estimate* ours = find(report, modelName(report), split, subset, metric.target, metric.name);
    if (ours == nullptr || metric.target == "text") continue;
    std::vector<std::string> cells{fmt::format("{} {}", metric.target, metric.name), shown(*ours)};
    for (std::size_t i = 1; i < report.predictors.size(); ++i) {
      const Report::Named& other = report.predictors[i];
      const std::string theirs = other.kind == PredictorKind::kBaseline ? subsetName(kScalars) : subset;
      cells.push_back(shownOr(find(report, other.name, split, theirs, metric.target, metric.name)));
      const Estimate* difference = findDifference(report, other.name, split, subset, metric.target, metric.name);
      cells.push_back(difference == nullptr ? "" : shown(*difference) + verdict(difference, metric.better));
    }
    cells.push_back(counts(ours));
    table.add(std::move(cells));
  }
  return table.empty() ? "No scored samples.\n\n" : table.text();
}

std::string shuffled(const Report& report, std::string_view split) {
  std::string differences;
  for (const MetricInfo& metric : metrics()) {
    const Estimate* less = findDifference(report, kShuffled, split, subsetName(kAllViews), metric.target, metric.name);
    if (less == nullptr) continue;
    differences += fmt::format("{}{} {} {}{}", differences.empty() ? "" : "; ", metric.target, metric.name,
                               shown(*less), verdict(less, metric.better));
  }
  const std::string said = "Shuffled: all views, each of another planet, for one planet of each of some systems.";
  if (differences.empty()) return said + "\n\n";
  return said + " The planet's own views less shuffled ones, on the same samples: " + differences + ".\n\n";
}

std::string subsets(const Report& report, std::string_view split) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kColumns{{{"regime", "accuracy"},
                                                                                   {"regime", "log-loss"},
                                                                                   {"habitable", "accuracy"},
                                                                                   {"viable", "AUROC"},
                                                                                   {"f_hab", "CRPS"},
                                                                                   {"f_hab", "RMSE"},
                                                                                   {"text", "perplexity"}}};
  std::vector<std::string> head{"views given"};
  for (const auto& [target, metric] : kColumns) head.push_back(fmt::format("{} {}", target, metric));
  head.emplace_back("samples of planets");
  MarkdownTable table(head);
  const auto add = [&](const std::string& subset) {
    const Estimate* first = find(report, modelName(report), split, subset, "regime", "accuracy");
    if (first == nullptr) return false;
    std::vector<std::string> cells{subset};
    for (const auto& [target, metric] : kColumns) {
      cells.push_back(shownOr(find(report, modelName(report), split, subset, target, metric)));
    }
    cells.push_back(counts(first));
    table.add(std::move(cells));
    return true;
  };
  for (const unsigned views : evaluatedSubsets()) add(subsetName(views));
  const bool hasShuffled = add(kShuffled);
  if (table.empty()) return "No scored samples.\n\n";
  return table.text() +
         "Every sample is asked with the views that a run is judged by, some samples with all others too: rows "
         "of different counts are not paired.\n\n" +
         (hasShuffled ? shuffled(report, split) : "");
}

std::string archetypes(const Report& report, std::string_view split) {
  std::vector<std::string> head{"AUROC of viable", "cube hidden", "all views"};
  std::vector<const Report::Named*> baselines;
  for (const Report::Named& other : report.predictors) {
    if (other.kind != PredictorKind::kBaseline) continue;
    baselines.push_back(&other);
    head.push_back(other.name);
    head.push_back("cube hidden less " + other.name);
  }
  head.emplace_back("samples of planets");
  MarkdownTable table(head);
  for (int a = 0; a < kArchetypes; ++a) {
    const Estimate* hidden = find(report, modelName(report), split, cubeHidden(), "viable", "AUROC", a);
    const Estimate* all = find(report, modelName(report), split, subsetName(kAllViews), "viable", "AUROC", a);
    if (hidden == nullptr && all == nullptr) continue;
    std::vector<std::string> cells{std::string(name(static_cast<Archetype>(a))), shownOr(hidden), shownOr(all)};
    for (const Report::Named* other : baselines) {
      cells.push_back(shownOr(find(report, other->name, split, subsetName(kScalars), "viable", "AUROC", a)));
      const Estimate* difference = findDifference(report, other->name, split, cubeHidden(), "viable", "AUROC", a);
      cells.push_back(difference == nullptr ? "–" : shown(*difference) + verdict(difference, Better::kHigher));
    }
    cells.push_back(counts(hidden != nullptr ? hidden : all));
    table.add(std::move(cells));
  }
  return table.empty() ? "No scored samples.\n\n" : table.text();
}

std::string confusion(const Report& report, std::string_view split, const std::string& subset) {
  for (const Report::Confusion& row : report.confusion) {
    if (row.split != split || row.subset != subset) continue;
    std::vector<std::string> head{"label, then prediction"};
    for (std::size_t r = 0; r < row.counts.size(); ++r) head.emplace_back(name(static_cast<Regime>(r)));
    MarkdownTable table(head);
    for (std::size_t r = 0; r < row.counts.size(); ++r) {
      std::vector<std::string> cells{std::string(name(static_cast<Regime>(r)))};
      for (const std::size_t count : row.counts[r]) cells.push_back(std::to_string(count));
      table.add(std::move(cells));
    }
    return table.text();
  }
  return "No scored samples.\n\n";
}

std::string conformalSteps(const Report& report) {
  MarkdownTable table({"views given", "f_hab", "h050", "validation systems"});
  std::map<std::string, std::array<const ConformalStep*, 2>> steps;
  for (const ConformalStep& step : report.conformal) {
    steps[step.subset].at(step.target == "f_hab" ? 0 : 1) = &step;
  }
  for (const unsigned views : evaluatedSubsets()) {
    const auto found = steps.find(subsetName(views));
    if (found == steps.end()) continue;
    const auto& [fHab, h050] = found->second;
    table.add({found->first, fHab == nullptr ? "–" : shown(fHab->shift), h050 == nullptr ? "–" : shown(h050->shift),
               std::to_string((fHab != nullptr ? fHab : h050)->planets)});
  }
  if (table.empty()) {
    return "No interval of f_hab and h050 has a conformal step: there are no generated validation planets with labels "
           "to "
           "fit one on. Intervals are as the model gives them.\n\n";
  }
  return "The conformal step was fitted on generated validation planets, for the views that a run is judged by. A "
         "planet takes the step of the views that it has; where there is none, the interval is as the model gives it. "
         "Ends of the intervals were moved outwards by (∞: too few systems for a level of 90 %)\n\n" +
         table.text();
}

std::string whatScoresSay(const Report& report) {
  const std::string answers =
      "The model answers P(viable | a named metabolism) and the climate state behind it, never a probability of "
      "life. ";
  if (report.scores.empty()) {
    return "There are **no scores**: only generated planets of the validation and test splits are scored, and none of "
           "them was evaluated. " +
           answers + "\n\n";
  }
  return "All scores are on **generated** planets: they say how well the generator's physics is learned, not how well "
         "nature is. " +
         answers +
         fmt::format(
             "An interval in brackets is the 95 % interval over draws of planetary systems, with all their "
             "samples. Comparisons are paired on the same samples; \"better\" and \"worse\" mean that the "
             "interval of the difference excludes zero, and are said of {} systems or more.\n\n",
             kLeastCompared);
}

std::string testSections(const Report& report) {
  if (!isScored(report, "test")) return "## Test\n\nNo scored samples.\n\n";
  std::string text =
      "## With the cube hidden (test)\n\nLabels are functions of the climate cube, so only this is hard: " +
      cubeHidden() + "." +
      (has(report, PredictorKind::kBaseline) ? " Baselines see the scalars and the archetype." : "") + "\n\n" +
      comparison(report, "test", cubeHidden());
  text += "Regimes with the cube hidden, samples:\n\n" + confusion(report, "test", cubeHidden());
  text +=
      "## Viability by archetype (test)\n\nHydrogen shows in a spectrum only through the mean molecular weight and "
      "Rayleigh scattering: metabolisms that need it have a ceiling that no model passes.\n\n" +
      archetypes(report, "test");
  text += "## With all views (test)\n\nA sanity check, not evidence: the cube holds its own labels.\n\n" +
          comparison(report, "test", subsetName(kAllViews));
  return text + "## Views given (test)\n\n" + subsets(report, "test");
}

std::string validationSection(const Report& report) {
  if (!isScored(report, "validation")) return "## Validation\n\nNo scored samples.\n\n";
  std::string chosen = report.facts.validated ? "the checkpoint" : "";
  const auto add = [&](bool is, const char* what) {
    if (is) chosen += (chosen.empty() ? "" : ", ") + std::string(what);
  };
  add(has(report, PredictorKind::kBaseline), "the penalties of the baselines");
  add(!report.conformal.empty(), "the conformal step");
  return "## Validation\n\n" +
         (chosen.empty() ? "" : "These planets chose " + chosen + ", so their scores flatter.\n\n") +
         "Cube hidden:\n\n" + comparison(report, "validation", cubeHidden()) + "All views:\n\n" +
         comparison(report, "validation", subsetName(kAllViews));
}

std::string hullOf(const RunFacts& facts) {
  std::string text;
  for (const std::string& sentence : facts.hull) text += "- " + sentence + "\n";
  return text.empty() ? "" : text + "\n";
}

}  // namespace

std::string inShort(const Report& report) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kJudged{
      {{"f_hab", "CRPS"}, {"regime", "log-loss"}, {"viable", "AUROC"}}};
  std::string text;
  for (const auto& [target, metric] : kJudged) {
    const Estimate* ours = find(report, modelName(report), "test", cubeHidden(), target, metric);
    if (ours == nullptr) continue;
    text += fmt::format("- {} {}: {} over {} systems", target, metric, shown(*ours), ours->planets);
    for (const Report::Named& other : report.predictors) {
      if (other.kind != PredictorKind::kBaseline) continue;
      const Estimate* difference = findDifference(report, other.name, "test", cubeHidden(), target, metric);
      const Better better = target == "viable" ? Better::kHigher : Better::kLower;
      text += fmt::format("; {} {}{}", other.name,
                          shownOr(find(report, other.name, "test", subsetName(kScalars), target, metric)),
                          inWords(verdict(difference, better)));
    }
    text += "\n";
  }
  return text.empty() ? "No scores: no generated planet of the test split was evaluated.\n" : text;
}

std::string toMarkdown(const Report& report) {
  const RunFacts& facts = report.facts;
  std::string text = fmt::format("# Report of the run {}\n\n", facts.name);
  text += fmt::format(
      "Preset {}, seed {}, {} steps in {} epoch{}, {} of training on {}; ended because: {}. Evaluated: {}, "
      "{}.\n\n",
      facts.preset, facts.seed, counted(facts.steps), facts.epochs, facts.epochs == 1 ? "" : "s",
      inSeconds(facts.trainSeconds), facts.device, facts.ended, words(facts.weights), facts.finished);
  text += whatScoresSay(report);
  for (const std::string& remark : facts.remarks) text += "- " + remark + "\n";
  if (!facts.remarks.empty()) text += "\n";

  if (isScored(report, "test")) text += "In short, with the cube hidden:\n\n" + inShort(report) + "\n";
  text += testSections(report) + "## Intervals\n\n" + conformalSteps(report) + validationSection(report);
  text += graphPart(report);
  text +=
      "## Planets that were not generated\n\nPlanets of other climate models (real) and with measured spectra "
      "(observed), one by one; they are not scored, and no coverage is claimed for their intervals. " +
      std::string(facts.trainSplit == "real" ? "Those of the split real were trained on. " : "") +
      "Outside the hull: a scalar, or a quantity of its "
      "widest spectrum, outside of its range among the train planets, or an embedding farther from theirs than the "
      "threshold; "
      "of other views than those below, ranges alone.\n\n" +
      hullOf(facts) + realPlanets(report);

  text += "## Who predicts\n\n";
  for (const Report::Named& predictor : report.predictors) {
    text += fmt::format("- **{}** ({}): {}\n", predictor.name, name(predictor.kind), predictor.about);
  }
  text += "\n## Metrics\n\n";
  for (const MetricInfo& metric : metrics()) {
    text += fmt::format("- {} {}: {}\n", metric.target, metric.name, metric.meaning);
  }
  return text;
}

}  // namespace ecumene::engine::report
