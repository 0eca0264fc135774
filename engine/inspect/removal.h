// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/unified/unified.h"

/// Takes parts of one sample's input away, as if it had never had them. Batches of one sample; an empty list changes
/// nothing.
namespace ecumene::engine::inspect {

/// Coarse tokens of the climate part: all their patches are hidden, as for the reconstruction.
void removePatches(models::climate::ClimateInput& input, const models::climate::PatchGrid& grid,
                   const std::vector<std::int64_t>& tokens);
/// Nodes with their edges. Encodings and distances of the others stay those of the whole network. Without any node
/// there is no network.
void removeNodes(models::graph::GraphInput& input, const std::vector<std::int64_t>& nodes);
/// Patches of `points` bins.
void removeBins(models::spectrum::SpectrumInput& input, std::int64_t points, const std::vector<std::int64_t>& patches);
/// Pieces of the vocabulary wherever they stand: the text closes up. Without any piece there is no text.
void removePieces(models::language::LanguageInput& input, const std::vector<std::int64_t>& pieces);
void removeScalars(models::spectrum::ScalarInput& input, const std::vector<std::int64_t>& scalars);

}  // namespace ecumene::engine::inspect
