// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/config/run_spec.h"
#include "models/unified/unified.h"

/// What a step draws for its samples. Every number is a function of (seed, step, sample id) alone: not of the batch
/// that a sample is in, the number of threads or the draws of others.
namespace ecumene::engine::train {

/// Which samples a view is hidden from; [B] bool each, in the order of fusion::View.
using Hidden = std::array<torch::Tensor, models::fusion::kViewCount>;

/// Takes views away from samples: what is hidden counts as absent, and a hidden text is not scored.
void hide(models::unified::UnifiedInput& input, const Hidden& hidden);
/// Leaves the views of `subset` (bits of report::View) to every sample, as far as it has them.
void keepOnly(models::unified::UnifiedInput& input, unsigned subset);

/// Draws for a training step: views hidden as often as train.hide says; patches of the cubes of half of the planets
/// hidden for the reconstruction (train.masked_share of them), for all samples of a planet the same; noise of the
/// networks' latents; an error on each scalar (data.scalar_error). Sample ids are "<planet>/<archetype>".
void drawForTraining(models::unified::UnifiedInput& input, const std::vector<std::string>& sampleIds,
                     const config::RunSpec& spec, std::int64_t step);

/// Hides the cubes of half of the samples, the same ones in every evaluation: the score that a run is judged by must
/// not be one that is read off the cube alone. Gives [B] bool: hidden.
torch::Tensor hideClimateOfHalf(models::unified::UnifiedInput& input, const std::vector<std::string>& sampleIds);

}  // namespace ecumene::engine::train
