// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/planet/planet.h"

namespace ecumene::data::formats {

/// What the planet.json beside an ExoPlaSim file says of the planet. The file itself holds no planet parameters.
struct ExoplasimSidecar {
  std::string name;
  std::vector<std::string> aliases;
  /// What is not stated is marked as data/planet/stated.h has it; none where nothing is stated.
  std::optional<planet::PlanetTruth> truth;
  planet::Scalars scalars;  ///< only what is stated, and the orbital period of synchronous planets
  std::optional<double> gravity;
  /// East longitude under the star; of synchronous planets that state it.
  std::optional<double> substellarLongitudeDeg;
  /// Of the planet's system as the exporter wrote it, else a hash of the stated parameters, of 64 digits where other
  /// keys have 16: the planet's metabolisms are drawn by it, and the same file gives the same ones in every version.
  /// Empty where there are none.
  std::string systemKey;
  std::optional<std::string> sha256;   ///< of the NetCDF file, where stated
  std::optional<double> stepsMinutes;  ///< model time step
  std::string model;                   ///< "ExoPlaSim 3.4.2"
  std::vector<std::string> assumptions;
};

/// Reads a planet.json. Throws Error on bad JSON, a value of the wrong type or outside its physical range.
ExoplasimSidecar readExoplasimSidecar(const std::filesystem::path& path);

}  // namespace ecumene::data::formats
