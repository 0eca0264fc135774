// SPDX-License-Identifier: Apache-2.0
#include "engine/report/baseline_targets.h"

#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "data/base/error.h"
#include "data/base/random.h"
#include "engine/report/baselines.h"

namespace ecumene::engine::report {
namespace {

Labelled labelled(std::span<const ScalarRow> rows, const LabelOf& label) {
  Labelled result;
  for (const ScalarRow& row : rows) {
    if (std::isnan(label(row))) continue;
    result.rows.push_back(row);
    result.labels.push_back(label(row));
  }
  return result;
}

}  // namespace

double regimeLabel(const ScalarRow& row) {
  return row.truth.regime < 0 ? kMissing : static_cast<double>(row.truth.regime);
}

TargetRows targetRows(std::span<const ScalarRow> train, std::span<const ScalarRow> validation, bool archetypes,
                      const LabelOf& label) {
  const auto pick = [&](std::span<const ScalarRow> rows) {
    return archetypes ? labelled(rows, label) : labelled(taken(rows, firstOfEachPlanet(rows)), label);
  };
  TargetRows result{pick(train), pick(validation)};
  if (result.train.rows.empty() || result.validation.rows.empty()) {
    throw Error("a baseline needs train and validation samples with every label")
        .found(std::to_string(result.train.rows.size()) + " and " + std::to_string(result.validation.rows.size()))
        .next("use a store with labelled planets in both splits");
  }
  return result;
}

std::vector<Fold> folds(const Labelled& rows) {
  std::vector<Fold> result(5);
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const ScalarRow& row = rows.rows[i];
    const std::size_t own = stableHash(row.system.empty() ? row.planet : row.system) % result.size();
    for (std::size_t f = 0; f < result.size(); ++f) {
      Labelled& part = f == own ? result[f].outside : result[f].inside;
      part.rows.push_back(row);
      part.labels.push_back(rows.labels[i]);
      if (f == own) result[f].at.push_back(i);
    }
  }
  std::erase_if(result, [](const Fold& fold) { return fold.inside.rows.empty() || fold.outside.rows.empty(); });
  return result;
}

std::vector<Prediction> emptyPredictions(std::span<const ScalarRow> wanted) {
  std::vector<Prediction> predictions;
  for (const ScalarRow& row : wanted) {
    Prediction prediction;
    prediction.sample = row.sample;
    prediction.planet = row.planet;
    prediction.system = row.system;
    prediction.archetype = row.archetype;
    prediction.split = row.split;
    prediction.subset = subsetName(kScalars);
    prediction.real = row.real;
    prediction.truth = row.truth;
    predictions.push_back(std::move(prediction));
  }
  return predictions;
}

void takeLabels(std::vector<Prediction>& predictions, std::span<const Prediction> like) {
  std::map<std::string_view, const Labels*> labels;
  for (const Prediction& row : like) labels.emplace(row.sample, &row.truth);
  for (Prediction& row : predictions) {
    const auto found = labels.find(row.sample);
    row.truth = found == labels.end() ? Labels{} : *found->second;
    for (const auto& [share, label] :
         {std::pair{&Prediction::fHab, &Labels::fHab}, std::pair{&Prediction::h050, &Labels::h050}}) {
      row.*share = sharePrediction((row.*share).probability, row.truth.*label);
    }
  }
}

}  // namespace ecumene::engine::report
