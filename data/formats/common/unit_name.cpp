// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/unit_name.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

struct Spelling {
  std::string_view lower, unit;
};
// Spellings beyond those of findUnit, in lower case. Not "mm" for "Mm" and such: there the case tells units apart.
constexpr auto kSpellings = std::to_array<Spelling>({
    {"um", "um"},
    {"micron", "um"},
    {"microns", "um"},
    {"micrometer", "um"},
    {"micrometers", "um"},
    {"micrometre", "um"},
    {"micrometres", "um"},
    {"nm", "nm"},
    {"nanometer", "nm"},
    {"nanometers", "nm"},
    {"nanometre", "nm"},
    {"nanometres", "nm"},
    {"angstrom", "Angstrom"},
    {"angstroms", "Angstrom"},
    {"aa", "Angstrom"},
    {"\xc3\x85", "Angstrom"},
    {"\xe2\x84\xab", "Angstrom"},
    {"ppm", "ppm"},
    {"ppb", "ppb"},
    {"percent", "percent"},
    {"pct", "percent"},
    {"frac", "fraction"},
    {"fraction", "fraction"},
});

/// Last word of a name whose words are joined by '_', '-', '.', '/' or blanks, or begin with a capital.
std::string_view lastWord(std::string_view name) {
  std::size_t begin = name.size();
  while (begin > 0) {
    const char before = name[begin - 1];
    if (std::string_view(" _-./").find(before) != std::string_view::npos) break;
    --begin;
    const bool capital = std::isupper(static_cast<unsigned char>(name[begin])) != 0;
    if (capital && begin > 0 && std::islower(static_cast<unsigned char>(name[begin - 1])) != 0) break;
  }
  return begin == 0 ? std::string_view{} : name.substr(begin);
}

}  // namespace

std::optional<std::string> unitCalled(std::string_view text) {
  const std::string plain = trim(text);
  if (plain.empty()) return std::nullopt;
  if (findUnit(plain)) return plain;
  const std::string wanted = lower(plain);
  const auto row =
      std::find_if(kSpellings.begin(), kSpellings.end(), [&](const Spelling& s) { return s.lower == wanted; });
  if (row == kSpellings.end()) return std::nullopt;
  return std::string(row->unit);
}

std::optional<std::string> unitInName(std::string_view name, Dimension dimension) {
  const std::string_view word = lastWord(name);
  if (word.size() < 2 && word != "%") return std::nullopt;
  const std::optional<std::string> unit = unitCalled(word);
  if (!unit || findUnit(*unit)->dimension != dimension) return std::nullopt;
  return unit;
}

}  // namespace ecumene::data::formats
