// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/planet/planet.h"
#include "engine/report/prediction.h"

namespace ecumene::engine::inspect {

/// A number found in a text, and what it was checked against.
struct CheckedNumber {
  enum class Verdict {
    kAgrees,     ///< within rounding, or 2 %, of what is known
    kDisagrees,  ///< with what is known
    kUnchecked,  ///< nothing in its sentence says what it is, or that is not known
  };
  std::string written;
  double value = 0.0;
  Verdict verdict = Verdict::kUnchecked;
  std::string quantity;  ///< what its sentence says that it is; empty: unknown
  std::string source;    ///< where the known value comes from: scalars, prediction, metabolism
  double known = report::kMissing;
};
std::string_view name(CheckedNumber::Verdict verdict);

/// What numbers of a text about a planet are held against: quantities, the words that name them, in the unit of the
/// words, with the values that are known.
struct KnownQuantity {
  std::string name;
  std::vector<std::string> words;  ///< one of them in a number's sentence names it; lower case
  std::string source;
  std::vector<double> values;  ///< a number agrees if it agrees with one of them; empty: not known
};
/// Measured scalars (limits are not known values), predicted shares and probabilities (of viable, habitable and each
/// regime), limits of growth in degrees Celsius.
std::vector<KnownQuantity> knownQuantities(const data::planet::Scalars& scalars,
                                           const data::planet::Metabolism& metabolism,
                                           const report::Prediction& prediction);

/// Every number of the text that stands free (not inside a name as ECU-00042), with the quantity whose words stand
/// nearest in its sentence. A number agrees within half a unit of its last digit, or 2 %; a percentage counts as a
/// hundredth where it is followed by a percent sign.
std::vector<CheckedNumber> checkNumbers(std::string_view text, const std::vector<KnownQuantity>& known);

}  // namespace ecumene::engine::inspect
