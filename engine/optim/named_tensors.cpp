// SPDX-License-Identifier: Apache-2.0
#include "engine/optim/named_tensors.h"

#include <sstream>

#include "data/base/error.h"

namespace ecumene::engine::optim {
namespace {

std::string kindOf(const torch::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes() << ' ' << tensor.scalar_type();
  return text.str();
}

}  // namespace

void copyTensors(const NamedTensors& from, NamedTensors& to, std::string_view what) {
  const std::string whole(what);
  for (const auto& [name, tensor] : to) {
    const auto found = from.find(name);
    if (found == from.end()) {
      throw Error(whole + " lack a tensor").on(name).next("resume with the settings that the run began with");
    }
    if (found->second.sizes() != tensor.sizes() || found->second.scalar_type() != tensor.scalar_type()) {
      throw Error("a tensor of " + whole + " is of another kind")
          .on(name)
          .expected(kindOf(tensor))
          .found(kindOf(found->second));
    }
  }
  for (const auto& [name, tensor] : from) {
    if (!to.contains(name)) {
      throw Error(whole + " have a tensor too many").on(name).next("resume with the settings that the run began with");
    }
  }
  const torch::NoGradGuard noGradients;
  for (auto& [name, tensor] : to) tensor.copy_(from.at(name));
}

}  // namespace ecumene::engine::optim
