// SPDX-License-Identifier: Apache-2.0
#include "data/formats/text/text_content.h"

#include <algorithm>
#include <string>
#include <utility>

#include "data/formats/common/planet_mentions.h"

namespace ecumene::data::formats {

void nameMentionedPlanets(planet::Text& text) {
  for (std::string& name : planetsNamedIn(text.title + ".\n" + text.body)) {
    if (std::find(text.keywords.begin(), text.keywords.end(), name) == text.keywords.end()) {
      text.keywords.push_back(std::move(name));
    }
  }
}

}  // namespace ecumene::data::formats
