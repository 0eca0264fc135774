// SPDX-License-Identifier: Apache-2.0
// A writing process for the fault tests: store_writer FOLDER FIRST COUNT THREADS. Adds small sample planets and prints
// the id of each after its add has returned, so that the test knows what was promised. Exit code 0, or 3 with the
// message.
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "data/base/error.h"
#include "data/base/parallel.h"
#include "data/store/store.h"
#include "tests/support/sample_planet.h"

int main(int count, char** arguments) {
  using namespace ecumene;
  if (count != 5) return 2;
  const std::size_t first = std::strtoull(arguments[2], nullptr, 10);
  const std::size_t planets = std::strtoull(arguments[3], nullptr, 10);
  const auto threads = static_cast<unsigned>(std::strtoul(arguments[4], nullptr, 10));
  try {
    data::store::Store store = data::store::Store::open(arguments[1], data::store::Mode::kCreate);
    std::puts("open");
    std::fflush(stdout);
    std::mutex output;
    parallelFor(planets, threads, [&](std::size_t i) {
      const data::store::AddResult result = store.add(test::samplePlanet(first + i, test::smallParts()));
      const std::lock_guard lock(output);
      std::puts(result.id.c_str());
      std::fflush(stdout);
    });
  } catch (const Error& error) {
    std::fputs(error.what(), stderr);
    return 3;
  }
  return 0;
}
