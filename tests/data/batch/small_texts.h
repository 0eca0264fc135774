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
          std::string& text = made.emplace_back("The planet around ");
          text.append(star).append(" ").append(find).append(" and might host ").append(life);
          text.append(" between 273 and ").append(std::to_string(299 + made.size())).append(" K.");
        }
      }
    }
    return made;
  }();
  return texts;
}

}  // namespace ecumene::data::batch
