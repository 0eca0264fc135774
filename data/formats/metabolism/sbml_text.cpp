// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/sbml_text.h"

#include <algorithm>
#include <cctype>

#include "data/base/blank.h"
#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/common/compressed.h"

namespace ecumene::data::formats {
namespace {

std::string lineOf(std::string_view text, std::size_t position) {
  const auto count = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n');
  return "line " + std::to_string(count + 1);
}

// Walks over the markup of an XML text far enough to know what stands before the root element and how deep elements
// nest. It does not check well-formedness; the XML reader after it does.
class Markup {
 public:
  explicit Markup(std::string_view text) : text_(text) {}

  void check() {
    std::size_t depth = 0;
    while ((at_ = text_.find('<', at_)) != std::string_view::npos) {
      if (starts("<!--")) {
        skipPast("-->", "a comment");
      } else if (starts("<![CDATA[")) {
        skipPast("]]>", "a CDATA section");
      } else if (starts("<?")) {
        skipPast("?>", "a processing instruction");
      } else if (starts("<!")) {
        throw Error("the file has a document type declaration, which SBML has not; entities are not read")
            .on(lineOf(text_, at_))
            .next("remove the declaration");
      } else if (starts("</")) {
        depth -= depth > 0 ? 1 : 0;
        skipTag();
      } else if (!skipTag() && ++depth > kDeepestXml) {
        throw Error("the elements nest too deeply")
            .on(lineOf(text_, at_ - 1))
            .expected("at most " + std::to_string(kDeepestXml) + " levels");
      }
    }
  }

 private:
  [[nodiscard]] bool starts(std::string_view prefix) const { return text_.substr(at_, prefix.size()) == prefix; }

  void skipPast(std::string_view end, const char* what) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) {
      throw Error(std::string("the file ends inside ") + what).on(lineOf(text_, at_)).next("is the file whole?");
    }
    at_ = found + end.size();
  }

  // Past the '>' of a tag, which may stand in attribute values too; true if the element ends in it.
  bool skipTag() {
    const std::size_t begin = at_;
    char quote = '\0';
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return text_[at_++ - 1] == '/';
      }
    }
    throw Error("the file ends inside a tag").on(lineOf(text_, begin)).next("is the file whole?");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void checkEncoding(std::string_view text) {
  const bool utf16 = text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE");
  if (const std::size_t nul = text.find('\0'); utf16 || nul != std::string_view::npos) {
    throw Error("the text is not UTF-8, which SBML requires")
        .found(utf16 ? "UTF-16" : "a zero byte at " + std::to_string(nul));
  }
  const std::size_t end = text.find("?>");
  if (text.find("<?xml") > 3 || end == std::string_view::npos) return;  // UTF-8 is what XML takes without a declaration
  const std::string_view declaration = text.substr(0, end);
  std::size_t i = declaration.find("encoding");
  if (i == std::string_view::npos) return;
  i += std::string_view("encoding").size();
  while (i < declaration.size() && (isBlank(declaration[i]) || declaration[i] == '=')) ++i;
  std::string encoding;
  for (++i; i < declaration.size() && declaration[i] != '"' && declaration[i] != '\''; ++i) {
    encoding += static_cast<char>(std::tolower(static_cast<unsigned char>(declaration[i])));
  }
  if (encoding != "utf-8" && encoding != "us-ascii") {
    throw Error("the text is not UTF-8, which SBML requires").on("line 1").found("encoding '" + encoding + "'");
  }
}

}  // namespace

std::string readSbmlText(const std::filesystem::path& path) {
  std::string text = readFile(path, kLargestSbmlBytes);
  if (isCompressed(text)) text = inflated(text, kLargestSbmlBytes, true);
  checkEncoding(text);
  Markup(text).check();
  return text;
}

}  // namespace ecumene::data::formats
