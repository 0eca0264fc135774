// SPDX-License-Identifier: Apache-2.0
// ecumene-data: makes, imports, lists, checks and solves the data that models are trained on.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>

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

/// The exit code of an error that is said.
int report(const Error& error, bool json) {
  fmt::print(stderr, "ecumene-data: {}\n", error.what());
  if (json) {
    const commands::Json object = {{"error",
                                    {{"what", error.failure()},
                                     {"object", error.object()},
                                     {"expected", error.expectation()},
                                     {"found", error.finding()},
                                     {"next", error.nextStep()}}}};
    fmt::print("{}\n", commands::printed(object));
  }
  return exitCode(error.kind());
}

int runWord(ecumene_data::Words& words) {
  words.common.store = words.store.empty() ? commands::defaultStore() : std::filesystem::path(words.store);
  words.common.stop = commands::stopOnSignals();
  const int code = words.run();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw Error("cannot write the results to standard output", ErrorKind::kEnvironment)
        .next("is the disk full, or the pipe closed?");
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (formats::isImportChild(argc, argv)) return formats::importChildMain(argc, argv);
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
  } catch (const std::bad_alloc&) {
    return report(
        Error("not enough memory", ErrorKind::kEnvironment).next("use fewer --threads, or end other programs"), json);
  } catch (const std::exception& error) {
    return report(internalError(error.what()), json);
  }
}
