// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "engine/train/place.h"

namespace ecumene::engine::inspect {

/// Answers questions to a run's best weights, which stay loaded. A question is a JSON object, so is its answer:
/// README.md has the table. Nothing is read but the run and its store.
class Inspector {
 public:
  /// Where answerLine() leaves arrays of more than kMostInline values: in a file, or in the line with the others.
  enum class Arrays { kFile, kLine };
  /// Throws Error where the run cannot be asked: OpenedRun.
  explicit Inspector(const std::filesystem::path& run, const train::Place& place = {}, Arrays arrays = Arrays::kFile);
  ~Inspector();
  Inspector(const Inspector&) = delete;
  Inspector& operator=(const Inspector&) = delete;

  /// The answer with all its numbers. Throws Error at a question that cannot be answered.
  std::string ask(std::string_view question);
  /// The answer on one line, whatever the question is: `id` as it was asked, and either what ask() gives or `error`.
  /// With Arrays::kFile those of more than kMostInline values lie in an HDF5 file in the run's artifacts, which the
  /// answer names under `file`; in their place stands the dataset. The last kFilesKept files are kept, until the
  /// inspector ends.
  std::string answerLine(std::string_view line);
  /// Reads lines until the input ends, or nobody reads the answers any more, and answers each at once. A line longer
  /// than kLongestLine gets an error.
  void serve(std::istream& in, std::ostream& out);

  static constexpr std::size_t kMostInline = 64;
  static constexpr std::size_t kFilesKept = 16;
  static constexpr std::size_t kLongestLine = std::size_t{1} << 16U;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ecumene::engine::inspect
