// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/cf_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/formats/climate/climate_units.h"
#include "data/formats/climate/possible_values.h"
#include "data/formats/common/text_table.h"
#include "data/planet/cube.h"

namespace ecumene::data::formats {
namespace {

using planet::kCanonicalCells;
using planet::kMonths;

/// Sets how the variable comes into the quantity's unit. False, with the reason said, if the unit does not fit.
bool settleUnit(CfReading& r, const QuantityInfo& quantity, CfSource& source) {
  const NetcdfVariable& variable = source.variable.variable;
  const std::string key = "units." + std::string(quantity.key);
  std::optional<std::string> stated = r.cf.file().text(variable, "units");
  if (stated) stated = trim(*stated);
  std::string unit = stated.value_or("");
  if (const std::string* chosen = r.options.find(key); chosen != nullptr) {
    if (stated && *stated != *chosen) {
      r.assume(
          fmt::format("{} read in {} as --set {} says, not in the file's {}", variable.name, *chosen, key, *stated));
    }
    unit = *chosen;
  } else if (unit.empty() && quantity.unit != "1") {
    throw Error("the variable states no unit")
        .on(variable.name)
        .next(fmt::format("give it: --set {}={}", key, quantity.unit));
  }
  const std::optional<Unit> from = findClimateUnit(unit);
  const Unit to = *findClimateUnit(quantity.unit);
  if (!from || from->dimension != to.dimension) {
    r.aside(variable.name,
            fmt::format("its unit '{}' does not convert to {}; --set {}=UNIT states the unit that the numbers are in, "
                        "such as {}",
                        unit, quantity.unit, key, unitExamples(to.dimension)));
    return false;
  }
  source.unit = unit;
  source.factor = from->toSi / to.toSi;
  source.offset = (from->offset - to.offset) / to.toSi;
  if (source.factor != 1.0 || source.offset != 0.0)
    r.convert(fmt::format("{} from {} to {}", variable.name, unit, quantity.unit));
  return true;
}

struct Candidate {
  CfVariable variable;
  Recognised as;
};

std::string nameList(const std::vector<Candidate>& candidates) {
  std::string text;
  for (const Candidate& candidate : candidates) text += (text.empty() ? "" : ", ") + candidate.variable.variable.name;
  return text;
}

void take(CfReading& r, const QuantityInfo& quantity, const CfVariable& variable) {
  CfSource source{variable, quantity.quantity};
  if (settleUnit(r, quantity, source)) r.sources.emplace(quantity.quantity, source);
}

/// True if the variable's levels fit the quantity; says why not.
bool fits(CfReading& r, const QuantityInfo& quantity, const CfVariable& variable, const std::string& called) {
  const std::size_t levels = variable.length(AxisKind::kLevel);
  const std::string& name = variable.variable.name;
  const std::string what = called == name ? name : fmt::format("{} ({})", name, called);
  if (quantity.onLevels && levels < 2) {
    r.aside(what, "one level is no column of air");
    return false;
  }
  if (!quantity.onLevels && levels > 1) {
    r.aside(what, "has levels, where one map is wanted");
    return false;
  }
  return true;
}

std::vector<double> apply(const CfMaps& maps, std::span<const double> values, bool& whole) {
  std::vector<double> mean(kCanonicalCells);
  std::vector<double> share(kCanonicalCells);
  maps.grid().map.apply(values, mean, share);
  whole = whole && std::all_of(share.begin(), share.end(), [](double s) { return s >= kWholeShare; });
  return mean;
}

}  // namespace

const CfSource* CfReading::find(Quantity quantity) const {
  const auto entry = sources.find(quantity);
  return entry == sources.end() ? nullptr : &entry->second;
}

std::optional<std::vector<double>> CfReading::unless(const std::string& what,
                                                     const std::function<std::optional<std::vector<double>>()>& read) {
  try {
    return read();
  } catch (const ImpossibleValue&) {
    throw;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    aside(what, error.what());
    return std::nullopt;
  }
}

void CfReading::tell(std::size_t step, std::size_t steps) const {
  if (!options.tell) return;
  const double variable = static_cast<double>(step) / static_cast<double>(steps);
  options.tell((static_cast<double>(variablesDone) + variable) / static_cast<double>(planet::kVariableCount));
}

const MonthPlan& CfReading::months(const CfVariable& variable) {
  const std::string dimension = variable.dimension(AxisKind::kTime);
  const bool others = std::any_of(sources.begin(), sources.end(),
                                  [](const auto& source) { return source.second.variable.has(AxisKind::kTime); });
  if (dimension.empty() && others) {
    static const MonthPlan kConstant{{-1}, {1.0}, {}};
    assume(variable.variable.name + " has no time, as others of the file have: one map stands for all twelve months");
    return kConstant;
  }
  if (const auto known = plans.find(dimension); known != plans.end()) return known->second;
  TimeAxis axis;
  axis.name = dimension;
  const NetcdfFile& file = cf.file();
  for (const NetcdfVariable& coordinate : cf.along(dimension)) {
    const std::string units = trim(file.text(coordinate, "units").value_or(""));
    if (coordinate.name != dimension && units.find(" since ") == std::string::npos && !units.starts_with("day as "))
      continue;
    axis.name = coordinate.name;
    axis.units = units;
    axis.calendar = file.text(coordinate, "calendar").value_or("");
    axis.value = cf.axisValues(coordinate);
    axis.bounds = cf.boundsOf(coordinate);
    break;
  }
  const MonthPlan& plan = plans[dimension] = monthsOf(axis, variable.length(AxisKind::kTime), options.find("time"));
  assume(plan.words);
  return plan;
}

void recogniseAll(CfReading& r) {
  std::map<Quantity, std::vector<Candidate>> candidates;
  for (const std::string& name : r.cf.file().variables()) {
    const std::optional<CfVariable> variable = r.cf.map(name);
    if (!variable) continue;
    for (const Recognised& as : recognise(r.cf.file(), variable->variable)) {
      const bool leveled = variable->length(AxisKind::kLevel) > 1;
      if (as.quantity == Quantity::kAirPressure && leveled) r.pressures.push_back(name);
      candidates[as.quantity].push_back({*variable, as});
    }
  }
  for (const QuantityInfo& quantity : quantities()) {
    if (quantity.quantity == Quantity::kAirPressure) continue;
    const std::string key = "variable." + std::string(quantity.key);
    if (const std::string* chosen = r.options.find(key); chosen != nullptr) {
      const std::optional<CfVariable> variable = r.cf.map(*chosen);
      if (!variable)
        throw Error("the file has no such variable on latitudes and longitudes").on("--set " + key + "=" + *chosen);
      if (fits(r, quantity, *variable, "--set " + key)) take(r, quantity, *variable);
      r.assume(fmt::format("{} is {}, as --set {} says", quantity.key, *chosen, key));
      continue;
    }
    std::vector<Candidate>& list = candidates[quantity.quantity];
    std::erase_if(list, [&](const Candidate& c) { return !fits(r, quantity, c.variable, c.as.called); });
    if (list.empty()) continue;
    const auto best = std::min_element(list.begin(), list.end(), [](const auto& x, const auto& y) {
                        return x.as.by < y.as.by;
                      })->as.by;
    std::erase_if(list, [&](const Candidate& c) { return c.as.by != best; });
    if (list.size() > 1) {
      throw Error("several variables are the same quantity")
          .on(std::string(quantity.key))
          .found(nameList(list))
          .next(fmt::format("name one: --set {}={}", key, list.front().variable.variable.name));
    }
    const Candidate& chosen = list.front();
    if (chosen.as.by != NameKind::kStandardName) {
      r.assume(fmt::format("{} is {} by {} ({})", chosen.variable.variable.name, quantity.key, name(chosen.as.by),
                           chosen.as.called));
    }
    if (chosen.as.called == "x_wind" || chosen.as.called == "y_wind") {
      r.assume(fmt::format("{} is {}: its grid is one of latitudes and longitudes", chosen.as.called, quantity.key));
    }
    take(r, quantity, chosen.variable);
  }
}

void askIfFraction(CfReading& r, const CfSource& source, std::span<const double> values) {
  constexpr double kPercent = 0.01;
  const double highest = *std::max_element(values.begin(), values.end());
  if (source.factor != kPercent || !(highest > 0.0 && highest <= kPercent)) return;
  r.assume(fmt::format("{} nowhere exceeds {:.2g} %; if its numbers are fractions and not per cent: --set units.{}=1",
                       source.variable.variable.name, highest / kPercent, info(source.quantity).key));
}

MonthlyMeans::MonthlyMeans(std::size_t values) : values_(values), sum_(kMonths * values, 0.0), weight_(kMonths, 0.0) {}

void MonthlyMeans::add(int month, double weight, std::span<const double> values) {
  all_ = month < 0;
  const auto slot = static_cast<std::size_t>(std::max(month, 0));
  weight_.at(slot) += weight;
  double* sum = sum_.data() + slot * values_;
  for (std::size_t i = 0; i < values_; ++i) sum[i] += weight * values[i];
}

std::vector<double> MonthlyMeans::result() const {
  std::vector<double> mean(sum_.size());
  for (std::size_t m = 0; m < kMonths; ++m) {
    const std::size_t slot = all_ ? 0 : m;
    for (std::size_t i = 0; i < values_; ++i) mean[m * values_ + i] = sum_[slot * values_ + i] / weight_[slot];
  }
  return mean;
}

std::optional<std::vector<double>> surfaceMeans(CfReading& r, const CfSource& source) {
  const MonthPlan& plan = r.months(source.variable);
  CfMaps maps(r.cf, source);
  MonthlyMeans means(kCanonicalCells);
  bool whole = true;
  for (std::size_t step = 0; step < plan.month.size() && whole; ++step) {
    r.tell(step, plan.month.size());
    const std::span<const double> values = maps.at(step, 0);
    maps.requirePossible();
    means.add(plan.month[step], plan.weight[step], apply(maps, values, whole));
    if (!whole)
      r.aside(source.variable.variable.name,
              fmt::format("values are missing (first at step {}) and are not filled in", step));
  }
  return whole ? std::optional(means.result()) : std::nullopt;
}

std::optional<std::vector<double>> surfaceMean(CfReading& r, const CfSource& source) {
  CfMaps maps(r.cf, source);
  const std::size_t steps = source.variable.length(AxisKind::kTime);
  std::vector<double> mean(kCanonicalCells, 0.0);
  bool whole = true;
  for (std::size_t step = 0; step < steps && whole; ++step) {
    const std::span<const double> values = maps.at(step, 0);
    maps.requirePossible();
    const std::vector<double> map = apply(maps, values, whole);
    for (std::size_t cell = 0; cell < kCanonicalCells; ++cell) mean[cell] += map[cell] / static_cast<double>(steps);
  }
  if (whole) return mean;
  r.aside(source.variable.variable.name, "values are missing and are not filled in");
  return std::nullopt;
}

GroundPressure::GroundPressure(const CfReading& r, const CfVariable& variable, bool anyServes)
    : pressure_(kCanonicalCells), share_(kCanonicalCells) {
  const auto use = [&](CfMaps maps) {
    const CfVariable& source = maps.variable();
    if (source.has(AxisKind::kTime) && !source.shares(variable, AxisKind::kTime)) {
      throw Error("the surface pressure has other times than the variable")
          .on(source.variable.name + " and " + variable.variable.name);
    }
    sameCells_ = source.shares(variable, AxisKind::kLatitude) && source.shares(variable, AxisKind::kLongitude);
    maps_.emplace(std::move(maps));
  };
  if (const CfSource* stated = r.find(Quantity::kSurfacePressure); stated != nullptr) {
    use(CfMaps(r.cf, *stated));
    return;
  }
  for (const std::string& name : r.pressures) {
    const std::optional<std::size_t> ground = groundLevel(levelsOf(r.cf, *r.cf.map(name), r.pressures));
    if (!ground) continue;
    level_ = *ground;
    words_ = fmt::format("the surface pressure is that of {} at the level of height 0", name);
    use(pressureMaps(r.cf, name));
    return;
  }
  constexpr double kMostPa = 1e8;
  const std::optional<double> chosen = numberOption(r.options, "surface_pressure", 1.0, kMostPa, "Pa");
  if (!chosen && anyServes) {
    constexpr double kAnyPa = 1e5;
    std::fill(pressure_.begin(), pressure_.end(), kAnyPa);
    words_ = "the levels are the cube's own sigma levels: no surface pressure is needed to place them";
    return;
  }
  if (!chosen) {
    throw Error("the file has no surface pressure to place the levels by")
        .next("give its mean: --set surface_pressure=PA");
  }
  std::fill(pressure_.begin(), pressure_.end(), *chosen);
  words_ = fmt::format(
      "the levels are placed by a surface pressure of {:g} Pa everywhere, as --set surface_pressure says", *chosen);
}

std::span<const double> GroundPressure::at(std::size_t step) {
  if (maps_) {
    const std::span<const double> values = maps_->at(step, level_);
    maps_->requirePossible();
    maps_->grid().map.apply(values, pressure_, share_);
    for (std::size_t cell = 0; cell < kCanonicalCells; ++cell) {
      if (pressure_[cell] > 0.0 && share_[cell] >= kWholeShare) continue;
      throw Error("the surface pressure is missing or not positive")
          .on(maps_->variable().variable.name + fmt::format(", step {}", step));
    }
  }
  return pressure_;
}

std::span<const double> GroundPressure::native(std::size_t step) {
  if (!maps_ || !sameCells_) return {};
  return maps_->at(step, level_);
}

}  // namespace ecumene::data::formats
