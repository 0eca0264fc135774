// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/report.h"

/// Sections of report.md that stand for themselves.
namespace ecumene::engine::report {

inline constexpr int kArchetypes = static_cast<int>(data::planet::kArchetypeCount);

/// Planets that were not generated, one by one.
std::string realPlanets(const Report& report);
/// What the graph part knows of networks; empty without scores of it.
std::string graphPart(const Report& report);

}  // namespace ecumene::engine::report
