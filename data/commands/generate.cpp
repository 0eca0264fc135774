// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
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
namespace {

namespace generator = physics::generator;

/// Disk that one planet takes, payload and catalogue together: a tenth above the 0.68 MB that the 512 planets of seed
/// 42 take on average.
constexpr double kPlanetBytes = 0.75e6;
/// What each epoch above one adds, with the same share of room to spare.
constexpr double kEpochBytes = 0.5e6;

/// Planets of one seed come from one generator with one set of priors.
void requireSameGenerator(const store::Store& store, const store::Generation& generation) {
  for (const store::Generation& earlier : store.generations()) {
    if (earlier.seed != generation.seed) continue;
    if (earlier.generator == generation.generator && earlier.parameters == generation.parameters) continue;
    throw Error("the store holds planets of this seed from another generator")
        .on(store.folder().string())
        .expected(generation.generator + " with its present priors and this number of epochs")
        .found(earlier.generator)
        .next("use another store or another seed, or delete this store and generate it again");
  }
}

/// What is there is not made again, so it must be whole before it is called there.
void requireWhole(const store::Store& store) {
  const std::vector<store::Problem> problems = store.checkCatalogue();
  if (problems.empty()) return;
  const store::Problem& first = problems.front();
  throw Error("the store is damaged")
      .on(store.folder().string())
      .found(fmt::format("{} problem{}, the first: {}{}", problems.size(), problems.size() == 1 ? "" : "s",
                         first.id.empty() ? "" : first.id + ": ", first.message))
      .next("`ecumene-data check` lists them all; remove those planets and repeat the command, or make the store anew");
}

std::string bytesInWords(double bytes) {
  return bytes < 1e10 ? fmt::format("{:.0f} MB", bytes / 1e6) : fmt::format("{:.0f} GB", bytes / 1e9);
}

void requireSpace(const std::filesystem::path& folder, std::size_t planets, std::uint64_t epochs) {
  const double needed = (kPlanetBytes + kEpochBytes * static_cast<double>(epochs - 1)) * static_cast<double>(planets);
  std::error_code unknown;
  const std::filesystem::space_info space = std::filesystem::space(folder, unknown);
  if (unknown) return;  // the disk then says itself when it is full
  const double free = static_cast<double>(space.available);
  if (needed <= free) return;
  throw Error("not enough free disk", ErrorKind::kEnvironment)
      .on(folder.string())
      .expected(fmt::format("about {} for {} planets", bytesInWords(needed), planets))
      .found(bytesInWords(free))
      .next("free some space, ask for fewer planets, or use a store on another disk");
}

}  // namespace

int generate(const Common& common, std::uint64_t planets, std::uint64_t seed, std::uint64_t epochs) {
  const auto start = std::chrono::steady_clock::now();
  store::Store store = store::Store::open(common.store, store::Mode::kCreate);
  const store::Generation generation{seed, planets, std::string(generator::kGenerator),
                                     generator::parametersText(epochs)};
  requireWhole(store);
  requireSameGenerator(store, generation);
  const auto present = store.ids();
  const std::string prefix = fmt::format("g{}-", seed);
  const auto ofSeed =
      static_cast<std::uint64_t>(std::count_if(present.begin(), present.end(), [&](const std::string& id) {
        // "g42-000017w": the number, then the start.
        return id.starts_with(prefix) && std::strtoull(id.c_str() + prefix.size(), nullptr, 10) < planets;
      }));
  requireSpace(common.store, planets - ofSeed, epochs);
  store.recordGeneration(generation);
  std::size_t done = 0, generated = 0;
  {
    ProgressBar bar("generating");
    const Progress progress = bar.progress();
    std::mutex mutex;
    progress(done, planets, "");
    parallelFor(
        planets, common.threads,
        [&](std::size_t i) {
          // Naming a planet takes a draw of its system, so it is done here, by all threads.
          const std::string id = generator::planetId(seed, i);
          const bool missing = !present.contains(id);
          if (missing) {
            planet::Planet p = generator::generatePlanet(seed, i, common.stop, epochs);
            p.quality = quality::assess(p);
            store.add(p, quality::mustExclude(p.quality));
          }
          const std::lock_guard lock(mutex);
          if (missing) ++generated;
          progress(++done, planets, id);
        },
        common.stop);
  }
  if (generated > 0 || !store.statistics()) {
    ProgressBar bar("statistics");
    store.computeStatistics(bar.progress(), common.threads, common.stop);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const store::Totals totals = store.totals();
  if (common.json) {
    fmt::print("{}\n", printed(Json({{"generated", generated},
                                     {"present", planets - generated},
                                     {"seed", seed},
                                     {"epochs", epochs},
                                     {"seconds", seconds},
                                     {"store", common.store.string()},
                                     {"payload_bytes", totals.payloadBytes}})));
  } else {
    fmt::print("{} planets generated in {}, {} were there; seed {}, {:.0f} MB in {}\n", generated,
               formatDuration(seconds), planets - generated, seed, static_cast<double>(totals.payloadBytes) / 1e6,
               common.store.string());
  }
  return 0;
}

}  // namespace ecumene::data::commands
