// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/planet_mentions.h"

#include <algorithm>
#include <array>
#include <optional>

#include "data/formats/common/planet_name.h"
#include "data/planet/designation.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kLongestName = 28;

bool isPlanetLetter(char c) {
  return c >= 'b' && c <= 'j';
}

/// LaTeX's and Unicode's blanks and dashes as plain ones; what only sets letters in mathematics or italics is left out.
std::string plainProse(std::string_view text) {
  struct Spelling {
    std::string_view written, plain;
  };
  constexpr auto kSpellings = std::to_array<Spelling>({
      {"\\mathrm", ""},
      {"\\textit", ""},
      {"\\emph", ""},
      {"\\,", " "},
      {"\\;", " "},
      {"\\:", " "},
      {"\\ ", " "},
      {"~", " "},
      {"$", ""},
      {"{", ""},
      {"}", ""},
      {"--", "-"},
      {"\n", " "},
      {"\xc2\xa0", " "},
      {"\xe2\x80\x89", " "},
      {"\xe2\x80\xaf", " "},
      {"\xe2\x80\x90", "-"},
      {"\xe2\x80\x91", "-"},
      {"\xe2\x80\x92", "-"},
      {"\xe2\x80\x93", "-"},
      {"\xe2\x88\x92", "-"},
  });
  std::string out;
  while (!text.empty()) {
    const auto* const found = std::find_if(kSpellings.begin(), kSpellings.end(),
                                           [&](const Spelling& s) { return text.starts_with(s.written); });
    const std::string_view piece = found == kSpellings.end() ? text.substr(0, 1) : found->plain;
    text.remove_prefix(found == kSpellings.end() ? 1 : found->written.size());
    if (piece == " " && out.ends_with(' ')) continue;
    out += piece;
  }
  return out;
}

struct Mention {
  planet::Designation name;
  std::size_t end = 0;  ///< behind it in the text
};

/// Whether a name may go on over the character at `at`: what joins its parts, not what ends a clause.
bool joins(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '.') return at > 0 && isDigit(text[at - 1]) && at + 1 < text.size() && isDigit(text[at + 1]);
  return c == ' ' || c == '-' || c == '_' || c == '(' || c == ')';
}

/// The longest planet name that begins at `start`.
std::optional<Mention> mentionAt(std::string_view text, std::size_t start) {
  std::optional<Mention> found;
  for (std::size_t end = start + 1; end <= std::min(text.size(), start + kLongestName); ++end) {
    const char last = text[end - 1];
    if (!isWordCharacter(last)) {
      if (!joins(text, end - 1)) break;
      continue;
    }
    if (end < text.size() && isWordCharacter(text[end])) continue;
    const std::string_view span = text.substr(start, end - start);
    auto name = planet::parseDesignation(span);
    if (!name || name->planet.empty()) continue;
    const bool candidate = name->planet.front() == '.';
    if (!candidate && !isPlanetLetter(last)) continue;
    // "K2-18 b e" would be the planet of a component B that nobody wrote.
    if (!name->component.empty() && span.find(name->component) == std::string_view::npos) continue;
    found = Mention{*std::move(name), end};
  }
  return found;
}

/// Where the letter of one more planet of a list stands (", c", " and d", "/e"); none if the list ends here.
std::optional<std::size_t> nextInList(std::string_view text, std::size_t at) {
  constexpr auto kBetween = std::to_array<std::string_view>({", and ", ", ", " and ", " & ", "/", " or ", ", or "});
  for (const std::string_view between : kBetween) {
    const std::size_t place = at + between.size();
    if (!text.substr(at).starts_with(between) || place >= text.size() || !isPlanetLetter(text[place])) continue;
    const std::string_view rest = text.substr(place + 1);
    // A letter that is a word: not "g-band", "h$_2$", "e.g.".
    if (rest.empty()) return place;
    const bool abbreviation = rest.size() > 1 && rest[0] == '.' && isWordCharacter(rest[1]);
    constexpr std::string_view kAfter = " ,.;:)?!/";
    if (kAfter.find(rest[0]) != std::string_view::npos && !abbreviation) return place;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> planetsNamedIn(std::string_view text) {
  const std::string prose = plainProse(text);
  std::vector<std::string> names;
  const auto add = [&](const planet::Designation& name) {
    std::string written = name.text();
    if (std::find(names.begin(), names.end(), written) == names.end()) names.push_back(std::move(written));
  };
  for (std::size_t start = 0; start < prose.size(); ++start) {
    if (!isLetter(prose[start]) || (start > 0 && isWordCharacter(prose[start - 1]))) continue;
    const std::optional<Mention> mention = mentionAt(prose, start);
    if (!mention) continue;
    add(mention->name);
    planet::Designation sibling = mention->name;
    std::size_t end = mention->end;
    while (isPlanetLetter(sibling.planet.front())) {
      const std::optional<std::size_t> letter = nextInList(prose, end);
      if (!letter) break;
      sibling.planet = prose.substr(*letter, 1);
      add(sibling);
      end = *letter + 1;
    }
    start = end - 1;
  }
  return names;
}

}  // namespace ecumene::data::formats
