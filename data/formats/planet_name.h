// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// The first planet name in a file name: letters, a number, and a letter b to z that ends a word ("K2-18b_niriss" gives
/// "K2-18 b", "obs_wasp39b_transit" gives "wasp39 b"). Compare names by planet::normalisedName.
std::optional<std::string> planetNameIn(std::string_view text);

/// Known instruments named in a file name, joined by a blank ("NIRISS SOSS"); empty if there is none.
std::string instrumentIn(std::string_view text);

}  // namespace ecumene::data::formats
