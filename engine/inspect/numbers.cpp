// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/numbers.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

#include "data/physics/constants.h"

namespace ecumene::engine::inspect {
namespace {

using data::planet::ScalarId;
using Verdict = CheckedNumber::Verdict;

constexpr double kTolerance = 0.02;  ///< of a number that is written with more digits than are measured

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 128U;
}

/// A number in a text, as [begin, end).
struct Found {
  std::size_t begin = 0, end = 0;
  double value = 0.0, unit = 0.0;  ///< unit: of its last digit
};

/// The number that begins here; none where it is part of a name or has more than one point ("1.2.3").
std::optional<Found> numberAt(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && isDigit(text[end])) ++end;
  std::size_t decimals = 0;
  if (end + 1 < text.size() && text[end] == '.' && isDigit(text[end + 1])) {
    for (++end; end < text.size() && isDigit(text[end]); ++end) ++decimals;
  }
  Found found{begin, end, 0.0, std::pow(10.0, -static_cast<double>(decimals))};
  if (std::from_chars(text.data() + begin, text.data() + end, found.value).ec != std::errc()) return std::nullopt;
  const bool signedHere = begin > 0 && text[begin - 1] == '-' && (begin == 1 || !isWord(text[begin - 2]));
  if (signedHere) {
    found.value = -found.value;
    --found.begin;
  }
  const char before = found.begin == 0 ? ' ' : text[found.begin - 1];
  const char after = end == text.size() ? ' ' : text[end];
  const bool morePoints = after == '.' && end + 1 < text.size() && isDigit(text[end + 1]);
  if (isWord(before) || before == '-' || before == '.' || isWord(after) || morePoints) return std::nullopt;
  if (end < text.size() && text[end] == '%') {
    found.value /= 100.0;
    found.unit /= 100.0;
  }
  return found;
}

std::vector<Found> numbersOf(std::string_view text) {
  std::vector<Found> numbers;
  for (std::size_t i = 0; i < text.size();) {
    if (!isDigit(text[i])) {
      ++i;
      continue;
    }
    if (const auto found = numberAt(text, i)) numbers.push_back(*found);
    // The rest of this run of digits and points is the same number, or part of the same name.
    while (i < text.size() && (isDigit(text[i]) || (text[i] == '.' && i + 1 < text.size() && isDigit(text[i + 1]))))
      ++i;
  }
  return numbers;
}

/// A point, question or exclamation mark before a blank, or a line's end, ends a sentence.
bool endsSentence(std::string_view text, std::size_t i) {
  if (text[i] == '\n') return true;
  const bool mark = text[i] == '.' || text[i] == '!' || text[i] == '?';
  return mark && (i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '\n');
}

/// Characters between the words and the number in its sentence; none where they are not in it.
std::optional<std::size_t> distance(std::string_view lower, const Found& number, const std::string& words) {
  std::size_t begin = number.begin, end = number.end;
  while (begin > 0 && !endsSentence(lower, begin - 1)) --begin;
  while (end < lower.size() && !endsSentence(lower, end)) ++end;
  std::optional<std::size_t> least;
  for (std::size_t at = lower.find(words, begin); at != std::string_view::npos && at + words.size() <= end;
       at = lower.find(words, at + 1)) {
    const std::size_t apart =
        at >= number.end ? at - number.end : number.begin - std::min(number.begin, at + words.size());
    least = std::min(apart, least.value_or(apart));
  }
  return least;
}

const KnownQuantity* nearest(std::string_view lower, const Found& number, const std::vector<KnownQuantity>& known) {
  const KnownQuantity* best = nullptr;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const KnownQuantity& quantity : known) {
    for (const std::string& words : quantity.words) {
      const auto apart = distance(lower, number, words);
      if (!apart || *apart >= least) continue;
      least = *apart;
      best = &quantity;
    }
  }
  return best;
}

/// The probability of something that has these names. The names alone are not enough: "a snowball of 250 K".
KnownQuantity probability(const std::string& of, const std::vector<std::string>& names, double value) {
  KnownQuantity made{"probability of " + of, {}, "prediction", {}};
  if (!std::isnan(value)) made.values = {value};
  for (const std::string& name : names) {
    for (const char* before : {"p(", "probability of ", "probability of a ", "probability of an ", "probability to be ",
                               "probability of being ", "probability that it is ", "chance of ", "chance of a ",
                               "chance of an ", "chance of being "}) {
      made.words.push_back(before + name);
    }
    for (const char* after : {" with probability", " with a probability", " probability", " with a chance"}) {
      made.words.push_back(name + after);
    }
  }
  return made;
}

