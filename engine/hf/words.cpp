// SPDX-License-Identifier: Apache-2.0
#include "engine/hf/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "data/base/error.h"
#include "engine/hf/folder.h"

namespace ecumene::engine::hf {

std::vector<std::int64_t> parseIds(std::string_view text) {
  std::vector<std::int64_t> ids;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    std::int64_t id = 0;
    const auto [next, failure] = std::from_chars(at, end, id);
    if (failure != std::errc() || (next != end && *next != ',')) {
      throw Error("these are no token numbers", ErrorKind::kUsage)
          .expected("whole numbers with commas between, like 1,2,3")
          .found(std::string(text));
    }
    ids.push_back(id);
    if (next == end) return ids;
    at = next + 1;
  }
}

std::vector<double> lastLogits(const std::filesystem::path& folder, std::span<const std::int64_t> ids) {
  const LoadedModel loaded = loadFolder(folder);
  const torch::Tensor logits = nextLogits(*loaded.model, ids).to(torch::kFloat64).contiguous();
  if (!logits.isfinite().all().item<bool>()) {
    throw Error("the model gives no number for the next token")
        .on(folder.string())
        .expected("finite weights")
        .found("NaN or infinity");
  }
  return {logits.const_data_ptr<double>(), logits.const_data_ptr<double>() + logits.numel()};
}

std::string logitsJson(const std::vector<double>& logits) {
  std::vector<std::string> numbers;
  for (const double logit : logits) numbers.push_back(fmt::format("{}", static_cast<float>(logit)));
  return fmt::format("{{\"logits\": [{}]}}", fmt::join(numbers, ", "));
}

std::string generateFromFolder(const std::filesystem::path& folder, std::string_view prompt, const Sampling& sampling) {
  const LoadedModel loaded = loadFolder(folder);
  if (!loaded.tokeniser) {
    throw Error("the folder has no tokeniser").on(folder.string()).expected("tokenizer.model, a SentencePiece file");
  }
  const auto tokeniser = data::batch::Tokeniser::load(*loaded.tokeniser);
  return generateText(*loaded.model, tokeniser, prompt, {}, loaded.config.endTokens, sampling);
}

}  // namespace ecumene::engine::hf
