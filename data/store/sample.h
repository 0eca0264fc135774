// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "data/planet/planet.h"
#include "data/store/cube_reader.h"

/// Planets as a loader reads them: what may be drawn is known beforehand, what was drawn is read alone.
namespace ecumene::data::store {

/// Length of a text in the caller's unit (tokens, or bytes).
using TextLength = std::function<std::uint32_t(std::string_view)>;

/// A planet with a climate, without its arrays. Positions are those in planet::Planet.
struct SampleIndex {
  struct Case {
    planet::Archetype archetype{};
    std::uint32_t position = 0;  ///< in Planet::metabolisms
    std::uint32_t nodes = 0;     ///< metabolites and reactions of its network
  };
  struct TextSize {
    std::optional<std::uint32_t> metabolism;  ///< the case it describes; none: any
    std::uint32_t position = 0;               ///< in Planet::texts
    std::uint32_t length = 0;
  };
  CubeIndex cube;
  std::vector<std::uint32_t> spectra;  ///< those that are transmission spectra
  std::vector<Case> cases;             ///< by archetype, then as in the planet
  std::vector<TextSize> texts;
};

/// Positions to read beside the cube.
struct SampleDraw {
  std::uint32_t metabolism = 0;
  std::optional<std::uint32_t> spectrum, text;
};

/// What was drawn, and what all samples of a planet share.
struct SampleParts {
  planet::Scalars scalars;
  std::optional<planet::PlanetTruth> truth;
  std::optional<planet::ClimateLabels> labels;
  planet::MetabolismCase metabolism;
  std::optional<planet::Spectrum> spectrum;
  std::optional<planet::Text> text;
  std::vector<planet::QualityCheck> quality;
};

}  // namespace ecumene::data::store
