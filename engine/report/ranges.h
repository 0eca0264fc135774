// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/report/prediction.h"
#include "engine/report/quantities.h"

namespace ecumene::engine::report {

/// From the least to the greatest value that the train planets have of each quantity.
class Ranges {
 public:
  Ranges();
  void widen(const Quantities& known);
  /// Those outside by more than a hundredth of the range's width. What is not known, and what no train planet has, is
  /// not judged.
  [[nodiscard]] std::vector<BrokenRange> broken(const Quantities& known) const;
  [[nodiscard]] bool empty() const;

  /// JSON {name: [low, high]}, and back. Throws Error naming what is wrong.
  [[nodiscard]] std::string toJson() const;
  static Ranges fromJson(const std::string& text);

 private:
  Quantities low_{}, high_{};  ///< NaN: no train planet has it
};

/// Why a verdict is outside: the names of the quantities, and "distance" where the embedding is too far.
std::set<std::string> reasons(const HullVerdict& verdict);

}  // namespace ecumene::engine::report
