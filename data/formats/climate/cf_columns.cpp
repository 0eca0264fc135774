// SPDX-License-Identifier: Apache-2.0
// Variables on levels: step by step, level by level onto the canonical cells, then along ln p onto the canonical
// levels.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "data/base/error.h"
#include "data/formats/climate/cf_reading.h"
#include "data/formats/climate/column_levels.h"
#include "data/physics/atmosphere/thermodynamics.h"
#include "data/planet/cube.h"

namespace ecumene::data::formats {
namespace {

using planet::kCanonicalCells;
using planet::kCanonicalLevels;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Dry air of Earth: R / cp, and the molar mass of water over that of air.
constexpr double kKappa = 287.05 / 1005.0;
constexpr double kEpsilon = 0.622;
constexpr double kReferencePa = 1e5;

/// Pressure on a variable's own cells.
class NativePressure {
 public:
  /// Throws Error if the file has the pressure on other cells only.
  NativePressure(const CfReading& r, const CfVariable& variable, const CfLevels& levels, GroundPressure& ground)
      : levels_(levels), ground_(ground) {
    bool same = levels.kind != LevelKind::kHeight;
    if (levels.kind == LevelKind::kField) {
      const std::optional<CfVariable> field = r.cf.map(levels.field);
      same = field->shares(variable, AxisKind::kLatitude) && field->shares(variable, AxisKind::kLongitude) &&
             (field->shares(variable, AxisKind::kTime) || !field->has(AxisKind::kTime));
      if (same) field_.emplace(pressureMaps(r.cf, levels.field));
    } else if (same && !ground.onSameCells()) {
      same = std::all_of(levels.b.begin(), levels.b.end(), [](double b) { return b == 0.0; });
    }
    if (!same) {
      throw Error("its conversion needs the pressure on the same cells, levels and times").on(variable.variable.name);
    }
  }

  /// Pressures in Pa of one level.
  void at(std::size_t step, std::size_t level, std::span<double> into) {
    if (field_) {
      const std::span<const double> values = field_->at(step, level);
      std::copy(values.begin(), values.end(), into.begin());
      return;
    }
    std::fill(into.begin(), into.end(), levels_.a[level]);
    if (levels_.b[level] == 0.0) return;
    const std::span<const double> surface = ground_.native(step);
    for (std::size_t i = 0; i < into.size(); ++i) into[i] += levels_.b[level] * surface[i];
  }

 private:
  const CfLevels& levels_;
  GroundPressure& ground_;
  std::optional<CfMaps> field_;
};

/// Values of a level of this pressure that lies at the ground or below it become missing.
void leaveOutBelow(std::span<const double> groundPa, double levelPa, std::span<double> values) {
  for (std::size_t c = 0; c < values.size(); ++c) {
    if (levelPa >= groundPa[c]) values[c] = kMissing;
  }
}

/// What the values of a file's variable still need to become the quantity.
enum class Conversion { kNone, kFromPotential, kFromMixingRatio, kFromRelative };

/// The quantity on the file's own cells.
class NativeLevels {
 public:
  NativeLevels(CfReading& r, const CfSource& source, Conversion conversion, const CfLevels& levels,
               GroundPressure& ground)
      : conversion_(conversion), levels_(levels), maps_(r.cf, source) {
    if (conversion == Conversion::kFromPotential || conversion == Conversion::kFromRelative) {
      pressure_.emplace(r, source.variable, levels, ground);
      cells_.resize(maps_.grid().map.sourceCells());
    }
    if (conversion != Conversion::kFromRelative) return;
    const CfSource* temperature = r.find(Quantity::kAirTemperature);
    const bool same =
        temperature != nullptr && temperature->variable.variable.dimensions == source.variable.variable.dimensions;
    if (!same)
      throw Error("a relative humidity needs the air temperature on the same cells, levels and times")
          .on(source.variable.variable.name);
    temperature_.emplace(r.cf, *temperature);
  }

  [[nodiscard]] const CfGrid& grid() const { return maps_.grid(); }

