// SPDX-License-Identifier: Apache-2.0
#include "models/unified/parameter_count.h"

#include <algorithm>
#include <string_view>

#include "data/base/error.h"
#include "models/unified/unified.h"

namespace ecumene::models::unified {
namespace {

/// Modules of the model, and the part that each belongs to; parts in the order in which they are told.
struct Row {
  std::string_view module, part;
};
constexpr Row kRows[] = {
    {"language", "language"},     {"climate", "climate"},     {"graph", "graph"},
    {"spectrum", "spectrum"},     {"scalars", "scalars"},     {"fusion", "fusion"},
    {"climate_soft", "coupling"}, {"graph_soft", "coupling"}, {"spectrum_soft", "coupling"},
    {"scalar_soft", "coupling"},  {"reasoning", "coupling"},  {"contrast", "coupling"},
    {"archetype", "coupling"},    {"wide", "coupling"},
};

std::string_view partOf(const std::string& parameter) {
  const std::string_view module = std::string_view(parameter).substr(0, parameter.find('.'));
  for (const Row& row : kRows) {
    if (row.module == module) return row.part;
  }
  throw internalError("parameter " + parameter + " belongs to no part");
}

}  // namespace

std::vector<PartCount> countParameters(const spec::ModelSpec& spec, std::int64_t reactions, std::int64_t metabolites) {
  const torch::TensorOptions meta(torch::kMeta);
  const graph::ReactionVocabulary vocabulary{
      torch::empty({metabolites, reactions}, meta), torch::empty({metabolites, graph::kElements}, meta),
      torch::empty({reactions}, meta.dtype(torch::kBool)), torch::empty({reactions}, meta)};
  const UnifiedModel model(layers::Init(1, meta), spec, vocabulary);
  std::vector<PartCount> parts;
  for (const Row& row : kRows) {
    if (parts.empty() || parts.back().part != row.part) parts.push_back({std::string(row.part), 0, "", 0});
  }
  for (const auto& parameter : model.named_parameters()) {
    const std::string_view part = partOf(parameter.key());
    PartCount& count = *std::find_if(parts.begin(), parts.end(), [&](const PartCount& p) { return p.part == part; });
    const std::int64_t values = parameter->numel();
    count.parameters += values;
    if (values > count.largestValues) {
      count.largestValues = values;
      count.largest = parameter.key();
    }
  }
  return parts;
}

}  // namespace ecumene::models::unified
