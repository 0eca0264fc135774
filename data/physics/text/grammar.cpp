// SPDX-License-Identifier: Apache-2.0
#include "data/physics/text/grammar.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include "data/base/error.h"

namespace ecumene::data::physics::text {
namespace {

constexpr int kDeepest = 16;
constexpr std::string_view kArticle = "a(n) ";

std::string expandAt(std::string_view text, const Words& words, Random& random, int depth) {
  if (depth > kDeepest) throw internalError("the grammar goes round in circles at: " + std::string(text));
  std::string result;
  while (!text.empty()) {
    const std::size_t open = text.find('<');
    result += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('>', open);
    if (close == std::string_view::npos)
      throw internalError("a slot of the grammar does not close: " + std::string(text));
    const std::string_view slot = text.substr(open + 1, close - open - 1);
    if (const auto word = words.find(slot); word != words.end()) {
      result += word->second;
    } else {
      const Rule& rule = findRule(slot);
      const auto choice = random.below(static_cast<std::uint32_t>(rule.alternatives.size()));
      result += expandAt(rule.alternatives[choice], words, random, depth + 1);
    }
    text.remove_prefix(close + 1);
  }
  return result;
}

/// Whether the word is spoken with a vowel first: "M dwarf", "F-type", "orbit"; not "one", "uniform" or "K dwarf".
bool startsWithVowelSound(std::string_view rest) {
  const std::string_view word = rest.substr(0, rest.find_first_of(" ,.;:-"));
  if (word.empty()) return false;
  const bool initial = word.size() == 1 && std::isupper(static_cast<unsigned char>(word[0])) != 0;
  if (initial) return std::string_view("AEFHILMNORSX").find(word[0]) != std::string_view::npos;
  // Numbers: eight, eleven, eighteen, eighty.
  if (std::isdigit(static_cast<unsigned char>(word[0])) != 0) {
    const std::string_view whole = word.substr(0, word.find_first_not_of("0123456789"));
    return whole[0] == '8' || whole == "11" || whole == "18";
  }
  for (const std::string_view consonant : {"one", "uni", "use", "usu", "eu", "ubi"}) {
    if (word.starts_with(consonant) && !word.starts_with("unin") && !word.starts_with("unim")) return false;
  }
  for (const std::string_view silent : {"hour", "honest"}) {
    if (word.starts_with(silent)) return true;
  }
  return std::string_view("aeiouAEIOU").find(word[0]) != std::string_view::npos;
}

}  // namespace

const Rule& findRule(std::string_view name) {
  const auto rules = phrases();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.name == name; });
  if (rule == rules.end()) throw internalError("the grammar has no rule and no word for <" + std::string(name) + ">");
  return *rule;
}

std::string expand(std::string_view text, const Words& words, Random& random) {
  return expandAt(text, words, random, 0);
}

std::string asSentence(std::string text) {
  for (std::size_t at = text.find(kArticle); at != std::string::npos; at = text.find(kArticle, at)) {
    const bool vowel = startsWithVowelSound(std::string_view(text).substr(at + kArticle.size()));
    text.replace(at, kArticle.size(), vowel ? "an " : "a ");
  }
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace ecumene::data::physics::text