/// Of a regime, as people write it too: "ice_free", "ice-free", "ice free".
std::vector<std::string> spellings(std::string_view regime) {
  std::vector<std::string> made{std::string(regime)};
  if (regime.find('_') == std::string_view::npos) return made;
  for (const char between : {'-', ' '}) {
    made.emplace_back(regime);
    std::ranges::replace(made.back(), '_', between);
  }
  return made;
}

}  // namespace

std::string_view name(Verdict verdict) {
  constexpr std::array<std::string_view, 3> kNames{"agrees", "disagrees", "unchecked"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

std::vector<KnownQuantity> knownQuantities(const data::planet::Scalars& scalars,
                                           const data::planet::Metabolism& metabolism,
                                           const report::Prediction& prediction) {
  const auto measured = [&](ScalarId id, double unit) {
    const auto& value = scalars[id];
    return value && value->limit == 0 ? std::vector<double>{value->value / unit} : std::vector<double>{};
  };
  const auto share = [](const report::SharePrediction& said) {
    return std::isnan(said.mean) ? std::vector<double>{} : std::vector<double>{said.mean};
  };
  std::vector<double> growth;
  for (const double limitK : {metabolism.growthMinK, metabolism.growthMaxK}) {
    if (std::isfinite(limitK) && limitK > 0.0) growth.push_back(limitK - data::physics::kFreezingK);
  }
  const std::string scalar = "scalars", said = "prediction";
  // First: of quantities that stand equally near the first is taken, and "probability of growth" ends as "growth" does.
  std::vector<KnownQuantity> known = {
      probability("viable", {"viable", "viability", "growth"}, prediction.viable),
      probability("habitable", {"habitable", "habitability"}, prediction.habitable),
  };
  for (std::size_t r = 0; r < prediction.regime.size(); ++r) {
    const std::string_view regime = data::planet::name(static_cast<data::planet::Regime>(r));
    known.push_back(probability(std::string(regime), spellings(regime), prediction.regime.at(r)));
  }
  const std::vector<KnownQuantity> others = {
      {"stellar_flux in units of Earth's",
       {"flux", "insolation", "irradiation", "solar constant"},
       scalar,
       measured(ScalarId::kStellarFlux, data::physics::kEarthFlux)},
      {"stellar_temperature in K",
       {"effective temperature", "photosphere", "photometry", "stellar temperature"},
       scalar,
       measured(ScalarId::kStellarTemperature, 1.0)},
      // Before the planet's radius, likewise.
      {"stellar_radius in solar radii",
       {"stellar radius", "radius of the star", "star's radius", "solar radii"},
       scalar,
       measured(ScalarId::kStellarRadius, 1.0)},
      {"surface_pressure in bar",
       {"surface pressure", "atmospheric pressure"},
       scalar,
       measured(ScalarId::kSurfacePressure, 1e5)},
      {"planet_radius in Earth radii",
       {"radius", "earth radii", "that of earth"},
       scalar,
       measured(ScalarId::kPlanetRadius, 1.0)},
      {"orbital_period in days",
       {"period", "orbit takes", "transits every", "days"},
       scalar,
       measured(ScalarId::kOrbitalPeriod, 1.0)},
      {"eccentricity", {"eccentricity"}, scalar, measured(ScalarId::kEccentricity, 1.0)},
      {"obliquity in degrees", {"obliquity"}, scalar, measured(ScalarId::kObliquity, 1.0)},
      {"gravity in m s-2", {"gravity"}, scalar, measured(ScalarId::kGravity, 1.0)},
      {"limit of growth in degrees Celsius", {"growth", "degrees celsius"}, "metabolism", growth},
      {"f_hab", {"f_hab", "habitable share", "habitable fraction"}, said, share(prediction.fHab)},
      {"h050", {"h050"}, said, share(prediction.h050)},
  };
  known.insert(known.end(), others.begin(), others.end());
  return known;
}

std::vector<CheckedNumber> checkNumbers(std::string_view text, const std::vector<KnownQuantity>& known) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  std::vector<CheckedNumber> checked;
  for (const Found& number : numbersOf(text)) {
    CheckedNumber& made = checked.emplace_back();
    made.written = std::string(text.substr(number.begin, number.end - number.begin));
    made.value = number.value;
    const KnownQuantity* quantity = nearest(lower, number, known);
    if (quantity == nullptr) continue;
    made.quantity = quantity->name;
    if (quantity->values.empty()) continue;
    made.source = quantity->source;
    made.known =
        *std::ranges::min_element(quantity->values, {}, [&](double value) { return std::abs(value - number.value); });
    const double allowed = std::max(0.5 * number.unit * (1.0 + 1e-9), kTolerance * std::abs(made.known));
    made.verdict = std::abs(made.known - number.value) <= allowed ? Verdict::kAgrees : Verdict::kDisagrees;
  }
  return checked;
}

}  // namespace ecumene::engine::inspect
