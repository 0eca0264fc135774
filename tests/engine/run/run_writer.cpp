// SPDX-License-Identifier: Apache-2.0
// A training process for the fault tests: run_writer RUN FIRST COUNT. Claims the run, says "claimed", then journals
// steps FIRST to FIRST + COUNT - 1 and prints each after its flush has returned, so that the test knows what was
// promised. Exit code 0, or 3 with the message.
#include <cstdio>
#include <cstdlib>

#include "data/base/error.h"
#include "engine/run/run_directory.h"

int main(int count, char** arguments) {
  using namespace ecumene;
  if (count != 4) return 2;
  const std::int64_t first = std::strtoll(arguments[2], nullptr, 10);
  const std::int64_t steps = std::strtoll(arguments[3], nullptr, 10);
  try {
    auto run = engine::run::RunDirectory::open(arguments[1]);
    run.claim();
    run.setState(engine::run::State::kRunning);
    std::puts("claimed");
    std::fflush(stdout);
    for (std::int64_t step = first; step < first + steps; ++step) {
      const auto value = static_cast<double>(step);
      run.metrics(step, {{"loss", 1.0 / value}, {"rate", value}, {"norm", -value}});
      if (step % 5 == 0) run.event(step, "fifth", std::to_string(step));
      run.flush();
      std::printf("%lld\n", static_cast<long long>(step));
      std::fflush(stdout);
    }
    run.setState(engine::run::State::kFinished);
  } catch (const Error& error) {
    std::fputs(error.what(), stderr);
    return 3;
  }
  return 0;
}
