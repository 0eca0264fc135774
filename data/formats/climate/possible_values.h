// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "data/base/error.h"
#include "data/formats/climate/cf_names.h"

namespace ecumene::data::formats {

/// Index of the first value, in the unit of the limits, that is outside of them; none if all are inside. NaN passes:
/// it is a value that the file says to be missing.
std::optional<std::size_t> firstImpossible(std::span<const double> values, const ValueLimits& limits);

/// The refusal of a file for one of its values, where other errors leave only a variable aside.
class ImpossibleValue : public Error {
 public:
  /// `place`: variable and where in it; `found`: the value in the file's unit; `advice`: what the user can do.
  ImpossibleValue(const QuantityInfo& quantity, const std::string& place, const std::string& found,
                  const std::string& advice);
};

/// "-999 degC"; a number of no unit alone.
std::string valueWords(double value, const std::string& unit);

/// What to do if the stored number of a variable stands for nothing: the command that says so in the file.
std::string missingAdvice(const std::string& variable, double stored);

}  // namespace ecumene::data::formats
