// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace ecumene::data::planet {

/// The parts of a formula in its order, "C6H12O6" as (C, 6), (H, 12), (O, 6). A symbol is a capital letter and small
/// ones, so that a generic group ("R", "X") counts as one; counts may be fractional and a symbol may stand twice. None
/// if the text is no such formula ("(C6H10O5)n") or empty. The symbols point into the text.
std::optional<std::vector<std::pair<std::string_view, double>>> formulaParts(std::string_view formula);

}  // namespace ecumene::data::planet
