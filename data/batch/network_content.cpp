// SPDX-License-Identifier: Apache-2.0
#include "data/batch/network_content.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "data/base/hash.h"

namespace ecumene::data::batch {

std::string contentOf(const planet::MetabolicNetwork& network) {
  std::vector<std::byte> bytes;
  const auto raw = [&](const void* from, std::size_t count) {
    const auto* first = static_cast<const std::byte*>(from);
    bytes.insert(bytes.end(), first, first + count);
  };
  const auto number = [&](double value) { raw(&value, sizeof value); };
  const auto optional = [&](const std::optional<double>& value) {
    number(value ? 1.0 : 0.0);
    number(value.value_or(0.0));
  };
  const auto text = [&](const std::string& value) {
    number(static_cast<double>(value.size()));
    raw(value.data(), value.size());
  };
  number(network.maximise ? 1.0 : 0.0);
  number(static_cast<double>(network.metabolites.size()));
  for (const planet::Metabolite& m : network.metabolites) {
    text(m.id);
    text(m.formula);
    text(m.compartment);
    optional(m.charge);
    optional(m.formationEnergyKJ);
  }
  for (const planet::Reaction& r : network.reactions) {
    number(r.lowerBound);
    number(r.upperBound);
    number(r.objective);
    optional(r.energyKJ);
    number(static_cast<double>(r.stoichiometry.size()));
    for (const auto& [m, coefficient] : r.stoichiometry) {
      number(static_cast<double>(m));
      number(coefficient);
    }
  }
  return sha256(bytes);
}

}  // namespace ecumene::data::batch
