// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "data/physics/constants.h"

namespace ecumene::data::physics {

/// Share of a surface under ice or snow by its temperature, f_ice of HEXTOR (Haqq-Misra & Hayworth 2022, PSJ 3, 32;
/// science.md 2.2): 0 from 273.15 K up, 1 - exp((T - 273.15) / 10) down to 263.15 K, 1 below (it jumps from 0.63
/// there).
inline double iceFraction(double temperatureK) {
  constexpr double kWidthK = 10.0;
  if (temperatureK >= kFreezingK) return 0.0;
  if (temperatureK < kFreezingK - kWidthK) return 1.0;
  return 1.0 - std::exp((temperatureK - kFreezingK) / kWidthK);
}

}  // namespace ecumene::data::physics
