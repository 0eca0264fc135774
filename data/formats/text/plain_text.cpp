// SPDX-License-Identifier: Apache-2.0
#include "data/formats/text/plain_text.h"

#include <algorithm>
#include <array>

#include "data/base/error.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/common/text_file.h"
#include "data/formats/common/text_table.h"
#include "data/formats/text/text_content.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kLargestPlainText = std::size_t{4} << 20U;
constexpr std::size_t kLongestTitle = 300;

Sniff sniffPlainText(const std::filesystem::path& path, std::string_view head) {
  constexpr auto kEndings = std::to_array<std::string_view>({".txt", ".md", ".markdown", ".text"});
  const std::string ending = lower(path.extension().string());
  if (!looksLikeText(head) || std::find(kEndings.begin(), kEndings.end(), ending) == kEndings.end()) {
    return {Match::kNo, "no text by its name"};
  }
  return {Match::kNear, "as one text of a planet only by --set format=plain_text"};
}

/// First line that is not blank and the rest behind it; Markdown's heading marks are taken from it.
struct Parts {
  std::string title, rest;
};

Parts partsOf(const std::string& content) {
  Parts parts;
  std::size_t at = 0;
  while (at < content.size() && parts.title.empty()) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    parts.title = trim(content.substr(at, end - at));
    at = std::min(end + 1, content.size());
  }
  const std::size_t words = parts.title.find_first_not_of('#');
  if (words != std::string::npos && words > 0) parts.title = trim(parts.title.substr(words));
  // Markdown's other heading is underlined.
  const std::size_t end = std::min(content.find('\n', at), content.size());
  const std::string under = trim(content.substr(at, end - at));
  const bool line = !under.empty() && (under.find_first_not_of('=') == std::string::npos ||
                                       under.find_first_not_of('-') == std::string::npos);
  parts.rest = content.substr(line ? end : at);
  return parts;
}

std::vector<std::string> keywordsOf(const ImportOptions& options) {
  std::vector<std::string> keywords;
  if (const std::string* planet = options.find("planet"); planet != nullptr) keywords.push_back(*planet);
  if (const std::string* list = options.find("keywords"); list != nullptr) {
    for (const std::string& word : splitCsv(*list)) {
      if (!word.empty()) keywords.push_back(word);
    }
  }
  for (const std::string& word : keywords) requirePrintable(word, "keyword", "--set keywords");
  return keywords;
}

planet::Import readPlainText(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string content = readTextFile(path, kLargestPlainText);
  planet::Import import;
  planet::Text text;
  text.id = path.stem().string();
  Parts parts = partsOf(content);
  if (const std::string* title = options.find("title"); title != nullptr) {
    parts = {*title, content};
  } else if (parts.title.size() > kLongestTitle) {
    throw Error("the first line is too long for a title")
        .expected("at most " + std::to_string(kLongestTitle) + " bytes")
        .found(std::to_string(parts.title.size()))
        .next("give the title: --set title=WORDS");
  } else {
    import.assumptions.push_back("the title is the first line: " + parts.title + " (title)");
  }
  text.title = plainBlanks(parts.title);
  text.body = plainBlanks(parts.rest);
  if (text.title.empty() || text.body.empty()) {
    throw Error("the text has no " + std::string(text.title.empty() ? "title" : "body behind its first line"))
        .next("give the title, the file is then the body: --set title=WORDS");
  }
  requirePrintable(text.title, "title", "line 1");
  requirePrintable(text.body, "text", path.filename().string());
  text.keywords = keywordsOf(options);
  nameMentionedPlanets(text);
  if (text.keywords.empty()) {
    import.assumptions.push_back("the text names no planet of a numbered catalogue: it joins none (--set planet=NAME)");
  }
  const std::string* source = options.find("source");
  text.source = source != nullptr ? *source : path.filename().string();
  requirePrintable(text.source, "source", "--set source");
  const std::string* licence = options.find("licence");
  if (licence == nullptr) {
    import.assumptions.push_back("the file states no licence: kept as unknown (--set licence=NAME)");
  }
  text.licence = licence != nullptr ? *licence : "unknown";
  import.provenance.licence = text.licence;
  import.provenance.conversions = "line breaks and runs of blanks to one blank; Markdown as it is";
  import.texts.push_back(std::move(text));
  return import;
}

}  // namespace

Format plainTextFormat() {
  return {.name = "plain_text",
          .kind = planet::ImportKind::kText,
          .reads = "one text as plain text or Markdown, only where --set format=plain_text says so",
          .options = {{"title", "title of the text; without it the first line"},
                      {"keywords", "words beside the planets that the text names, separated by commas"},
                      {"source", "where the text is from: an address, a book"}},
          .sniff = sniffPlainText,
          .read = readPlainText};
}

}  // namespace ecumene::data::formats
