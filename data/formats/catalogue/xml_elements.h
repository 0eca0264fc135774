// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene::data::formats {

/// An XML element with all in it. Text of its own is without blanks at its ends.
struct XmlElement {
  std::string name, text;
  std::size_t line = 0;
  std::map<std::string, std::string> attributes;
  std::vector<XmlElement> children;
};

/// Reads a whole document by libexpat. Refuses a document type declaration (the only place for entities), another
/// encoding than UTF-8, nesting beyond kDeepestElement and more than kMostElements elements. Throws Error with the
/// line.
XmlElement readXml(std::string_view text);

inline constexpr std::size_t kDeepestElement = 50;
inline constexpr std::size_t kMostElements = 1'000'000;

/// Name of the outermost element in a document that may be cut; empty if the text is no XML.
std::string outermostElement(std::string_view head);

}  // namespace ecumene::data::formats
