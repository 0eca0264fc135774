// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene::data::batch {

struct TokeniserTraining {
  std::size_t vocabulary = 4096;  ///< at most; fewer pieces where the texts give no more. At least 300
  bool operator==(const TokeniserTraining&) const = default;
};

/// Texts to piece numbers and back by a SentencePiece model (Kudo & Richardson 2018, EMNLP demo, 66). Any thread; no
/// call changes what another one gives.
class Tokeniser {
 public:
  /// Trains a model of byte pairs (Sennrich, Haddow & Birch 2016, ACL, 1715) with byte fallback, so that every text can
  /// be encoded and comes back as it was (but for U+2581, which becomes a blank). Pieces 0, 1 and 2 are unknown, begin
  /// and end, as in Llama; the next 256 are the bytes. Same texts in the same order, same bytes; the model is put in
  /// place whole or not at all. Give it texts of the train split only. Throws Error if there is no text, or the
  /// vocabulary is too small for the bytes.
  static Tokeniser train(std::span<const std::string> texts, const TokeniserTraining& training,
                         const std::filesystem::path& path);
  /// Any SentencePiece model file, a Llama folder's tokenizer.model among them. Throws Error if it is none, or has
  /// neither begin nor end piece.
  static Tokeniser load(const std::filesystem::path& path);
  ~Tokeniser();
  Tokeniser(Tokeniser&&) noexcept;
  Tokeniser& operator=(Tokeniser&&) noexcept;

  [[nodiscard]] std::size_t pieces() const;
  [[nodiscard]] std::int64_t begin() const;
  [[nodiscard]] std::int64_t end() const;
  [[nodiscard]] std::int64_t unknown() const;
  /// The number written behind the end of a text in a padded batch: that of the model, or `end` where it has none.
  /// The attention mask says where it stands, never the number.
  [[nodiscard]] std::int64_t padding() const;
  /// sha-256 of the model file: what a checkpoint's manifest names.
  [[nodiscard]] const std::string& sha256() const;

  /// Pieces of a UTF-8 text, with begin in front and end behind if asked for.
  [[nodiscard]] std::vector<std::int64_t> encode(std::string_view text, bool withBegin = true,
                                                 bool withEnd = true) const;
  /// Special pieces give no text. Throws Error for a number outside [0, pieces()).
  [[nodiscard]] std::string decode(std::span<const std::int64_t> ids) const;
  /// A piece as the model writes it, e.g. "▁planet". Throws Error as decode() does.
  [[nodiscard]] std::string piece(std::int64_t id) const;

 private:
  struct State;
  explicit Tokeniser(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ecumene::data::batch
