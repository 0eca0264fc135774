// SPDX-License-Identifier: Apache-2.0
#include "data/planet/formula.h"

#include <cctype>
#include <charconv>
#include <cstddef>

namespace ecumene::data::planet {

std::optional<std::vector<std::pair<std::string_view, double>>> formulaParts(std::string_view formula) {
  if (formula.empty()) return std::nullopt;
  std::vector<std::pair<std::string_view, double>> parts;
  std::size_t i = 0;
  while (i < formula.size()) {
    if (std::isupper(static_cast<unsigned char>(formula[i])) == 0) return std::nullopt;
    std::size_t length = 1;
    while (i + length < formula.size() && std::islower(static_cast<unsigned char>(formula[i + length])) != 0) ++length;
    const std::string_view symbol = formula.substr(i, length);
    i += length;
    double count = 1.0;
    const std::size_t begin = i;
    while (i < formula.size() && (std::isdigit(static_cast<unsigned char>(formula[i])) != 0 || formula[i] == '.')) ++i;
    if (i > begin) {
      const auto [end, problem] = std::from_chars(formula.data() + begin, formula.data() + i, count);
      if (problem != std::errc{} || end != formula.data() + i) return std::nullopt;
    }
    parts.emplace_back(symbol, count);
  }
  return parts;
}

}  // namespace ecumene::data::planet
