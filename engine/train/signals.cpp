// SPDX-License-Identifier: Apache-2.0
#include "engine/train/signals.h"

#include <atomic>
#include <csignal>

namespace ecumene::engine::train {
namespace {

std::atomic<int> received{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler writes it");

extern "C" void onTrainSignal(int number) {
  received.store(number);
}

}  // namespace

void stopOnSignals() {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    struct sigaction before {};
    if (::sigaction(number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = onTrainSignal;
    action.sa_flags = SA_RESTART | (number == SIGINT ? static_cast<int>(SA_RESETHAND) : 0);
    (void)::sigemptyset(&action.sa_mask);
    (void)::sigaction(number, &action, nullptr);
  }
}

int signalReceived() {
  return received.load();
}

}  // namespace ecumene::engine::train
