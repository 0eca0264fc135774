// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/report/bootstrap.h"

/// Pieces of the Markdown files.
namespace ecumene::engine::report {

/// A table: a head and rows of as many cells, the first left, the others right.
class MarkdownTable {
 public:
  explicit MarkdownTable(std::vector<std::string> head) : head_(std::move(head)) {}
  /// Throws Error (internal) if there are more or fewer cells than in the head.
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// With an empty line behind it.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::string> head_;
  std::vector<std::vector<std::string>> rows_;
};

/// "0.912", "–" for NaN, "∞".
std::string shown(double value, int digits = 3);
/// "0.912 (0.893 to 0.931)"; without an interval the value alone.
std::string shown(const Estimate& estimate, int digits = 3);
/// "35 s"; "an unknown time" for NaN.
std::string inSeconds(double seconds);
/// "6,812,004".
std::string counted(std::int64_t count);

}  // namespace ecumene::engine::report
