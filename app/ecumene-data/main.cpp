// SPDX-License-Identifier: Apache-2.0
// ecumene-data: makes, imports, lists, checks and solves the data that models are trained on.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>

#include "app/ecumene-data/words.h"
#include "app/edge.h"
#include "data/base/error.h"
#include "data/commands/terminal.h"
#include "data/formats/import_child.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

int report(const Error& error, bool json) {
  return app::report("ecumene-data", error, json);
}

int runWord(ecumene_data::Words& words) {
  words.common.store = words.store.empty() ? commands::defaultStore() : std::filesystem::path(words.store);
  words.common.stop = commands::stopOnSignals();
  const int code = words.run();
  app::flushResults();
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (formats::isImportChild(argc, argv)) return formats::importChildMain(argc, argv);
  app::openStandardStreams();
  ecumene_data::Words words;
  CLI::App parser{"Makes, imports, lists, checks and solves the planets that Ecumene trains on."};
  parser.set_version_flag("--version", ECUMENE_VERSION);
  ecumene_data::addWords(parser, words);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser.exit(error) == 0 ? 0 : app::kUsage;
  }
  const bool json = words.common.json;
  try {
    return runWord(words);
  } catch (const Error& error) {
    return report(error.kind() == ErrorKind::kCancelled ? commands::cancelledError() : error, json);
  } catch (const std::filesystem::filesystem_error& error) {
    return report(systemError("cannot use the path", error.path1().string(), error.code().value()), json);
  } catch (const std::system_error& error) {
    // fmt's way to say that a stream cannot be written.
    return report(std::ferror(stdout) != 0 ? app::unwritable() : internalError(error.what()), json);
  } catch (const std::bad_alloc&) {
    return report(
        Error("not enough memory", ErrorKind::kEnvironment).next("use fewer --threads, or end other programs"), json);
  } catch (const std::exception& error) {
    return report(internalError(error.what()), json);
  }
}
