// SPDX-License-Identifier: Apache-2.0
// ecumene-train: makes runs, trains them, evaluates them and asks them.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <tuple>

#include "app/ecumene-train/words.h"
#include "data/base/error.h"

namespace {

using namespace ecumene;

constexpr int kRefused = 1;
constexpr int kUsage = 2;
constexpr int kInternal = 3;

int exitCode(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInput:
    case ErrorKind::kCancelled:
      return kRefused;
    case ErrorKind::kUsage:
      return kUsage;
    case ErrorKind::kEnvironment:
    case ErrorKind::kInternal:
      return kInternal;
  }
  return kInternal;
}

/// Idle threads of OpenMP must sleep, not spin beside the loader's; its library reads the setting as it is loaded.
void sleepWhenIdle(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  if (::setenv("OMP_WAIT_POLICY", "passive", 1) == 0) ::execv("/proc/self/exe", argv);
}

/// Opens what the caller closed of the three standard streams, so that no file of ours gets their numbers.
void openStandardStreams() {
  for (const auto& [number, path, mode] : {std::tuple{0, "/dev/null", O_RDONLY}, std::tuple{1, "/dev/full", O_WRONLY},
                                           std::tuple{2, "/dev/null", O_WRONLY}}) {
    if (::fcntl(number, F_GETFD) < 0) static_cast<void>(::open(path, mode));
  }
}

int report(const Error& error, bool json) {
  std::fputs(("ecumene-train: " + std::string(error.what()) + "\n").c_str(), stderr);
  if (json) {
    const nlohmann::ordered_json object = {{"error",
                                            {{"what", error.failure()},
                                             {"object", error.object()},
                                             {"expected", error.expectation()},
                                             {"found", error.finding()},
                                             {"next", error.nextStep()}}}};
    std::fputs((object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n").c_str(), stdout);
  }
  return exitCode(error.kind());
}

}  // namespace

int main(int argc, char** argv) {
  sleepWhenIdle(argv);
  openStandardStreams();
  // A closed pipe is an error of the write, not the end of a training.
  (void)std::signal(SIGPIPE, SIG_IGN);
  ecumene_train::Words words;
  CLI::App app{"Trains models on Ecumene's planets, evaluates them and asks them."};
  app.set_version_flag("--version", ECUMENE_VERSION);
  ecumene_train::addWords(app, words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  try {
    const int code = words.run();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      throw Error("cannot write the results to standard output", ErrorKind::kEnvironment)
          .next("is the disk full, or the pipe closed?");
    }
    return code;
  } catch (const Error& error) {
    return report(error, words.json);
  } catch (const std::filesystem::filesystem_error& error) {
    return report(systemError("cannot use the path", error.path1().string(), error.code().value()), words.json);
  } catch (const std::bad_alloc&) {
    return report(
        Error("not enough memory", ErrorKind::kEnvironment).next("end other programs, or use a smaller model"),
        words.json);
  } catch (const std::exception& error) {
    return report(internalError(error.what()), words.json);
  }
}
