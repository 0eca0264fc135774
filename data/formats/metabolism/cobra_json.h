// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// Metabolic networks as COBRApy's and BiGG's JSON (the members metabolites, reactions, genes, compartments of one
/// object), plain, gzip or bzip2. Ids as in the file; the objective is maximised, which is all that the format can say;
/// bounds may be the words "inf" and "-inf"; fluxes are taken as mmol gDW-1 h-1, for the format names no unit. Gives a
/// planet with one network. Errors name the element: "reactions[3] (PGI)".
Format cobraJsonFormat();

}  // namespace ecumene::data::formats
