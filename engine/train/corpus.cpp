// SPDX-License-Identifier: Apache-2.0
#include "engine/train/corpus.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "models/spec/utf8.h"

namespace ecumene::engine::train {
namespace {

bool isBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string singleBlanks(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (!isBlank(c)) {
      made += c;
    } else if (!made.empty() && made.back() != ' ') {
      made += ' ';
    }
  }
  if (made.ends_with(' ')) made.pop_back();
  return made;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

/// Calls `use` with each line and its number from 1.
template <typename Use>
void eachLine(std::string_view text, const Use& use) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    use(text.substr(0, end), number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::vector<std::string> papers(std::string_view content, const std::string& file) {
  std::vector<std::string> texts;
  eachLine(content, [&](std::string_view line, std::size_t number) {
    if (trimmed(line).empty()) return;
    const auto paper = nlohmann::json::parse(line, nullptr, false);
    const auto field = [&](const char* key) {
      const auto found = paper.is_object() ? paper.find(key) : paper.end();
      if (!paper.is_object() || found == paper.end() || !found->is_string()) {
        throw Error("the line is no paper")
            .on(file + ", line " + std::to_string(number))
            .expected(R"(an object with the texts "title" and "summary")");
      }
      return singleBlanks(found->template get_ref<const std::string&>());
    };
    const std::string title = field("title"), summary = field("summary");
    texts.push_back(title + (title.empty() || summary.empty() ? "" : "\n") + summary);
  });
  return texts;
}

std::vector<std::string> paragraphs(std::string_view content) {
  std::vector<std::string> texts(1);
  eachLine(content, [&](std::string_view line, std::size_t) {
    if (trimmed(line).empty()) {
      texts.emplace_back();
    } else {
      texts.back() += std::string(line) + "\n";
    }
  });
  for (std::string& text : texts) text = trimmed(text);
  return texts;
}

/// A tenth: the first two hexadecimal digits of the hash are below 1a.
bool isHeldOut(const std::string& text) {
  return sha256(text).substr(0, 2) < "1a";
}

}  // namespace

Corpus readCorpus(const std::filesystem::path& file) {
  const std::string content = readFile(file);
  if (!models::spec::isUtf8(content)) {
    throw Error("the corpus is no UTF-8 text").on(file.string()).next("convert it, with iconv for example");
  }
  Corpus corpus;
  corpus.sha256 = sha256(content);
  std::set<std::string> known;
  for (std::string& text : file.extension() == ".jsonl" ? papers(content, file.string()) : paragraphs(content)) {
    // The same text on both sides would be learned by heart and then asked for.
    if (text.empty() || !known.insert(text).second) continue;
    (isHeldOut(text) ? corpus.heldOut : corpus.learned).push_back(std::move(text));
  }
  if (corpus.learned.empty() || corpus.heldOut.empty()) {
    throw Error("the corpus has too few texts: a tenth of them is held out")
        .on(file.string())
        .expected("texts to learn and to hold out; some dozens at least")
        .found(std::to_string(corpus.learned.size()) + " and " + std::to_string(corpus.heldOut.size()))
        .next("plain text is parted at empty lines, .jsonl is a paper a line");
  }
  return corpus;
}

std::int64_t Sequences::scored() const {
  std::int64_t count = 0;
  for (const auto& sequence : pieces) count += static_cast<std::int64_t>(sequence.size()) - 1;
  return count;
}

Sequences sequencesOf(const data::batch::Tokeniser& tokeniser, const std::vector<std::string>& texts,
                      std::size_t length) {
  Sequences made;
  for (std::size_t t = 0; t < texts.size(); ++t) {
    const std::vector<std::int64_t> all = tokeniser.encode(texts[t]);
    for (std::size_t first = 0; first + 1 < all.size(); first += length - 1) {
      const std::size_t end = std::min(first + length, all.size());
      made.pieces.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(first),
                               all.begin() + static_cast<std::ptrdiff_t>(end));
      made.text.push_back(t);
    }
  }
  return made;
}

}  // namespace ecumene::engine::train
