// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/formats/common/planet_mentions.h"
#include "data/formats/export/writers.h"

namespace ecumene::data::formats {

std::string textLines(const std::vector<planet::Text>& texts) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const planet::Text& text = texts[i];
    const std::vector<std::string> found = planetsNamedIn(text.title + ".\n" + text.body);
    nlohmann::ordered_json categories = nlohmann::ordered_json::array();
    for (const std::string& keyword : text.keywords) {
      if (std::find(found.begin(), found.end(), keyword) == found.end()) categories.push_back(keyword);
    }
    nlohmann::ordered_json line{{"id", text.id.empty() ? "text-" + std::to_string(i + 1) : text.id},
                                {"title", text.title},
                                {"summary", text.body},
                                {"url", text.source},
                                {"categories", categories},
                                {"licence", text.licence}};
    out += line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  return out;
}

}  // namespace ecumene::data::formats
