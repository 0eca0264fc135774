// SPDX-License-Identifier: Apache-2.0
// bench_attention KIND LENGTH forward|train: one layer of attention (width 128, 2 heads of 64) over one sequence, for
// `tools/bench attention`. KIND: a kind of models/spec/attention_kind.h, or linformer (not causal). Prints one line of
// JSON: seconds of a pass (the quickest of 3; of one where it takes longer than 2 s) and the memory that it needed
// beyond what was there before.
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "data/base/error.h"
#include "models/language/decoder_layer.h"
#include "models/layers/linformer.h"

namespace {

using namespace ecumene::models;
using Clock = std::chrono::steady_clock;
using Pass = std::function<torch::Tensor(const torch::Tensor&)>;

constexpr std::int64_t kWidth = 128, kHeads = 2, kWindow = 1024, kGlobals = 64, kMixtures = 256;

/// A number of kB from /proc/self/status.
std::int64_t kilobytes(std::string_view key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::strtoll(line.c_str() + key.size() + 1, nullptr, 10);
  }
  return 0;
}

spec::LanguageSpec specOf(const std::string& kind) {
  spec::LanguageSpec spec;
  spec.width = kWidth;
  spec.heads = kHeads;
  spec.keyValueHeads = kHeads;
  spec.headWidth = kWidth / kHeads;
  spec.layers = 1;
  spec.attention = kind;
  if (kind == "sliding") {
    spec.slidingWindow = kWindow;
    spec.globalTokens = kGlobals;
  }
  return spec;
}

Pass passOf(const std::string& kind, std::int64_t length) {
  const layers::Init init(1);
  if (kind == "linformer") {
    const auto layer = std::make_shared<layers::Linformer>(init, kWidth, kHeads, length, kMixtures);
    return [layer](const torch::Tensor& x) { return layer->forward(x, {}); };
  }
  const spec::LanguageSpec spec = specOf(kind);
  const spec::LayerAttention layer = spec::layerAttention(spec).front();
  if (layer.kind == spec::AttentionKind::kMamba) {
    const auto mamba = std::make_shared<layers::Mamba>(init, kWidth);
    return [mamba](const torch::Tensor& x) { return mamba->forward(x, {}); };
  }
  const auto attention = std::make_shared<language::SelfAttention>(init, spec, layer);
  language::Sequence sequence;
  sequence.angles = language::Rope(spec).angles(length, torch::kFloat32);
  return [attention, sequence](const torch::Tensor& x) { return attention->forward(x, sequence, nullptr); };
}

void bench(const std::string& kind, std::int64_t length, bool train) {
  torch::set_num_threads(1);
  const Pass pass = passOf(kind, length);
  const torch::Tensor x = torch::sin(torch::arange(length * kWidth, torch::kFloat32)).view({1, length, kWidth});
  const auto once = [&] {
    const torch::AutoGradMode gradients(train);
    const Clock::time_point start = Clock::now();
    const torch::Tensor y = pass(x);
    if (train) y.sum().backward();
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  // Since Linux 4.0: the peak begins anew.
  std::ofstream("/proc/self/clear_refs") << "5";
  const std::int64_t before = kilobytes("VmRSS");
  double best = once();
  const std::int64_t peak = kilobytes("VmHWM");
  for (int i = 0; i < 2 && best < 2.0; ++i) best = std::min(best, once());
  std::printf("{\"seconds\": %.5f, \"megabytes\": %.1f}\n", best, static_cast<double>(peak - before) / 1024.0);
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fputs("usage: bench_attention KIND LENGTH forward|train\n", stderr);
    return 2;
  }
  try {
    bench(words[1], std::strtoll(words[2], nullptr, 10), std::string_view(words[3]) == "train");
  } catch (const ecumene::Error& error) {
    std::fprintf(stderr, "bench_attention: %s\n", error.what());
    return 1;
  }
  return 0;
}
