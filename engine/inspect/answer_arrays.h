// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>

#include "engine/inspect/question.h"

namespace ecumene::engine::inspect {

/// Puts long arrays of answers into HDF5 files of a folder of this process, which is made with the first and removed at
/// the end.
class AnswerArrays {
 public:
  /// Makes nothing yet. `mostInline`: values of an array that stays; `kept`: files, the newest.
  AnswerArrays(const std::filesystem::path& artifacts, std::size_t mostInline, std::size_t kept);
  ~AnswerArrays();
  AnswerArrays(const AnswerArrays&) = delete;
  AnswerArrays& operator=(const AnswerArrays&) = delete;

  /// Arrays directly in the answer: numbers become a dataset of float32 of that name (null: NaN), others one text with
  /// a line of JSON for each. In their place: {"dataset": name, "values": count}.
  void move(Json& answer);

 private:
  std::filesystem::path folder_;
  std::size_t mostInline_, kept_, made_ = 0;
  std::deque<std::filesystem::path> files_;
};

}  // namespace ecumene::engine::inspect
