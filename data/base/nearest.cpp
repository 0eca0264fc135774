// SPDX-License-Identifier: Apache-2.0
#include "data/base/nearest.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>
#include <vector>

namespace ecumene {
namespace {

// Identifiers are short; a hostile wanted text of megabytes must not cost its square.
constexpr std::size_t kLongest = 256;

std::string folded(std::string_view text) {
  std::string lower(text.substr(0, kLongest));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view wanted, std::span<const std::string> candidates) {
  if (candidates.empty()) return std::nullopt;
  const std::string text = folded(wanted);
  const auto distance = [&](const std::string& candidate) { return editDistance(text, folded(candidate)); };
  const std::string* best = &candidates.front();
  std::size_t least = distance(*best);
  for (const std::string& candidate : candidates.subspan(1)) {
    const std::size_t d = distance(candidate);
    if (d < least) {
      least = d;
      best = &candidate;
    }
  }
  return *best;
}

std::string didYouMean(std::string_view wanted, std::span<const std::string> candidates) {
  const std::optional<std::string> near = nearest(wanted, candidates);
  const std::size_t most = wanted.size() < 4 ? 1 : std::max<std::size_t>(2, wanted.size() / 3);
  if (!near || editDistance(folded(wanted), folded(*near)) > most) return "";
  return "did you mean " + *near + "?";
}

}  // namespace ecumene
