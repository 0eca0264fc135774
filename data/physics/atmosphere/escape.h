// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Loss of water to space at the diffusion limit (Hunten 1973, J. Atmos. Sci. 30, 1481; science.md 1.4).
namespace ecumene::data::physics::atmosphere {

/// Flux of hydrogen atoms in m-2 s-1: 2.5e17 f_H with f_H = 2 f(H2O) + 4 f(CH4) + 2 f(H2), volume mixing ratios in the
/// stratosphere, each in [0, 1]. The constant is that of Earth's homopause.
double hydrogenEscapePerM2S(double h2o, double ch4, double h2);

/// Hydrogen atoms of one Earth ocean (1.4e21 kg) above one square metre of Earth's surface.
double earthOceanHydrogenPerM2();

/// Time in Gyr to lose one Earth ocean by its own vapour: only 2 f(H2O) counts, because hydrogen of methane and of the
/// air's own H2 takes no ocean away. `h2o` > 0, else Error.
double oceanLossGyr(double h2o);

}  // namespace ecumene::data::physics::atmosphere
