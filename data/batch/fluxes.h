// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "data/planet/planet.h"

namespace ecumene::data::batch {

/// Fluxes of the optimum by which a viability was judged, one for each reaction of the network, mmol gDW-1 h-1
/// (biomass: 1/h): of all optimal states one with the least sum of |v| (data/physics/flux). Keeps the first ones up to
/// a bound, by the content of the network in its environment, as NetworkGraphs does. Any thread.
class FluxTargets {
 public:
  explicit FluxTargets(std::size_t mostBytes) : mostBytes_(mostBytes) {}
  /// nullptr: not known, as nothing was judged, nothing grows, or air and star are not known.
  std::shared_ptr<const std::vector<float>> get(const planet::MetabolismCase& metabolism,
                                                const std::optional<planet::PlanetTruth>& truth);
  [[nodiscard]] std::size_t bytes() const;

 private:
  const std::size_t mostBytes_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, std::shared_ptr<const std::vector<float>>> fluxes_;
};

}  // namespace ecumene::data::batch
