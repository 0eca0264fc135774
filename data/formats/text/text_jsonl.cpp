// SPDX-License-Identifier: Apache-2.0
#include "data/formats/text/text_jsonl.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "data/base/error.h"
#include "data/formats/common/json_complaint.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/common/text_file.h"
#include "data/formats/common/text_table.h"
#include "data/formats/text/text_content.h"

namespace ecumene::data::formats {
namespace {

using nlohmann::json;

constexpr std::size_t kLargestTextJsonl = std::size_t{1} << 30U;
constexpr std::size_t kLongestLine = std::size_t{4} << 20U;
constexpr std::size_t kLongestLicence = 200;  // characters of an SPDX expression

/// Whether `"key": "` stands in the line: a member whose value is a string.
bool hasTextMember(std::string_view line, std::string_view key) {
  const std::string quoted = "\"" + std::string(key) + "\"";
  for (std::size_t at = line.find(quoted); at != std::string_view::npos; at = line.find(quoted, at + 1)) {
    std::string_view rest = line.substr(at + quoted.size());
    if (!rest.starts_with(':')) continue;
    rest.remove_prefix(std::min(rest.find_first_not_of(": "), rest.size()));
    if (rest.starts_with('"')) return true;
  }
  return false;
}

Sniff sniffTextJsonl(const std::filesystem::path&, std::string_view head) {
  if (head.find_first_not_of(" \t\r\n") == std::string_view::npos) return {Match::kNo, "blank"};
  head.remove_prefix(head.find_first_not_of(" \t\r\n"));
  if (head.front() != '{') return {Match::kNo, "no JSON object in the first line"};
  const std::string_view line = head.substr(0, head.find('\n'));
  // A first line longer than the head is judged by its keys.
  if (!hasTextMember(line, "title") || !hasTextMember(line, "summary")) {
    return {Match::kNear, "no title and summary in the JSON object of the first line"};
  }
  return {Match::kCertain, "JSON lines with title and summary"};
}

std::string requiredText(const json& object, const char* key, const std::string& place) {
  const auto entry = object.find(key);
  if (entry == object.end() || !entry->is_string() || plainBlanks(entry->get<std::string>()).empty()) {
    throw Error(std::string("the text has no ") + key)
        .on(place)
        .expected("a string that is not empty")
        .found(entry == object.end() ? "nothing" : entry->dump().substr(0, 40));
  }
  const std::string text = plainBlanks(entry->get<std::string>());
  requirePrintable(text, key, place);
  return text;
}

planet::Text readText(const std::string& line, const std::string& place, const std::string& fileName) {
  json object;
  try {
    object = json::parse(line);
  } catch (const json::exception& error) {
    throw Error("the line is not valid JSON")
        .on(place)
        .found(jsonComplaint(error.what(), JsonPlace::kColumn))
        .next("the file may be cut short or damaged");
  }
  if (!object.is_object()) throw Error("the line is not a JSON object").on(place);
  planet::Text text;
  text.id = requiredText(object, "id", place);
  text.title = requiredText(object, "title", place);
  text.body = requiredText(object, "summary", place);
  text.source = fileName;
  for (const char* key : {"abs", "url"}) {
    if (const auto address = object.find(key); address != object.end() && address->is_string()) {
      text.source = address->get<std::string>();
      requirePrintable(text.source, key, place);
      break;
    }
  }
  if (const auto categories = object.find("categories"); categories != object.end()) {
    if (!categories->is_array()) throw Error("categories is not a list").on(place);
    for (const json& category : *categories) {
      if (!category.is_string()) throw Error("a category is not a string").on(place);
      text.keywords.push_back(category.get<std::string>());
      requirePrintable(text.keywords.back(), "category", place);
    }
  }
  for (const char* key : {"licence", "license"}) {
    const auto stated = object.find(key);
    if (stated == object.end() || stated->is_null()) continue;
    if (!stated->is_string() || stated->get<std::string>().size() > kLongestLicence) {
      throw Error(std::string("the ") + key + " is not a name").on(place).found(stated->dump().substr(0, 40));
    }
    text.licence = trim(stated->get<std::string>());
    requirePrintable(text.licence, key, place);
    if (!text.licence.empty()) break;
  }
  nameMentionedPlanets(text);
  return text;
}

/// Gives each text its licence: the option's, else its own, else arXiv's or none. Returns that of the whole file, none
/// where its texts have several.
std::string settleLicences(planet::Import& import, const ImportOptions& options) {
  const std::string* chosen = options.find("licence");
  std::size_t unstated = 0, others = 0;
  bool arxiv = true;
  for (const planet::Text& text : import.texts) {
    if (text.licence.empty()) {
      ++unstated;
      arxiv = arxiv && text.source.find("//arxiv.org/") != std::string::npos;
    } else if (chosen != nullptr && text.licence != *chosen) {
      ++others;
    }
  }
  const auto some = [&](std::size_t count) {
    return std::to_string(count) + " of " + std::to_string(import.texts.size()) + " texts state ";
  };
  if (others > 0) {
    import.assumptions.push_back(some(others) + "another licence than " + *chosen + ", which is taken (licence)");
  }
  if (unstated > 0 && chosen == nullptr) {
    const bool none = unstated == import.texts.size();
    import.assumptions.push_back((none ? "the file states " : some(unstated)) + "no licence: " +
                                 (arxiv ? std::string(none ? "all texts" : "these") +
                                              " are arXiv metadata, which arXiv gives under CC0 1.0 (licence)"
                                        : "kept as unknown (--set licence=NAME)"));
  }
  std::set<std::string> all;
  for (planet::Text& text : import.texts) {
    if (chosen != nullptr) text.licence = *chosen;
    if (text.licence.empty()) text.licence = arxiv ? "CC0-1.0" : "unknown";
    all.insert(text.licence);
  }
  return all.size() == 1 ? *all.begin() : "";
}

planet::Import readTexts(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string content = readTextFile(path, kLargestTextJsonl);
  const std::string fileName = path.filename().string();
  planet::Import import;
  std::set<std::string> ids;
  std::size_t number = 0;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    ++number;
    const std::string place = "line " + std::to_string(number);
    if (end - at > kLongestLine) throw Error("the line is longer than any text").on(place);
    const std::string line = content.substr(at, end - at);
    at = end + 1;
    if (trim(line).empty()) continue;
    planet::Text text = readText(line, place, fileName);
    if (!ids.insert(text.id).second) throw Error("two texts have the same id").on(place).found(text.id);
    import.texts.push_back(std::move(text));
  }
  if (import.texts.empty()) throw Error("the file holds no text");
  import.provenance.licence = settleLicences(import, options);
  import.provenance.conversions =
      "line breaks and runs of blanks to one blank; LaTeX as it is; planets of numbered catalogues named in title or "
      "summary to keywords";
  return import;
}

}  // namespace

Format textJsonlFormat() {
  return {.name = "text_jsonl",
          .kind = planet::ImportKind::kText,
          .reads = "texts as JSON lines with id, title and summary",
          .options = {},
          .sniff = sniffTextJsonl,
          .read = readTexts};
}

}  // namespace ecumene::data::formats
