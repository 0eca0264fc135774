// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include "engine/report/prediction.h"

namespace ecumene::engine::report {
namespace {

constexpr std::array<std::string_view, 5> kViewNames{"climate", "graph", "spectrum", "text", "scalars"};

}  // namespace

std::string subsetName(unsigned views) {
  std::string name;
  for (std::size_t v = 0; v < kViewNames.size(); ++v) {
    if (((views >> v) & 1U) == 0U) continue;
    if (!name.empty()) name += '+';
    name += kViewNames.at(v);
  }
  return name.empty() ? "none" : name;
}

std::vector<unsigned> evaluatedSubsets() {
  std::vector<unsigned> subsets{kAllViews};
  const auto add = [&](unsigned views) {
    if (std::find(subsets.begin(), subsets.end(), views) == subsets.end()) subsets.push_back(views);
  };
  for (unsigned bit = 1; bit <= kScalars; bit <<= 1U) add(kAllViews & ~bit);
  for (unsigned bit = 1; bit < kScalars; bit <<= 1U) add(bit | kScalars);
  for (unsigned bit = 1; bit < kScalars; bit <<= 1U) add(bit);
  add(kScalars);
  add(0);
  return subsets;
}

}  // namespace ecumene::engine::report
