// SPDX-License-Identifier: Apache-2.0
#include "engine/report/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "data/base/random.h"

namespace ecumene::engine::report {

double quantile(std::vector<double> numbers, double p) {
  if (numbers.empty()) return kMissing;
  std::sort(numbers.begin(), numbers.end());
  const double at = p * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= numbers.size()) return numbers.back();
  return numbers[below] + (at - static_cast<double>(below)) * (numbers[below + 1] - numbers[below]);
}

void drawPlanets(std::span<const std::string> clusters, std::size_t replicates, std::uint64_t seed,
                 const std::function<void(Weights)>& use) {
  // Numbered in the order of their names, so that the order of rows changes nothing.
  std::map<std::string_view, std::size_t> numbers;
  for (const std::string& name : clusters) numbers.emplace(name, 0);
  std::size_t count = 0;
  for (auto& [name, at] : numbers) at = count++;
  std::vector<std::size_t> ofRow;
  for (const std::string& name : clusters) ofRow.push_back(numbers.at(name));

  std::vector<double> times(count), weights(clusters.size());
  for (std::size_t r = 0; r < replicates; ++r) {
    Random random(seed, "bootstrap", r);
    std::fill(times.begin(), times.end(), 0.0);
    for (std::size_t i = 0; i < count; ++i) times[random.below(static_cast<std::uint32_t>(count))] += 1.0;
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = times[ofRow[i]];
    use(weights);
  }
}

std::vector<Estimate> estimates(std::span<const std::string> clusters,
                                std::span<const std::function<double(Weights)>> metrics, std::size_t replicates,
                                std::uint64_t seed) {
  const std::size_t planets = std::set<std::string_view>(clusters.begin(), clusters.end()).size();
  const std::vector<double> once(clusters.size(), 1.0);
  std::vector<Estimate> results(metrics.size());
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    results[m].rows = clusters.size();
    results[m].planets = planets;
    results[m].value = metrics[m](once);
  }
  if (planets < 2) return results;
  drawPlanets(clusters, replicates, seed, [&](Weights weights) {
    for (std::size_t m = 0; m < metrics.size(); ++m) results[m].replicates.push_back(metrics[m](weights));
  });
  for (Estimate& result : results) {
    std::vector<double> defined = result.replicates;
    std::erase_if(defined, [](double value) { return std::isnan(value); });
    if (10 * defined.size() < 9 * replicates) continue;
    result.low = quantile(defined, 0.025);
    result.high = quantile(std::move(defined), 0.975);
  }
  return results;
}

}  // namespace ecumene::engine::report
