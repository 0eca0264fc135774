// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/planet/planet.h"

/// The writers of export.h, one a format. All numbers as the shortest text that reads back to the same bits.
namespace ecumene::data::formats {

/// A part of a planet ("climate", "spectrum", "network", "text", "scalars"), or one piece of it by its index.
struct PartOf {
  std::string name;
  std::optional<std::size_t> index{};
};

/// Whether a provenance speaks of the part: of all of it, of the piece ("spectrum[2]") or of a range with the piece
/// ("spectrum[2..5]").
bool isOf(const planet::Provenance& from, const PartOf& part);

/// Where a part came from, one sentence a line without line ends: what the planet is and each provenance of the part or
/// of the whole planet.
std::vector<std::string> originLines(const planet::Planet& planet, const PartOf& part);

/// CF-1.8 (cfconventions.org), NetCDF-4: variables by the symbols of cube.h with standard_name, units and the file's
/// level coordinate as sigma with formula_terms; nominal months of 30 days in a calendar of 360, of which a comment
/// says that they are twelfths of the orbit. Only the last epoch of a climate with several. Throws Error where NetCDF
/// fails.
void writeClimate(const planet::Planet& planet, const std::filesystem::path& path);

/// What planet.json says of a planet with a climate.
std::string planetSidecar(const planet::Planet& planet);

/// ECSV 1.0 (Astropy's APE 6) of one of the planet's spectra: wavelength, edges and errors with units; kind, instrument
/// and target in the meta.
std::string ecsvSpectrum(const planet::Planet& planet, std::size_t index);

/// SBML Level 3 Version 1 with fbc version 2 and groups (for subsystems). `leftOut` gains what SBML has no place for.
std::string sbmlNetwork(const planet::MetabolicNetwork& network, const std::vector<std::string>& origin,
                        std::vector<std::string>& leftOut);

/// JSON lines of id, title, summary, url and categories; without the keywords that a reader finds in the text itself.
std::string textLines(const std::vector<planet::Text>& texts);

/// One row of the archive's columns with units in #COLUMN comments, errors and limits; scalars that the archive has no
/// column for go into `leftOut`. None if there is nothing to say.
std::optional<std::string> catalogueRow(const planet::Planet& planet, std::vector<std::string>& leftOut);

}  // namespace ecumene::data::formats
