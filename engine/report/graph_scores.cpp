// SPDX-License-Identifier: Apache-2.0
#include "engine/report/graph_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "engine/report/markdown.h"
#include "engine/report/metrics.h"

namespace ecumene::engine::report {
namespace {

/// Standard deviations from the median to the ends of a Gaussian's central interval of 50 % and 90 %.
constexpr double kHalf = 0.674490, k90 = kDeviations90;

using Chosen = std::vector<const NetworkRow*>;

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

/// What a network adds to a mean over fluxes.
using PerNetwork = std::function<double(const NetworkRow&)>;

PerNetwork insideOf(double deviations) {
  return [deviations](const NetworkRow& row) {
    return static_cast<double>(std::ranges::count_if(row.off, [&](float off) { return off <= deviations; }));
  };
}

GraphScore overFluxes(std::string_view split, std::string name, std::string meaning, const PerNetwork& of,
                      const Chosen& rows) {
  std::vector<double> over, under;
  for (const NetworkRow* row : rows) {
    over.push_back(of(*row));
    under.push_back(static_cast<double>(row->off.size()));
  }
  const std::function<double(Weights)> metric = [&](Weights weights) {
    const double below = sum(under, weights);
    return below > 0.0 ? sum(over, weights) / below : kMissing;
  };
  const double count = sum(under, std::vector<double>(under.size(), 1.0));
  return {std::string(split), std::move(name), std::move(meaning), counted(std::llround(count)) + " fluxes",
          std::move(estimates(systems(rows), std::array{metric}).front())};
}

/// Of the intervals as they are declared, or with `factor` times their deviations.
void addCoverage(std::string_view split, const Chosen& rows, std::optional<double> calibration,
                 std::vector<GraphScore>& scores) {
  const double factor = calibration.value_or(1.0);
  const auto add = [&](std::string name, std::string meaning, const PerNetwork& of) {
    if (calibration) {
      name += ", calibrated";
      meaning += fmt::format("; deviations times {:.3g}, with which 90 % of the validation fluxes lie inside", factor);
    }
    scores.push_back(overFluxes(split, std::move(name), std::move(meaning), of, rows));
  };
  add("flux coverage of 90 %", "share of known fluxes inside of the interval that the uncertainty head declares",
      insideOf(k90 * factor));
  add("flux coverage of 50 %", "the same of the interval that it declares to hold one half", insideOf(kHalf * factor));
  add("flux interval width", "mean width of the 90 % intervals, in asinh(flux / 0.1 mmol/gDW/h)",
      [factor](const NetworkRow& row) { return 2.0 * k90 * factor * row.deviations; });
}

/// What says the same flux whatever the network is: the median has the least mean absolute error of all constants, on
/// either scale.
struct Medians {
  double all = kMissing;
  std::unordered_map<std::int64_t, double> of;  ///< by reaction
  std::size_t fluxes = 0;
  explicit Medians(std::span<const NetworkRow> learned) {
    std::vector<double> together;
    std::unordered_map<std::int64_t, std::vector<double>> apart;
    for (const NetworkRow& row : learned) {
      for (const KnownFlux& known : row.fluxes) {
        together.push_back(known.flux);
        apart[known.reaction].push_back(known.flux);
      }
    }
    fluxes = together.size();
    for (auto& [reaction, values] : apart) of.emplace(reaction, quantile(std::move(values), 0.5));
    all = quantile(std::move(together), 0.5);
  }
  [[nodiscard]] double ofReaction(std::int64_t reaction) const {
    const auto found = of.find(reaction);
    return found == of.end() ? all : found->second;
  }
};

using Says = std::function<double(const KnownFlux&)>;

void addErrors(std::string_view split, const Chosen& rows, const Medians& medians, std::vector<GraphScore>& scores) {
  const auto add = [&](const std::string& who, const std::string& whose, const Says& says) {
    const auto error = [&](const std::function<double(double)>& scale) -> PerNetwork {
      return [&says, scale](const NetworkRow& row) {
        double sum = 0.0;
        for (const KnownFlux& known : row.fluxes) sum += std::abs(scale(known.flux) - scale(says(known)));
        return sum;
      };
    };
    scores.push_back(overFluxes(split, "flux MAE" + who, "mean absolute error of " + whose + ", mmol/gDW/h",
                                error([](double flux) { return flux; }), rows));
    scores.push_back(overFluxes(split, "flux MAE, asinh" + who, "the same in asinh(flux / 0.1 mmol/gDW/h)",
                                error([](double flux) { return std::asinh(flux / kFluxUnit); }), rows));
  };
  add("", "the median that is said of each known flux", [](const KnownFlux& known) { return double{known.median}; });
  if (medians.fluxes == 0) return;
  const std::string learned = counted(static_cast<std::int64_t>(medians.fluxes)) + " training fluxes";
  add(" of a constant", fmt::format("{:.3g} mmol/gDW/h for all, the median of {}", medians.all, learned),
      [&](const KnownFlux&) { return medians.all; });
  add(" of a constant a reaction", "the median of each reaction's own among the " + learned,
      [&](const KnownFlux& known) { return medians.ofReaction(known.reaction); });
}

}  // namespace

FluxCalibration fluxCalibration(std::span<const NetworkRow> rows) {
  std::vector<float> off;
  for (const NetworkRow& row : rows) off.insert(off.end(), row.off.begin(), row.off.end());
  const auto rank = static_cast<std::size_t>(std::ceil(0.9 * static_cast<double>(off.size() + 1)));
  if (rank > off.size()) return {kMissing, off.size()};
  const auto at = off.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(off, at);
  return {static_cast<double>(*at) / k90, off.size()};
}

FluxCalibration validationFluxes(std::span<const NetworkRow> rows) {
  std::vector<NetworkRow> fitted;
  std::ranges::copy_if(rows, std::back_inserter(fitted),
                       [](const NetworkRow& row) { return row.split == "validation"; });
  return fluxCalibration(fitted);
}

std::vector<GraphScore> graphScores(std::span<const NetworkRow> rows, std::span<const NetworkRow> learned) {
  std::vector<GraphScore> made;
  const double factor = validationFluxes(rows).factor;
  const Medians medians(learned);
  for (const std::string_view split : {"test", "validation"}) {
    Chosen decoded, fluxes;
    std::vector<double> setF1;
    for (const NetworkRow& row : rows) {
      if (row.split != split) continue;
      if (!std::isnan(row.setF1)) {
        decoded.push_back(&row);
        setF1.push_back(row.setF1);
      }
      if (!row.off.empty()) fluxes.push_back(&row);
    }
    if (!decoded.empty()) {
      const std::function<double(Weights)> f1 = [&](Weights weights) { return mean(setF1, weights); };
      made.push_back({std::string(split), "reaction-set F1",
                      "mean over networks of the decoded set's F1 with the true set, from the latent's mean",
                      counted(static_cast<std::int64_t>(decoded.size())) + " networks",
                      std::move(estimates(systems(decoded), std::array{f1}).front())});
    }
    if (fluxes.empty()) continue;
    addErrors(split, fluxes, medians, made);
    addCoverage(split, fluxes, std::nullopt, made);
    // Of the networks that it was fitted on it would say nothing.
    if (split != "test" || std::isnan(factor)) continue;
    addCoverage(split, fluxes, factor, made);
  }
  return made;
}

}  // namespace ecumene::engine::report
