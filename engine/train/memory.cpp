// SPDX-License-Identifier: Apache-2.0
#include "engine/train/memory.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <string>
#include <string_view>

#include "data/planet/network.h"
#include "engine/train/model_memory.h"

namespace ecumene::engine::train {

bool isOutOfMemory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) return true;
  const std::string_view what(error.what());
  // oneDNN asks for memory of its own, and says no more than this where there is none.
  if (what == "could not create a primitive" || what == "could not create a memory") return true;
  if (dynamic_cast<const c10::Error*>(&error) == nullptr) return false;
  // The allocator of the CPU has no exception type of its own, nor have the libraries of a GPU.
  for (const char* refusal : {"DefaultCPUAllocator", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED"}) {
    if (what.find(refusal) != std::string_view::npos) return true;
  }
  return false;
}

std::string saidBy(const std::exception& error) {
  std::string said = error.what();
  if (const auto* torch = dynamic_cast<const c10::Error*>(&error)) said = torch->what_without_backtrace();
  return said.substr(0, said.find('\n'));
}

namespace {

/// What was wanted, in the allocator's words, and what there is, which the words of a GPU's allocator say themselves.
std::string shortage(const std::exception& error) {
  const bool ofGpu = dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr;
  return saidBy(error) + (ofGpu ? "" : fmt::format("; {} are free without it", gigabytes(bytesFree())));
}

}  // namespace

Error outOfMemory(const std::exception& error, const config::TrainSpec& spec,
                  const std::function<bool(std::int64_t microBatch)>& trial, const std::string& takenUp) {
  Error made("not enough memory for a micro-batch", ErrorKind::kEnvironment);
  made.on(fmt::format("train.micro_batch = {}", spec.microBatch)).found(shortage(error));
  for (std::int64_t samples = spec.microBatch / 2; samples >= 1; samples /= 2) {
    if (!trial(samples)) continue;
    const std::int64_t total = spec.microBatch * spec.accumulate, count = (total + samples - 1) / samples;
    const std::string steps =
        count * samples == total ? "the same steps" : fmt::format("steps of {} samples", count * samples);
    return made.next(fmt::format("train.micro_batch={} with train.accumulate={} fits (tried) and makes {}{}", samples,
                                 count, steps, takenUp.empty() ? "" : ", " + takenUp));
  }
  return made.next("not even one sample fits: choose a smaller preset, shorter data.text_length or larger patches");
}

Error outOfMemoryInEvaluation(const std::exception& error, const config::RunSpec& spec, const std::string& takenUp) {
  // Samples of a planet are evaluated together, texts one by one if need be.
  const std::int64_t least = spec.data.corpus.empty() ? static_cast<std::int64_t>(data::planet::kArchetypeCount) : 1;
  const std::int64_t samples = std::max(spec.train.microBatch, least);
  Error made("not enough memory for an evaluation", ErrorKind::kEnvironment);
  made.on(fmt::format("{} samples at once", samples * spec.train.sideBySide));
  made.found(shortage(error));
  if (spec.train.sideBySide > 1) return made.next("train.side_by_side=1 in run.toml needs less");
  if (samples > least) {
    const std::int64_t fewer = std::max(least, samples / 2), total = spec.train.microBatch * spec.train.accumulate;
    return made.next(fmt::format("train.micro_batch={} with train.accumulate={} {} needs less", fewer,
                                 (total + fewer - 1) / fewer, takenUp.empty() ? "in run.toml" : takenUp));
  }
  return made.next("end other programs, or use a machine with more memory");
}

}  // namespace ecumene::engine::train
