// SPDX-License-Identifier: Apache-2.0
#include "data/planet/designation.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace ecumene::data::planet {
namespace {

struct Catalogue {
  std::string_view key;      ///< lower case, letters and digits only
  std::string_view written;  ///< with what stands before the number
  bool candidates = false;   ///< numbers its planets .01, .02, ...
};

// Prefixes that a number follows. "K" is the Kepler mission's form of a KOI: K00094.01.
constexpr auto kCatalogues = std::to_array<Catalogue>({
    {"wasp", "WASP-"},
    {"kepler", "Kepler-"},
    {"k2", "K2-"},
    {"koi", "KOI-", true},
    {"toi", "TOI-", true},
    {"k", "KOI-", true},
    {"trappist", "TRAPPIST-"},
    {"hatp", "HAT-P-"},
    {"hats", "HATS-"},
    {"kelt", "KELT-"},
    {"corot", "CoRoT-"},
    {"tres", "TrES-"},
    {"xo", "XO-"},
    {"qatar", "Qatar-"},
    {"ngts", "NGTS-"},
    {"kps", "KPS-"},
    {"wts", "WTS-"},
    {"ogletr", "OGLE-TR-"},
    {"mascara", "MASCARA-"},
    {"speculoos", "SPECULOOS-"},
    {"hd", "HD "},
    {"hip", "HIP "},
    {"hr", "HR "},
    {"gj", "GJ "},
    {"gliese", "GJ "},
    {"gl", "GJ "},
    {"lhs", "LHS "},
    {"ltt", "LTT "},
    {"tic", "TIC "},
    {"kic", "KIC "},
    {"epic", "EPIC "},
});

constexpr auto kPairs = std::to_array<std::string_view>({"ABC", "AB", "BC"});
constexpr std::size_t kCandidateDigits = 2;
constexpr std::size_t kKeplerDigits = 5;  // of "K00094.01"

bool isDigit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool isUpper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}
char lowered(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Length of a blank or dash of Unicode at the beginning of `text`; 0 if none stands there.
std::size_t unicodeJoint(std::string_view text) {
  if (text.starts_with("\xc2\xa0")) return 2;  // no-break space
  // U+2000 to U+2015: blanks and dashes; U+202F: narrow no-break space; U+2212: minus.
  const bool general = text.size() > 2 && text.starts_with("\xe2\x80") &&
                       (static_cast<unsigned char>(text[2]) <= 0x95 || text[2] == '\xaf');
  return general || text.starts_with("\xe2\x88\x92") ? 3 : 0;
}

/// What counts in a name, with what stood before each character.
struct Compact {
  std::string text;         ///< letters and digits as written, and what normalisedName keeps
  std::vector<char> joint;  ///< the last character dropped before each; 0: none

  void erase(std::size_t at, std::size_t count) {
    const auto place = static_cast<std::ptrdiff_t>(at);
    text.erase(at, count);
    joint.erase(joint.begin() + place, joint.begin() + place + static_cast<std::ptrdiff_t>(count));
  }
  [[nodiscard]] std::string lower() const {
    std::string out = text;
    std::transform(out.begin(), out.end(), out.begin(), lowered);
    return out;
  }
};

Compact compact(std::string_view name) {
  Compact out;
  char joint = '\0';
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (const std::size_t length = unicodeJoint(name.substr(i)); length > 0) {
      joint = '-';
      i += length - 1;
      continue;
    }
    const bool plus = c == '+' && i + 1 < name.size() && isDigit(name[i + 1]);
    const bool counts =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || plus || static_cast<unsigned char>(c) >= 0x80;
    if (!counts) {
      joint = c;
      continue;
    }
    out.text += c;
    out.joint.push_back(joint);
    joint = '\0';
  }
  return out;
}

