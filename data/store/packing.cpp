// SPDX-License-Identifier: Apache-2.0
#include "data/store/packing.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "data/base/error.h"
#include "data/planet/kept_temperature.h"

namespace ecumene::data::store {
namespace {

using planet::VariableId;

constexpr double power(int exponent) {
  double value = 1.0;
  for (int i = 0; i < exponent; ++i) value *= 2.0;
  for (int i = 0; i > exponent; --i) value /= 2.0;
  return value;
}

// Bounds are halves of powers of two: a step of twice the bound then is one, and float32 unpacks without a further
// error. They lie far below what a climate model means: 0.016 K, 0.06 m/s, 0.1 % of humidity, 0.008 W/m2.
constexpr std::array<PackingRule, planet::kVariableCount> kRules{{
    {VariableId::kAirTemperature, Packing::kLinear, power(-6), 0.0},
    {VariableId::kSpecificHumidity, Packing::kLog10, kHumidityFloor, 1.2e-3},
    {VariableId::kEastwardWind, Packing::kLinear, power(-4), 0.0},
    {VariableId::kNorthwardWind, Packing::kLinear, power(-4), 0.0},
    {VariableId::kSurfaceTemperature, Packing::kLinear, 0.5 * planet::kTemperatureStepK, 0.0},
    {VariableId::kSurfaceAirPressure, Packing::kLinear, 0.0, 2e-5},
    {VariableId::kCloudAreaFraction, Packing::kLinear, power(-13), 0.0},
    {VariableId::kSeaIceAreaFraction, Packing::kLinear, power(-13), 0.0},
    {VariableId::kToaNetShortwave, Packing::kLinear, power(-7), 0.0},
    {VariableId::kToaOutgoingLongwave, Packing::kLinear, power(-7), 0.0},
}};

constexpr double kLargestCode = 32767.0;
/// float32 holds code * scale + offset exactly while it is below this many steps.
constexpr double kExactSteps = 16777216.0;

constexpr int kLowestLogCode = -9 * 1024;  // kHumidityFloor
constexpr std::size_t kLogEntries = static_cast<std::size_t>(-kLowestLogCode) + 2;

/// value of every code: [0] is kBelowFloor, [1 + code - kLowestLogCode] the rest up to code 0 (value 1).
const std::array<float, kLogEntries>& logTable() {
  static const auto table = [] {
    std::array<float, kLogEntries> t{};
    for (std::size_t i = 1; i < kLogEntries; ++i) {
      t[i] = static_cast<float>(std::pow(10.0, (kLowestLogCode + static_cast<double>(i) - 1.0) * kLogScale));
    }
    return t;
  }();
  return table;
}

std::size_t logEntry(std::int16_t code) {
  return code == kBelowFloor ? 0 : static_cast<std::size_t>(code - kLowestLogCode + 1);
}

std::optional<Packed> packLinear(const PackingRule& rule, std::span<const float> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double lowest = static_cast<double>(*low);
  const double highest = static_cast<double>(*high);
  Packed packed{Packing::kLinear, 1.0, 0.0, rule.absoluteBound, 0.0, {}};
  if (rule.relativeBound > 0.0) {
    const double allowed = rule.relativeBound * std::max(std::abs(lowest), std::abs(highest));
    if (!(allowed > 0.0)) return std::nullopt;
    packed.bound = power(static_cast<int>(std::floor(std::log2(allowed))));
  }
  packed.scale = 2.0 * packed.bound;
  packed.offset = std::round(0.5 * (lowest + highest) / packed.scale) * packed.scale;
  const double reach = std::max(highest - packed.offset, packed.offset - lowest) / packed.scale;
  const double steps = std::max(std::abs(lowest), std::abs(highest)) / packed.scale;
  if (std::round(reach) > kLargestCode || steps + 1.0 > kExactSteps) return std::nullopt;
  packed.codes.reserve(values.size());
  const double middle = packed.offset / packed.scale;
  for (const float value : values) {
    // Rounded to the even multiple of the scale whatever the offset: the same value packs to the same one everywhere.
    const double code = std::nearbyint(static_cast<double>(value) / packed.scale) - middle;
    const double error = std::abs(code * packed.scale + packed.offset - static_cast<double>(value));
    packed.largestError = std::max(packed.largestError, error);
    packed.codes.push_back(static_cast<std::int16_t>(code));
  }
  if (packed.largestError > packed.bound) return std::nullopt;
  return packed;
}

std::optional<Packed> packLog(const PackingRule& rule, std::span<const float> values) {
  Packed packed{Packing::kLog10, kLogScale, 0.0, rule.relativeBound, 0.0, {}};
  packed.codes.reserve(values.size());
  for (const float value : values) {
    const double given = static_cast<double>(value);
    if (given < -kHumidityFloor || given > 1.0) return std::nullopt;
    std::int16_t code = kBelowFloor;
    // As a float, which is what a humidity of the floor is unpacked to.
    if (value >= static_cast<float>(kHumidityFloor)) {
      code = static_cast<std::int16_t>(std::max<double>(kLowestLogCode, std::nearbyint(std::log10(given) / kLogScale)));
      const double back = static_cast<double>(logTable()[logEntry(code)]);
      packed.largestError = std::max(packed.largestError, std::abs(back - given) / given);
    }
    packed.codes.push_back(code);
  }
  if (packed.largestError > packed.bound) return std::nullopt;
  return packed;
}

/// Entries of a block first, without a branch, so that the compiler vectorises them: kBelowFloor comes and goes with
/// the weather, and one loop over codes and table takes more than twice the time.
void unpackLog(const unsigned char* low, const unsigned char* high, std::span<float> values) {
  constexpr std::size_t kBlock = 1024;
  constexpr int kLastEntry = static_cast<int>(kLogEntries) - 1;
  const float* table = logTable().data();
  std::array<int, kBlock> entries;  // NOLINT(cppcoreguidelines-pro-type-member-init): each is written before it is read
  int outside = 0;
  for (std::size_t start = 0; start < values.size(); start += kBlock) {
    const std::size_t count = std::min(kBlock, values.size() - start);
    for (std::size_t i = 0; i < count; ++i) {
      const int code = static_cast<std::int16_t>(static_cast<std::uint16_t>(low[start + i] | (high[start + i] << 8U)));
      const int entry = code - kLowestLogCode + 1;
      outside |=
          (static_cast<int>(entry < 1) & static_cast<int>(code != kBelowFloor)) | static_cast<int>(entry > kLastEntry);
      entries[i] = std::min(std::max(entry, 0), kLastEntry);
    }
    for (std::size_t i = 0; i < count; ++i) values[start + i] = table[entries[i]];
  }
  // Codes that packing never makes.
  if (outside != 0) throw Error("a packed value is out of range").next("run the check of the store");
}

}  // namespace

std::string_view name(Packing packing) {
  constexpr std::array<std::string_view, 3> kNames{"none", "linear", "log10"};
  return kNames.at(static_cast<std::size_t>(packing));
}

std::optional<Packing> findPacking(std::string_view text) {
  for (const Packing packing : {Packing::kNone, Packing::kLinear, Packing::kLog10}) {
    if (name(packing) == text) return packing;
  }
  return std::nullopt;
}

std::span<const PackingRule, planet::kVariableCount> packingRules() {
  return kRules;
}

std::optional<Packed> pack(VariableId id, std::span<const float> values) {
  const PackingRule& rule = kRules.at(static_cast<std::size_t>(id));
  if (values.empty()) return std::nullopt;
  return rule.packing == Packing::kLog10 ? packLog(rule, values) : packLinear(rule, values);
}

void unpackShuffled(Packing packing, double scale, double offset, std::span<const std::byte> planes,
                    std::span<float> values) {
  const std::size_t count = values.size();
  if (planes.size() != 2 * count) throw internalError("packed bytes and values differ in number");
  const auto* low = reinterpret_cast<const unsigned char*>(planes.data());
  const auto* high = low + count;
  float* out = values.data();
  if (packing == Packing::kLog10) {
    unpackLog(low, high, values);
    return;
  }
  const auto step = static_cast<float>(scale);
  const auto middle = static_cast<float>(offset);
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = static_cast<std::int16_t>(static_cast<std::uint16_t>(low[i] | (high[i] << 8U)));
    out[i] = static_cast<float>(code) * step + middle;
  }
}

std::vector<float> unpack(const Packed& packed) {
  std::vector<float> values;
  values.reserve(packed.codes.size());
  for (const std::int16_t code : packed.codes) {
    values.push_back(packed.packing == Packing::kLog10
                         ? logTable().at(logEntry(code))
                         : static_cast<float>(static_cast<double>(code) * packed.scale + packed.offset));
  }
  return values;
}

}  // namespace ecumene::data::store
