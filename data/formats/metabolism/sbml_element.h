// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

class SBase;  // libSBML's

namespace ecumene::data::formats {

/// "reaction R_PGI (line 12)": the place of an element for messages.
std::string at(const ::SBase& element);

/// One line without runs of blanks, cut to a length that fits into a message.
std::string flat(const std::string& text);

/// What stands in an element's notes in the style of the first genome-scale networks: <p>FORMULA: C6H12O6</p>.
class SbmlNotes {
 public:
  explicit SbmlNotes(const ::SBase& element);

  /// The value, as one line; empty if there is none.
  [[nodiscard]] std::string value(std::string_view key) const;
  /// The gene rule, under either of its two keys; empty if there is none.
  [[nodiscard]] std::string geneRule() const;

 private:
  std::string text_;
};

}  // namespace ecumene::data::formats
