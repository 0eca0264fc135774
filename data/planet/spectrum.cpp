// SPDX-License-Identifier: Apache-2.0
#include "data/planet/spectrum.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/base/error.h"

namespace ecumene::data::planet {

std::string_view name(SpectrumKind kind) {
  switch (kind) {
    case SpectrumKind::kTransmission:
      return "transmission";
    case SpectrumKind::kEmission:
      return "emission";
    case SpectrumKind::kGeometricAlbedo:
      return "geometric_albedo";
    case SpectrumKind::kStellarFlux:
      return "stellar_flux";
    case SpectrumKind::kReflectance:
      return "reflectance";
    case SpectrumKind::kPlanetFlux:
      return "planet_flux";
    case SpectrumKind::kRelativeStellarFlux:
      return "relative_stellar_flux";
    case SpectrumKind::kRelativePlanetFlux:
      return "relative_planet_flux";
  }
  throw internalError("unknown kind of spectrum");
}

bool isFlux(SpectrumKind kind) {
  return kind == SpectrumKind::kStellarFlux || kind == SpectrumKind::kPlanetFlux || isRelative(kind);
}

bool isRelative(SpectrumKind kind) {
  return kind == SpectrumKind::kRelativeStellarFlux || kind == SpectrumKind::kRelativePlanetFlux;
}

std::string_view valueUnit(SpectrumKind kind) {
  return isFlux(kind) && !isRelative(kind) ? "W m-2 um-1" : "1";
}

double Spectrum::sigma(std::size_t point) const {
  return sigmaLower.empty() ? 0.0 : 0.5 * (sigmaLower[point] + sigmaUpper[point]);
}

void validate(const Spectrum& s) {
  const std::size_t n = s.size();
  if (n == 0) throw Error("the spectrum has no point");
  if (s.lowerEdgeUm.size() != n || s.upperEdgeUm.size() != n || s.value.size() != n ||
      s.sigmaLower.size() != s.sigmaUpper.size() || (!s.sigmaLower.empty() && s.sigmaLower.size() != n)) {
    throw Error("the columns of the spectrum differ in length").expected(std::to_string(n) + " points in each");
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::string point = "point " + std::to_string(i);
    const double wavelength = s.wavelengthUm[i];
    if (!(wavelength > 0.0) || !std::isfinite(wavelength)) {
      throw Error("the wavelength is not a positive number").on(point).found(std::to_string(wavelength));
    }
    if (i > 0 && !(wavelength > s.wavelengthUm[i - 1])) {
      throw Error("the wavelengths do not ascend").on(point).found(std::to_string(wavelength) + " um");
    }
    if (!(s.lowerEdgeUm[i] > 0.0) || !(s.lowerEdgeUm[i] < wavelength) || !(s.upperEdgeUm[i] > wavelength) ||
        !std::isfinite(s.upperEdgeUm[i])) {
      throw Error("the bin does not enclose its centre").on(point);
    }
    if (!std::isfinite(s.value[i])) throw Error("the value is not finite").on(point);
    if (!s.sigmaLower.empty() && (!(s.sigmaLower[i] >= 0.0) || !(s.sigmaUpper[i] >= 0.0) ||
                                  !std::isfinite(s.sigmaLower[i]) || !std::isfinite(s.sigmaUpper[i]))) {
      throw Error("the uncertainty is not a number >= 0").on(point);
    }
  }
}

void sortByWavelength(Spectrum& s) {
  std::vector<std::size_t> order(s.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return s.wavelengthUm[a] < s.wavelengthUm[b]; });
  for (auto* column : {&s.wavelengthUm, &s.lowerEdgeUm, &s.upperEdgeUm, &s.value, &s.sigmaLower, &s.sigmaUpper}) {
    if (column->empty()) continue;
    std::vector<double> sorted(order.size());
    std::transform(order.begin(), order.end(), sorted.begin(), [&](std::size_t i) { return (*column)[i]; });
    *column = std::move(sorted);
  }
}

void edgesFromCentres(Spectrum& s) {
  const std::size_t n = s.size();
  if (n < 2) throw Error("bin edges cannot be derived from a single wavelength").next("give the bin width");
  s.lowerEdgeUm.resize(n);
  s.upperEdgeUm.resize(n);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double middle = 0.5 * (s.wavelengthUm[i] + s.wavelengthUm[i + 1]);
    s.upperEdgeUm[i] = middle;
    s.lowerEdgeUm[i + 1] = middle;
  }
  s.lowerEdgeUm[0] = 2.0 * s.wavelengthUm[0] - s.upperEdgeUm[0];
  s.upperEdgeUm[n - 1] = 2.0 * s.wavelengthUm[n - 1] - s.lowerEdgeUm[n - 1];
}

std::span<const double, kModelPoints + 1> modelEdgesUm() {
  static const std::array<double, kModelPoints + 1> edges = [] {
    std::array<double, kModelPoints + 1> e{};
    const double step = std::log(kModelMaxUm / kModelMinUm) / static_cast<double>(kModelPoints);
    for (std::size_t i = 0; i < e.size(); ++i) e[i] = kModelMinUm * std::exp(step * static_cast<double>(i));
    return e;
  }();
  return edges;
}

ModelSpectrum rebin(const Spectrum& s) {
  const auto edges = modelEdgesUm();
  ModelSpectrum out{std::vector<double>(kModelPoints, 0.0), std::vector<double>(kModelPoints, 0.0),
                    std::vector<unsigned char>(kModelPoints, 0)};
  std::vector<double> weight(kModelPoints, 0.0);
  std::vector<double> variance(kModelPoints, 0.0);
  for (std::size_t i = 0; i < s.size(); ++i) {
    const double low = s.lowerEdgeUm[i];
    const double high = s.upperEdgeUm[i];
    const auto first = std::upper_bound(edges.begin(), edges.end(), low) - edges.begin() - 1;
    for (std::size_t m = static_cast<std::size_t>(std::max<std::ptrdiff_t>(first, 0));
         m < kModelPoints && edges[m] < high; ++m) {
      const double overlap = std::min(high, edges[m + 1]) - std::max(low, edges[m]);
      if (overlap <= 0.0) continue;
      // A source bin covers (high - low) / overlap pieces of this size; each alone is known sqrt of that worse.
      const double pieceSigma = s.sigma(i) * std::sqrt((high - low) / overlap);
      weight[m] += overlap;
      out.value[m] += overlap * s.value[i];
      variance[m] += overlap * overlap * pieceSigma * pieceSigma;
    }
  }
  for (std::size_t m = 0; m < kModelPoints; ++m) {
    // A bin counts as seen when the instrument covers at least half of it.
    if (weight[m] < 0.5 * (edges[m + 1] - edges[m])) {
      out.value[m] = 0.0;
      continue;
    }
    out.present[m] = 1;
    out.value[m] /= weight[m];
    out.sigma[m] = std::sqrt(variance[m]) / weight[m];
  }
  return out;
}

}  // namespace ecumene::data::planet
