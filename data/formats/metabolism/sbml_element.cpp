// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/sbml_element.h"

#include <sbml/SBMLTypes.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "data/formats/common/shown_text.h"
#include "data/formats/metabolism/sbml_id.h"

namespace ecumene::data::formats {
namespace {

/// The character of "amp", "#38" or "#x26"; none if it is another entity, which SBML cannot declare.
std::optional<unsigned> characterOf(std::string_view entity) {
  constexpr auto kNamed = std::to_array<std::pair<std::string_view, unsigned>>(
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}});
  for (const auto& [name, code] : kNamed) {
    if (entity == name) return code;
  }
  if (!entity.starts_with('#')) return std::nullopt;
  const bool hex = entity.starts_with("#x");
  entity.remove_prefix(hex ? 2 : 1);
  unsigned code = 0;
  const auto [end, problem] = std::from_chars(entity.data(), entity.data() + entity.size(), code, hex ? 16 : 10);
  if (problem != std::errc{} || end != entity.data() + entity.size()) return std::nullopt;
  return code;
}

/// XML's source as the text that it is.
std::string decoded(std::string_view source) {
  std::string text;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const std::size_t end = source[i] == '&' ? source.find(';', i) : std::string_view::npos;
    const std::optional<unsigned> code =
        end == std::string_view::npos ? std::nullopt : characterOf(source.substr(i + 1, end - i - 1));
    if (!code || (!isCharacter(*code) && *code != '\t' && *code != '\n' && *code != '\r')) {
      text += source[i];
      continue;
    }
    appendUtf8(text, *code);
    i = end;
  }
  return text;
}

}  // namespace

std::string at(const ::SBase& element) {
  const std::string& id = element.getIdAttribute();
  return element.getElementName() + (id.empty() ? "" : " " + id) + " (line " + std::to_string(element.getLine()) + ")";
}

std::string flat(const std::string& text) {
  constexpr std::size_t kLongestMessage = 300;
  const std::string line = plainBlanks(text);
  return line.size() > kLongestMessage ? line.substr(0, kLongestMessage) + "..." : line;
}

SbmlNotes::SbmlNotes(const ::SBase& element) {
  if (element.isSetNotes()) text_ = const_cast<::SBase&>(element).getNotesString();  // which changes nothing
}

std::string SbmlNotes::value(std::string_view key) const {
  for (std::size_t i = text_.find(key); i != std::string::npos; i = text_.find(key, i + 1)) {
    const std::size_t before = i == 0 ? std::string::npos : text_.find_last_not_of(" \t\r\n", i - 1);
    const std::size_t colon = text_.find_first_not_of(" \t\r\n", i + key.size());
    if (before == std::string::npos || text_[before] != '>' || colon == std::string::npos || text_[colon] != ':')
      continue;
    return plainBlanks(decoded(std::string_view(text_).substr(colon + 1, text_.find('<', colon) - colon - 1)));
  }
  return {};
}

std::string SbmlNotes::geneRule() const {
  const std::string rule = value("GENE_ASSOCIATION");
  return rule.empty() ? value("GENE ASSOCIATION") : rule;
}

}  // namespace ecumene::data::formats
