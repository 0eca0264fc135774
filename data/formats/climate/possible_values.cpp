// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/possible_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/planet/cube.h"

namespace ecumene::data::formats {
namespace {

constexpr double kSignRipple = 50.0;  ///< W m-2 by which a flux may have the other sign

/// The limits on the side of zero where most values lie.
ValueLimits onOneSide(std::span<const double> values, const ValueLimits& limits) {
  const auto positive = std::count_if(values.begin(), values.end(), [](double v) { return v > 0.0; });
  const auto negative = std::count_if(values.begin(), values.end(), [](double v) { return v < 0.0; });
  return positive >= negative ? ValueLimits{-kSignRipple, limits.high} : ValueLimits{limits.low, kSignRipple};
}

}  // namespace

std::optional<std::size_t> firstImpossible(std::span<const double> values, const ValueLimits& limits) {
  const ValueLimits range = limits.oneSign ? onOneSide(values, limits) : limits;
  const auto first =
      std::find_if(values.begin(), values.end(), [&](double v) { return v < range.low || v > range.high; });
  if (first == values.end()) return std::nullopt;
  return static_cast<std::size_t>(first - values.begin());
}

ImpossibleValue::ImpossibleValue(const QuantityInfo& quantity, const std::string& place, const std::string& found,
                                 const std::string& advice)
    : Error("a value that cannot be true") {
  const ValueLimits& limits = quantity.possible;
  std::string range = fmt::format("{:g} to {:g} {}", limits.low, limits.high, quantity.unit);
  if (limits.oneSign) range += ", of one sign";
  if (const planet::VariableInfo* stored = planet::findVariable(quantity.key); stored != nullptr) {
    range += fmt::format(" (the planets of the dataset have {:g} to {:g})", stored->validMin, stored->validMax);
  }
  on(place);
  expected(range);
  Error::found(found);
  next(advice);
}

std::string valueWords(double value, const std::string& unit) {
  const bool plain = unit.empty() || unit == "1";
  return fmt::format("{:.6g}{}{}", value, plain ? "" : " ", plain ? "" : unit);
}

std::string missingAdvice(const std::string& variable, double stored) {
  return fmt::format("if it means missing, say so in the file: ncatted -a missing_value,{},o,d,{} FILE.nc", variable,
                     stored);
}

}  // namespace ecumene::data::formats
