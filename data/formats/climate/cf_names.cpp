// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/cf_names.h"

#include <algorithm>
#include <array>

#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

// A planet beyond the dataset's own ranges (planet/cube.cpp) is refused by its means; these are for single values. The
// lowest temperature is below any surface's, the highest above any dayside's that has been observed (KELT-9 b, 4600 K).
constexpr ValueLimits kTemperatures{10.0, 6000.0};
constexpr ValueLimits kWinds{-900.0, 900.0};
constexpr ValueLimits kShares{-0.1, 1.1};
constexpr ValueLimits kShortwave{-500.0, 25000.0};
constexpr ValueLimits kLongwave{-25000.0, 25000.0, true};

// "air_temperature" of a file without levels is that of 2 m, which is not the ground's: it is recognised and left
// aside.
constexpr auto kQuantities = std::to_array<QuantityInfo>({
    {Quantity::kAirTemperature, "ta", "K", true, kTemperatures, "air_temperature",
     "temperature atmospheric_temperature", "ta T t temp temperature TEMP"},
    {Quantity::kPotentialTemperature,
     "theta",
     "K",
     true,
     {10.0, 1e6},
     "air_potential_temperature",
     "potential_temperature",
     "theta TH pt"},
    {Quantity::kSpecificHumidity,
     "hus",
     "1",
     true,
     {-0.05, 1.05},
     "specific_humidity",
     "water_vapor_mixing_ratio_per_moist_air",
     "hus Q q QV shum SHUM"},
    {Quantity::kMixingRatio,
     "mixing_ratio",
     "1",
     true,
     {-0.05, 100.0},
     "humidity_mixing_ratio",
     "water_vapor_mixing_ratio",
     ""},
    {Quantity::kRelativeHumidity, "hur", "1", true, {-0.5, 5.0}, "relative_humidity", "", "hur RELHUM rh RH r rhum"},
    {Quantity::kEastwardWind, "ua", "m s-1", true, kWinds, "eastward_wind x_wind",
     "zonal_wind u_wind east-west_velocity", "ua U u uwnd"},
    {Quantity::kNorthwardWind, "va", "m s-1", true, kWinds, "northward_wind y_wind",
     "meridional_wind v_wind north-south_velocity", "va V v vwnd"},
    {Quantity::kSurfaceTemperature, "ts", "K", false, kTemperatures, "surface_temperature",
     "skin_temperature ground_temperature surface_temperature_(radiative)", "ts TS skt tgrnd"},
    {Quantity::kSurfacePressure,
     "ps",
     "Pa",
     false,
     {1e-3, 1e10},
     "surface_air_pressure",
     "surface_pressure",
     "ps PS sp prsurf psurf"},
    {Quantity::kCloudFraction, "clt", "1", false, kShares, "cloud_area_fraction",
     "total_cloud_cover vertically-integrated_total_cloud total_cloud_fraction", "clt CLDTOT tcc pcldt"},
    {Quantity::kSeaIceFraction, "sic", "1", false, kShares, "sea_ice_area_fraction sea_ice_cover",
     "sea_ice_fraction fraction_of_sfc_area_covered_by_sea-ice", "sic siconc siconca ICEFRAC oicefr"},
    {Quantity::kNetShortwave, "rst", "W m-2", false, kShortwave,
     "toa_net_downward_shortwave_flux toa_net_shortwave_flux",
     "net_solar_flux_at_top_of_atmosphere net_solar_radiation,_toa", "rst FSNTOA FSNT ASR srnf_toa"},
    {Quantity::kIncomingShortwave, "rsdt", "W m-2", false, kShortwave, "toa_incoming_shortwave_flux",
     "incident_solar_radiation,_toa", "rsdt SOLIN ISR incsw_toa"},
    {Quantity::kReflectedShortwave, "rsut", "W m-2", false, kShortwave, "toa_outgoing_shortwave_flux", "",
     "rsut FSUTOA"},
    {Quantity::kOutgoingLongwave, "rlut", "W m-2", false, kLongwave,
     "toa_outgoing_longwave_flux toa_net_upward_longwave_flux",
     "upwelling_longwave_flux_at_top_of_model net_longwave_flux_at_top_of_model", "FLUT FLNT OLR rlut olr"},
    {Quantity::kNetDownwardLongwave, "rlnt", "W m-2", false, kLongwave,
     "toa_net_downward_longwave_flux toa_net_longwave_flux", "net_thermal_radiation,_toa", "rlnt trnf_toa"},
    {Quantity::kLandFraction, "lsm", "1", false, kShares, "land_area_fraction land_binary_mask",
     "land_fraction land_area_fraction land-sea_mask fraction_of_sfc_area_covered_by_land",
     "sftlf lsm LANDFRAC landfrac frac_land"},
    {Quantity::kSurfaceHeight,
     "orog",
     "m",
     false,
     {-1e5, 1e5},
     "surface_altitude",
     "surface_height topography",
     "orog zatmo topog"},
    {Quantity::kSurfaceGeopotential,
     "sg",
     "m2 s-2",
     false,
     {-1e8, 1e8},
     "surface_geopotential",
     "surface_geopotential",
     "sg PHIS phisinit phis"},
    {Quantity::kAirPressure,
     "pressure",
     "Pa",
     true,
     {-1.0, 1e10},
     "air_pressure",
     "pressure atmospheric_pressure",
     "pfull PMID p pressure pres"},
});

bool among(std::string_view list, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) return false;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(' ', begin), list.size());
    if (list.substr(begin, end - begin) == word) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::span<const QuantityInfo> quantities() {
  return kQuantities;
}

const QuantityInfo& info(Quantity quantity) {
  return kQuantities.at(static_cast<std::size_t>(quantity));
}

const QuantityInfo* quantityCalled(std::string_view key) {
  const auto row = std::find_if(kQuantities.begin(), kQuantities.end(), [&](const auto& q) { return q.key == key; });
  return row == kQuantities.end() ? nullptr : &*row;
}

std::string_view name(NameKind kind) {
  constexpr std::array<std::string_view, 3> kNames{"standard_name", "long_name", "its name"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::vector<Recognised> recognise(const NetcdfFile& file, const NetcdfVariable& variable) {
  const std::string standard = trim(file.text(variable, "standard_name").value_or(""));
  const std::string longName = trim(file.text(variable, "long_name").value_or(""));
  std::string folded = lower(longName);
  std::replace(folded.begin(), folded.end(), ' ', '_');
  std::vector<Recognised> found;
  const auto match = [&](NameKind by, const std::string& called, const std::string& word, auto listOf) {
    if (!found.empty()) return;
    for (const QuantityInfo& row : kQuantities) {
      if (among(listOf(row), word)) found.push_back({row.quantity, by, called});
    }
  };
  match(NameKind::kStandardName, standard, standard, [](const QuantityInfo& row) { return row.standardNames; });
  // A standard name of something else (soil_temperature) is not overruled by a short name.
  if (!standard.empty() && found.empty()) return found;
  match(NameKind::kLongName, longName, folded, [](const QuantityInfo& row) { return row.standardNames; });
  match(NameKind::kLongName, longName, folded, [](const QuantityInfo& row) { return row.longNames; });
  match(NameKind::kShortName, variable.name, variable.name, [](const QuantityInfo& row) { return row.shortNames; });
  return found;
}

}  // namespace ecumene::data::formats
