// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace ecumene {

/// The middle of the numbers, or the mean of the two in the middle. There must be at least one, and none may be NaN.
double median(std::vector<double> numbers);

}  // namespace ecumene
