// SPDX-License-Identifier: Apache-2.0
#include "engine/report/prediction_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

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

}  // namespace

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
               {"views", viewsGiven(row)},
               {"viable", number(row.viable)},
               {"habitable", number(row.habitable)},
               {"regime", std::move(regime)},
               {"f_hab", shareJson(row.fHab)},
               {"h050", shareJson(row.h050)},
               {"not_calibrated_because", text(row.notCalibrated)}};
  made.update(hullOf(row));
  return made.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ecumene::engine::report
