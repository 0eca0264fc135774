// SPDX-License-Identifier: Apache-2.0
#include "data/base/median.h"

#include <algorithm>
#include <cstddef>

namespace ecumene {

double median(std::vector<double> numbers) {
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  if (numbers.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(numbers.begin(), middle));
}

}  // namespace ecumene
