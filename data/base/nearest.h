// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ecumene {

/// The candidate nearest to `wanted` by edit distance (Levenshtein), letter case apart; the first of equals. For
/// "did you mean" in errors. None if there is no candidate.
std::optional<std::string> nearest(std::string_view wanted, std::span<const std::string> candidates);

/// "did you mean X?", X being the nearest; empty where even that is too far to have been meant: more edits than a third
/// of the word, two of a word of four to eight letters, one of a shorter one.
std::string didYouMean(std::string_view wanted, std::span<const std::string> candidates);

}  // namespace ecumene
