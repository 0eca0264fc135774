// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ecumene {

/// One block of Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11).
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// A reproducible stream of random numbers, keyed by (seed, stream, index): the same key gives the same numbers on
/// every machine, in any order of use and with any number of threads. Counter-based generator Philox4x32-10 (Salmon et
/// al. 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11). The distributions are our own, since those of the
/// standard library differ between implementations.
class Random {
 public:
  /// `stream` names the purpose ("system", "spectrum-noise"), so that a new draw in one never shifts another.
  Random(std::uint64_t seed, std::string_view stream, std::uint64_t index = 0);

  std::uint32_t bits();
  /// In [0, 1), 53 random bits.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Log-uniform in [low, high), both > 0.
  double logUniform(double low, double high);
  /// Standard normal by Box and Muller.
  double normal();
  double normal(double mean, double deviation) { return mean + deviation * normal(); }
  /// Whole number in [0, count), count > 0, without modulo bias.
  std::uint32_t below(std::uint32_t count);
  bool chance(double probability) { return uniform() < probability; }

 private:
  void refill();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
  double spare_ = 0.0;
  bool hasSpare_ = false;
};

/// 64-bit FNV-1a hash of a text: stable across machines, for stream names and keys; not for integrity.
std::uint64_t stableHash(std::string_view text);

}  // namespace ecumene
