// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "data/base/random.h"

/// A context-free grammar over English: a rule is a name with alternatives, an alternative is text with <slots>, a slot
/// is the name of a rule or of a word given by the caller.
namespace ecumene::data::physics::text {

struct Rule {
  std::string_view name;
  std::span<const std::string_view> alternatives;
};

/// Words of one text: slot -> text. They win over rules of the same name.
using Words = std::map<std::string, std::string, std::less<>>;

/// The rules of planet descriptions (phrases.cpp).
std::span<const Rule> phrases();
/// Throws an internal Error if there is no such rule.
const Rule& findRule(std::string_view name);

/// Expands <slots> until none is left, choosing alternatives by `random`. Throws an internal Error for a slot that is
/// neither a word nor a rule, and beyond 16 levels.
std::string expand(std::string_view text, const Words& words, Random& random);

/// Makes a sentence of expanded text: "a(n)" becomes "a" or "an" by the sound of the next word, the first letter
/// becomes upper case.
std::string asSentence(std::string text);

}  // namespace ecumene::data::physics::text
