// SPDX-License-Identifier: Apache-2.0
#include "engine/report/markdown.h"

#include <fmt/format.h>

#include <cmath>

#include "data/base/error.h"

namespace ecumene::engine::report {
namespace {

std::string line(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}

}  // namespace

void MarkdownTable::add(std::vector<std::string> cells) {
  if (cells.size() != head_.size()) throw internalError("a table's row has another length than its head");
  rows_.push_back(std::move(cells));
}

std::string MarkdownTable::text() const {
  std::string text = line(head_) + "|---|";
  for (std::size_t i = 1; i < head_.size(); ++i) text += "---:|";
  text += "\n";
  for (const auto& row : rows_) text += line(row);
  return text + "\n";
}

std::string shown(double value, int digits) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  return fmt::format("{:.{}f}", value, digits);
}

std::string inSeconds(double seconds) {
  return std::isnan(seconds) ? "an unknown time" : fmt::format("{:.0f} s", seconds);
}

std::string shown(const Estimate& estimate, int digits) {
  if (std::isnan(estimate.low)) return shown(estimate.value, digits);
  return fmt::format("{} ({} to {})", shown(estimate.value, digits), shown(estimate.low, digits),
                     shown(estimate.high, digits));
}

std::string counted(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3 && digits[at - 4] != '-';) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

}  // namespace ecumene::engine::report
