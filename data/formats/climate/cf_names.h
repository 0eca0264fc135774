// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/common/netcdf_file.h"

namespace ecumene::data::formats {

/// What a variable of a climate file can be to us: the ten variables of a cube and what some of them are made of.
enum class Quantity {
  kAirTemperature,
  kPotentialTemperature,
  kSpecificHumidity,
  kMixingRatio,
  kRelativeHumidity,
  kEastwardWind,
  kNorthwardWind,
  kSurfaceTemperature,
  kSurfacePressure,
  kCloudFraction,
  kSeaIceFraction,
  kNetShortwave,
  kIncomingShortwave,
  kReflectedShortwave,
  kOutgoingLongwave,
  kNetDownwardLongwave,
  kLandFraction,
  kSurfaceHeight,
  kSurfaceGeopotential,
  kAirPressure,
};

/// What a quantity's values can be in a file of any planet with an atmosphere: wide enough for ripples of spectral
/// models, too narrow for the usual numbers that stand for nothing (0 K, -999, -9999, 1e20).
struct ValueLimits {
  double low, high;
  bool oneSign = false;  ///< besides, a map has one sign but for ripples: a flux of unknown direction
};

struct QuantityInfo {
  Quantity quantity;
  std::string_view key;   ///< word of the options `variable.KEY` and `units.KEY`
  std::string_view unit;  ///< that it is read in
  bool onLevels;
  ValueLimits possible;  ///< in `unit`
  /// Names, best first within each list, blank-separated: CF standard names (of files of ExoPlaSim too), long names in
  /// lower case with '_' for blanks, short names of CMIP, ERA5, CAM (CESM), ROCKE-3D (ModelE), LMD generic and
  /// ExoPlaSim.
  std::string_view standardNames, longNames, shortNames;
};

std::span<const QuantityInfo> quantities();
const QuantityInfo& info(Quantity quantity);
/// By its key; nullptr if there is none.
const QuantityInfo* quantityCalled(std::string_view key);

/// By what a variable was recognised.
enum class NameKind { kStandardName, kLongName, kShortName };
std::string_view name(NameKind kind);

struct Recognised {
  Quantity quantity{};
  NameKind by{};
  std::string called;  ///< the attribute or name that said so
};

/// What a variable is by its standard_name, else its long_name, else its own name; several where one name stands for a
/// quantity on levels and one without.
std::vector<Recognised> recognise(const NetcdfFile& file, const NetcdfVariable& variable);

}  // namespace ecumene::data::formats
