// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Loss of water to space at the diffusion limit (Hunten 1973, J. Atmos. Sci. 30, 1481; science.md 1.4).
namespace ecumene::data::physics::atmosphere {

/// Flux of hydrogen atoms in m-2 s-1: 2.5e17 f_H with f_H = 2 f(H2O) + 4 f(CH4) + 2 f(H2), volume mixing ratios in the
/// stratosphere, each in [0, 1]. The constant is that of Earth's homopause.
double hydrogenEscapePerM2S(double h2o, double ch4, double h2);

/// Hydrogen atoms of one Earth ocean (1.4e21 kg) above one square metre of Earth's surface.
double earthOceanHydrogenPerM2();

/// Time in Gyr to lose the hydrogen of one Earth ocean at the flux of hydrogenEscapePerM2S, at most kLongestLossGyr.
/// `h2o` > 0, else Error.
double oceanLossGyr(double h2o, double ch4, double h2);
/// Stands for this time and all longer ones: the smallest stars burn no longer (Laughlin, Bodenheimer & Adams 1997,
/// ApJ 482, 420).
inline constexpr double kLongestLossGyr = 1e4;

}  // namespace ecumene::data::physics::atmosphere
