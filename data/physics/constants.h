// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <numbers>

/// Physical constants, SI. CODATA 2018 (exact where the SI of 2019 fixes them) and IAU 2015 B3 nominal values.
namespace ecumene::data::physics {

inline constexpr double kGasConstant = 8.314462618;          // J mol-1 K-1
inline constexpr double kBoltzmann = 1.380649e-23;           // J K-1
inline constexpr double kAvogadro = 6.02214076e23;           // mol-1
inline constexpr double kStefanBoltzmann = 5.670374419e-8;   // W m-2 K-4
inline constexpr double kPlanck = 6.62607015e-34;            // J s
inline constexpr double kLightSpeed = 2.99792458e8;          // m s-1
inline constexpr double kAstronomicalUnit = 1.495978707e11;  // m
inline constexpr double kEarthRadius = 6.3781e6;             // m, nominal equatorial
inline constexpr double kSunRadius = 6.957e8;                // m, nominal
inline constexpr double kSunGm = 1.3271244e20;               // m3 s-2, nominal
inline constexpr double kSunTemperature = 5772.0;            // K, nominal
inline constexpr double kEarthGm = 3.986004e14;              // m3 s-2, nominal
inline constexpr double kEarthGravity = 9.80665;             // m s-2, standard
inline constexpr double kEarthFlux = 1361.0;                 // W m-2, nominal total solar irradiance
inline constexpr double kEarthRotationRate = 7.27e-5;        // rad s-1, as HEXTOR scales with
inline constexpr double kDaySeconds = 86400.0;
inline constexpr double kJulianYearDays = 365.25;
inline constexpr double kFreezingK = 273.15;
inline constexpr double kBarPa = 1e5;
inline constexpr double kDegreeRadians = std::numbers::pi / 180.0;

}  // namespace ecumene::data::physics
