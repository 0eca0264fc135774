// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "data/quality/check_functions.h"

namespace ecumene::data::quality {

using planet::Planet;

std::optional<Finding> gasMixture(const Subject& subject, double limit) {
  if (!subject.planet.truth) return std::nullopt;
  double sum = 0.0;
  for (const double ratio : subject.planet.truth->atmosphere.mixingRatio) sum += ratio;
  // An imported planet whose file says nothing of gases has none.
  if (sum == 0.0) return std::nullopt;
  const double value = std::abs(sum - 1.0);
  return Finding{value, value <= limit, value <= limit ? "" : fmt::format("the mixing ratios add up to {:.8g}", sum)};
}

std::optional<Finding> elementBalance(const Subject& subject, double limit) {
  double worst = 0.0;
  std::size_t judged = 0;
  std::string where;
  for (const planet::MetabolismCase& c : subject.planet.metabolisms) {
    const planet::MetabolicNetwork& network = c.metabolism.network;
    for (const planet::Reaction& reaction : network.reactions) {
      // Exchanges and the biomass drain are not balanced by definition.
      if (reaction.isBoundary() || reaction.objective != 0.0) continue;
      const std::optional<planet::Imbalance> off = imbalance(network, reaction);
      if (!off) continue;
      ++judged;
      if (off->largest() <= worst) continue;
      worst = off->largest();
      where = network.id + ", reaction " + reaction.id;
    }
  }
  if (judged == 0) return std::nullopt;
  Finding finding{worst, worst <= limit, ""};
  if (!finding.passed) finding.message = fmt::format("{}: off by {:.6g}", where, worst);
  return finding;
}

std::optional<Finding> spectrumUnits(const Subject& subject, double limit) {
  std::size_t count = 0;
  std::size_t good = 0;
  std::string message;
  for (std::size_t i = 0; i < subject.planet.spectra.size(); ++i) {
    const planet::Spectrum& s = subject.planet.spectra[i];
    if (planet::isFlux(s.kind)) continue;
    for (std::size_t point = 0; point < s.size(); ++point) {
      // Fractions: noise may carry a value some errors below 0 or above 1, a wrong unit (ppm, %) far beyond.
      const double slack = 5.0 * s.sigma(point);
      const bool inside = s.value[point] >= -slack && s.value[point] <= 1.0 + slack && s.sigma(point) <= 1.0;
      ++count;
      good += inside ? 1U : 0U;
      if (!inside && message.empty()) {
        message = fmt::format("spectrum {}, {:.4g} um: {:.6g} +- {:.3g} is not a fraction", i, s.wavelengthUm[point],
                              s.value[point], s.sigma(point));
      }
    }
  }
  if (count == 0) return std::nullopt;
  const double value = static_cast<double>(good) / static_cast<double>(count);
  return Finding{value, value >= limit, message};
}

std::optional<Finding> scalarUnits(const Subject& subject, double limit) {
  std::size_t count = 0;
  std::size_t good = 0;
  std::string message;
  for (const planet::ScalarInfo& row : planet::scalars()) {
    const auto& measured = subject.planet.scalars[row.id];
    if (!measured) continue;
    const bool inside = measured->value >= row.validMin && measured->value <= row.validMax;
    ++count;
    good += inside ? 1U : 0U;
    if (!inside && message.empty()) {
      message = fmt::format("{}: {:.6g} {} is outside {:.6g} to {:.6g}", row.name, measured->value, row.unit,
                            row.validMin, row.validMax);
    }
  }
  if (count == 0) return std::nullopt;
  const double value = static_cast<double>(good) / static_cast<double>(count);
  return Finding{value, value >= limit, message};
}

}  // namespace ecumene::data::quality
