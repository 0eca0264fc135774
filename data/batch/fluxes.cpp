// SPDX-License-Identifier: Apache-2.0
#include "data/batch/fluxes.h"

#include "data/batch/network_content.h"
#include "data/physics/flux/flux_balance.h"
#include "data/physics/metabolism/viability.h"

namespace ecumene::data::batch {

std::shared_ptr<const std::vector<float>> FluxTargets::get(const planet::MetabolismCase& metabolism,
                                                           const std::optional<planet::PlanetTruth>& truth) {
  if (!truth || !metabolism.viability || !metabolism.viability->optimal) return nullptr;
  const physics::metabolism::Environment environment =
      physics::metabolism::environmentOf(*metabolism.viability, *truth);
  // Without maintenance the network was judged by nobody whose bounds are known here.
  if (!environment.habitable() || !metabolism.metabolism.network.reactionIndex("ATPM")) return nullptr;
  const planet::MetabolicNetwork network = physics::metabolism::inEnvironment(metabolism.metabolism, environment);
  const std::string key = contentOf(network);
  {
    const std::lock_guard lock(mutex_);
    const auto found = fluxes_.find(key);
    if (found != fluxes_.end()) return found->second;
  }
  const physics::flux::Solution solution = physics::flux::solveParsimonious(network);
  if (solution.status != physics::flux::Status::kOptimal) return nullptr;
  auto made = std::make_shared<const std::vector<float>>(solution.fluxes.begin(), solution.fluxes.end());
  const std::size_t size = made->size() * sizeof(float) + key.size();
  const std::lock_guard lock(mutex_);
  if (bytes_ + size <= mostBytes_ && fluxes_.emplace(key, made).second) bytes_ += size;
  return made;
}

std::size_t FluxTargets::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace ecumene::data::batch
