// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/quality/check_functions.h"

namespace ecumene::data::quality {
namespace {

constexpr double kErrors = 3.0;
constexpr double kUnstated = 0.01;  // Relative error of a value without one: the digits that catalogues print.

bool agree(double a, double sigmaA, double b, double sigmaB) {
  const auto error = [](double value, double sigma) { return sigma > 0.0 ? sigma : kUnstated * std::abs(value); };
  return std::abs(a - b) <= kErrors * std::hypot(error(a, sigmaA), error(b, sigmaB));
}

struct Comparison {
  std::size_t compared = 0, agreed = 0;
  std::string message;

  template <class Say>
  void add(bool agrees, const Say& say) {
    ++compared;
    agreed += agrees ? 1U : 0U;
    if (!agrees && message.empty()) message = say();
  }
};

struct Source {
  planet::Measurement measured;
  std::string where;
};

/// The planet's own value, unless it is that of an entry (joined, or copied: no source of its own), and the entries'.
std::vector<Source> sourcesOf(const Subject& subject, planet::ScalarId id) {
  std::vector<Source> sources;
  for (const planet::CatalogueEntry& entry : subject.duplicates) {
    const auto& other = entry.scalars[id];
    if (other && other->limit == 0) sources.push_back({*other, "in the catalogue entry '" + entry.planet + "'"});
  }
  const auto& own = subject.planet.scalars[id];
  const bool isOwn = own && own->limit == 0 &&
                     std::none_of(sources.begin(), sources.end(), [&](const Source& s) { return s.measured == *own; });
  if (isOwn) sources.insert(sources.begin(), {*own, "here"});
  return sources;
}

void compareScalars(const Subject& subject, Comparison& comparison) {
  for (const planet::ScalarInfo& row : planet::scalars()) {
    const std::vector<Source> sources = sourcesOf(subject, row.id);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      for (std::size_t j = i + 1; j < sources.size(); ++j) {
        const planet::Measurement& a = sources[i].measured;
        const planet::Measurement& b = sources[j].measured;
        comparison.add(agree(a.value, a.sigma, b.value, b.sigma), [&] {
          return fmt::format("{}: {:.6g} {}, {:.6g} {} {}", row.name, a.value, sources[i].where, b.value, row.unit,
                             sources[j].where);
        });
      }
    }
  }
}

/// Two spectra of one kind agree if at least `limit` of the model's bins that both cover do.
void compareSpectra(const Subject& subject, double limit, Comparison& comparison) {
  const std::vector<planet::Spectrum>& spectra = subject.planet.spectra;
  // What a generator gives for several instruments is no measurement; fluxes may be relative.
  if (subject.planet.origin != planet::Origin::kObserved || spectra.size() < 2) return;
  std::vector<planet::ModelSpectrum> binned;
  for (const planet::Spectrum& s : spectra) binned.push_back(planet::rebin(s));
  for (std::size_t i = 0; i < spectra.size(); ++i) {
    if (planet::isFlux(spectra[i].kind)) continue;
    for (std::size_t j = i + 1; j < spectra.size(); ++j) {
      if (spectra[j].kind != spectra[i].kind) continue;
      std::size_t shared = 0;
      std::size_t same = 0;
      for (std::size_t bin = 0; bin < planet::kModelPoints; ++bin) {
        const planet::ModelSpectrum& a = binned[i];
        const planet::ModelSpectrum& b = binned[j];
        if (a.present[bin] == 0 || b.present[bin] == 0) continue;
        ++shared;
        same += agree(a.value[bin], a.sigma[bin], b.value[bin], b.sigma[bin]) ? 1U : 0U;
      }
      if (shared == 0) continue;
      const double share = static_cast<double>(same) / static_cast<double>(shared);
      comparison.add(share >= limit, [&] {
        return fmt::format("spectra {} and {}: {} of {} bins that both cover agree", i, j, same, shared);
      });
    }
  }
}

}  // namespace

std::optional<Finding> agreement(const Subject& subject, double limit) {
  Comparison comparison;
  compareScalars(subject, comparison);
  compareSpectra(subject, limit, comparison);
  if (comparison.compared == 0) return std::nullopt;
  const double value = static_cast<double>(comparison.agreed) / static_cast<double>(comparison.compared);
  return Finding{value, value >= limit, comparison.message};
}

}  // namespace ecumene::data::quality
