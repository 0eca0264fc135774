// SPDX-License-Identifier: Apache-2.0
#include "engine/report/ranges.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/error.h"

namespace ecumene::engine::report {
namespace {

/// Share of a range's width that is not beyond it: of a bound that is never drawn, as an eccentricity of 0 is.
constexpr double kMargin = 0.01;

}  // namespace

Ranges::Ranges() {
  low_.fill(kMissing);
  high_.fill(kMissing);
}

void Ranges::widen(const Quantities& known) {
  for (std::size_t i = 0; i < known.size(); ++i) {
    low_.at(i) = std::fmin(low_.at(i), known.at(i));
    high_.at(i) = std::fmax(high_.at(i), known.at(i));
  }
}

std::vector<BrokenRange> Ranges::broken(const Quantities& known) const {
  std::vector<BrokenRange> found;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const double value = known.at(i), low = low_.at(i), high = high_.at(i);
    const double margin = kMargin * (high - low);
    if (!(value < low - margin || value > high + margin)) continue;  // false of NaN
    const QuantityInfo& about = quantities().at(i);
    found.push_back({std::string(about.name), std::string(about.unit), value, low, high});
  }
  return found;
}

bool Ranges::empty() const {
  return std::ranges::all_of(low_, [](double value) { return std::isnan(value); });
}

std::string Ranges::toJson() const {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < low_.size(); ++i) {
    if (!std::isnan(low_.at(i))) json[std::string(quantities().at(i).name)] = {low_.at(i), high_.at(i)};
  }
  return json.dump();
}

Ranges Ranges::fromJson(const std::string& text) try {
  const nlohmann::json json = nlohmann::json::parse(text);
  if (!json.is_object()) throw Error("the ranges are no JSON object");
  Ranges ranges;
  for (std::size_t i = 0; i < ranges.low_.size(); ++i) {
    const auto found = json.find(quantities().at(i).name);
    if (found == json.end()) continue;
    ranges.low_.at(i) = found->at(0).get<double>();
    ranges.high_.at(i) = found->at(1).get<double>();
  }
  return ranges;
} catch (const nlohmann::json::exception& error) {
  throw Error("these are no ranges of train planets").found(error.what());
}

std::set<std::string> reasons(const HullVerdict& verdict) {
  std::set<std::string> names;
  for (const BrokenRange& range : verdict.broken) names.insert(range.quantity);
  if (verdict.distance > verdict.limit) names.insert("distance");
  return names;
}

}  // namespace ecumene::engine::report