/// A planet of a whole pair is the pair's only "b": "Kepler-16 (AB) b" and "Kepler-16 b" are one planet.
void dropPair(Compact& name) {
  if (name.text.empty() || isUpper(name.text.back()) || isDigit(name.text.back())) return;
  const std::string_view before = std::string_view(name.text).substr(0, name.text.size() - 1);
  for (const std::string_view pair : kPairs) {
    if (before.size() <= pair.size() || !before.ends_with(pair)) continue;
    const std::size_t at = before.size() - pair.size();
    if (name.joint[at] == '\0' && !isDigit(before[at - 1])) continue;
    return name.erase(at, pair.size());
  }
}

/// Component and planet from the letters after the number; false if they are something else.
bool readLetters(std::string letters, bool capitals, Designation& out) {
  const auto isPlanet = [](char c) { return c >= 'b' && c <= 'j'; };
  const std::size_t size = letters.size();
  if (size == 0) return true;
  if (size == 3 && (letters.starts_with("ab") || letters.starts_with("bc"))) letters.erase(0, 2);
  if (letters.size() == 1) {
    if (letters[0] == 'a') {
      out.component = "A";
      return true;
    }
    out.planet = letters;
    return isPlanet(letters[0]);
  }
  // "AB" alone is a pair of stars. North and south are components too: XO-2 N b.
  constexpr std::string_view kComponents = "abcdns";
  if (letters.size() != 2 || capitals || kComponents.find(letters[0]) == std::string_view::npos) return false;
  out.component = std::string(1, static_cast<char>(std::toupper(static_cast<unsigned char>(letters[0]))));
  out.planet = letters.substr(1);
  return isPlanet(letters[1]);
}

std::optional<Designation> readAs(const Catalogue& catalogue, const Compact& name, const std::string& plain) {
  if (!plain.starts_with(catalogue.key)) return std::nullopt;
  const std::size_t begin = catalogue.key.size();
  // "K2-18" has a joint before its number: "k218" says nothing.
  if (begin >= plain.size() || !isDigit(plain[begin])) return std::nullopt;
  if (isDigit(plain[begin - 1]) && name.joint[begin] == '\0') return std::nullopt;
  std::size_t end = begin + 1;
  while (end < plain.size() && isDigit(plain[end]) && name.joint[end] == '\0') ++end;
  std::string number = plain.substr(begin, end - begin);
  if (catalogue.key == "k" && number.size() != kKeplerDigits) return std::nullopt;
  number.erase(0, std::min(number.find_first_not_of('0'), number.size() - 1));

  Designation out;
  out.star = std::string(catalogue.written) + number;
  const bool dotted = end < plain.size() && isDigit(plain[end]) && name.joint[end] == '.';
  if (catalogue.candidates && dotted && plain.size() - end == kCandidateDigits && isDigit(plain[end + 1])) {
    out.planet = "." + plain.substr(end);
    return out;
  }
  if (catalogue.key == "k") return std::nullopt;
  const std::string_view written = std::string_view(name.text).substr(end);
  const bool capitals = std::all_of(written.begin(), written.end(), isUpper);
  if (!readLetters(plain.substr(end), capitals, out)) return std::nullopt;
  return out;
}

std::optional<Designation> read(Compact& name) {
  dropPair(name);
  const std::string plain = name.lower();
  for (const Catalogue& catalogue : kCatalogues) {
    if (std::optional<Designation> found = readAs(catalogue, name, plain); found) return found;
  }
  return std::nullopt;
}

}  // namespace

std::string Designation::text() const {
  const std::string body = star + (component.empty() ? "" : " " + component);
  if (planet.empty()) return body;
  return body + (planet.front() == '.' ? "" : " ") + planet;
}

std::optional<Designation> parseDesignation(std::string_view name) {
  Compact letters = compact(name);
  return read(letters);
}

std::string standardName(std::string_view name) {
  const std::optional<Designation> designation = parseDesignation(name);
  return designation ? designation->text() : std::string(name);
}

std::string normalisedName(std::string_view name) {
  Compact letters = compact(name);
  const std::optional<Designation> designation = read(letters);
  return designation ? compact(designation->text()).lower() : letters.lower();
}

}  // namespace ecumene::data::planet
