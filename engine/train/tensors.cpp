// SPDX-License-Identifier: Apache-2.0
#include "engine/train/tensors.h"

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "data/base/error.h"
#include "data/base/random.h"

namespace ecumene::engine::train {
namespace {

using data::batch::MultiModalBatch;

/// Views of a batch's memory, on a device.
class Views {
 public:
  explicit Views(const torch::Device& device) : device_(device) {}

  torch::Tensor operator()(const std::vector<float>& values, torch::IntArrayRef shape) const {
    return view(values.data(), values.size(), shape, torch::kFloat32);
  }
  torch::Tensor operator()(const std::vector<std::int64_t>& values, torch::IntArrayRef shape) const {
    return view(values.data(), values.size(), shape, torch::kInt64);
  }
  /// Bytes that are 0 or 1, as bool.
  torch::Tensor operator()(const std::vector<unsigned char>& values, torch::IntArrayRef shape) const {
    return view(values.data(), values.size(), shape, torch::kBool);
  }
  torch::Tensor bytes(const std::vector<std::uint8_t>& values, torch::IntArrayRef shape) const {
    return view(values.data(), values.size(), shape, torch::kUInt8);
  }

 private:
  template <class T>
  torch::Tensor view(const T* data, std::size_t count, torch::IntArrayRef shape, torch::ScalarType type) const {
    const std::int64_t expected = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    if (expected != static_cast<std::int64_t>(count)) throw internalError("a batch's array has another size");
    // Torch has no tensor of const memory; nothing in models/ writes to its input.
    return torch::from_blob(const_cast<T*>(data), shape, type).to(device_);
  }

