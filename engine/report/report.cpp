// SPDX-License-Identifier: Apache-2.0
#include "engine/report/report.h"

#include <algorithm>
#include <array>
#include <set>

#include "data/base/error.h"

namespace ecumene::engine::report {
namespace {

constexpr std::array<std::string_view, 2> kScoredSplits{"validation", "test"};
/// What is compared with other predictors; the first three are what a run is judged by where the cube is hidden.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kCompared{{{"f_hab", "CRPS"},
                                                                                  {"regime", "log-loss"},
                                                                                  {"viable", "AUROC"},
                                                                                  {"h050", "CRPS"},
                                                                                  {"habitable", "log-loss"},
                                                                                  {"viable", "log-loss"},
                                                                                  {"regime", "accuracy"}}};

std::set<std::string> subsetsOf(const Predictor& predictor) {
  std::set<std::string> subsets;
  for (const Prediction& row : predictor.predictions) subsets.insert(row.subset);
  return subsets;
}

void addScores(Report& report, const Predictor& predictor) {
  for (const std::string_view split : kScoredSplits) {
    for (const std::string& subset : subsetsOf(predictor)) {
      const Rows rows = select(predictor.predictions, split, subset);
      for (Score& score : scores(rows)) {
        report.scores.push_back({predictor.name, std::string(split), subset, -1, std::move(score)});
      }
      for (int a = 0; a < static_cast<int>(data::planet::kArchetypeCount); ++a) {
        for (Score& score : scores(ofArchetype(rows, a))) {
          if (score.target != "viable") continue;
          report.scores.push_back({predictor.name, std::string(split), subset, a, std::move(score)});
        }
      }
    }
  }
}

/// The model with each other predictor: a baseline always sees the scalars, a part what the model sees.
void addComparisons(Report& report, const Predictor& model, const Predictor& other) {
  for (const std::string& subset : {cubeHidden(), subsetName(kAllViews), subsetName(kScalars)}) {
    const std::string theirSubset = other.kind == PredictorKind::kBaseline ? subsetName(kScalars) : subset;
    for (const std::string_view split : kScoredSplits) {
      const Rows ours = select(model.predictions, split, subset);
      const Rows theirs = select(other.predictions, split, theirSubset);
      if (ours.empty() || theirs.empty()) continue;
      const auto add = [&](int archetype, Score difference) {
        if (difference.estimate.rows == 0) return;
        report.comparisons.push_back({std::string(split), subset, other.name, archetype, std::move(difference)});
      };
      for (const auto& [target, metric] : kCompared) add(-1, difference(ours, theirs, target, metric));
      for (int a = 0; a < static_cast<int>(data::planet::kArchetypeCount); ++a) {
        add(a, difference(ofArchetype(ours, a), ofArchetype(theirs, a), "viable", "AUROC"));
      }
    }
  }
}

/// The model with itself where it sees other planets: few systems are asked about so, which no other score is over.
void addShuffled(Report& report, const Predictor& model) {
  const std::string all = subsetName(kAllViews);
  for (const std::string_view split : kScoredSplits) {
    const Rows own = select(model.predictions, split, all), others = select(model.predictions, split, kShuffled);
    for (const auto& [target, metric] : kCompared) {
      Score less = difference(own, others, target, metric);
      if (less.estimate.rows == 0) continue;
      report.comparisons.push_back({std::string(split), all, kShuffled, -1, std::move(less)});
    }
  }
}

void addFigures(Report& report, const Predictor& model) {
  for (const std::string_view split : kScoredSplits) {
    for (const std::string& subset : {cubeHidden(), subsetName(kAllViews)}) {
      const Rows rows = select(model.predictions, split, subset);
      if (rows.empty()) continue;
      for (const std::string_view target : {"regime", "habitable", "viable"}) {
        report.reliability.push_back({std::string(split), subset, std::string(target), reliabilityOf(rows, target)});
      }
      report.confusion.push_back({std::string(split), subset, regimeConfusion(rows)});
    }
  }
}

}  // namespace

std::string_view name(PredictorKind kind) {
  constexpr std::array<std::string_view, 3> kNames{"model", "part", "baseline"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string cubeHidden() {
  return subsetName(kAllViews & ~static_cast<unsigned>(kClimate));
}

Report makeReport(RunFacts facts, const std::vector<Predictor>& predictors,
                  const std::vector<ConformalStep>& conformal) {
  if (predictors.empty() || predictors.front().kind != PredictorKind::kModel) {
    throw internalError("a report begins with its model");
  }
  Report report;
  report.facts = std::move(facts);
  report.conformal = conformal;
  const Predictor& model = predictors.front();
  std::set<std::string> names = {kShuffled};
  for (const Predictor& predictor : predictors) {
    if (!names.insert(predictor.name).second) throw internalError("two predictors are called " + predictor.name);
    report.predictors.push_back({predictor.name, predictor.about, predictor.kind});
    addScores(report, predictor);
    if (&predictor != &model) addComparisons(report, model, predictor);
  }
  addShuffled(report, model);
  addFigures(report, model);
  for (const Prediction& row : model.predictions) {
    if (row.real && (row.subset == subsetName(kAllViews) || row.subset == cubeHidden())) report.real.push_back(row);
  }
  std::stable_sort(report.real.begin(), report.real.end(), [](const Prediction& a, const Prediction& b) {
    return std::tie(a.split, a.planet, a.subset, a.archetype) < std::tie(b.split, b.planet, b.subset, b.archetype);
  });
  return report;
}

}  // namespace ecumene::engine::report
