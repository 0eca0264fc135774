// SPDX-License-Identifier: Apache-2.0
// A training process for the fault tests: checkpoint_writer CHECKPOINTS FIRST COUNT. Writes the sample checkpoints of
// steps FIRST to FIRST + COUNT - 1, keeps two, and prints each step once the writer has said that it is on the disk.
#include <cstdio>
#include <cstdlib>

#include "engine/checkpoint/writer.h"
#include "tests/engine/checkpoint/sample.h"

int main(int count, char** arguments) {
  using namespace ecumene;
  if (count != 4) return 2;
  const std::int64_t first = std::strtoll(arguments[2], nullptr, 10);
  const std::int64_t steps = std::strtoll(arguments[3], nullptr, 10);
  engine::checkpoint::Writer writer(arguments[1], {}, 2000);
  for (std::int64_t step = first; step < first + steps; ++step) {
    engine::checkpoint::Checkpoint checkpoint = test::sampleCheckpoint(step, 100);
    writer.write(checkpoint, 2);
    for (auto& [name, tensor] : checkpoint.model) tensor.zero_();
    for (const engine::checkpoint::Outcome& outcome : writer.collect()) {
      if (outcome.error) {
        std::fputs(outcome.error->what(), stderr);
        return 3;
      }
      std::printf("%lld\n", static_cast<long long>(outcome.step));
      std::fflush(stdout);
    }
  }
  return 0;
}
