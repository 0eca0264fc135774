// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "app/edge.h"
#include "data/base/nearest.h"

namespace ecumene::app {

/// What the command line has in place of one of the program's words; none: something else is wrong.
inline std::optional<Error> unknownWord(const CLI::App& parser) {
  for (const CLI::App* chosen : parser.get_subcommands()) return unknownWord(*chosen);
  std::vector<std::string> names;
  for (const CLI::App* word : parser.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(word->get_name());
  }
  if (names.empty()) return std::nullopt;
  for (const std::string& said : parser.remaining()) {
    if (said.starts_with("-")) continue;
    const std::string near = didYouMean(said, names);
    return Error("there is no such word", ErrorKind::kUsage).on(said).next(near.empty() ? "see --help" : near);
  }
  return std::nullopt;
}

/// Refuses an empty name, which a script's unset variable gives.
inline CLI::Validator namedPath(const char* what) {
  return {[](const std::string& path) { return path.empty() ? "the name is empty" : ""; }, what};
}

/// Of an option of type std::uint64_t, which alone takes "-1" for the largest number.
inline CLI::Validator wholeNumber() {
  return {[](const std::string& text) -> std::string {
            std::uint64_t value = 0;
            const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
            if (!text.empty() && problem == std::errc{} && end == text.data() + text.size()) return {};
            return text + " is not a whole number from 0 to " +
                   std::to_string(std::numeric_limits<std::uint64_t>::max());
          },
          ""};
}

/// The body of every main(): reads the words of the command line, does `work()`, which gives the exit code, and says
/// whatever goes wrong. `json` is read after the words are. `relief`: what to do where memory is short.
template <class Work>
int runProgram(const char* program, CLI::App& parser, int argc, char** argv, const bool& json, const char* relief,
               Work work) {
  try {
    parser.parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    if (const std::optional<Error> unknown = unknownWord(parser)) return report(program, *unknown, json);
    return parser.exit(error) == 0 ? 0 : kUsage;
  } catch (const CLI::ParseError& error) {
    return parser.exit(error) == 0 ? 0 : kUsage;
  }
  try {
    const int code = work();
    flushResults();
    return code;
  } catch (const Error& error) {
    return isReaderGone() ? kReaderGone : report(program, error, json);
  } catch (const std::filesystem::filesystem_error& error) {
    return report(program, systemError("cannot use the path", error.path1().string(), error.code().value()), json);
  } catch (const std::system_error& error) {
    // fmt's way to say that a stream cannot be written.
    if (isReaderGone()) return kReaderGone;
    return report(program, std::ferror(stdout) != 0 ? unwritable() : internalError(error.what()), json);
  } catch (const std::bad_alloc&) {
    return report(program, Error("not enough memory", ErrorKind::kEnvironment).next(relief), json);
  } catch (const std::exception& error) {
    return report(program, internalError(error.what()), json);
  }
}

}  // namespace ecumene::app
