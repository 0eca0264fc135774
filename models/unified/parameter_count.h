// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/spec/model_spec.h"

namespace ecumene::models::unified {

/// Reactions and metabolites of the generator's vocabulary (dataset.md, "Networks"): what a model is counted with
/// before there is a store. A vocabulary of the train split has fewer.
inline constexpr std::int64_t kNominalReactions = 400, kNominalMetabolites = 300;

struct PartCount {
  std::string part;
  std::int64_t parameters = 0;
  std::string largest;  ///< the tensor with most values, its name in checkpoints
  std::int64_t largestValues = 0;
};

/// Parameters by part (README.md says where a tensor may hold more than 5 % of its part), in the words of train.parts:
/// language, climate, graph, spectrum, scalars, fusion, then coupling, which joins them (soft tokens, reasoning head,
/// contrast, archetype names). The model is built without memory (torch::kMeta).
std::vector<PartCount> countParameters(const spec::ModelSpec& spec, std::int64_t reactions = kNominalReactions,
                                       std::int64_t metabolites = kNominalMetabolites);

}  // namespace ecumene::models::unified
