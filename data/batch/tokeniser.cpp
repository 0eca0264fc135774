// SPDX-License-Identifier: Apache-2.0
#include "data/batch/tokeniser.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"

namespace ecumene::data::batch {
namespace {

constexpr std::size_t kLeastVocabulary = 300;  // the bytes, the special pieces and some letters
constexpr std::size_t kLargestModelBytes = std::size_t{64} << 20U;
constexpr std::size_t kMostWords = 1U << 17U;        // that are remembered
constexpr std::string_view kBlank = "\xe2\x96\x81";  // U+2581, how pieces write a blank

/// The same pieces whether a text is encoded whole or word by word: a blank stands in front of each word, the first one
/// too, and at no other place of a piece, so none spans two words.
bool goesByWords(const sentencepiece::SentencePieceProcessor& processor) {
  std::vector<std::string> first;
  if (!processor.Encode("a", &first).ok() || first.empty() || !first.front().starts_with(kBlank)) return false;
  for (int id = 0; id < processor.GetPieceSize(); ++id) {
    if (processor.IdToPiece(id).find(kBlank, 1) != std::string::npos) return false;
  }
  return true;
}

/// Words with one blank between them, and no blank of the other kind.
bool isPlain(std::string_view text) {
  return !text.empty() && text.front() != ' ' && text.back() != ' ' && text.find("  ") == std::string_view::npos &&
         text.find(kBlank) == std::string_view::npos;
}

/// The trainer's own words for too few pieces are "required_chars. 300 vs 320.": how many it needs; 0: something else
/// is wrong.
std::size_t piecesNeeded(const std::string& status) {
  const std::size_t told = status.find("required_chars"), versus = status.find(" vs ", told);
  if (told == std::string::npos || versus == std::string::npos) return 0;
  return std::strtoull(status.c_str() + versus + 4, nullptr, 10);
}

[[noreturn]] void refuseVocabulary(std::size_t needed, std::size_t found) {
  throw Error("the vocabulary is too small for single bytes and the letters of the texts", ErrorKind::kUsage)
      .on("the tokeniser's vocabulary")
      .expected("at least " + std::to_string(needed))
      .found(std::to_string(found));
}

/// The texts, one after another, as the trainer asks for them.
class Texts : public sentencepiece::SentenceIterator {
 public:
  explicit Texts(std::span<const std::string> texts) : texts_(texts) {}
  [[nodiscard]] bool done() const override { return at_ == texts_.size(); }
  void Next() override { ++at_; }
  [[nodiscard]] const std::string& value() const override { return texts_[at_]; }
  [[nodiscard]] sentencepiece::util::Status status() const override { return {}; }

 private:
  std::span<const std::string> texts_;
  std::size_t at_ = 0;
};

}  // namespace

struct Tokeniser::State {
  struct WordHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
  };

  sentencepiece::SentencePieceProcessor processor;
  std::string sha256;
  bool byWords = false;
  // Texts repeat their words: to remember their pieces takes a tenth of the time of finding them.
  mutable std::shared_mutex mutex;
  mutable std::unordered_map<std::string, std::vector<int>, WordHash, std::equal_to<>> words;

  State(const std::string& model, const std::string& place) : sha256(ecumene::sha256(model)) {
    const auto status = processor.LoadFromSerializedProto(model);
    if (!status.ok()) {
      throw Error("this is no SentencePiece model")
          .on(place)
          .found(status.ToString())
          .next("give a tokenizer.model, or leave the option empty to have one trained");
    }
    if (processor.bos_id() < 0 || processor.eos_id() < 0) {
      throw Error("the tokeniser marks neither begin nor end of a text").on(place).expected("a begin and an end piece");
    }
    byWords = goesByWords(processor);
  }

  [[nodiscard]] std::vector<int> found(std::string_view text) const {
    std::vector<int> ids;
    const auto status = processor.Encode(text, &ids);
    if (!status.ok()) throw Error("a text could not be encoded").found(status.ToString());
    return ids;
  }

  void appendWord(std::string_view word, std::vector<std::int64_t>& ids) const {
    {
      const std::shared_lock lock(mutex);
      const auto known = words.find(word);
      if (known != words.end()) {
        ids.insert(ids.end(), known->second.begin(), known->second.end());
        return;
      }
    }
    std::vector<int> made = found(word);
    ids.insert(ids.end(), made.begin(), made.end());
    const std::lock_guard lock(mutex);
    if (words.size() < kMostWords) words.emplace(word, std::move(made));
  }

