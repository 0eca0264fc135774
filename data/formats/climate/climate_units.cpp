// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/climate_units.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include "data/formats/common/planet_name.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

/// Exponents of kg, m, s and K.
using Powers = std::array<int, 4>;

constexpr Powers kPlain{};
constexpr Powers kKilogram{1, 0, 0, 0}, kMetre{0, 1, 0, 0}, kSecond{0, 0, 1, 0}, kKelvin{0, 0, 0, 1};
constexpr Powers kPascal{1, -1, -2, 0}, kNewton{1, 1, -2, 0}, kJoule{1, 2, -2, 0}, kWatt{1, 2, -3, 0};
constexpr Powers kMetrePerSecond{0, 1, -1, 0};

/// What stands alone in a product of units.
struct Factor {
  double toSi;
  Powers powers;
  bool operator==(const Factor&) const = default;
};

struct Row {
  std::string_view name;
  Factor factor;
  bool prefixes;  ///< SI prefixes may stand before it
};

// Conversions: SI Brochure (2019), tables 4 and 8; NIST SP 811 (2008), appendix B.8.
constexpr double kKnot = 1852.0 / 3600.0;
constexpr auto kSymbols = std::to_array<Row>({
    {"g", {1e-3, kKilogram}, true},
    {"m", {1.0, kMetre}, true},
    {"s", {1.0, kSecond}, true},
    {"K", {1.0, kKelvin}, true},
    {"Pa", {1.0, kPascal}, true},
    {"bar", {1e5, kPascal}, true},
    {"N", {1.0, kNewton}, true},
    {"J", {1.0, kJoule}, true},
    {"W", {1.0, kWatt}, true},
    {"min", {60.0, kSecond}, false},
    {"h", {3600.0, kSecond}, false},
    {"hr", {3600.0, kSecond}, false},
    {"hrs", {3600.0, kSecond}, false},
    {"d", {86400.0, kSecond}, false},
    {"mb", {100.0, kPascal}, false},
    {"atm", {101325.0, kPascal}, false},
    {"mmHg", {133.322387415, kPascal}, false},
    {"inHg", {3386.389, kPascal}, false},
    {"Torr", {101325.0 / 760.0, kPascal}, false},
    {"dyn", {1e-5, kNewton}, false},
    {"ft", {0.3048, kMetre}, false},
    {"kt", {kKnot, kMetrePerSecond}, false},
    {"kts", {kKnot, kMetrePerSecond}, false},
    {"mph", {1609.344 / 3600.0, kMetrePerSecond}, false},
    {"%", {1e-2, kPlain}, false},
    {"pct", {1e-2, kPlain}, false},
    {"\xe2\x80\xb0", {1e-3, kPlain}, false},
    {"ppm", {1e-6, kPlain}, false},
    {"ppb", {1e-9, kPlain}, false},
});

// In lower case and singular; -s makes the plural.
constexpr auto kNames = std::to_array<Row>({
    {"gram", {1e-3, kKilogram}, true},
    {"meter", {1.0, kMetre}, true},
    {"metre", {1.0, kMetre}, true},
    {"second", {1.0, kSecond}, true},
    {"sec", {1.0, kSecond}, false},
    {"kelvin", {1.0, kKelvin}, true},
    {"pascal", {1.0, kPascal}, true},
    {"bar", {1e5, kPascal}, true},
    {"newton", {1.0, kNewton}, true},
    {"joule", {1.0, kJoule}, true},
    {"watt", {1.0, kWatt}, true},
    {"minute", {60.0, kSecond}, false},
    {"hour", {3600.0, kSecond}, false},
    {"day", {86400.0, kSecond}, false},
    {"atmosphere", {101325.0, kPascal}, false},
    {"feet", {0.3048, kMetre}, false},
    {"foot", {0.3048, kMetre}, false},
    {"mile", {1609.344, kMetre}, false},
    {"knot", {kKnot, kMetrePerSecond}, false},
    {"fraction", {1.0, kPlain}, false},
    {"unitless", {1.0, kPlain}, false},
    {"dimensionless", {1.0, kPlain}, false},
    {"percent", {1e-2, kPlain}, false},
    {"permille", {1e-3, kPlain}, false},
});

struct Prefix {
  std::string_view symbol, name;
  double factor;
};
constexpr auto kPrefixes = std::to_array<Prefix>({
    {"G", "giga", 1e9},
    {"M", "mega", 1e6},
    {"k", "kilo", 1e3},
    {"h", "hecto", 1e2},
    {"da", "deca", 1e1},
    {"d", "deci", 1e-1},
    {"c", "centi", 1e-2},
    {"m", "milli", 1e-3},
    {"u", "micro", 1e-6},
    {"\xc2\xb5", "micro", 1e-6},
    {"\xce\xbc", "micro", 1e-6},
    {"n", "nano", 1e-9},
});

