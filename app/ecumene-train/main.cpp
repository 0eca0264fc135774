// SPDX-License-Identifier: Apache-2.0
// ecumene-train: makes runs, trains them, evaluates them and asks them.
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "app/ecumene-train/words.h"
#include "app/program.h"

namespace {

using namespace ecumene;

/// Idle threads of OpenMP must sleep, not spin beside the loader's; its library reads the setting as it is loaded.
void sleepWhenIdle(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  if (::setenv("OMP_WAIT_POLICY", "passive", 1) == 0) ::execv("/proc/self/exe", argv);
}

/// A training step takes and gives back the same blocks of a few MB again and again. glibc would map each from the
/// kernel and return it, so that every use begins with page faults: a tenth of a step. One arena, as those of other
/// threads give their memory back in blocks of 64 MB whatever the threshold. Before Torch allocates.
void keepMemory() {
  constexpr int kLargest = 32 << 20;  // that glibc takes as this threshold
  constexpr int kNever = 1 << 30;
  (void)::mallopt(M_MMAP_THRESHOLD, kLargest);
  (void)::mallopt(M_TRIM_THRESHOLD, kNever);
  (void)::mallopt(M_ARENA_MAX, 1);
}

}  // namespace

int main(int argc, char** argv) {
  sleepWhenIdle(argv);
  keepMemory();
  app::openStandardStreams();
  // A closed pipe is an error of the write, not the end of a training.
  (void)std::signal(SIGPIPE, SIG_IGN);
  ecumene_train::Words words;
  CLI::App parser{"Trains models on Ecumene's planets, evaluates them and asks them."};
  parser.set_version_flag("--version", ECUMENE_VERSION);
  ecumene_train::addWords(parser, words);
  return app::runProgram("ecumene-train", parser, argc, argv, words.json, "end other programs, or use a smaller model",
                         [&] { return words.run(); });
}
