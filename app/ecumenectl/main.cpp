// SPDX-License-Identifier: Apache-2.0
// ecumenectl: asks the daemon, for terminals and scripts.
#include <csignal>

#include "app/ecumenectl/words.h"
#include "app/program.h"

using namespace ecumene;

int main(int argc, char** argv) {
  app::openStandardStreams();
  (void)std::signal(SIGPIPE, SIG_IGN);
  ecumenectl::Words words;
  CLI::App parser{"Launches, watches and steers runs through this user's daemon."};
  parser.set_version_flag("--version", ECUMENE_VERSION);
  ecumenectl::addWords(parser, words);
  return app::runProgram("ecumenectl", parser, argc, argv, words.common.json, "end other programs",
                         [&] { return words.run(); });
}
