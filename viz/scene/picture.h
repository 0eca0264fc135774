// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "viz/scene/colour_map.h"

namespace ecumene::viz::scene {

/// Pixels from the top left, a row after the other.
struct Picture {
  std::size_t width = 0, height = 0;
  std::vector<Rgb> pixels;

  [[nodiscard]] const Rgb& at(std::size_t x, std::size_t y) const { return pixels[y * width + x]; }
};

}  // namespace ecumene::viz::scene
