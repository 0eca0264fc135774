// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/physics/metabolism/environment.h"
#include "data/planet/planet.h"

namespace ecumene::data::physics::metabolism {

/// Limits of viable(m) (dataset.md, "Labels").
inline constexpr double kLeastGrowthPerHour = 1e-6;
inline constexpr double kLeastWindow = 0.01;
/// Energy below which a catabolism supports growth, kJ/mol: H2 users active in nature (Hoehler et al., NASA NTRS
/// 20030014579).
inline constexpr double kEnergyThresholdKJ = -10.0;

/// The network with the environment's uptake bounds and maintenance as the lower bound of ATPM: the flux balance that
/// decides. Needs liquid water in the window (Environment::habitable).
planet::MetabolicNetwork inEnvironment(const planet::Metabolism& metabolism, const Environment& environment);

/// viable(m) and what explains it. Where the window is empty or there is no water, nothing grows and nothing is solved:
/// optimal is false, growth, energy and maintenance are absent. A metabolism none of whose catabolisms has all its
/// substrates has no energy and is not viable.
planet::Viability assess(const planet::Metabolism& metabolism, const Environment& environment,
                         double energyThresholdKJ = kEnergyThresholdKJ);
planet::Viability assess(const planet::Metabolism& metabolism, const planet::ClimateCube& climate,
                         const planet::PlanetTruth& truth, double energyThresholdKJ = kEnergyThresholdKJ);

}  // namespace ecumene::data::physics::metabolism
