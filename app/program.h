// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>

#include "app/edge.h"

namespace ecumene::app {

/// The body of every main(): reads the words of the command line, does `work()`, which gives the exit code, and says
/// whatever goes wrong. `json` is read after the words are. `relief`: what to do where memory is short.
template <class Work>
int runProgram(const char* program, CLI::App& parser, int argc, char** argv, const bool& json, const char* relief,
               Work work) {
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser.exit(error) == 0 ? 0 : kUsage;
  }
  try {
    const int code = work();
    flushResults();
    return code;
  } catch (const Error& error) {
    return report(program, error, json);
  } catch (const std::filesystem::filesystem_error& error) {
    return report(program, systemError("cannot use the path", error.path1().string(), error.code().value()), json);
  } catch (const std::system_error& error) {
    // fmt's way to say that a stream cannot be written.
    return report(program, std::ferror(stdout) != 0 ? unwritable() : internalError(error.what()), json);
  } catch (const std::bad_alloc&) {
    return report(program, Error("not enough memory", ErrorKind::kEnvironment).next(relief), json);
  } catch (const std::exception& error) {
    return report(program, internalError(error.what()), json);
  }
}

}  // namespace ecumene::app
