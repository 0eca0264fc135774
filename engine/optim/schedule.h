// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/config/run_spec.h"

namespace ecumene::engine::optim {

/// Learning rate of step 0..totalSteps - 1: a function of the step alone. It rises linearly over the first warmUpShare
/// of the steps, then follows the schedule towards finalShare of its peak: constant (stays), cosine (Loshchilov &
/// Hutter 2017, arXiv 1608.03983), restarts (cosine in `restarts` equal cycles). onecycle (Smith & Topin 2018, arXiv
/// 1708.07120, with PyTorch's numbers) reads neither share: cosine from a 25th up to the peak over the first 30 % of
/// the steps, then down to a 10,000th of where it began. Throws Error at a name that is none of these.
double learningRate(const config::TrainSpec& spec, std::int64_t step, std::int64_t totalSteps);

}  // namespace ecumene::engine::optim