  [[nodiscard]] int checked(std::int64_t id) const {
    if (id < 0 || id >= processor.GetPieceSize()) {
      throw Error("there is no such piece")
          .expected("0 to " + std::to_string(processor.GetPieceSize() - 1))
          .found(std::to_string(id));
    }
    return static_cast<int>(id);
  }
};

Tokeniser::Tokeniser(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tokeniser::~Tokeniser() = default;
Tokeniser::Tokeniser(Tokeniser&&) noexcept = default;
Tokeniser& Tokeniser::operator=(Tokeniser&&) noexcept = default;

Tokeniser Tokeniser::train(std::span<const std::string> texts, const TokeniserTraining& training,
                           const std::filesystem::path& path) {
  if (texts.empty()) throw Error("there is no text to train a tokeniser on").on(path.string());
  if (training.vocabulary < kLeastVocabulary) refuseVocabulary(kLeastVocabulary, training.vocabulary);
  std::size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  const std::unordered_map<std::string, std::string> options{
      // As Llama's. A unigram model weighs its seeds by how many different words hold them: of few texts it splits
      // "of".
      {"model_type", "bpe"},
      {"vocab_size", std::to_string(training.vocabulary)},
      {"hard_vocab_limit", "false"},
      {"byte_fallback", "true"},
      // Numbers are read digit by digit.
      {"split_digits", "true"},
      // Texts come back as they were.
      {"normalization_rule_name", "identity"},
      {"remove_extra_whitespaces", "false"},
      // Longer texts would be left out.
      {"max_sentence_length", std::to_string(longest + 1)},
      {"shuffle_input_sentence", "false"},
      // Sums over threads would depend on their number.
      {"num_threads", "1"},
      {"minloglevel", "2"},
  };
  Texts iterator(texts);
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train(options, &iterator, &model);
  if (!status.ok()) {
    const std::size_t needed = piecesNeeded(status.ToString());
    if (needed > training.vocabulary) refuseVocabulary(needed, training.vocabulary);
    throw Error("no tokeniser could be trained")
        .on(path.string())
        .found(status.ToString())
        .next("give more text, or another size of vocabulary");
  }
  auto state = std::make_unique<State>(model, path.string());
  writeFileAtomically(path, model);
  return Tokeniser(std::move(state));
}

Tokeniser Tokeniser::load(const std::filesystem::path& path) {
  return Tokeniser(std::make_unique<State>(readFile(path, kLargestModelBytes), path.string()));
}

std::size_t Tokeniser::pieces() const {
  return static_cast<std::size_t>(state_->processor.GetPieceSize());
}
std::int64_t Tokeniser::begin() const {
  return state_->processor.bos_id();
}
std::int64_t Tokeniser::end() const {
  return state_->processor.eos_id();
}
std::int64_t Tokeniser::unknown() const {
  return state_->processor.unk_id();
}
std::int64_t Tokeniser::padding() const {
  const int own = state_->processor.pad_id();
  return own >= 0 ? own : end();
}
const std::string& Tokeniser::sha256() const {
  return state_->sha256;
}

std::vector<std::int64_t> Tokeniser::encode(std::string_view text, bool withBegin, bool withEnd) const {
  std::vector<std::int64_t> ids;
  if (withBegin) ids.push_back(begin());
  if (state_->byWords && isPlain(text)) {
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      state_->appendWord(text.substr(at, end - at), ids);
      at = end + 1;
    }
  } else {
    const std::vector<int> found = state_->found(text);
    ids.insert(ids.end(), found.begin(), found.end());
  }
  if (withEnd) ids.push_back(end());
  return ids;
}

std::string Tokeniser::decode(std::span<const std::int64_t> ids) const {
  std::vector<int> found;
  found.reserve(ids.size());
  for (const std::int64_t id : ids) found.push_back(state_->checked(id));
  std::string text;
  const auto status = state_->processor.Decode(found, &text);
  if (!status.ok()) throw Error("pieces could not be decoded").found(status.ToString());
  return text;
}

std::string Tokeniser::piece(std::int64_t id) const {
  return state_->processor.IdToPiece(state_->checked(id));
}

}  // namespace ecumene::data::batch
