// SPDX-License-Identifier: Apache-2.0
#include "engine/train/memory.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <new>
#include <string>
#include <string_view>

namespace ecumene::engine::train {

bool isOutOfMemory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) return true;
  const std::string_view what(error.what());
  // oneDNN asks for memory of its own, and says no more than this where there is none.
  if (what == "could not create a primitive" || what == "could not create a memory") return true;
  // The allocator of the CPU has no exception type of its own.
  return dynamic_cast<const c10::Error*>(&error) != nullptr &&
         what.find("DefaultCPUAllocator") != std::string_view::npos;
}

Error outOfMemory(const std::exception& error, const config::TrainSpec& spec,
                  const std::function<bool(std::int64_t microBatch)>& trial) {
  std::string found = error.what();
  if (const auto* torch = dynamic_cast<const c10::Error*>(&error)) found = torch->what_without_backtrace();
  found = found.substr(0, found.find('\n'));
  Error made("not enough memory for a micro-batch", ErrorKind::kEnvironment);
  made.on(fmt::format("train.micro_batch = {}", spec.microBatch)).found(found);
  for (std::int64_t samples = spec.microBatch / 2; samples >= 1; samples /= 2) {
    if (!trial(samples)) continue;
    const std::int64_t total = spec.microBatch * spec.accumulate;
    return made.next(fmt::format("train.micro_batch={} with train.accumulate={} fits (tried) and makes the same steps",
                                 samples, (total + samples - 1) / samples));
  }
  return made.next("not even one sample fits: choose a smaller preset, shorter data.text_length or larger patches");
}

}  // namespace ecumene::engine::train
