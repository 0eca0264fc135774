// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/report/prediction_json.h"
#include "engine/report/report.h"

namespace ecumene::engine::report {
namespace {

using Json = nlohmann::ordered_json;

/// Six digits are more than any interval here justifies; NaN and infinity have no JSON.
Json rounded(double value) {
  if (!std::isfinite(value)) return nullptr;
  if (value == 0.0) return 0.0;
  const double scale = std::pow(10.0, 5.0 - std::floor(std::log10(std::abs(value))));
  return std::isfinite(scale) ? std::round(value * scale) / scale : value;
}

std::string archetypeName(int archetype) {
  return archetype < 0 ? "all" : std::string(name(static_cast<data::planet::Archetype>(archetype)));
}

Json estimateJson(const Score& score) {
  return {{"target", score.target},
          {"metric", score.name},
          {"value", rounded(score.estimate.value)},
          {"low", rounded(score.estimate.low)},
          {"high", rounded(score.estimate.high)},
          {"rows", score.estimate.rows},
          {"planets", score.estimate.planets}};
}

std::string_view word(Better better) {
  constexpr std::array<std::string_view, 3> kWords{"higher", "lower", "nominal"};
  return kWords.at(static_cast<std::size_t>(better));
}

Json runJson(const RunFacts& facts) {
  Json parts = Json::object();
  for (const auto& [part, count] : facts.parameters) parts[part] = count;
  return {{"name", facts.name},
          {"preset", facts.preset},
          {"program", facts.program},
          {"device", facts.device},
          {"seed", facts.seed},
          {"steps", facts.steps},
          {"epochs", facts.epochs},
          {"best_step", facts.weights.step},
          {"manifest", facts.weights.manifest},
          {"covers", {{"splits", facts.covers.splits}, {"every_subset", facts.covers.everySubset}}},
          {"train_seconds", rounded(facts.trainSeconds)},
          {"finished", facts.finished},
          {"ended", facts.ended},
          {"parameters", parts},
          {"hull", facts.hull},
          {"remarks", facts.remarks}};
}

Json shareJson(const SharePrediction& share, double truth) {
  return {{"mean", rounded(share.mean)},
          {"low", rounded(share.low)},
          {"high", rounded(share.high)},
          {"level", kIntervalLevel},
          {"conformal_low", rounded(share.conformalLow)},
          {"conformal_high", rounded(share.conformalHigh)},
          {"label", rounded(truth)}};
}

Json realJson(const Prediction& row) {
  Json regime = Json::object();
  for (std::size_t r = 0; r < row.regime.size(); ++r) {
    regime[std::string(name(static_cast<data::planet::Regime>(r)))] = rounded(row.regime.at(r));
  }
  Json made{{"planet", row.planet},
            {"archetype", row.archetype < 0 ? Json(nullptr) : Json(archetypeName(row.archetype))},
            {"split", row.split},
            {"subset", row.subset},
            {"views", viewsGiven(row)},
            {"regime", regime},
            {"regime_label", row.truth.regime < 0
                                 ? Json(nullptr)
                                 : Json(std::string(name(static_cast<data::planet::Regime>(row.truth.regime))))},
            {"habitable", rounded(row.habitable)},
            {"habitable_label", rounded(row.truth.habitable)},
            {"viable", rounded(row.viable)},
            {"viable_label", rounded(row.truth.viable)},
            {"f_hab", shareJson(row.fHab, row.truth.fHab)},
            {"h050", shareJson(row.h050, row.truth.h050)}};
  made.update(Json::parse(hullJson(row)));
  return made;
}

}  // namespace

std::string toJson(const Report& report) {
  Json json{{"format", 1}, {"run", runJson(report.facts)}};
  Json regimes = Json::array();
  for (std::size_t r = 0; r < data::planet::kRegimeCount; ++r) {
    regimes.push_back(name(static_cast<data::planet::Regime>(r)));
  }
  json["regimes"] = regimes;
  json["metrics"] = Json::array();
  for (const MetricInfo& metric : metrics()) {
    json["metrics"].push_back({{"target", metric.target},
                               {"metric", metric.name},
                               {"better", word(metric.better)},
                               {"meaning", metric.meaning}});
  }
  json["predictors"] = Json::array();
  for (const Report::Named& predictor : report.predictors) {
    json["predictors"].push_back(
        {{"name", predictor.name}, {"kind", name(predictor.kind)}, {"about", predictor.about}});
  }
  json["scores"] = Json::array();
  for (const ScoreRow& row : report.scores) {
    Json made{{"predictor", row.predictor},
              {"split", row.split},
              {"subset", row.subset},
              {"archetype", archetypeName(row.archetype)}};
    made.update(estimateJson(row.score));
    json["scores"].push_back(std::move(made));
  }
  json["comparisons"] = Json::array();
  for (const Comparison& row : report.comparisons) {
    Json made{{"against", row.against},
              {"split", row.split},
              {"subset", row.subset},
              {"archetype", archetypeName(row.archetype)}};
    made.update(estimateJson(row.difference));
    // Draws of planets are the same in every run, so replicates of runs with other seeds can be averaged pairwise.
    if (row.split == "test") {
      for (const double value : row.difference.estimate.replicates) made["replicates"].push_back(rounded(value));
    }
    json["comparisons"].push_back(std::move(made));
  }
  json["conformal"] = Json::array();
  for (const ConformalStep& step : report.conformal) {
    json["conformal"].push_back(
        {{"subset", step.subset}, {"target", step.target}, {"shift", rounded(step.shift)}, {"planets", step.planets}});
  }
  json["reliability"] = Json::array();
  for (const Report::Reliability& row : report.reliability) {
    Json bins = Json::array();
    for (const ReliabilityBin& bin : row.bins) {
      bins.push_back({{"low", bin.low},
                      {"high", bin.high},
                      {"stated", rounded(bin.stated)},
                      {"happened", rounded(bin.happened)},
                      {"rows", bin.weight}});
    }
    json["reliability"].push_back(
        {{"split", row.split}, {"subset", row.subset}, {"target", row.target}, {"bins", bins}});
  }
  json["confusion"] = Json::array();
  for (const Report::Confusion& row : report.confusion) {
    json["confusion"].push_back({{"split", row.split}, {"subset", row.subset}, {"counts", row.counts}});
  }
  json["graph"] = Json::array();
  for (const GraphScore& row : report.graph) {
    json["graph"].push_back({{"networks", row.networks},
                             {"metric", row.name},
                             {"meaning", row.meaning},
                             {"value", rounded(row.estimate.value)},
                             {"low", rounded(row.estimate.low)},
                             {"high", rounded(row.estimate.high)},
                             {"over", row.counted},
                             {"rows", row.estimate.rows},
                             {"clusters", row.estimate.planets}});
  }
  json["real"] = Json::array();
  for (const Prediction& row : report.real) json["real"].push_back(realJson(row));
  return json.dump(1) + "\n";
}

}  // namespace ecumene::engine::report
