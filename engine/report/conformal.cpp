// SPDX-License-Identifier: Apache-2.0
#include "engine/report/conformal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "engine/report/scores.h"

namespace ecumene::engine::report {
namespace {

constexpr double kLevel = 0.9;
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
  const double wanted = std::ceil(kLevel * static_cast<double>(step.planets + 1) - 1e-9);
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
  const auto targets = {std::tuple{"f_hab", &Prediction::fHab, &Labels::fHab},
                        std::tuple{"h050", &Prediction::h050, &Labels::h050}};
  std::vector<ConformalStep> steps;
  for (const std::string& subset : subsets) {
    for (const auto& [target, share, label] : targets) {
      Rows validation = select(predictions, "validation", subset);
      std::erase_if(validation, [share = share, label = label](const Prediction* row) {
        return std::isnan(row->truth.*label) || std::isnan((row->*share).low);
      });
      if (validation.empty()) continue;
      ConformalStep step = fit(validation, share, label);
      step.subset = subset;
      step.target = target;
      for (Prediction& row : predictions) {
        if (row.subset == subset && !std::isnan((row.*share).low)) move(row.*share, step.shift);
      }
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

}  // namespace ecumene::engine::report
