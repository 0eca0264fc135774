// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/hf/generation.h"
#include "engine/inspect/numbers.h"
#include "engine/inspect/opened_run.h"

namespace ecumene::engine::inspect {

struct Explanation {
  std::string text;  ///< what the model wrote: no statement of fact
  std::vector<CheckedNumber> numbers;
};
/// Text that the language part writes of the subject's first sample from its soft tokens alone, never from its text,
/// with its numbers checked against the scalars, the growth window and `prediction`, that of the same sample. Scalars
/// that are hidden are known all the same: the check is not the model's. As generateText() throws.
Explanation explain(OpenedRun& run, const Subject& subject, const report::Prediction& prediction,
                    const hf::Sampling& sampling);

}  // namespace ecumene::engine::inspect