struct Measure {
  Powers powers;
  Dimension dimension;
};
constexpr auto kMeasures = std::to_array<Measure>({
    {kPlain, Dimension::kNumber},
    {kMetre, Dimension::kLength},
    {{0, -1, 0, 0}, Dimension::kWavenumber},
    {kKilogram, Dimension::kMass},
    {kSecond, Dimension::kTime},
    {kKelvin, Dimension::kTemperature},
    {kPascal, Dimension::kPressure},
    {{1, 0, -3, 0}, Dimension::kFlux},
    {kMetrePerSecond, Dimension::kSpeed},
    {{0, 1, -2, 0}, Dimension::kAcceleration},
    {{0, 2, -2, 0}, Dimension::kGeopotential},
    {{0, 0, -1, 0}, Dimension::kFrequency},
});

/// The symbols of which `same` says that the word is one, with their prefixes; none unless they are one unit.
template <class Same>
std::optional<Factor> symbolCalled(const Same& same) {
  std::optional<Factor> found;
  bool several = false;
  const auto take = [&](const Factor& factor) {
    several = several || (found && !(*found == factor));
    found = factor;
  };
  for (const Row& row : kSymbols) {
    if (same("", row.name)) take(row.factor);
    if (!row.prefixes) continue;
    for (const Prefix& prefix : kPrefixes) {
      if (same(prefix.symbol, row.name)) take({prefix.factor * row.factor.toSi, row.factor.powers});
    }
  }
  return several ? std::nullopt : found;
}

std::optional<Factor> nameCalled(const std::string& folded) {
  const auto is = [](std::string_view word, std::string_view name) {
    return word == name || (word.ends_with('s') && word.substr(0, word.size() - 1) == name);
  };
  for (const Row& row : kNames) {
    if (is(folded, row.name)) return row.factor;
    if (!row.prefixes) continue;
    for (const Prefix& prefix : kPrefixes) {
      if (folded.starts_with(prefix.name) && is(std::string_view(folded).substr(prefix.name.size()), row.name))
        return Factor{prefix.factor * row.factor.toSi, row.factor.powers};
    }
  }
  return std::nullopt;
}

std::optional<Factor> factorCalled(const std::string& word) {
  const auto joined = [](std::string_view prefix, std::string_view name) {
    return std::string(prefix) + std::string(name);
  };
  if (const auto found = symbolCalled([&](auto prefix, auto name) { return joined(prefix, name) == word; }); found)
    return found;
  const std::string folded = lower(word);
  if (const auto found = nameCalled(folded); found) return found;
  const auto sameLetters = [&](auto prefix, auto name) { return joined(lower(prefix), lower(name)) == folded; };
  // "mBar" is told from "Mbar" by its prefix; in "MBAR" nothing tells.
  if (std::any_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
    const auto samePrefix = [&](auto prefix, auto name) {
      return word.starts_with(prefix) && sameLetters(prefix, name);
    };
    if (const auto found = symbolCalled(samePrefix); found) return found;
  }
  return symbolCalled(sameLetters);
}