  /// Where the surface pressure is given it leaves out what lies at the ground or below it, which may be anything; of
  /// the rest it throws ImpossibleValue.
  std::span<double> at(std::size_t step, std::size_t level, std::span<const double> groundPa) {
    const std::span<double> values = maps_.at(step, level);
    if (!groundPa.empty()) leaveOutBelow(groundPa, levels_.a[level], values);
    maps_.requirePossible();
    if (pressure_) pressure_->at(step, level, cells_);
    switch (conversion_) {
      case Conversion::kNone:
        break;
      case Conversion::kFromPotential:
        for (std::size_t i = 0; i < values.size(); ++i) values[i] *= std::pow(cells_[i] / kReferencePa, kKappa);
        maps_.requirePossible(Quantity::kAirTemperature);
        break;
      case Conversion::kFromMixingRatio:
        for (double& value : values) value /= 1.0 + value;
        break;
      case Conversion::kFromRelative: {
        const std::span<const double> temperature = temperature_->at(step, level);
        for (std::size_t i = 0; i < values.size(); ++i) {
          if (std::isnan(values[i]) || std::isnan(temperature[i])) {
            values[i] = kMissing;
            continue;
          }
          const double vapour = values[i] * physics::atmosphere::saturationPressurePa(temperature[i]);
          values[i] = kEpsilon * vapour / (cells_[i] - (1.0 - kEpsilon) * vapour);
        }
      }
    }
    return values;
  }

 private:
  Conversion conversion_;
  const CfLevels& levels_;
  CfMaps maps_;
  std::optional<NativePressure> pressure_;
  std::optional<CfMaps> temperature_;
  std::vector<double> cells_;
};

struct Choice {
  Quantity quantity;
  Conversion conversion;
  std::string words;
};

std::vector<Choice> choicesFor(Quantity quantity) {
  if (quantity == Quantity::kAirTemperature) {
    return {
        {quantity, Conversion::kNone, ""},
        {Quantity::kPotentialTemperature, Conversion::kFromPotential,
         "air temperature from potential temperature: reference pressure 1000 hPa, R/cp of Earth's dry air (0.2856)"}};
  }
  if (quantity == Quantity::kSpecificHumidity) {
    return {{quantity, Conversion::kNone, ""},
            {Quantity::kMixingRatio, Conversion::kFromMixingRatio,
             "specific humidity from the mixing ratio w as w / (1 + w)"},
            {Quantity::kRelativeHumidity, Conversion::kFromRelative,
             "specific humidity from relative humidity over ice below 273.16 K and water above, in air of Earth's "
             "molar mass (ratio 0.622)"}};
  }
  return {{quantity, Conversion::kNone, ""}};
}

/// One step: the file's levels of every canonical cell.
class StepColumns {
 public:
  StepColumns(NativeLevels& native, const CfLevels& levels)
      : native_(native), levels_(levels), value_(levels.count * kCanonicalCells), share_(kCanonicalCells) {}

  /// Values below the ground are left out: on the file's cells where it has the ground on the same ones (`nativePa`,
  /// else empty), else on the canonical ones (`groundPa`).
  void load(std::size_t step, const std::vector<std::size_t>& order, std::span<const double> nativePa,
            std::span<const double> groundPa) {
    const bool onNative = !nativePa.empty();
    const std::span<const double> left = masked() ? nativePa : std::span<const double>{};
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::span<double> values = native_.at(step, order[i], left);
      const std::span<double> level = std::span(value_).subspan(i * kCanonicalCells, kCanonicalCells);
      native_.grid().map.apply(values, level, share_);
      for (std::size_t c = 0; c < kCanonicalCells; ++c) {
        // Levels of pressure end at the ground; on all others a missing value is a missing value.
        if (!masked() && share_[c] < kWholeShare) level[c] = kMissing;
      }
      if (masked() && !onNative) leaveOutBelow(groundPa, levels_.a[order[i]], level);
    }
  }
  [[nodiscard]] double at(std::size_t i, std::size_t cell) const { return value_[i * kCanonicalCells + cell]; }

 private:
  [[nodiscard]] bool masked() const {
    return levels_.kind == LevelKind::kCoefficients &&
           std::all_of(levels_.b.begin(), levels_.b.end(), [](double b) { return b == 0.0; });
  }

