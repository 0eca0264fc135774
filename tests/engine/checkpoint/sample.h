// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>

#include "engine/checkpoint/checkpoint.h"

namespace ecumene::test {

/// A small checkpoint, every value of which follows from its step.
inline engine::checkpoint::Checkpoint sampleCheckpoint(std::int64_t step, std::int64_t width = 6) {
  const auto value = static_cast<double>(step);
  engine::checkpoint::Checkpoint checkpoint;
  for (const std::string part : {"climate", "fusion", "language"}) {
    checkpoint.model[part + ".weight"] = torch::full({4, width}, value);
    checkpoint.optimiser["exp_avg/" + part + ".weight"] = torch::full({4, width}, -value);
    checkpoint.averaged[part + ".weight"] = torch::full({4, width}, value / 2.0, torch::kDouble);
  }
  checkpoint.optimiser["steps"] = torch::tensor(value);
  checkpoint.buffers["bank"] = torch::full({2, 3}, step, torch::kLong);
  checkpoint.progress = {
      step,        step / 10,  step % 10, 1.0 / value, step / 2, 3, {{"loss_scale", 65536.0}, {"spike", 0.1}},
      0.3 * value, "sequences"};
  checkpoint.attention = {"flash", "sliding, window 8 + 2 global"};
  checkpoint.runToml = "[train]\nseed = " + std::to_string(step) + "\n";
  return checkpoint;
}

/// True if both hold the same tensors, bit for bit, and the same progress.
inline bool same(const engine::checkpoint::Checkpoint& a, const engine::checkpoint::Checkpoint& b) {
  const auto sameTensors = [](const engine::checkpoint::Tensors& x, const engine::checkpoint::Tensors& y) {
    if (x.size() != y.size()) return false;
    for (const auto& [name, tensor] : x) {
      const auto other = y.find(name);
      if (other == y.end() || other->second.scalar_type() != tensor.scalar_type()) return false;
      if (!torch::equal(other->second, tensor)) return false;
    }
    return true;
  };
  return sameTensors(a.model, b.model) && sameTensors(a.optimiser, b.optimiser) &&
         sameTensors(a.averaged, b.averaged) && sameTensors(a.buffers, b.buffers) && a.progress == b.progress &&
         a.runToml == b.runToml && a.attention == b.attention;
}

}  // namespace ecumene::test
