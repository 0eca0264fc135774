// SPDX-License-Identifier: Apache-2.0
// ecumene-data: makes, imports, lists, checks and solves the data that models are trained on.
#include <csignal>

#include "app/ecumene-data/words.h"
#include "app/program.h"
#include "data/base/error.h"
#include "data/commands/terminal.h"
#include "data/formats/child/import_child.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

int runWord(ecumene_data::Words& words) {
  words.common.store = words.store.empty() ? commands::defaultStore() : std::filesystem::path(words.store);
  words.common.stop = commands::stopOnSignals();
  try {
    return words.run();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kCancelled) throw commands::cancelledError();
    throw;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (formats::isImportChild(argc, argv)) return formats::importChildMain(argc, argv);
  app::openStandardStreams();
  // A limit on the size of files (ulimit -f) is then an error to tell, as a full disk is.
  (void)std::signal(SIGXFSZ, SIG_IGN);
  ecumene_data::Words words;
  CLI::App parser{"Makes, imports, lists, checks and solves the planets that Ecumene trains on."};
  parser.set_version_flag("--version", ECUMENE_VERSION);
  ecumene_data::addWords(parser, words);
  return app::runProgram("ecumene-data", parser, argc, argv, words.common.json,
                         "use fewer --threads, or end other programs", [&] { return runWord(words); });
}