  torch::Device device_;
};

std::int64_t whole(std::size_t value) {
  return static_cast<std::int64_t>(value);
}

torch::Tensor floats(const std::vector<float>& values, const torch::Device& device) {
  return torch::tensor(values, torch::kFloat32).to(device);
}

models::graph::GraphInput graphs(const MultiModalBatch& batch, const torch::Tensor& keep_B, const Views& view) {
  const MultiModalBatch::Graphs& g = batch.graphs;
  const std::int64_t size = whole(batch.size), nodes = whole(g.kind.size()), edges = whole(g.edgeSource.size());
  models::graph::GraphInput graph;
  graph.nodes_NF = view(g.nodes, {nodes, whole(data::batch::kNodeFeatures)});
  graph.edgeIndex_2E = torch::stack({view(g.edgeSource, {edges}), view(g.edgeTarget, {edges})});
  graph.coefficient_E = view(g.coefficient, {edges});
  graph.laplacian_NK = view(g.laplacian, {nodes, whole(data::batch::kEncodings)});
  graph.degree_N = view(g.degree, {nodes});
  graph.randomWalk_NK = view(g.randomWalk, {nodes, whole(data::batch::kEncodings)});
  graph.kind_N = view(g.kind, {nodes});
  graph.vocabularyRow_N = view(g.vocabularyRow, {nodes});
  graph.first = g.first;
  for (std::size_t b = 0; b < batch.size; ++b) {
    const std::int64_t own = g.first[b + 1] - g.first[b];
    graph.distance.push_back(view.bytes(g.distance[b], {own, own}));
  }
  graph.archetype_B = view(g.archetype, {size});
  graph.keep_B = keep_B;
  graph.reactions_BR = view(g.reactions, {size, batch.size == 0 ? 0 : whole(g.reactions.size()) / size});
  graph.flux_N = view(g.flux, {nodes});
  graph.fluxKnown_N = view(g.fluxKnown, {nodes});
  return graph;
}

}  // namespace

models::unified::UnifiedInput toTensors(const MultiModalBatch& batch, const torch::Device& device) {
  const Views view(device);
  const std::int64_t size = whole(batch.size), epochs = whole(batch.epochs), text = whole(batch.textLength);
  const data::planet::Grid& grid = data::planet::canonicalGrid();
  const std::int64_t latitudes = whole(grid.latitudeDeg.size()), longitudes = whole(grid.longitudeDeg.size()),
                     levels = whole(grid.sigma.size());
  const std::int64_t months = models::climate::kMonths, points = whole(data::planet::kModelPoints),
                     scalars = whole(data::planet::kScalarCount);
  const torch::Tensor present_BM = view(batch.viewPresent, {size, MultiModalBatch::kViews});
  const auto keep = [&](MultiModalBatch::View which) { return present_BM.select(1, which).clone(); };

  models::unified::UnifiedInput input;
  const std::int64_t cubes = whole(batch.variablePresent.size()) / whole(data::planet::kVariableCount);
  input.climate.cube_B = view(batch.cube, {size});
  input.climate.levels_BVEMYXL =
      view(batch.levels, {cubes, whole(data::batch::kLevelVariables), epochs, months, latitudes, longitudes, levels});
  input.climate.surface_BSEMYX =
      view(batch.surface, {cubes, whole(data::batch::kSurfaceVariables), epochs, months, latitudes, longitudes});
  input.climate.present_BW = view(batch.variablePresent, {cubes, whole(data::planet::kVariableCount)});
  input.climate.keep_B = keep(MultiModalBatch::kClimate);
  input.climate.latitudeDeg_Y = view(batch.latitudeDeg, {latitudes});
  input.climate.latitudeWeight_Y = view(batch.latitudeWeight, {latitudes});
  input.climate.sigma_L = floats({grid.sigma.begin(), grid.sigma.end()}, device);
  input.graph = graphs(batch, keep(MultiModalBatch::kGraph), view);
  input.spectrum.values_BPK = view(batch.spectra, {size, points, 3});
  input.spectrum.present_BP = view(batch.binPresent, {size, points});
  input.spectrum.keep_B = keep(MultiModalBatch::kSpectrum);
  input.scalars.values_BN = view(batch.planetParams, {size, scalars});
  input.scalars.present_BN = view(batch.paramPresent, {size, scalars});
  input.text.ids_BT = view(batch.inputIds, {size, text});
  input.text.keep_BT = view(batch.attentionMask, {size, text});
  input.text.labels_BT = view(batch.labels, {size, text});
  input.targets.regime_B = view(batch.regime, {size});
  input.targets.habitable_B = view(batch.habitable, {size});
  input.targets.viable_B = view(batch.viable, {size});
  input.targets.fHab_B = view(batch.fHab, {size});
  input.targets.h050_B = view(batch.h050, {size});
  // The batch numbers its planets from zero; the model compares planets of different batches.
  std::vector<std::int64_t> planets;
  for (const std::string& id : batch.planetIds) planets.push_back(static_cast<std::int64_t>(stableHash(id) >> 1U));
  input.planet_B = torch::tensor(planets, torch::kInt64).to(device);
  return input;
}

models::graph::ReactionVocabulary toTensors(const data::batch::ReactionVocabulary& vocabulary,
                                            const torch::Device& device) {
  const std::int64_t metabolites = whole(vocabulary.metabolites().size()), rows = whole(vocabulary.size());
  std::vector<std::int64_t> metabolite, row;
  std::vector<float> coefficient, energy;
  std::vector<std::uint8_t> reversible;
  for (std::size_t r = 0; r < vocabulary.size(); ++r) {
    const data::batch::ReactionVocabulary::Row& reaction = vocabulary.rows()[r];
    for (const auto& [index, value] : reaction.stoichiometry) {
      metabolite.push_back(whole(index));
      row.push_back(whole(r));
      coefficient.push_back(static_cast<float>(value));
    }
    reversible.push_back(reaction.reversible ? 1 : 0);
    energy.push_back(reaction.energyKJ ? static_cast<float>(*reaction.energyKJ)
                                       : std::numeric_limits<float>::quiet_NaN());
  }
  models::graph::ReactionVocabulary tensors;
  tensors.stoichiometry_MR =
      torch::sparse_coo_tensor(
          torch::stack({torch::tensor(metabolite, torch::kInt64), torch::tensor(row, torch::kInt64)}),
          torch::tensor(coefficient, torch::kFloat32), {metabolites, rows})
          .coalesce()
          .to(device);
  tensors.elements_MK = floats(vocabulary.elements(), device).reshape({metabolites, whole(data::batch::kElements)});
  tensors.reversible_R = torch::tensor(reversible, torch::kUInt8).to(torch::kBool).to(device);
  tensors.energy_R = floats(energy, device);
  return tensors;
}

models::climate::ClimateScale climateScale(const data::store::Statistics& statistics, const torch::Device& device) {
  std::vector<float> mean, deviation;
  for (const data::store::Moments& moments : statistics.variables) {
    mean.push_back(static_cast<float>(moments.mean));
    deviation.push_back(static_cast<float>(moments.deviation));
  }
  return {floats(mean, device), floats(deviation, device)};
}

torch::Tensor plain(const torch::Tensor& tensor) {
  return tensor.detach().to(torch::kCPU, torch::kFloat64).contiguous();
}

}  // namespace ecumene::engine::train
