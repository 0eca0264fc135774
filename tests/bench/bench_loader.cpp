// SPDX-License-Identifier: Apache-2.0
// bench_loader STORE SECONDS cubes|samples [THREADS]: what `tools/bench data` measures of the loader. After one pass
// over the set that warms the page cache, reads epochs for that long and prints one line of JSON: samples/s,
// milliseconds of CPU a sample over all threads, and what the loader holds in memory for each planet.
#include <fmt/core.h>
#include <malloc.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "data/base/error.h"
#include "data/loader/loader.h"

namespace {

using namespace ecumene::data;
using Clock = std::chrono::steady_clock;

/// Of all threads of this program.
double cpuSeconds() {
  return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void bench(const char* folder, double seconds, bool cubesOnly, unsigned threads) {
  const store::Store store = store::Store::open(folder, store::Mode::kRead);
  store::Filter filter;
  filter.hasClimate = true;
  const std::size_t planets = store.list(filter).size();
  loader::LoaderOptions options;
  options.cubesOnly = cubesOnly;
  options.threads = threads;
  // Small batches of whole samples: as many bytes at once as the rival's workers hold.
  options.budget = {8, 1U << 30U, 1U << 30U};
  // The first loader fills the catalogue's cache, so that the second one shows what a loader itself holds.
  const loader::Loader first(store, options);
  const std::size_t before = mallinfo2().uordblks;
  const Clock::time_point opening = Clock::now();
  loader::Loader loader(store, options);
  const double openSeconds = secondsSince(opening);
  const std::size_t held = mallinfo2().uordblks - before;
  std::size_t samples = 0;
  double sum = 0.0;
  Clock::time_point start = Clock::now();
  double cpuBefore = 0.0;
  bool warm = false;
  for (std::uint64_t epoch = 0; !warm || secondsSince(start) < seconds; ++epoch) {
    loader.start(epoch);
    while (const auto batch = loader.next()) {
      samples += batch->samples.size();
      // One value of each sample, so that it has surely arrived.
      for (const loader::Sample& s : batch->samples) sum += s.cube.values().empty() ? 0.0 : s.cube.values().back();
      if (warm && secondsSince(start) >= seconds) break;
    }
    if (loader.samples() == 0) throw ecumene::Error("the store has no sample").on(folder);
    if (!warm) {
      warm = true;
      samples = 0;
      cpuBefore = cpuSeconds();
      start = Clock::now();
    }
  }
  const double count = static_cast<double>(samples);
  const double rate = count / secondsSince(start);
  const double cpuMs = 1000.0 * (cpuSeconds() - cpuBefore) / count;
  fmt::print(
      "{{\"samples_per_s\": {:.2f}, \"cpu_ms\": {:.3f}, \"rows\": {}, \"planets\": {}, \"held_bytes_per_planet\": {}, "
      "\"open_s\": {:.3f}, \"check\": {:.6g}}}\n",
      rate, cpuMs, loader.samples(), planets, held / std::max<std::size_t>(1, planets), openSeconds, sum);
}

}  // namespace

int main(int count, char** words) {
  const std::string_view what = count > 3 ? words[3] : "";
  if ((count != 4 && count != 5) || (what != "cubes" && what != "samples")) {
    std::fputs("usage: bench_loader STORE SECONDS cubes|samples [THREADS]\n", stderr);
    return 2;
  }
  try {
    const unsigned threads = count == 5 ? static_cast<unsigned>(std::strtoul(words[4], nullptr, 10)) : 0U;
    bench(words[1], std::strtod(words[2], nullptr), what == "cubes", threads);
  } catch (const std::exception& error) {
    std::fputs(error.what(), stderr);
    std::fputc('\n', stderr);
    return 3;
  }
  return 0;
}
