// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/planet_name.h"

#include <algorithm>
#include <array>

#include "data/formats/common/text_table.h"
#include "data/planet/designation.h"

namespace ecumene::data::formats {
namespace {

bool isJoint(char c) {
  return c == '-' || c == '_' || c == ' ';
}

/// Length of "-18b" or "39b" at `at`, if a planet's number and letter stand there; 0 otherwise.
std::size_t numberAndLetter(std::string_view text, std::size_t at) {
  std::size_t i = at;
  if (i < text.size() && isJoint(text[i])) ++i;
  const std::size_t digits = i;
  while (i < text.size() && isDigit(text[i])) ++i;
  if (i == digits) return 0;
  if (i + 1 < text.size() && (text[i] == ' ' || text[i] == '_') && text[i + 1] >= 'b' && text[i + 1] <= 'j') ++i;
  if (i >= text.size() || text[i] < 'b' || text[i] > 'j') return 0;
  if (i + 1 < text.size() && (isLetter(text[i + 1]) || isDigit(text[i + 1]))) return 0;
  return i + 1 - at;
}

/// The first name of a numbered catalogue that ends with a word: "HAT-P-11b" in "jwst_HAT-P-11b_x".
std::optional<std::string> designationIn(std::string_view text) {
  constexpr std::size_t kLongest = 24;
  for (std::size_t start = 0; start < text.size(); ++start) {
    if (!isLetter(text[start]) || (start > 0 && isWordCharacter(text[start - 1]))) continue;
    for (std::size_t end = start + 1; end <= std::min(text.size(), start + kLongest); ++end) {
      if (!isWordCharacter(text[end - 1]) || (end < text.size() && isWordCharacter(text[end]))) continue;
      auto found = planet::parseDesignation(text.substr(start, end - start));
      if (!found || found->planet.empty()) continue;
      // "HD_41004_B_b": the capital is the component if one letter more is a planet.
      const bool capital = text[end - 1] == 'B' || text[end - 1] == 'C';
      if (capital && end + 1 < text.size() && isJoint(text[end]) &&
          (end + 2 == text.size() || !isWordCharacter(text[end + 2]))) {
        const auto longer = planet::parseDesignation(text.substr(start, end + 2 - start));
        if (longer && !longer->component.empty()) found = longer;
      }
      return found->text();
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> planetNameIn(std::string_view text) {
  if (auto name = designationIn(text); name) return name;
  for (std::size_t start = 0; start < text.size(); ++start) {
    if (!isLetter(text[start]) || (start > 0 && (isLetter(text[start - 1]) || isDigit(text[start - 1])))) continue;
    std::size_t end = start;
    while (end < text.size() && isLetter(text[end])) ++end;
    std::size_t length = numberAndLetter(text, end);
    if (length == 0) {
      // Catalogue prefixes with a digit in them: "K2-18".
      std::size_t digits = end;
      while (digits < text.size() && isDigit(text[digits])) ++digits;
      if (digits > end) length = numberAndLetter(text, digits);
      if (length > 0) end = digits;
    }
    if (length == 0) continue;
    std::string name(text.substr(start, end - start));
    std::string rest(text.substr(end, length - 1));
    for (char& c : rest) c = c == '_' ? '-' : c;
    while (!rest.empty() && isJoint(rest.back())) rest.pop_back();
    return name + rest + " " + text[end + length - 1];
  }
  return std::nullopt;
}

std::string instrumentIn(std::string_view text) {
  constexpr auto kWords =
      std::to_array<std::string_view>({"NIRISS", "SOSS", "NIRSpec", "PRISM", "G395H", "G235H", "G140H", "NIRCam",
                                       "F322W2", "F444W", "MIRI", "LRS", "WFC3", "STIS", "IRAC"});
  const std::string plain = lower(text);
  std::string out;
  for (const std::string_view word : kWords) {
    if (plain.find(lower(word)) != std::string::npos) out += (out.empty() ? "" : " ") + std::string(word);
  }
  return out;
}

}  // namespace ecumene::data::formats
