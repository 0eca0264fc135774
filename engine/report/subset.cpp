// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <string_view>
#include <tuple>

#include "data/base/error.h"
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

unsigned viewsWithout(const std::vector<std::string>& hidden) {
  unsigned views = kAllViews;
  for (const std::string& name : hidden) {
    const auto* const found = std::ranges::find(kViewNames, name);
    if (found == kViewNames.end()) {
      throw Error("there is no such view", ErrorKind::kUsage)
          .on(name)
          .expected("climate, graph, spectrum, text or scalars");
    }
    views &= ~(1U << static_cast<unsigned>(found - kViewNames.begin()));
  }
  return views;
}

std::vector<unsigned> evaluatedSubsets() {
  std::vector<unsigned> subsets(kAllViews + 1);
  std::iota(subsets.begin(), subsets.end(), 0U);
  const auto rank = [](unsigned views) {
    const bool noScalars = (views & kScalars) == 0;
    return std::tuple(noScalars, -std::popcount(views), views);
  };
  std::ranges::sort(subsets, {}, rank);
  return subsets;
}

std::vector<unsigned> hullSubsets() {
  constexpr unsigned kClimateOrText = unsigned{kClimate} | unsigned{kText};
  return {kAllViews, kAllViews & ~unsigned{kClimate}, kAllViews & ~unsigned{kText}, kAllViews & ~kClimateOrText};
}

std::vector<unsigned> judgedSubsets() {
  std::vector<unsigned> subsets = hullSubsets();
  subsets.push_back(kScalars);
  return subsets;
}

std::vector<unsigned> otherSubsets() {
  std::vector<unsigned> subsets = evaluatedSubsets();
  const std::vector<unsigned> judged = judgedSubsets();
  std::erase_if(subsets, [&](unsigned views) { return std::ranges::find(judged, views) != judged.end(); });
  return subsets;
}

}  // namespace ecumene::engine::report
