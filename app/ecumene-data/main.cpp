// SPDX-License-Identifier: Apache-2.0
// ecumene-data: makes, imports, lists, checks and solves the data that models are trained on.
#include <fcntl.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <string>
#include <system_error>
#include <tuple>

#include "app/ecumene-data/words.h"
#include "data/base/error.h"
#include "data/commands/json.h"
#include "data/commands/terminal.h"
#include "data/formats/import_child.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

constexpr int kUsage = 2;
constexpr int kInternal = 3;

int exitCode(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInput:
    case ErrorKind::kCancelled:
      return 1;
    case ErrorKind::kUsage:
      return kUsage;
    case ErrorKind::kEnvironment:
    case ErrorKind::kInternal:
      return kInternal;
  }
  return kInternal;
}

/// Opens what the caller closed of the three standard streams, so that no file of ours gets their numbers: input is
/// empty, results are refused as on a full disk, messages vanish.
void openStandardStreams() {
  for (const auto& [number, path, mode] : {std::tuple{0, "/dev/null", O_RDONLY}, std::tuple{1, "/dev/full", O_WRONLY},
                                           std::tuple{2, "/dev/null", O_WRONLY}}) {
    // The lowest free number is the one that is closed.
    if (::fcntl(number, F_GETFD) < 0) static_cast<void>(::open(path, mode));
  }
}

/// The exit code of an error that is said.
int report(const Error& error, bool json) {
  std::fputs(("ecumene-data: " + std::string(error.what()) + "\n").c_str(), stderr);
  if (json) {
    const commands::Json object = {{"error",
                                    {{"what", error.failure()},
                                     {"object", error.object()},
                                     {"expected", error.expectation()},
                                     {"found", error.finding()},
                                     {"next", error.nextStep()}}}};
    std::fputs((commands::printed(object) + "\n").c_str(), stdout);
  }
  return exitCode(error.kind());
}

Error unwritable() {
  return Error("cannot write the results to standard output", ErrorKind::kEnvironment)
      .next("is the disk full, or the pipe closed?");
}

int runWord(ecumene_data::Words& words) {
  words.common.store = words.store.empty() ? commands::defaultStore() : std::filesystem::path(words.store);
  words.common.stop = commands::stopOnSignals();
  const int code = words.run();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw unwritable();
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (formats::isImportChild(argc, argv)) return formats::importChildMain(argc, argv);
  openStandardStreams();
  ecumene_data::Words words;
  CLI::App app{"Makes, imports, lists, checks and solves the planets that Ecumene trains on."};
  app.set_version_flag("--version", ECUMENE_VERSION);
  ecumene_data::addWords(app, words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
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
    return report(std::ferror(stdout) != 0 ? unwritable() : internalError(error.what()), json);
  } catch (const std::bad_alloc&) {
    return report(
        Error("not enough memory", ErrorKind::kEnvironment).next("use fewer --threads, or end other programs"), json);
  } catch (const std::exception& error) {
    return report(internalError(error.what()), json);
  }
}
