// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <vector>

#include "data/base/error.h"
#include "data/base/parallel.h"
#include "data/commands/commands.h"
#include "data/commands/json.h"
#include "data/commands/terminal.h"
#include "data/physics/generator/generator.h"
#include "data/quality/quality.h"
#include "data/store/store.h"

namespace ecumene::data::commands {

namespace generator = physics::generator;

int generate(const Common& common, std::uint64_t planets, std::uint64_t seed) {
  const auto start = std::chrono::steady_clock::now();
  store::Store store = store::Store::open(common.store, store::Mode::kCreate);
  const store::Generation generation{seed, planets, std::string(generator::kGenerator), generator::parametersText()};
  for (const store::Generation& earlier : store.generations()) {
    if (earlier.seed != seed) continue;
    if (earlier.generator != generation.generator || earlier.parameters != generation.parameters) {
      throw Error("the store holds planets of this seed from another generator")
          .on(common.store.string())
          .expected(generation.generator + " with its present priors")
          .found(earlier.generator)
          .next("use another store or another seed, or delete this store and generate it again");
    }
  }
  store.recordGeneration(generation);
  const auto present = store.ids();
  std::vector<std::uint64_t> missing;
  for (std::uint64_t i = 0; i < planets; ++i) {
    if (!present.contains(generator::planetId(seed, i))) missing.push_back(i);
  }
  std::size_t done = planets - missing.size();
  {
    ProgressBar bar("generating");
    const Progress progress = bar.progress();
    std::mutex mutex;
    progress(done, planets, "");
    parallelFor(
        missing.size(), common.threads,
        [&](std::size_t i) {
          planet::Planet p = generator::generatePlanet(seed, missing[i], common.stop);
          p.quality = quality::assess(p);
          store.add(p, quality::mustExclude(p.quality));
          const std::lock_guard lock(mutex);
          progress(++done, planets, p.id);
        },
        common.stop);
  }
  if (!missing.empty() || !store.statistics()) {
    ProgressBar bar("statistics");
    store.computeStatistics(bar.progress(), common.threads, common.stop);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const store::Totals totals = store.totals();
  if (common.json) {
    fmt::print("{}\n", printed(Json({{"generated", missing.size()},
                                     {"present", planets - missing.size()},
                                     {"seed", seed},
                                     {"seconds", seconds},
                                     {"store", common.store.string()},
                                     {"payload_bytes", totals.payloadBytes}})));
  } else {
    fmt::print("{} planets generated in {}, {} were there; seed {}, {:.0f} MB in {}\n", missing.size(),
               formatDuration(seconds), planets - missing.size(), seed, static_cast<double>(totals.payloadBytes) / 1e6,
               common.store.string());
  }
  return 0;
}

}  // namespace ecumene::data::commands
