// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ecumene::data::batch {

/// Sixty sentences about planets.
inline const std::vector<std::string>& smallTexts() {
  static const std::vector<std::string> texts = [] {
    const std::vector<std::string> stars{"a quiet red dwarf", "a young active star", "a star like the Sun"};
    const std::vector<std::string> finds{"was found by its transits", "was found by radial velocities",
                                         "appears in the survey of the southern sky", "was seen in direct images"};
    const std::vector<std::string> lives{"methane makers that use hydrogen", "microbes that breathe oxygen",
                                         "cells that live on light", "organisms that reduce sulfate",
                                         "communities that oxidise iron"};
    std::vector<std::string> made;
    for (const auto& star : stars) {
      for (const auto& find : finds) {
        for (const auto& life : lives) {
          made.push_back("The planet around " + star + " " + find + " and might host " + life + " between 273 and " +
                         std::to_string(300 + made.size()) + " K.");
        }
      }
    }
    return made;
  }();
  return texts;
}

}  // namespace ecumene::data::batch
