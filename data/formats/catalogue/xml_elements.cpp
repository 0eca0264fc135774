// SPDX-License-Identifier: Apache-2.0
#include "data/formats/catalogue/xml_elements.h"

#include <expat.h>

#include <exception>
#include <limits>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "data/base/error.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)>;

/// What the callbacks build. Exceptions may not pass through expat: they are kept, and the parser is stopped.
struct Document {
  XML_Parser parser = nullptr;
  std::vector<XmlElement> open;
  std::optional<XmlElement> root;
  std::size_t elements = 0;
  bool rootOnly = false;  ///< stop at the first element
  std::exception_ptr problem;

  [[nodiscard]] std::size_t line() const { return static_cast<std::size_t>(XML_GetCurrentLineNumber(parser)); }
  [[nodiscard]] std::string here() const { return "line " + std::to_string(line()); }

  template <typename Work>
  void guarded(const Work& work) {
    if (problem) return;
    try {
      work();
    } catch (...) {
      problem = std::current_exception();
      XML_StopParser(parser, XML_FALSE);
    }
  }
};

void XMLCALL onStart(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& document = *static_cast<Document*>(data);
  document.guarded([&] {
    if (document.open.size() == kDeepestElement) {
      throw Error("the elements nest too deeply")
          .on(document.here())
          .expected("at most " + std::to_string(kDeepestElement) + " levels");
    }
    if (++document.elements > kMostElements) {
      throw Error("the file has too many elements").on(document.here()).expected(std::to_string(kMostElements));
    }
    XmlElement element{name, {}, document.line(), {}, {}};
    for (; *attributes != nullptr; attributes += 2) element.attributes.emplace(attributes[0], attributes[1]);
    document.open.push_back(std::move(element));
    if (document.rootOnly) XML_StopParser(document.parser, XML_FALSE);
  });
}

void XMLCALL onEnd(void* data, const XML_Char* /*name*/) {
  auto& document = *static_cast<Document*>(data);
  document.guarded([&] {
    XmlElement element = std::move(document.open.back());
    document.open.pop_back();
    element.text = trim(element.text);
    if (document.open.empty()) {
      document.root = std::move(element);
    } else {
      document.open.back().children.push_back(std::move(element));
    }
  });
}

void XMLCALL onText(void* data, const XML_Char* text, int length) {
  auto& document = *static_cast<Document*>(data);
  document.guarded([&] { document.open.back().text.append(text, static_cast<std::size_t>(length)); });
}

void XMLCALL onDoctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  auto& document = *static_cast<Document*>(data);
  document.guarded([&] {
    throw Error("the file has a document type declaration; entities are not read")
        .on(document.here())
        .next("remove the declaration");
  });
}

Parser parserFor(Document& document) {
  Parser parser(XML_ParserCreate("UTF-8"), &XML_ParserFree);
  if (!parser) throw internalError("expat gave no parser");
  document.parser = parser.get();
  XML_SetUserData(parser.get(), &document);
  XML_SetElementHandler(parser.get(), onStart, onEnd);
  XML_SetCharacterDataHandler(parser.get(), onText);
  if (!document.rootOnly) XML_SetStartDoctypeDeclHandler(parser.get(), onDoctype);
  return parser;
}

}  // namespace

XmlElement readXml(std::string_view text) {
  Document document;
  const Parser parser = parserFor(document);
  // The text is handed over in pieces, for expat takes lengths as int.
  constexpr std::size_t kPiece = std::size_t{1} << 20U;
  bool good = true;
  for (std::size_t at = 0; good && (at < text.size() || at == 0); at += kPiece) {
    const std::string_view piece = text.substr(at, kPiece);
    const int last = at + piece.size() >= text.size() ? 1 : 0;
    good = XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), last) == XML_STATUS_OK;
  }
  if (document.problem) std::rethrow_exception(document.problem);
  if (!good || !document.root) {
    throw Error("the file is not well-formed XML")
        .on(document.here())
        .found(XML_ErrorString(XML_GetErrorCode(parser.get())))
        .next("the file may be cut short or damaged");
  }
  return std::move(*document.root);
}

std::string outermostElement(std::string_view head) {
  if (head.empty() || head.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
  Document document;
  document.rootOnly = true;
  const Parser parser = parserFor(document);
  (void)XML_Parse(parser.get(), head.data(), static_cast<int>(head.size()), 0);
  return document.open.empty() ? std::string{} : document.open.front().name;
}

}  // namespace ecumene::data::formats
