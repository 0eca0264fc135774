// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "data/formats/export/writers.h"

namespace ecumene::data::formats {

std::vector<std::string> originLines(const planet::Planet& planet, const std::string& part) {
  std::vector<std::string> lines;
  lines.push_back("Ecumene planet '" + planet.id + "', " + planet.name + ", origin " +
                  std::string(planet::name(planet.origin)));
  for (const planet::Provenance& from : planet.provenance) {
    // "spectrum[0]" is of the spectra; generated planets state one origin for all parts.
    if (!from.part.starts_with(part) && from.part != "planet") continue;
    std::string line = from.part + " from " + from.source;
    if (!from.sha256.empty()) line += ", sha256 " + from.sha256;
    if (!from.generator.empty()) line += ", by " + from.generator;
    if (planet.origin == planet::Origin::kGenerated) line += ", seed " + std::to_string(from.seed);
    if (!from.licence.empty()) line += "; licence: " + from.licence;
    if (!from.conversions.empty()) line += "; conversions: " + from.conversions;
    for (const std::string& assumption : from.assumptions) line += "; assumed: " + assumption;
    lines.push_back(std::move(line));
  }
  for (std::string& line : lines) {
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  }
  return lines;
}

}  // namespace ecumene::data::formats
