// SPDX-License-Identifier: Apache-2.0
#include "data/base/random.h"

#include <cmath>
#include <numbers>

namespace ecumene {
namespace {

// Multipliers and Weyl increments of Philox4x32 (Salmon et al. 2011, table 2 and section 4.3).
constexpr std::uint64_t kMultiplier0 = 0xD2511F53U;
constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57U;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9U;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85U;
constexpr int kRounds = 10;

std::uint32_t low(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}
std::uint32_t high(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32U);
}

}  // namespace

std::uint64_t stableHash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

Random::Random(std::uint64_t seed, std::string_view stream, std::uint64_t index) {
  const std::uint64_t name = stableHash(stream);
  key_ = {low(seed), high(seed)};
  // The stream's name fills one half of the counter, the index is mixed into it; the other half counts blocks.
  const std::uint64_t origin = name ^ (index * 0x9E3779B97F4A7C15U);
  counter_ = {0, 0, low(origin), high(origin)};
}

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> x, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t p0 = kMultiplier0 * x[0];
    const std::uint64_t p1 = kMultiplier1 * x[2];
    x = {high(p1) ^ x[1] ^ key[0], low(p1), high(p0) ^ x[3] ^ key[1], low(p0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return x;
}

void Random::refill() {
  block_ = philox4x32(counter_, key_);
  used_ = 0;
  if (++counter_[0] == 0) ++counter_[1];
}

std::uint32_t Random::bits() {
  if (used_ == 4) refill();
  return block_[used_++];
}

double Random::uniform() {
  const std::uint64_t a = bits() >> 5U;
  const std::uint64_t b = bits() >> 6U;
  return (static_cast<double>(a) * 67108864.0 + static_cast<double>(b)) / 9007199254740992.0;
}

double Random::logUniform(double lowest, double highest) {
  return std::exp(uniform(std::log(lowest), std::log(highest)));
}

double Random::normal() {
  if (hasSpare_) {
    hasSpare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  hasSpare_ = true;
  return radius * std::cos(angle);
}

std::uint32_t Random::below(std::uint32_t count) {
  const std::uint32_t limit = static_cast<std::uint32_t>((0x100000000ULL / count) * count - 1U);
  std::uint32_t value = bits();
  while (value > limit) value = bits();
  return value % count;
}

}  // namespace ecumene
