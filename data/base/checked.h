// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>

#include "data/base/error.h"

namespace ecumene {

/// Product of two sizes read from a file. Throws Error naming `object` on overflow.
inline std::size_t checkedMultiply(std::size_t a, std::size_t b, std::string_view object) {
  std::size_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) throw Error("the size is impossible").on(std::string(object));
  return product;
}

/// Whole-number conversion that throws Error instead of changing the value.
template <std::integral To, std::integral From>
To checkedCast(From value, std::string_view object) {
  const To converted = static_cast<To>(value);
  if (static_cast<From>(converted) != value || ((converted < To{}) != (value < From{}))) {
    throw Error("the number is out of range").on(std::string(object));
  }
  return converted;
}

}  // namespace ecumene
