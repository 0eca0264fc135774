// SPDX-License-Identifier: Apache-2.0
#include "engine/report/prediction_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/report/conformal.h"

namespace ecumene::engine::report {
namespace {

using Json = nlohmann::ordered_json;

/// NaN and infinity have no place in JSON.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json text(const std::string& value) {
  return value.empty() ? Json(nullptr) : Json(value);
}

Json shareJson(const SharePrediction& share) {
  return {{"mean", number(share.mean)},
          {"low", number(share.low)},
          {"high", number(share.high)},
          {"level", kIntervalLevel},
          {"conformal_low", number(share.conformalLow)},
          {"conformal_high", number(share.conformalHigh)},
          {"calibrated", !std::isnan(share.conformalLow)}};
}

Json verdictJson(const HullVerdict& verdict) {
  Json broken = Json::array();
  for (const BrokenRange& range : verdict.broken) {
    broken.push_back({{"quantity", range.quantity},
                      {"unit", range.unit},
                      {"value", number(range.value)},
                      {"train_low", number(range.low)},
                      {"train_high", number(range.high)}});
  }
  return {{"beyond", std::move(broken)},
          {"distance", number(verdict.distance)},
          {"limit", number(verdict.limit)},
          {"threshold_from", text(verdict.thresholdFrom)}};
}

Json hullOf(const Prediction& row) {
  return {{"outside_training_hull", row.hull ? Json(row.hull->outside) : Json(nullptr)},
          {"hull", row.hull ? verdictJson(*row.hull) : Json(nullptr)},
          {"not_judged_because", text(row.notJudged)}};
}

/// Null where nothing is true of the sample that anybody knows.
Json truthJson(const Labels& truth) {
  if (!hasLabels(truth)) return nullptr;
  return {{"viable", number(truth.viable)},
          {"habitable", number(truth.habitable)},
          {"regime",
           truth.regime < 0 ? Json(nullptr) : Json(std::string(name(static_cast<data::planet::Regime>(truth.regime))))},
          {"f_hab", number(truth.fHab)},
          {"h050", number(truth.h050)}};
}

Json fluxesJson(const Prediction& row) {
  Json reactions = Json::array();
  const bool calibrated = !std::isnan(row.fluxFactor);
  for (const FluxEstimate& flux : row.fluxes) {
    const auto [low, high] = interval(flux, calibrated ? row.fluxFactor : 1.0);
    reactions.push_back({{"reaction", flux.reaction},
                         {"median", number(flux.median)},
                         {"low", number(low)},
                         {"high", number(high)},
                         {"truth", number(flux.known)}});
  }
  return {{"unit", "mmol/gDW/h"},
          {"level", kIntervalLevel},
          {"calibrated", calibrated},
          {"factor", number(row.fluxFactor)},
          {"not_calibrated_because", text(row.fluxesNotCalibrated)},
          {"reactions", std::move(reactions)}};
}

}  // namespace

bool isCalibrated(const Prediction& row) {
  return !std::isnan(row.fHab.conformalLow) && !std::isnan(row.h050.conformalLow);
}

std::string metabolismOf(const Prediction& row) {
  return row.sample.substr(row.sample.find('/') + 1);
}

std::string hullJson(const Prediction& row) {
  return hullOf(row).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string predictionJson(const Prediction& row) {
  Json regime = Json::object();
  for (std::size_t r = 0; r < row.regime.size(); ++r) {
    regime[std::string(name(static_cast<data::planet::Regime>(r)))] = number(row.regime.at(r));
  }
  Json made = {{"sample", row.sample},
               {"planet", row.planet},
               {"metabolism", metabolismOf(row)},
               {"split", text(row.split)},
               {"views", viewsGiven(row)},
               {"viable", number(row.viable)},
               {"habitable", number(row.habitable)},
               {"regime", std::move(regime)},
               {"f_hab", shareJson(row.fHab)},
               {"h050", shareJson(row.h050)},
               {"calibrated_on", isCalibrated(row) ? Json(kCalibratedOn) : Json(nullptr)},
               {"not_calibrated_because", text(row.notCalibrated)},
               {"truth", truthJson(row.truth)}};
  made.update(hullOf(row));
  if (!row.fluxes.empty()) made["fluxes"] = fluxesJson(row);
  return made.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ecumene::engine::report
