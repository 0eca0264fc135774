// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <vector>

namespace ecumene::stack {

// The ball that the field holds, in units of half the cube's edge; the cube spans [-1, 1] on each axis.
inline constexpr std::array<double, 3> kBallCentre{-0.4, 0.3, 0.0};
inline constexpr double kBallRadius = 0.45;

// A scalar field on points evenly spaced over the cube, x fastest. Positive inside the ball: radius minus distance from
// the centre.
struct ScalarField {
  int pointsPerAxis = 0;
  std::vector<float> values;
};

// Starts a gRPC server on a new Unix socket below `folder`, asks it for the field through a client of this process, and
// stops it. Throws std::runtime_error with gRPC's message where the call fails.
ScalarField fetchBallOverUnixSocket(const std::string& folder, int pointsPerAxis);

}  // namespace ecumene::stack
