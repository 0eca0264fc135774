// SPDX-License-Identifier: Apache-2.0
// bench_train FOLDER BATCH LENGTH: training steps of the language part for `tools/bench train`, one thread. FOLDER is a
// checkpoint of the Llama family. For each number on standard input so many steps are made; a line of JSON tells the
// seconds of each and the losses. Step s learns the tokens (7 i + i^2 / 3 + s) mod vocabulary. At the end of the input
// the peak of memory in MB is printed.
#include <sys/resource.h>
#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/base/kernel_file.h"
#include "engine/hf/folder.h"
#include "engine/optim/optimiser.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine;
using Clock = std::chrono::steady_clock;

constexpr double kLearningRate = 1e-3;

torch::Tensor tokens(std::int64_t step, std::int64_t batch, std::int64_t length, std::int64_t vocabulary) {
  const torch::Tensor i = torch::arange(batch * length, torch::kInt64);
  return (i * 7 + torch::floor_divide(i * i, 3) + step).remainder(vocabulary).view({batch, length});
}

std::string joined(const std::vector<double>& numbers) {
  std::string text;
  for (const double number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return text;
}

void bench(const char* folder, std::int64_t batch, std::int64_t length) {
  torch::set_num_threads(1);
  const auto model = hf::loadFolder(folder).model;
  model->train();
  optim::Group group;
  for (const auto& parameter : model->named_parameters())
    group.parameters.emplace_back(parameter.key(), parameter.value());
  group.weightDecay = 0.01;
  config::TrainSpec spec;
  spec.optimiser = "adamw";
  spec.beta1 = 0.9;
  spec.beta2 = 0.999;
  const auto optimiser = optim::makeOptimiser(spec, {group});
  const double loaded = static_cast<double>(kernelBytes("/proc/self/status", "VmRSS").value_or(0)) / 1048576.0;
  std::int64_t step = 0;
  for (std::int64_t count = 0; std::cin >> count;) {
    std::vector<double> seconds, losses;
    for (std::int64_t i = 0; i < count; ++i, ++step) {
      models::language::LanguageInput input;
      input.ids_BT = tokens(step, batch, length, model->spec().vocabulary);
      input.keep_BT = torch::ones_like(input.ids_BT, torch::kBool);
      input.labels_BT = input.ids_BT;
      const Clock::time_point start = Clock::now();
      optimiser->zeroGradients();
      const torch::Tensor loss = languageLoss(*model, input, model->forward(input)).loss;
      loss.backward();
      optimiser->step(kLearningRate);
      losses.push_back(loss.item<double>());
      seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    }
    std::printf("{\"seconds\": [%s], \"losses\": [%s]}\n", joined(seconds).c_str(), joined(losses).c_str());
    std::fflush(stdout);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("[%.1f, %.1f]\n", static_cast<double>(usage.ru_maxrss) / 1024.0, loaded);
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fputs("usage: bench_train FOLDER BATCH LENGTH < COUNTS\n", stderr);
    return 2;
  }
  try {
    bench(words[1], std::strtoll(words[2], nullptr, 10), std::strtoll(words[3], nullptr, 10));
  } catch (const Error& error) {
    std::fprintf(stderr, "bench_train: %s\n", error.what());
    return 1;
  }
  return 0;
}
