// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ecumene::engine::checkpoint {

/// Seconds of training between checkpoints that lose least to writing and to repeated work: for a write of
/// C = `writeSeconds` >= 0 and a mean time between failures M = 86400 / `failuresPerDay` >= 0,
///   sqrt(2 C M) (1 + sqrt(C / 2M) / 3 + C / 18M) - C  where C < 2M, else M
/// (Daly 2006, "A higher order estimate of the optimum checkpoint interval for restart dumps", Future Generation
/// Computer Systems 22, eq. 37; its first factor is Young's 1974 interval). At most 12 hours, also without failures.
double interval(double writeSeconds, double failuresPerDay);

}  // namespace ecumene::engine::checkpoint
