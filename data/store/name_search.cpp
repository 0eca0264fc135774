// SPDX-License-Identifier: Apache-2.0
#include "data/store/name_search.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <vector>

#include "data/planet/designation.h"

namespace ecumene::data::store {
namespace {

/// What stands before a word: nothing but what joins the words of a name, or what a list has between its members.
struct Word {
  std::string_view text;
  bool joined = false, listed = false;
  bool abbreviated = false;  ///< "e.g": a full stop and a letter follow
};

bool isDigit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool isLetterOrDigit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool isPlanetLetter(char c) {
  return c >= 'b' && c <= 'j';
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Length of a blank, dash or quote of Unicode; 0 if none stands there. Other characters beyond ASCII are letters.
std::size_t unicodeJoint(std::string_view text) {
  if (text.starts_with("\xc2\xa0")) return 2;                                      // no-break space
  if (text.starts_with("\xe2\x80") || text.starts_with("\xe2\x88\x92")) return 3;  // U+2000 to U+203F, minus
  return 0;
}

/// Length of a LaTeX command that only sets letters or is a blank; 0 if none stands there. Others ("\beta") are words.
std::size_t latexJoint(std::string_view text) {
  constexpr auto kCommands = std::to_array<std::string_view>(
      {"\\mathrm", "\\mathit", "\\textrm", "\\textit", "\\emph", "\\,", "\\;", "\\:", "\\!", "\\ "});
  const auto* const found = std::find_if(kCommands.begin(), kCommands.end(),
                                         [&](std::string_view command) { return text.starts_with(command); });
  return found == kCommands.end() ? 0 : found->size();
}

std::vector<Word> wordsOf(std::string_view text) {
  constexpr std::string_view kJoints = " \t\r\n-_~'`(){}$\\";
  constexpr std::string_view kList = " \t\r\n~,/&$";
  std::vector<Word> words;
  bool joined = true;
  bool listed = true;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    const std::size_t joint = std::max(unicodeJoint(rest), latexJoint(rest));
    if (joint > 0) {
      i += joint;
      continue;
    }
    const auto isWord = [&](std::size_t at) {
      return at < text.size() && (isLetterOrDigit(text[at]) ||
                                  (static_cast<unsigned char>(text[at]) >= 0x80 && unicodeJoint(text.substr(at)) == 0));
    };
    if (!isWord(i)) {
      const bool decimal =
          text[i] == '.' && i > 0 && isDigit(text[i - 1]) && i + 1 < text.size() && isDigit(text[i + 1]);
      const bool sign = (text[i] == '+') && i + 1 < text.size() && isDigit(text[i + 1]);
      joined = joined && (decimal || sign || kJoints.find(text[i]) != std::string_view::npos);
      listed = listed && kList.find(text[i]) != std::string_view::npos;
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (isWord(end)) ++end;
    const bool abbreviated = end + 1 < text.size() && text[end] == '.' && isLetterOrDigit(text[end + 1]);
    words.push_back({text.substr(i, end - i), joined, listed, abbreviated});
    joined = listed = true;
    i = end;
  }
  return words;
}

/// Whether `letter` is the word at `at` or in the list that goes on from there (", c", " and d", "/e").
bool listHas(const std::vector<Word>& words, std::size_t at, char letter) {
  for (; at < words.size(); ++at) {
    const Word& word = words[at];
    if (word.listed && (word.text == "and" || word.text == "or")) continue;
    const bool member = word.text.size() == 1 && isPlanetLetter(word.text[0]) && !word.abbreviated && word.listed;
    if (!member) return false;
    if (word.text[0] == letter) return true;
  }
  return false;
}

}  // namespace

std::optional<SoughtName> SoughtName::of(std::string_view name) {
  if (planet::parseDesignation(name)) return std::nullopt;
  std::vector<Word> words = wordsOf(name);
  if (words.empty() || !isPlanetLetter(words.back().text.back())) return std::nullopt;
  const char letter = words.back().text.back();
  std::string_view& last = words.back().text;
  last.remove_suffix(1);
  // "70b" is a number and a letter; "Lepb" may be any word.
  if (last.empty())
    words.pop_back();
  else if (!isDigit(last.back()))
    return std::nullopt;
  if (words.empty()) return std::nullopt;
  std::string star;
  std::string longest;
  bool isName = words.size() > 1;
  for (const Word& word : words) {
    star += lower(word.text);
    if (word.text.size() > longest.size()) longest = lower(word.text);
    isName = isName || lower(word.text) != word.text || std::any_of(word.text.begin(), word.text.end(), isDigit);
  }
  constexpr std::size_t kShortest = 3;
  if (!isName || star.size() < kShortest || std::all_of(star.begin(), star.end(), isDigit)) return std::nullopt;
  return SoughtName(std::move(star), letter, std::move(longest));
}

bool SoughtName::isIn(std::string_view prose) const {
  const std::vector<Word> words = wordsOf(prose);
  for (std::size_t first = 0; first < words.size(); ++first) {
    std::string found;
    std::size_t next = first;
    while (next < words.size() && found.size() < star_.size() && (next == first || words[next].joined)) {
      found += lower(words[next++].text);
      if (!star_.starts_with(std::string_view(found).substr(0, star_.size()))) break;
    }
    if (!found.starts_with(star_)) continue;
    if (found.size() == star_.size()) {
      const bool follows = next < words.size() && words[next].joined && words[next].text.size() == 1 &&
                           isPlanetLetter(words[next].text[0]) && !words[next].abbreviated;
      if (follows && (words[next].text[0] == letter_ || listHas(words, next + 1, letter_))) return true;
      continue;
    }
    // "PDS 70b": the letter hangs on the star's last word.
    const char hanging = words[next - 1].text.back();
    if (found.size() != star_.size() + 1 || !isDigit(star_.back()) || !isPlanetLetter(hanging)) continue;
    if (hanging == letter_ || listHas(words, next, letter_)) return true;
  }
  return false;
}

}  // namespace ecumene::data::store
