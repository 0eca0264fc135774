// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <string_view>

#include "data/formats/export/writers.h"

namespace ecumene::data::formats {

bool isOf(const planet::Provenance& from, const PartOf& part) {
  std::string_view text = from.part;
  if (!text.starts_with(part.name)) return false;
  text.remove_prefix(part.name.size());
  if (text.empty()) return true;
  if (!text.starts_with('[') || !text.ends_with(']')) return false;
  if (!part.index) return true;
  std::size_t first = 0;
  const auto [end, problem] = std::from_chars(text.data() + 1, text.data() + text.size(), first);
  if (problem != std::errc{}) return false;
  std::size_t last = first;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with("..")) std::from_chars(text.data() + 2, text.data() + text.size(), last);
  return first <= *part.index && *part.index <= last;
}

std::vector<std::string> originLines(const planet::Planet& planet, const PartOf& part) {
  std::vector<std::string> lines;
  lines.push_back("Ecumene planet '" + planet.id + "', " + planet.name + ", origin " +
                  std::string(planet::name(planet.origin)));
  for (const planet::Provenance& from : planet.provenance) {
    if (!isOf(from, part) && from.part != "planet") continue;
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
