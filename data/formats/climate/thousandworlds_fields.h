// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/formats/climate/climate_import.h"

namespace ecumene::data::formats {

/// Maps of one simulation, on 32 x 64 cells.
struct ThousandworldsFields {
  std::map<std::string, std::size_t> at;  ///< by name
  std::vector<double> values;             ///< [field][cell]

  [[nodiscard]] std::span<const double> map(std::size_t field) const;
};

/// Makes variables of the climate from the maps; says which are absent, and why. Without a surface pressure those on
/// levels are absent. Throws Error if part of a map is missing or its values cannot be true.
void addThousandworldsFields(ClimateImport& c, const ThousandworldsFields& fields,
                             const std::optional<double>& surfacePressurePa);

}  // namespace ecumene::data::formats
