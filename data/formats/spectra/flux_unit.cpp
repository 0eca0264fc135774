// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/flux_unit.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string>

#include "data/formats/spectra/spectrum_bins.h"

namespace ecumene::data::formats {
namespace {

/// A product of powers of joule, second and metre.
struct Product {
  double factor = 1.0;
  int joule = 0, second = 0, metre = 0;

  void multiply(const Product& other, int power) {
    factor *= std::pow(other.factor, power);
    joule += power * other.joule;
    second += power * other.second;
    metre += power * other.metre;
  }
};

struct Base {
  std::string_view name;
  Product product;
};
constexpr double kJansky = 1e-26;
constexpr auto kBases = std::to_array<Base>({
    {"W", {1.0, 1, -1, 0}},
    {"erg", {1e-7, 1, 0, 0}},
    {"ergs", {1e-7, 1, 0, 0}},
    {"J", {1.0, 1, 0, 0}},
    {"s", {1.0, 0, 1, 0}},
    {"sec", {1.0, 0, 1, 0}},
    {"Hz", {1.0, 0, -1, 0}},
    {"m", {1.0, 0, 0, 1}},
    {"cm", {1e-2, 0, 0, 1}},
    {"um", {1e-6, 0, 0, 1}},
    {"micron", {1e-6, 0, 0, 1}},
    {"microns", {1e-6, 0, 0, 1}},
    {"nm", {1e-9, 0, 0, 1}},
    {"A", {1e-10, 0, 0, 1}},
    {"AA", {1e-10, 0, 0, 1}},
    {"Ang", {1e-10, 0, 0, 1}},
    {"Angstrom", {1e-10, 0, 0, 1}},
    {"angstrom", {1e-10, 0, 0, 1}},
    {"Jy", {kJansky, 1, 0, -2}},
    {"mJy", {1e-3 * kJansky, 1, 0, -2}},
    {"uJy", {1e-6 * kJansky, 1, 0, -2}},
    {"nJy", {1e-9 * kJansky, 1, 0, -2}},
});

/// Reads products, quotients, brackets and whole powers; `failed` where the text is anything else.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<Product> all() {
    const Product product = products();
    if (failed_ || at_ != text_.size()) return std::nullopt;
    return product;
  }

 private:
  [[nodiscard]] char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  Product products() {
    Product product;
    bool first = true;
    while (!failed_ && here() != '\0' && here() != ')') {
      int sign = 1;
      while (here() == ' ' || here() == '*' || here() == '.' || here() == '/') {
        if (here() == '/') sign = -1;
        ++at_;
      }
      if (here() == '\0' || here() == ')') {
        failed_ = failed_ || sign < 0;
        break;
      }
      const Product part = factor();
      product.multiply(part, sign * power());
      first = false;
    }
    failed_ = failed_ || first;
    return product;
  }

  Product factor() {
    if (take("(")) {
      const Product inner = products();
      failed_ = failed_ || !take(")");
      return inner;
    }
    const std::size_t begin = at_;
    while (std::isalpha(static_cast<unsigned char>(here())) != 0) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    const auto base = std::find_if(kBases.begin(), kBases.end(), [&](const Base& b) { return b.name == name; });
    failed_ = failed_ || base == kBases.end();
    return failed_ ? Product{} : base->product;
  }

  int power() {
    const bool marked = take("**") || take("^");
    const bool bracket = marked && (take("{") || take("("));
    const bool negative = take("-");
    if (!negative && marked) take("+");
    int value = 0;
    const std::size_t begin = at_;
    constexpr int kLargest = 9;
    while (std::isdigit(static_cast<unsigned char>(here())) != 0 && value <= kLargest)
      value = 10 * value + (text_[at_++] - '0');
    if (bracket) failed_ = failed_ || !(take("}") || take(")"));
    if (at_ == begin) {
      failed_ = failed_ || marked || negative;
      return 1;
    }
    return negative ? -value : value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<FluxUnit> fluxUnitCalled(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  if (text.size() > kLongest) return std::nullopt;
  std::string plain(text);
  for (const std::string_view sign : {"\xc2\xb5m", "\xce\xbcm"}) {  // the two Greek letters of micrometre
    if (const std::size_t at = plain.find(sign); at != std::string::npos) plain.replace(at, sign.size(), "um");
  }
  if (const std::size_t at = plain.find("\xc3\x85"); at != std::string::npos) plain.replace(at, 2, "A");
  const std::optional<Product> product = Reader(plain).all();
  if (!product || product->joule != 1) return std::nullopt;
  if (product->second == -1 && product->metre == -3) return FluxUnit{product->factor, false};
  if (product->second == 0 && product->metre == -2) return FluxUnit{product->factor, true};
  return std::nullopt;
}

std::optional<std::string> fluxUnitInName(std::string_view name) {
  const std::size_t joint = name.find_last_of("_ ");
  if (joint == std::string_view::npos || !fluxUnitCalled(name.substr(joint + 1))) return std::nullopt;
  return std::string(name.substr(joint + 1));
}

double toWm2um(double flux, const FluxUnit& unit, double wavelengthUm) {
  constexpr double kMetre = 1e-6;  // of a micrometre
  // The factors first: W m-2 um-1 stays as it is to the last bit.
  if (!unit.perFrequency) return flux * (unit.toSi * kMetre);
  const double metres = wavelengthUm * kMetre;
  return flux * (unit.toSi * kMetre) * kLightSpeedMs / (metres * metres);
}

}  // namespace ecumene::data::formats
