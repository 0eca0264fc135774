// SPDX-License-Identifier: Apache-2.0
// ecumenectl: asks the daemon, for terminals and scripts.
#include <csignal>
#include <exception>
#include <filesystem>
#include <new>

#include "app/ecumenectl/words.h"
#include "app/edge.h"

namespace {

using namespace ecumene;

int report(const Error& error, bool json) {
  return app::report("ecumenectl", error, json);
}

}  // namespace

int main(int argc, char** argv) {
  app::openStandardStreams();
  (void)std::signal(SIGPIPE, SIG_IGN);
  ecumenectl::Words words;
  CLI::App parser{"Launches, watches and steers runs through this user's daemon."};
  parser.set_version_flag("--version", ECUMENE_VERSION);
  ecumenectl::addWords(parser, words);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser.exit(error) == 0 ? 0 : app::kUsage;
  }
  const bool json = words.common.json;
  try {
    const int code = words.run();
    app::flushResults();
    return code;
  } catch (const Error& error) {
    return report(error, json);
  } catch (const std::filesystem::filesystem_error& error) {
    return report(systemError("cannot use the path", error.path1().string(), error.code().value()), json);
  } catch (const std::system_error&) {
    // fmt's way to say that a stream cannot be written.
    return report(app::unwritable(), json);
  } catch (const std::bad_alloc&) {
    return report(Error("not enough memory", ErrorKind::kEnvironment).next("end other programs"), json);
  } catch (const std::exception& error) {
    return report(internalError(error.what()), json);
  }
}
