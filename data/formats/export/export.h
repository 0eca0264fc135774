// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/planet/planet.h"

namespace ecumene::data::formats {

/// What an export wrote.
struct Exported {
  std::filesystem::path folder;
  std::vector<std::string> files;    ///< names in the folder
  std::vector<std::string> leftOut;  ///< what the formats cannot hold, for people
};

/// Writes what a planet holds into `<parent>/<id>`, as files that the importers, and other programs, read again:
///   climate.nc and planet.json   CF-1.8 in NetCDF-4, and what states the planet (exoplasim_sidecar.h)
///   spectrum-N.ecsv              each spectrum
///   network-NAME.xml             each network, SBML Level 3 with fbc version 2; archetype metabolisms too
///   texts.jsonl                  the texts
///   catalogue.csv                the scalars as a row of the NASA Exoplanet Archive's table
/// Numbers are written so that they come back to the same bits; provenance goes into each file. The folder appears
/// whole or not at all. Throws Error (kUsage) if it is there and `replace` is not set, which puts the new folder in the
/// place of the old one in one step. Throws Error also where the old one holds what no export writes.
Exported exportPlanet(const planet::Planet& planet, const std::filesystem::path& parent, bool replace);

}  // namespace ecumene::data::formats
