// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "data/planet/collection.h"
#include "data/planet/planet.h"

/// Checks that mark a planet, explain what is wrong and where, and can exclude it from training.
namespace ecumene::data::quality {

/// What a check is given. `duplicates`: what catalogues say of the same planet, for agreement;
/// scalars of the planet may have been taken from them.
struct Subject {
  const planet::Planet& planet;
  std::span<const planet::CatalogueEntry> duplicates;
};

/// What a check found. `message` names the first or worst place.
struct Finding {
  double value = 0.0;
  bool passed = true;
  std::string message;
};

struct Check {
  std::string_view name;
  std::string_view what;  ///< one sentence for people
  std::string_view unit;
  double limit;
  bool excludes;  ///< a planet that fails it is left out of training
  /// none: the check does not apply to this planet.
  std::optional<Finding> (*run)(const Subject& subject, double limit);
};

/// The table, in the order in which results are given.
std::span<const Check> checks();

/// Results of all checks that apply.
std::vector<planet::QualityCheck> assess(const planet::Planet& planet,
                                         std::span<const planet::CatalogueEntry> duplicates = {});

/// True if a failed check excludes the planet from training.
bool mustExclude(std::span<const planet::QualityCheck> results);

}  // namespace ecumene::data::quality
