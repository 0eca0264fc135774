// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "data/base/random.h"

namespace ecumene::data::physics::generator {

enum class Shape { kUniform, kLogUniform, kChance, kNormal, kHalfNormal };

/// One drawn parameter: what it is, how it is drawn, and why so. kChance: `low` is the probability. kHalfNormal: |N(0,
/// low)| cut at `high`.
struct Prior {
  std::string_view name, unit;
  Shape shape;
  double low, high;
  std::string_view source;
};

/// The one table of parameter ranges and priors of the embedded generator.
std::span<const Prior> priors();
/// Throws an internal Error for an unknown name.
const Prior& prior(std::string_view name);
/// A draw from the named prior; for kChance 1 or 0.
double draw(std::string_view name, Random& random);
bool drawChance(std::string_view name, Random& random);

}  // namespace ecumene::data::physics::generator