  NativeLevels& native_;
  const CfLevels& levels_;
  std::vector<double> value_, share_;
};

/// [cell][level] of one step; the file's own levels if `same`.
std::vector<double> onCanonicalLevels(const StepColumns& columns, const LevelPressures& pressures,
                                      std::span<const double> groundPa, bool same, bool hold, LevelTally& tally) {
  const std::size_t levels = pressures.order().size();
  std::vector<double> logP(levels);
  std::vector<double> value(levels);
  std::vector<double> out(kCanonicalCells * kCanonicalLevels);
  for (std::size_t cell = 0; cell < kCanonicalCells; ++cell) {
    for (std::size_t i = 0; i < levels; ++i) {
      logP[i] = pressures.at(i, cell);
      value[i] = columns.at(i, cell);
    }
    const FileColumn column{logP, value, std::log(groundPa[cell]), pressures.statedTop(cell),
                            pressures.statedBottom(cell)};
    for (std::size_t k = 0; k < kCanonicalLevels; ++k) {
      const double target = same ? logP[k] : std::log(planet::canonicalGrid().sigma[k] * groundPa[cell]);
      out[cell * kCanonicalLevels + k] = atLevel(column, target, hold, tally);
    }
  }
  return out;
}

/// All that a variable on levels is read with. Throws Error where the file lacks something that it needs.
struct LevelReading {
  LevelReading(CfReading& r, const CfSource& source, Conversion conversion)
      : levels(levelsOf(r.cf, source.variable, r.pressures)),
        ground(r, source.variable, areCanonical(levels)),
        pressures(r.cf, levels, r.pressures),
        native(r, source, conversion, levels, ground),
        columns(native, levels) {}

  CfLevels levels;
  GroundPressure ground;
  LevelPressures pressures;
  NativeLevels native;
  StepColumns columns;
};

std::optional<std::vector<double>> readLevels(CfReading& r, const std::string& name, const MonthPlan& plan,
                                              LevelReading& reading, bool hold) {
  MonthlyMeans means(kCanonicalCells * kCanonicalLevels);
  LevelTally tally;
  const bool same = areCanonical(reading.levels);
  double groundSum = 0.0;
  for (std::size_t step = 0; step < plan.month.size(); ++step) {
    r.tell(step, plan.month.size());
    const std::span<const double> groundPa = reading.ground.at(step);
    groundSum += std::accumulate(groundPa.begin(), groundPa.end(), 0.0);
    reading.pressures.update(step, groundPa);
    reading.columns.load(step, reading.pressures.order(), reading.ground.native(step), groundPa);
    means.add(plan.month[step], plan.weight[step],
              onCanonicalLevels(reading.columns, reading.pressures, groundPa, same, hold, tally));
  }
  if (tally.gap > 0 || (tally.missing() > 0 && !hold)) {
    const bool held = tally.above + tally.below > 0 && !hold;
    std::string advice =
        unitDoubt(reading.levels, groundSum / static_cast<double>(plan.month.size() * kCanonicalCells));
    if (advice.empty() && held) advice = "--set levels=hold takes the nearest level's value there";
    r.aside(name, tally.words() + (advice.empty() ? "" : "; " + advice));
    return std::nullopt;
  }
  if (tally.missing() > 0) {
    r.assume(fmt::format("{}: {}; the nearest level's value is taken, as --set levels=hold says", name, tally.words()));
  }
  if (!reading.ground.words().empty()) r.assume(reading.ground.words());
  r.convert(fmt::format("{} from {} {} {}", name, reading.levels.count, reading.levels.words,
                        same ? "as they are: the canonical ones" : "to the ten sigma levels, linear in ln p"));
  return means.result();
}

}  // namespace

std::optional<std::vector<double>> levelMeans(CfReading& r, Quantity quantity) {
  const std::string* levels = r.options.find("levels");
  if (levels != nullptr && *levels != "hold") {
    throw Error("unknown choice", ErrorKind::kUsage).on("--set levels=" + *levels).expected("hold");
  }
  for (const Choice& choice : choicesFor(quantity)) {
    const CfSource* source = r.find(choice.quantity);
    if (source == nullptr) continue;
    const std::string name = source->variable.variable.name;
    const MonthPlan& plan = r.months(source->variable);
    // What this variable needs and the file lacks, at whatever step, does not spoil the others.
    return r.unless(name, [&] {
      LevelReading reading(r, *source, choice.conversion);
      if (!choice.words.empty()) r.assume(name + ": " + choice.words);
      return readLevels(r, name, plan, reading, levels != nullptr);
    });
  }
  return std::nullopt;
}

}  // namespace ecumene::data::formats
