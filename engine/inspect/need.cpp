// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/need.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>

#include "data/base/kernel_file.h"
#include "data/planet/network.h"
#include "data/planet/scalars.h"
#include "data/planet/spectrum.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/train/best_checkpoint.h"
#include "models/climate/patches.h"

namespace ecumene::engine::inspect {
namespace {

constexpr std::int64_t kWordBytes = 4;
/// What one layer of a transformer keeps of a token for its backward pass, in widths: two norms, queries, keys, values,
/// what they read, its projection and two sums, each beside its gradient; and in widths of its inner layer: gate,
/// value, their product and one gradient.
constexpr std::int64_t kWidths = 16, kInnerWidths = 4;
/// Of the planet's cube with all levels, which its metabolisms share: as it was read, as it is normalised, its patches,
/// and a gradient of each of the last two.
constexpr std::int64_t kCubeCopies = 5;
constexpr std::int64_t kCompartments = 4;
/// A question about a planet as a whole is about all of its metabolisms.
constexpr auto kMetabolisms = static_cast<std::int64_t>(data::planet::kArchetypeCount);

/// What Torch touches of its libraries, and oneDNN allocates, when they first compute: 80 to 200 MB measured.
constexpr std::int64_t kFirstUse = std::int64_t{192} << 20U;

struct Stack {
  std::int64_t tokens = 0, width = 0, inner = 0, layers = 0, heads = 0;
  std::int64_t read = 0;  ///< tokens that each token may read
};

/// Floats. A question without gradients keeps one layer at a time, but of every metabolism of a planet.
std::int64_t activationsOf(const Stack& stack) {
  const std::int64_t layer =
      stack.tokens * (kWidths * stack.width + kInnerWidths * stack.inner) + 2 * stack.heads * stack.tokens * stack.read;
  return layer * std::max(stack.layers, kMetabolisms);
}

std::int64_t tensorBytes(const checkpoint::Manifest& manifest, const std::string& group) {
  const auto found = manifest.tensors.find(group);
  if (found == manifest.tensors.end()) return 0;
  std::int64_t values = 0;
  for (const auto& [name, entry] : found->second) {
    values += std::accumulate(entry.shape.begin(), entry.shape.end(), std::int64_t{1}, std::multiplies<>());
  }
  return values * kWordBytes;
}

std::int64_t activationFloats(const config::RunSpec& spec, const data::batch::TrainingContent& content) {
  const models::spec::ModelSpec& m = spec.model;
  namespace climate = models::climate;
  const std::int64_t fine = (climate::kMonths / m.climate.patchMonths) *
                            (climate::kLatitudes / m.climate.patchLatitude) *
                            (climate::kLongitudes / m.climate.patchLongitude);
  const std::int64_t coarse = fine / 8;
  const auto nodes =
      static_cast<std::int64_t>(content.vocabulary->size() + content.vocabulary->metabolites().size()) + kCompartments;
  constexpr std::int64_t kKinds = 4;
  constexpr auto kPoints = static_cast<std::int64_t>(data::planet::kModelPoints);
  constexpr auto kScalars = static_cast<std::int64_t>(data::planet::kScalarCount);
  const std::int64_t bins = kPoints / m.spectrum.patchPoints;
  const std::int64_t text = spec.data.textLength + 4 * m.language.softTokens;
  const std::int64_t all = coarse + kKinds * m.graph.tokens + bins + spec.data.textLength + kScalars;
  std::int64_t floats =
      kCubeCopies * climate::kMonths * climate::kLatitudes * climate::kLongitudes * climate::kCellValues;
  const std::int64_t window = std::min<std::int64_t>(fine, 64);
  for (const Stack& stack :
       {Stack{fine, m.climate.width, 4 * m.climate.width, m.climate.localBlocks, m.climate.heads, window},
        Stack{coarse, m.climate.width, 4 * m.climate.width, m.climate.globalBlocks, m.climate.heads, coarse},
        Stack{nodes, m.graph.width, 8 * m.graph.width / 3, m.graph.layers, m.graph.heads, nodes},
        Stack{bins, m.spectrum.width, 4 * m.spectrum.width, m.spectrum.blocks, m.spectrum.heads, bins},
        Stack{text, m.language.heads * m.language.headWidth, m.language.intermediate, m.language.layers,
              m.language.heads, text},
        Stack{m.fusion.queries, m.fusion.width, 4 * m.fusion.width, m.fusion.layers, m.fusion.heads, all}}) {
    floats += activationsOf(stack);
  }
  // Logits and their softmax; and what a text that is written keeps of its keys and values.
  floats += 2 * kMetabolisms * spec.data.textLength * m.language.vocabulary;
  floats += 2 * m.language.layers * (m.language.contextLength + text) * m.language.keyValueHeads * m.language.headWidth;
  return floats;
}

}  // namespace

std::int64_t Need::bytes() const {
  return program + weights + std::max(loading, activations);
}

Need needOf(const run::RunDirectory& run, const config::RunSpec& spec, const data::batch::TrainingContent& content) {
  const checkpoint::Manifest manifest = checkpoint::readManifest(train::lastCheckpoint(run));
  Need need;
  need.program = kernelBytes("/proc/self/status", "VmRSS").value_or(0) + kFirstUse;
  need.weights = tensorBytes(manifest, "model") + tensorBytes(manifest, "buffers");
  need.loading = need.weights + tensorBytes(manifest, "averaged");
  need.activations = kWordBytes * activationFloats(spec, content);
  return need;
}

}  // namespace ecumene::engine::inspect
