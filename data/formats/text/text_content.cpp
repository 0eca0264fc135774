// SPDX-License-Identifier: Apache-2.0
#include "data/formats/text/text_content.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "data/base/error.h"
#include "data/formats/common/planet_mentions.h"

namespace ecumene::data::formats {

std::string plainBlanks(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

void requirePrintable(const std::string& text, const std::string& what, const std::string& place) {
  const auto control =
      std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control == text.end()) return;
  throw Error("the " + what + " holds a control character")
      .on(place)
      .found("code " + std::to_string(static_cast<int>(*control)) + " at character " +
             std::to_string(control - text.begin() + 1));
}

void nameMentionedPlanets(planet::Text& text) {
  for (std::string& name : planetsNamedIn(text.title + ".\n" + text.body)) {
    if (std::find(text.keywords.begin(), text.keywords.end(), name) == text.keywords.end()) {
      text.keywords.push_back(std::move(name));
    }
  }
}

}  // namespace ecumene::data::formats
