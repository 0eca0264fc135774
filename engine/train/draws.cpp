// SPDX-License-Identifier: Apache-2.0
#include "engine/train/draws.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "data/base/random.h"
#include "models/climate/patches.h"
#include "models/language/language.h"

namespace ecumene::engine::train {
namespace {

using models::unified::UnifiedInput;

Random random(std::int64_t seed, const char* purpose, const std::string& sample, std::int64_t step) {
  return {static_cast<std::uint64_t>(seed), std::string(purpose) + "/" + sample, static_cast<std::uint64_t>(step)};
}

/// `count` of `patches` different patches, as a mask appended to `mask`.
void drawPatches(Random& numbers, std::int64_t patches, std::int64_t count, bool* mask) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(patches));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::int64_t i = 0; i < count; ++i) {
    const auto other = i + static_cast<std::int64_t>(numbers.below(static_cast<std::uint32_t>(patches - i)));
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(other)]);
    mask[order[static_cast<std::size_t>(i)]] = true;
  }
}

torch::Tensor hiddenPatches(const UnifiedInput& input, const std::vector<std::string>& ids, const config::RunSpec& spec,
                            std::int64_t step) {
  const models::climate::PatchGrid grid(spec.model.climate);
  const std::int64_t patches = grid.patches(input.climate.levels_BVEMYXL.size(2));
  const auto count = static_cast<std::int64_t>(std::llround(spec.train.maskedShare * static_cast<double>(patches)));
  const torch::Tensor hidden_BP = torch::zeros({input.climate.levels_BVEMYXL.size(0), patches}, torch::kBool);
  // Samples that share a cube draw the same, as their planet is the same.
  const torch::Tensor& shared = input.climate.cube_B;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto b = static_cast<std::int64_t>(i);
    const std::int64_t cube = shared.defined() ? shared[b].item<std::int64_t>() : b;
    Random numbers = random(spec.train.seed, "patches", ids[i].substr(0, ids[i].rfind('/')), step);
    if (numbers.chance(0.5)) drawPatches(numbers, patches, count, hidden_BP.data_ptr<bool>() + cube * patches);
  }
  return hidden_BP;
}

torch::Tensor latentNoise(const std::vector<std::string>& ids, const config::RunSpec& spec, std::int64_t step) {
  const auto size = static_cast<std::int64_t>(ids.size());
  const std::int64_t width = spec.model.graph.latentWidth;
  const torch::Tensor noise_BZ = torch::empty({size, width});
  float* value = noise_BZ.data_ptr<float>();
  for (const std::string& id : ids) {
    Random numbers = random(spec.train.seed, "latent", id, step);
    for (std::int64_t z = 0; z < width; ++z) *value++ = static_cast<float>(numbers.normal());
  }
  return noise_BZ;
}

/// Values measured once more. Ten numbers that are always the same name their planet, whose labels are then remembered.
torch::Tensor measuredAgain(const models::spectrum::ScalarInput& scalars, const std::vector<std::string>& ids,
                            const config::RunSpec& spec, std::int64_t step) {
  const torch::Tensor& values_BN = scalars.values_BN;
  torch::Tensor error_BN = torch::empty(values_BN.sizes());
  float* value = error_BN.data_ptr<float>();
  for (const std::string& id : ids) {
    Random numbers = random(spec.train.seed, "scalars", id, step);
    for (std::int64_t n = 0; n < values_BN.size(1); ++n) {
      *value++ = static_cast<float>(spec.data.scalarError * numbers.normal());
    }
  }
  return torch::where(scalars.present_BN, values_BN + error_BN.to(values_BN.device()), values_BN);
}

Hidden hiddenViews(const std::vector<std::string>& ids, const config::TrainSpec& spec, std::int64_t step) {
  Hidden hidden;
  for (torch::Tensor& view : hidden) view = torch::zeros({static_cast<std::int64_t>(ids.size())}, torch::kBool);
  const config::HideSpec& often = spec.hide;
  for (std::size_t b = 0; b < ids.size(); ++b) {
    Random numbers = random(spec.seed, "hide", ids[b], step);
    // In the order of fusion::View; every view takes its number, so that one option never moves another's draws.
    const double chances[] = {often.climate, often.graph, often.spectrum, often.text, often.scalars};
    for (std::size_t view = 0; view < hidden.size(); ++view) {
      hidden[view].data_ptr<bool>()[b] = numbers.chance(chances[view]);
    }
  }
  return hidden;
}

}  // namespace

void hide(UnifiedInput& input, const Hidden& hidden) {
  const auto shown = [&](models::fusion::View view) { return hidden[view].logical_not().to(input.planet_B.device()); };
  input.climate.keep_B = input.climate.keep_B & shown(models::fusion::kClimate);
  input.graph.keep_B = input.graph.keep_B & shown(models::fusion::kGraph);
  input.spectrum.keep_B = input.spectrum.keep_B & shown(models::fusion::kSpectrum);
  const torch::Tensor text_B1 = shown(models::fusion::kText).unsqueeze(1);
  input.text.keep_BT = input.text.keep_BT & text_B1;
  input.text.labels_BT = input.text.labels_BT.masked_fill(text_B1.logical_not(), models::language::kNotScored);
  input.scalars.present_BN = input.scalars.present_BN & shown(models::fusion::kScalars).unsqueeze(1);
}

void keepOnly(UnifiedInput& input, unsigned subset) {
  Hidden hidden;
  for (std::size_t view = 0; view < hidden.size(); ++view) {
    hidden[view] = torch::full({input.planet_B.size(0)}, (subset >> view & 1U) == 0, torch::kBool);
  }
  hide(input, hidden);
}

void drawForTraining(UnifiedInput& input, const std::vector<std::string>& sampleIds, const config::RunSpec& spec,
                     std::int64_t step) {
  const torch::Device device = input.planet_B.device();
  hide(input, hiddenViews(sampleIds, spec.train, step));
  if (spec.train.maskedShare > 0.0) input.climate.hidden_BP = hiddenPatches(input, sampleIds, spec, step).to(device);
  input.scalars.values_BN = measuredAgain(input.scalars, sampleIds, spec, step);
  input.graph.noise_BZ = latentNoise(sampleIds, spec, step).to(device);
}

torch::Tensor hideClimateOfHalf(UnifiedInput& input, const std::vector<std::string>& sampleIds) {
  Hidden hidden;
  for (torch::Tensor& view : hidden) view = torch::zeros({static_cast<std::int64_t>(sampleIds.size())}, torch::kBool);
  for (std::size_t b = 0; b < sampleIds.size(); ++b) {
    hidden[models::fusion::kClimate].data_ptr<bool>()[b] = Random(0, "evaluation/" + sampleIds[b]).chance(0.5);
  }
  hide(input, hidden);
  return hidden[models::fusion::kClimate];
}

}  // namespace ecumene::engine::train
