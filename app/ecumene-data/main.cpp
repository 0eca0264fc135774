// SPDX-License-Identifier: Apache-2.0
// ecumene-data: makes, imports, lists, checks and solves the data that models are trained on.
#include <csignal>
#include <cstdio>
#include <new>
#include <system_error>

#include "app/ecumene-data/words.h"
#include "app/program.h"
#include "data/base/error.h"
#include "data/commands/terminal.h"
#include "data/formats/child/import_child.h"
#include "data/formats/common/shell_limit.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

/// Where the machine, or a limit of the shell, has too little of something for the program to go on.
Error tooLittle(const std::string& what) {
  Error error(what, ErrorKind::kEnvironment);
  if (const auto memory = formats::shellLimit(formats::ShellLimit::kMemory); memory) {
    return error.found("a limit of this shell on memory: " + formats::inWords(formats::ShellLimit::kMemory, *memory))
        .next("lift it (" + formats::liftedBy(formats::ShellLimit::kMemory) + "), or use fewer --threads");
  }
  return error.next("use fewer --threads, or end other programs");
}

int runWord(ecumene_data::Words& words) {
  words.common.store = words.store.empty() ? commands::defaultStore() : std::filesystem::path(words.store);
  try {
    words.common.stop = commands::stopOnSignals();
    return words.run();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kCancelled) throw commands::cancelledError();
    throw;
  } catch (const std::bad_alloc&) {
    throw tooLittle("not enough memory");
  } catch (const std::system_error& error) {
    // Of a stream that cannot be written (fmt) the edge tells.
    const bool thread = error.code() == std::errc::resource_unavailable_try_again && std::ferror(stdout) == 0;
    if (!thread) throw;
    throw tooLittle("no thread can be started");
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
