// SPDX-License-Identifier: Apache-2.0
#include "engine/report/graph_scores.h"

#include <array>
#include <cmath>
#include <functional>
#include <string_view>
#include <utility>

#include "engine/report/markdown.h"
#include "engine/report/metrics.h"

namespace ecumene::engine::report {
namespace {

using Column = double NetworkRow::*;

/// A ratio of sums over networks. `counted`: what the sums in its denominator count.
struct Ratio {
  std::string_view name, meaning, counted;
  Column over, under;
};

constexpr std::array kFluxRatios = {
    Ratio{"flux coverage of 90 %", "share of known fluxes inside of the interval that the uncertainty head declares",
          "fluxes", &NetworkRow::inside90, &NetworkRow::fluxes},
    Ratio{"flux coverage of 50 %", "the same of the interval that it declares to hold one half", "fluxes",
          &NetworkRow::insideHalf, &NetworkRow::fluxes},
    Ratio{"flux interval width", "mean width of the 90 % intervals, in asinh(flux / 0.1 mmol/gDW/h)", "fluxes",
          &NetworkRow::widths, &NetworkRow::fluxes},
};

using Chosen = std::vector<const NetworkRow*>;

std::vector<double> column(const Chosen& rows, Column of) {
  std::vector<double> values;
  for (const NetworkRow* row : rows) values.push_back(row->*of);
  return values;
}

std::vector<std::string> systems(const Chosen& rows) {
  std::vector<std::string> names;
  for (const NetworkRow* row : rows) names.push_back(row->system);
  return names;
}

double sum(std::span<const double> values, Weights weights) {
  double total = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) total += values[i] * weights[i];
  return total;
}

GraphScore ratioScore(std::string_view split, const Ratio& ratio, const Chosen& rows) {
  const auto over = column(rows, ratio.over), under = column(rows, ratio.under);
  const std::function<double(Weights)> metric = [&](Weights weights) {
    const double below = sum(under, weights);
    return below > 0.0 ? sum(over, weights) / below : kMissing;
  };
  const double count = sum(under, std::vector<double>(under.size(), 1.0));
  return {std::string(split), std::string(ratio.name), std::string(ratio.meaning),
          report::counted(std::llround(count)) + " " + std::string(ratio.counted),
          std::move(estimates(systems(rows), std::array{metric}).front())};
}

}  // namespace

std::vector<GraphScore> graphScores(std::span<const NetworkRow> rows) {
  std::vector<GraphScore> made;
  for (const std::string_view split : {"test", "validation"}) {
    Chosen decoded, fluxes;
    for (const NetworkRow& row : rows) {
      if (row.split != split) continue;
      if (!std::isnan(row.setF1)) decoded.push_back(&row);
      if (row.fluxes > 0.0) fluxes.push_back(&row);
    }
    if (!decoded.empty()) {
      const std::function<double(Weights)> f1 = [values = column(decoded, &NetworkRow::setF1)](Weights weights) {
        return mean(values, weights);
      };
      made.push_back({std::string(split), "reaction-set F1",
                      "mean over networks of the decoded set's F1 with the true set, from the latent's mean",
                      counted(static_cast<std::int64_t>(decoded.size())) + " networks",
                      std::move(estimates(systems(decoded), std::array{f1}).front())});
    }
    if (fluxes.empty()) continue;
    for (const Ratio& ratio : kFluxRatios) made.push_back(ratioScore(split, ratio, fluxes));
  }
  return made;
}

}  // namespace ecumene::engine::report
