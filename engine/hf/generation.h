// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/batch/tokeniser.h"
#include "models/language/language.h"

namespace ecumene::engine::hf {

/// How the next token is chosen.
struct Sampling {
  std::int64_t newTokens = 128;  ///< at most, > 0
  double temperature = 0.0;      ///< logits are divided by it, >= 0; 0: always the likeliest token
  double topP = 1.0;             ///< in (0, 1]: drawn among the fewest likeliest tokens that hold this share
  std::uint64_t seed = 1;        ///< the same seed, the same text
};

/// The index drawn from `logits` [V]. `draw` in [0, 1). Of equal logits the lowest index counts as likelier. Throws
/// Error where a logit is NaN or sampling is out of range.
std::int64_t choose(const torch::Tensor& logits_V, const Sampling& sampling, double draw);

/// Logits [V] of the token behind `prompt`. Puts the model into evaluation mode. Throws Error for a token outside the
/// vocabulary.
torch::Tensor nextLogits(models::language::LanguageModel& model, std::span<const std::int64_t> prompt);

/// Tokens that the model writes behind `prompt` (not empty), one after another with a cache, without the prompt; ends
/// behind the first of `endTokens`, after `newTokens`, or where prompt and answer fill the context. `soft`: [1, P, C],
/// values undefined: none. The model is put into evaluation mode. Throws Error for a token outside the vocabulary, a
/// prompt longer than the context.
std::vector<std::int64_t> generate(models::language::LanguageModel& model, std::span<const std::int64_t> prompt,
                                   const models::layers::Tokens& soft, std::span<const std::int64_t> endTokens,
                                   const Sampling& sampling);

/// The same from text to text; ends at the tokeniser's end token too. Throws Error where tokeniser and model differ in
/// size.
std::string generateText(models::language::LanguageModel& model, const data::batch::Tokeniser& tokeniser,
                         std::string_view prompt, const models::layers::Tokens& soft,
                         std::span<const std::int64_t> endTokens, const Sampling& sampling);

}  // namespace ecumene::engine::hf
