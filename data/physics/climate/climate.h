// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stop_token>

#include "data/physics/surface_climate.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::climate {

inline constexpr double kWarmStartK = 300.0;
inline constexpr double kColdStartK = 220.0;
inline constexpr double kRunawayK = 400.0;           ///< area mean at which a state counts as runaway
inline constexpr double kRunawayExcessWm2 = 0.3;     ///< of absorbed flux over the largest OLR
inline constexpr double kImbalanceLimitWm2 = 0.3;    ///< gate on |ASR - OLR|, global orbit mean
inline constexpr double kSpinUpTimeConstants = 8.0;  ///< of C / B, in seconds, not orbits

/// Throws Error naming the first value that the energy balance model cannot work with.
void validate(const planet::PlanetTruth& truth);

/// Steps of an orbit, a multiple of 12: each at most min(1 day, P / 72).
std::size_t fineSteps(double periodDays);

/// Surface climate of a planet from its start state: the energy balance model on the canonical 32 x 64 grid.
///
/// Spin-up in one dimension (latitude; the angle from the substellar point of synchronous planets) over at least
/// kSpinUpTimeConstants, then two dimensions, the last orbits with fineSteps. Equilibrium climates have
/// |ASR - OLR| < kImbalanceLimitWm2 over the last orbit; in a 3:2 resonance months are the means of the like months of
/// the last two orbits, since neither closes alone. Where there is no
/// equilibrium with water the climate is a runaway (flags.runaway): the area mean reaches kRunawayK, or what the planet
/// absorbs comes to exceed largestOlrWm2 by kRunawayExcessWm2 for good. Its climate is that of the orbit after the
/// crossing, the first after one time constant from which on it absorbs so much. (Dry cells emit more than
/// largestOlrWm2 when hot, so the march goes on to a balance that stands for no planet and is not kept.)
///
/// Deterministic, single-threaded. Throws Error for an invalid planet, kCancelled when stopped, and kInternal with the
/// planet's numbers if the model finds neither an equilibrium nor a runaway.
SurfaceClimate solveClimate(const planet::PlanetTruth& truth, std::stop_token stop = {});

/// Whether the warm and the cold start of a planet come to rest in two climates: area means more than kTwoClimatesK
/// apart in the one-dimensional model, not both runaways. A tenth of what solving both takes; where it says yes the map
/// agrees in about three of four cases. Always false of synchronous planets, whose ice edge moves without a jump
/// (Checlair, Menou & Abbot 2017, ApJ 845, 132). `truth.start` is not asked. Errors as solveClimate.
bool hasTwoClimates(const planet::PlanetTruth& truth, const std::stop_token& stop = {});
inline constexpr double kTwoClimatesK = 3.0;

}  // namespace ecumene::data::physics::climate
