// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "data/base/random.h"

namespace ecumene::test {

/// A piece of the content, mostly a short one: what breaks a whole line is found soon.
inline std::pair<std::size_t, std::size_t> piece(Random& random, std::size_t size) {
  const std::size_t begin = random.below(static_cast<std::uint32_t>(size + 1));
  const std::size_t longest = random.below(4) == 0 ? 64 : 6;
  const std::size_t length = random.below(static_cast<std::uint32_t>(std::min(size - begin, longest) + 1));
  return {begin, length};
}

/// Flips bits (half of them where files have their structure), writes over a character, puts in what hurts, cuts, takes
/// out, or doubles. The same numbers give the same bytes on every machine.
inline std::string forge(const std::string& whole, Random& random) {
  constexpr std::size_t kHead = 4096;
  constexpr std::string_view kCharacters = "0123456789.-+eE,;:\"'<>{}#\n ";
  static const std::array<std::string, 15> kHurting{"1e999",
                                                    "-1e308",
                                                    "nan",
                                                    "18446744073709551616",
                                                    "-1",
                                                    "2147483648",
                                                    std::string(8, '\xff'),
                                                    std::string(1, '\0'),
                                                    "\xff\xfe",
                                                    "\"",
                                                    "\n\n",
                                                    ",,,",
                                                    "{[",
                                                    std::string(300, '9'),
                                                    "\xe2\x80\xae"};
  if (whole.empty()) return whole;
  std::string out = whole;
  const auto anywhere = [&](std::size_t range) -> char& {
    return out[random.below(static_cast<std::uint32_t>(std::min(range, out.size())))];
  };
  const auto [begin, length] = piece(random, out.size());
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      for (std::uint32_t flips = 1 + random.below(3); flips > 0; --flips) {
        char& byte = anywhere(random.below(2) == 0 ? kHead : out.size());
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << random.below(8)));
      }
      break;
    case 3:
      anywhere(out.size()) = kCharacters[random.below(static_cast<std::uint32_t>(kCharacters.size()))];
      break;
    case 4:
      out.replace(begin, length, kHurting[random.below(static_cast<std::uint32_t>(kHurting.size()))]);
      break;
    case 5:
      out.resize(random.below(static_cast<std::uint32_t>(out.size())));
      break;
    case 6:
      out.erase(begin, length);
      break;
    default: {
      const std::string doubled = out.substr(begin, length);
      for (std::uint32_t times = 1 + random.below(4); times > 0; --times) out.insert(begin, doubled);
    }
  }
  return out;
}

}  // namespace ecumene::test
