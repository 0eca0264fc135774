// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "data/planet/planet.h"

namespace ecumene::test {

/// What a made-up planet holds.
struct SampleParts {
  bool climate = true;
  std::size_t latitudes = data::planet::kCanonicalLatitudes, longitudes = data::planet::kCanonicalLongitudes;
  std::size_t spectra = 1, metabolisms = 2, networks = 1, texts = 2;
};

/// A planet of smooth analytic fields with small waves, the same for the same number on every machine. It promises
/// valid parts and numbers of the right size, not physics. Distinct numbers give distinct content and, two by two
/// (2n and 2n + 1: warm and cold), the same system.
data::planet::Planet samplePlanet(std::uint64_t number, const SampleParts& parts = {});

/// Small enough for tests that add very many.
inline SampleParts smallParts() {
  return {true, 4, 8, 1, 1, 0, 1};
}

}  // namespace ecumene::test
