// SPDX-License-Identifier: Apache-2.0
#include "models/layers/checkpointed.h"

#include <ATen/autocast_mode.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "models/layers/dropout.h"

namespace ecumene::models::layers {
namespace {

using Tensors = std::vector<torch::Tensor>;
using Forward = std::function<torch::Tensor(const Tensors&)>;

torch::Tensor generatorState(at::Generator generator) {
  const std::scoped_lock lock(generator.mutex());
  return generator.get_state();
}

/// Takes what a forward pass depends on beside its tensors; put() brings it about again.
class Surroundings {
 public:
  explicit Surroundings(torch::Device device)
      : generator_(dropoutGenerator(device)),
        random_(generatorState(generator_)),
        device_(device.type()),
        autocast_(at::autocast::is_autocast_enabled(device_)),
        autocastType_(at::autocast::get_autocast_dtype(device_)) {}

  void put() const {
    at::autocast::set_autocast_enabled(device_, autocast_);
    at::autocast::set_autocast_dtype(device_, autocastType_);
    at::Generator generator = generator_;
    const std::scoped_lock lock(generator.mutex());
    generator.set_state(random_);
  }

 private:
  at::Generator generator_;
  torch::Tensor random_;
  c10::DeviceType device_;
  bool autocast_;
  c10::ScalarType autocastType_;
};

/// What the backward pass needs beside the saved tensors.
struct Replay : torch::CustomClassHolder {
  Replay(Forward pass, std::size_t given, torch::Device device)
      : forward(std::move(pass)), inputs(given), surroundings(device) {}
  Forward forward;
  std::size_t inputs;  ///< of the saved tensors the first ones; the others are parameters
  Surroundings surroundings;
};

struct Function : torch::autograd::Function<Function> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, at::TensorList tensors,
                               const c10::intrusive_ptr<Replay>& replay) {
    context->save_for_backward(tensors.vec());
    context->saved_data["replay"] = c10::IValue::make_capsule(replay);
    return replay->forward(tensors.slice(0, replay->inputs).vec());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& outputGradients) {
    const auto saved = context->get_saved_variables();
    const auto replay = c10::static_intrusive_pointer_cast<Replay>(context->saved_data["replay"].toCapsule());
    const Surroundings now(saved[0].device());
    // Cut off from what they were made of, and so from each other.
    Tensors inputs;
    for (std::size_t i = 0; i < replay->inputs; ++i) {
      inputs.push_back(saved[i].detach().requires_grad_(saved[i].requires_grad()));
    }
    torch::Tensor y;
    {
      const torch::AutoGradMode withGradients(true);
      // Casts kept from here would outlive the step and miss its update; those kept from the forward pass have no
      // graph.
      const bool keptCasts = at::autocast::is_autocast_cache_enabled();
      const auto restore = [&] {
        now.put();
        at::autocast::set_autocast_cache_enabled(keptCasts);
      };
      at::autocast::set_autocast_cache_enabled(false);
      replay->surroundings.put();
      try {
        RECORD_USER_SCOPE(kRecomputed);
        y = replay->forward(inputs);
      } catch (...) {
        restore();
        throw;
      }
      restore();
    }
    torch::autograd::variable_list wanted;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < saved.size(); ++i) {
      if (!saved[i].requires_grad()) continue;
      wanted.push_back(i < inputs.size() ? inputs[i] : saved[i]);
      places.push_back(i);
    }
    const auto gradients = torch::autograd::grad({y}, wanted, outputGradients, false, false, true);
    // One for each input, the replay being the last.
    torch::autograd::variable_list result(saved.size() + 1);
    for (std::size_t i = 0; i < places.size(); ++i) result[places[i]] = gradients[i];
    return result;
  }
};

}  // namespace

torch::Tensor checkpointed(const Forward& forward, const Tensors& inputs, const Tensors& parameters) {
  Tensors all = inputs;
  all.insert(all.end(), parameters.begin(), parameters.end());
  const bool wanted = std::ranges::any_of(all, [](const torch::Tensor& tensor) { return tensor.requires_grad(); });
  if (!wanted || !torch::GradMode::is_enabled()) return forward(inputs);
  return Function::apply(at::TensorList(all),
                         c10::make_intrusive<Replay>(forward, inputs.size(), inputs.front().device()));
}

}  // namespace ecumene::models::layers
