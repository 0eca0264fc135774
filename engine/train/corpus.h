// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/batch/tokeniser.h"

namespace ecumene::engine::train {

/// Texts that the language part learns from, and those it is judged by.
struct Corpus {
  std::vector<std::string> learned, heldOut;  ///< each text once, in the order of the file
  std::string sha256;                         ///< of the file
};

/// A text file as a corpus. "*.jsonl": a paper a line, {"title", "summary", ...}, as the title, a line break, the
/// summary; runs of blanks and line breaks become one blank. Any other name: plain text, its paragraphs (between empty
/// lines) as they are. Held out is a tenth by the texts' own SHA-256, so that a text is so in every file. Throws Error
/// naming file and line: no UTF-8, a line that is no such object, nothing to learn or to hold out.
Corpus readCorpus(const std::filesystem::path& file);

/// Texts in pieces, cut into sequences of at most `length` >= 2 that share one piece with the next: each piece but a
/// text's first stands behind another one in exactly one sequence.
struct Sequences {
  std::vector<std::vector<std::int64_t>> pieces;
  std::vector<std::size_t> text;  ///< that each is of
  [[nodiscard]] std::int64_t scored() const;
};
Sequences sequencesOf(const data::batch::Tokeniser& tokeniser, const std::vector<std::string>& texts,
                      std::size_t length);

}  // namespace ecumene::engine::train