/// The text with one spelling of what has several: ASCII signs and digits, no braces.
std::string plainSigns(std::string_view text) {
  struct Sign {
    std::string_view written, plain;
  };
  static constexpr auto kSigns = std::to_array<Sign>({
      {"\xc2\xb7", " "},
      {"\xe2\x8b\x85", " "},
      {"\xc3\x97", " "},
      {"\xe2\x88\x92", "-"},
      {"\xe2\x81\xbb", "-"},
      {"\xe2\x81\xba", ""},
      {"\xe2\x81\xb0", "0"},
      {"\xc2\xb9", "1"},
      {"\xc2\xb2", "2"},
      {"\xc2\xb3", "3"},
      {"\xe2\x81\xb4", "4"},
      {"\xe2\x81\xb5", "5"},
      {"\xe2\x81\xb6", "6"},
      {"\xc2\xa0", " "},
      {"{", ""},
      {"}", ""},
  });
  std::string out;
  while (!text.empty()) {
    const auto sign =
        std::find_if(kSigns.begin(), kSigns.end(), [&](const Sign& s) { return text.starts_with(s.written); });
    if (sign != kSigns.end()) {
      out += sign->plain;
      text.remove_prefix(sign->written.size());
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

/// Reads a product of units from left to right; a division holds for the factor that follows it.
class Product {
 public:
  explicit Product(std::string_view text) : text_(text) {}

  std::optional<Unit> read() {
    bool any = false;
    while (true) {
      while (!text_.empty() && std::string_view(" *.").find(text_.front()) != std::string_view::npos)
        text_.remove_prefix(1);
      if (text_.empty()) break;
      if (text_.front() == '/') {
        if (divided_) return std::nullopt;
        divided_ = true;
        text_.remove_prefix(1);
        continue;
      }
      if (!(isDigit(text_.front()) ? number() : word())) return std::nullopt;
      any = true;
    }
    if (!any || divided_ || !(toSi_ > 0.0 && std::isfinite(toSi_))) return std::nullopt;
    const auto measure =
        std::find_if(kMeasures.begin(), kMeasures.end(), [&](const Measure& m) { return m.powers == powers_; });
    if (measure == kMeasures.end()) return std::nullopt;
    return Unit{measure->dimension, toSi_, 0.0};
  }

 private:
  bool number() {
    double value = 0.0;
    const auto [end, problem] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (problem != std::errc{}) return false;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    int power = 1;
    if ((text_.starts_with('^') || text_.starts_with("**")) && !exponent(power)) return false;
    multiply({value, kPlain}, power);
    return true;
  }

  bool word() {
    std::size_t length = 0;
    while (length < text_.size() && std::string_view(" *./^+-").find(text_[length]) == std::string_view::npos &&
           !isDigit(text_[length]))
      ++length;
    const std::string called(text_.substr(0, length));
    text_.remove_prefix(length);
    if (lower(called) == "per") {
      const bool first = !divided_;
      divided_ = true;
      return first;
    }
    const std::optional<Factor> factor = factorCalled(called);
    int power = 1;
    if (!factor || !exponent(power)) return false;
    multiply(*factor, power);
    return true;
  }

  /// An exponent, if there is one: "-1", "^-1" or "**-1".
  bool exponent(int& power) {
    const bool marked = text_.starts_with('^') || text_.starts_with("**");
    if (marked) text_.remove_prefix(text_.front() == '^' ? 1 : 2);
    const bool plus = text_.starts_with('+');
    if (plus) text_.remove_prefix(1);
    if (!marked && !plus && (text_.empty() || !(isDigit(text_.front()) || text_.front() == '-'))) return true;
    constexpr int kMost = 9;
    const auto [end, problem] = std::from_chars(text_.data(), text_.data() + text_.size(), power);
    if (problem != std::errc{} || std::abs(power) > kMost) return false;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return true;
  }

  void multiply(const Factor& factor, int power) {
    if (divided_) power = -power;
    divided_ = false;
    toSi_ *= std::pow(factor.toSi, power);
    for (std::size_t i = 0; i < powers_.size(); ++i) powers_[i] += power * factor.powers[i];
  }

  std::string_view text_;
  bool divided_ = false;
  double toSi_ = 1.0;
  Powers powers_{};
};

/// "°C", "deg F", "degrees_Kelvin", "celsius"; none if it is no temperature.
std::optional<Unit> temperatureCalled(std::string_view text) {
  std::string word = lower(text);
  // U+FFFD stands for the degree sign of Latin-1 (shownText).
  for (const std::string_view degree : {"degrees", "degree", "deg", "\xc2\xb0", "\xc2\xba", "\xef\xbf\xbd"}) {
    if (!word.starts_with(degree)) continue;
    word.erase(0, degree.size());
    break;
  }
  std::erase_if(word, [](char c) { return c == ' ' || c == '_' || c == '.'; });
  if (word == "c" || word == "celsius" || word == "centigrade" || word == "\xe2\x84\x83")
    return Unit{Dimension::kTemperature, 1.0, 273.15};
  if (word == "f" || word == "fahrenheit" || word == "\xe2\x84\x89")
    return Unit{Dimension::kTemperature, 5.0 / 9.0, 273.15 - 32.0 * 5.0 / 9.0};
  if (word == "k" || word == "kelvin" || word == "kelvins") return Unit{Dimension::kTemperature, 1.0, 0.0};
  return std::nullopt;
}

}  // namespace

std::optional<Unit> findClimateUnit(std::string_view text) {
  if (const std::optional<Unit> known = findUnit(text); known) return known;
  const std::string plain = trim(plainSigns(text));
  if (const std::optional<Unit> temperature = temperatureCalled(plain); temperature) return temperature;
  return Product(plain).read();
}

std::string_view unitExamples(Dimension dimension) {
  switch (dimension) {
    case Dimension::kTemperature:
      return "K, degC or degF";
    case Dimension::kPressure:
      return "Pa, hPa or bar";
    case Dimension::kSpeed:
      return "m s-1, km/h or knots";
    case Dimension::kNumber:
      return "1, % or g kg-1";
    case Dimension::kLength:
      return "m, km or ft";
    case Dimension::kFlux:
      return "W m-2 or kW m-2";
    case Dimension::kGeopotential:
      return "m2 s-2 or J kg-1";
    default:
      return "one of its kind";
  }
}

}  // namespace ecumene::data::formats
