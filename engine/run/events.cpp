// SPDX-License-Identifier: Apache-2.0
#include "engine/run/events.h"

#include <utility>

namespace ecumene::engine::run {

std::vector<Event> eventsOf(const RunDirectory& run, const std::set<std::string>& kinds) {
  std::vector<Event> found;
  std::int64_t last = 0;
  while (true) {
    std::vector<Event> some = run.eventsAfter(last);
    if (some.empty()) return found;
    last = some.back().sequence;
    for (Event& event : some) {
      if (kinds.contains(event.kind)) found.push_back(std::move(event));
    }
  }
}

}  // namespace ecumene::engine::run
