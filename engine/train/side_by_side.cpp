// SPDX-License-Identifier: Apache-2.0
#include "engine/train/side_by_side.h"

#include <ATen/Parallel.h>
#include <ATen/ThreadLocalState.h>

#include <algorithm>
#include <exception>
#include <thread>

namespace ecumene::engine::train {

std::size_t sideBySide(const config::TrainSpec& spec, const torch::Device& device) {
  return device.is_cpu() && spec.precision == "float32" ? static_cast<std::size_t>(spec.sideBySide) : 1;
}

void runSideBySide(std::size_t count, const config::TrainSpec& spec, std::size_t width,
                   const std::function<void(std::size_t)>& work) {
  if (width == 1) {
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  // A thread that Torch meets for the first time takes the number that was set last.
  torch::set_num_threads(std::max(1, static_cast<int>(spec.threads) / static_cast<int>(width)));
  const at::ThreadLocalState modes;
  std::vector<std::exception_ptr> failures(count);
  const auto guarded = [&](std::size_t i) {
    try {
      work(i);
    } catch (...) {
      failures[i] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < count; ++i) {
      threads.emplace_back([&, i] {
        const at::ThreadLocalStateGuard same(modes);
        guarded(i);
      });
    }
    if (count > 0) guarded(0);
  }
  torch::set_num_threads(static_cast<int>(spec.threads));
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

std::size_t readSome(Feed& feed, std::vector<data::batch::MultiModalBatch>& batches, std::size_t most) {
  std::size_t count = 0;
  while (count < std::min(batches.size(), most) && feed.next(batches[count])) ++count;
  return count;
}

}  // namespace ecumene::engine::train
