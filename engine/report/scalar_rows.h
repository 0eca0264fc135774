// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "data/planet/scalars.h"
#include "data/store/store.h"
#include "engine/report/prediction.h"

namespace ecumene::engine::report {

/// In the units of planet::scalars(); NaN: missing. Limits are missing: they are never used as values.
using ScalarValues = std::array<double, data::planet::kScalarCount>;
ScalarValues scalarValues(const data::planet::Scalars& scalars);

/// What the scalars-only baselines see of a sample, and its labels.
struct ScalarRow {
  std::string sample, planet, system, split;
  int archetype = -1;
  bool real = false;
  ScalarValues scalars{};
  Labels truth;  ///< viable: share of the archetype's network variants that are
};

/// A row for each planet with a climate and each archetype that it has, in the order of the store's list.
std::vector<ScalarRow> scalarRows(const data::store::Store& store, const data::store::Filter& filter);

}  // namespace ecumene::engine::report
