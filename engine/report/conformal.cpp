// SPDX-License-Identifier: Apache-2.0
#include "engine/report/conformal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>

#include "data/base/error.h"
#include "engine/report/scores.h"

namespace ecumene::engine::report {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Distance of the label beyond its interval, negative inside; an end at 0 or 1 cannot be overstepped.
double beyond(const SharePrediction& share, double truth) {
  const double below = share.low > 0.0 ? share.low - truth : -kInfinity;
  const double above = share.high < 1.0 ? truth - share.high : -kInfinity;
  return std::max(below, above);
}

void move(SharePrediction& share, double shift) {
  const double low = share.low > 0.0 ? std::max(0.0, share.low - shift) : 0.0;
  const double high = share.high < 1.0 ? std::min(1.0, share.high + shift) : 1.0;
  if (low <= high) {
    share.conformalLow = low;
    share.conformalHigh = high;
  } else {
    share.conformalLow = share.conformalHigh = 0.5 * (share.low + share.high);
  }
}

/// The shares that are moved, and their names.
constexpr std::array kTargets = {std::tuple{"f_hab", &Prediction::fHab, &Labels::fHab},
                                 std::tuple{"h050", &Prediction::h050, &Labels::h050}};

bool isWhole(const Prediction& row) {
  return viewsGiven(row) == row.subset;
}

ConformalStep fit(const Rows& validation, SharePrediction Prediction::*share, double Labels::*label) {
  std::map<std::string_view, double> rowsOf;
  for (const Prediction* row : validation) rowsOf[cluster(*row)] += 1.0;
  ConformalStep step;
  step.planets = rowsOf.size();
  std::vector<std::pair<double, double>> scored;  // distance, weight
  for (const Prediction* row : validation) {
    scored.emplace_back(beyond(row->*share, row->truth.*label), 1.0 / rowsOf.at(cluster(*row)));
  }
  std::sort(scored.begin(), scored.end());
  const double wanted = std::ceil(kIntervalLevel * static_cast<double>(step.planets + 1) - 1e-9);
  double sum = 0.0;
  step.shift = kInfinity;
  for (const auto& [distance, weight] : scored) {
    sum += weight;
    if (sum >= wanted - 1e-9) {
      step.shift = distance;
      break;
    }
  }
  return step;
}

}  // namespace

std::vector<ConformalStep> conformalise(std::vector<Prediction>& predictions) {
  std::set<std::string> subsets;
  for (const Prediction& row : predictions) subsets.insert(row.subset);
  std::vector<ConformalStep> steps;
  for (const std::string& subset : subsets) {
    for (const auto& [target, share, label] : kTargets) {
      Rows validation = select(predictions, "validation", subset);
      std::erase_if(validation, [share = share, label = label](const Prediction* row) {
        return !isWhole(*row) || std::isnan(row->truth.*label) || std::isnan((row->*share).low);
      });
      if (validation.empty()) continue;
      ConformalStep step = fit(validation, share, label);
      step.subset = subset;
      step.target = target;
      for (Prediction& row : predictions) {
        if (viewsGiven(row) == subset && !std::isnan((row.*share).low)) move(row.*share, step.shift);
      }
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

void applySteps(const std::vector<ConformalStep>& steps, Prediction& row) {
  for (const auto& [target, share, label] : kTargets) {
    if (std::isnan((row.*share).low)) continue;
    const auto step = std::ranges::find_if(steps, [&, wanted = target](const ConformalStep& one) {
      return one.subset == viewsGiven(row) && one.target == wanted;
    });
    if (step == steps.end()) {
      row.notCalibrated = "no conformal step was fitted for " + viewsGiven(row);
    } else if (std::isinf(step->shift)) {
      row.notCalibrated =
          "the conformal step had too few validation systems for 90 %: " + std::to_string(step->planets);
    } else {
      move(row.*share, step->shift);
    }
  }
}

std::string toJson(const std::vector<ConformalStep>& steps) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ConformalStep& step : steps) {
    list.push_back({{"subset", step.subset}, {"target", step.target}, {"shift", nullptr}, {"planets", step.planets}});
    if (std::isfinite(step.shift)) list.back()["shift"] = step.shift;
  }
  return list.dump();
}

std::vector<ConformalStep> stepsFromJson(const std::string& text) try {
  std::vector<ConformalStep> steps;
  for (const nlohmann::json& json : nlohmann::json::parse(text)) {
    const nlohmann::json& shift = json.at("shift");
    steps.push_back({json.at("subset").get<std::string>(), json.at("target").get<std::string>(),
                     shift.is_null() ? kInfinity : shift.get<double>(), json.at("planets").get<std::size_t>()});
  }
  return steps;
} catch (const nlohmann::json::exception& error) {
  throw Error("these are no conformal steps").found(error.what());
}

}  // namespace ecumene::engine::report
