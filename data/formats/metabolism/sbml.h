// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// SBML by libSBML, plain, gzip or bzip2: Level 3 with the package "Flux Balance Constraints" version 2 (Olivier &
/// Bergmann 2018, J. Integr. Bioinform. 15, 20170082; strict or not: what strictness promises is checked) or version 1,
/// and Level 2 or 3 without it, as the first genome-scale networks were given out (bounds and objective in kinetic
/// laws, formulas, charges and gene rules in notes: Schellenberger et al. 2010, BMC Bioinformatics 11, 213). Gives a
/// planet with one network:
/// - ids as COBRApy prints them (sbmlId); compartments keep theirs;
/// - fluxes in mmol gDW-1 h-1: the unit of the bounds is checked, not assumed, unless the file does not say it;
/// - the active objective, which may also minimise;
/// - gene rules as text, "(b0001 and b0002) or b0003"; subsystems from notes and from the groups package, which wins;
/// - a species with boundaryCondition is not balanced: it gets an unlimited exchange "EX_<id>", as in COBRApy.
/// What does not balance is listed. A model without any flux bound is refused, unless the user has them unlimited.
/// Errors name the element's id and its line.
Format sbmlFormat();
planet::Import importSbml(const std::filesystem::path& path, const ImportOptions& options);

}  // namespace ecumene::data::formats
