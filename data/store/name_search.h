// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ecumene::data::store {

/// A planet's name outside the numbered catalogues ("55 Cnc e", "Teegarden's Star b") as it is sought in prose. Those
/// of numbered catalogues are found when texts are imported.
class SoughtName {
 public:
  /// None if the name is of a numbered catalogue, or not a star's name with a planet's letter (b to j) behind it: one
  /// lower-case word alone ("spectrum_b") is a file's name.
  static std::optional<SoughtName> of(std::string_view name);

  /// The longest word of the star's name, lower case: a text that lacks it, blanks, hyphens and tildes left out, does
  /// not name the planet.
  [[nodiscard]] const std::string& word() const { return word_; }
  /// Whether the text names the planet in whole words: letter case (but of the planet's letter, whose capital is a
  /// star), blanks, hyphens and LaTeX's blanks do not matter; the letter may stand in a list ("PDS 70 b and c").
  [[nodiscard]] bool isIn(std::string_view prose) const;

 private:
  SoughtName(std::string star, char letter, std::string word)
      : star_(std::move(star)), letter_(letter), word_(std::move(word)) {}

  std::string star_;  ///< lower case, without what joins its words
  char letter_;
  std::string word_;
};

}  // namespace ecumene::data::store
