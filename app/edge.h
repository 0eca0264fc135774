// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>

#include "data/base/error.h"
#include "data/base/say.h"

/// What every program does at its edge: standard streams, exit codes, errors said.
namespace ecumene::app {

inline constexpr int kRefused = 1;
inline constexpr int kUsage = 2;
inline constexpr int kInternal = 3;

inline int exitCode(ErrorKind kind) {
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

/// Opens what the caller closed of the three standard streams, so that no file of ours gets their numbers: input is
/// empty, results are refused as on a full disk, messages vanish.
inline void openStandardStreams() {
  for (const auto& [number, path, mode] : {std::tuple{0, "/dev/null", O_RDONLY}, std::tuple{1, "/dev/full", O_WRONLY},
                                           std::tuple{2, "/dev/null", O_WRONLY}}) {
    // The lowest free number is the one that is closed.
    if (::fcntl(number, F_GETFD) < 0) static_cast<void>(::open(path, mode));
  }
}

/// Says an error on stderr, with `json` as an object on stdout too. Returns the exit code.
inline int report(const char* program, const Error& error, bool json) {
  say(std::string(program) + ": " + error.what() + "\n");
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

inline Error unwritable() {
  return Error("cannot write the results to standard output", ErrorKind::kEnvironment).next("is the disk full?");
}

/// Whether results could not be written because who reads them has had enough (`| head`).
inline bool isReaderGone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return std::ferror(stdout) != 0 && ::poll(&out, 1, 0) > 0 && (out.revents & POLLERR) != 0;
}
inline constexpr int kReaderGone = 128 + SIGPIPE;  ///< as if the signal were not ignored

/// Throws where what was printed could not be written.
inline void flushResults() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw unwritable();
}

}  // namespace ecumene::app
