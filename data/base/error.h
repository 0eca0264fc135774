// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene {

/// Who has to act on an error. Programs map it to their exit codes.
enum class ErrorKind {
  kInput,        ///< a user's file, value or id is wrong
  kUsage,        ///< the command or option is wrong
  kEnvironment,  ///< disk full, no permission, missing device or program
  kCancelled,    ///< the user stopped it
  kInternal,     ///< a defect of ours
};

/// The one exception type: what failed, on which object, what was expected and found, what to do next.
/// Built by chaining: `throw Error("cannot read the variable").on("a.nc: ts").expected("12 months").found("10")`.
class Error : public std::exception {
 public:
  explicit Error(std::string what, ErrorKind kind = ErrorKind::kInput);

  Error& on(std::string object);          ///< file, place in the file, planet id, row or key
  Error& expected(std::string expected);  ///< what would have been right
  Error& found(std::string found);        ///< what was there
  Error& next(std::string next);          ///< what the user can do
  /// Adds context on the way up, outermost last: "while importing planet.nc".
  Error& within(std::string context);

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& failure() const noexcept { return what_; }
  [[nodiscard]] const std::string& object() const noexcept { return object_; }
  [[nodiscard]] const std::string& expectation() const noexcept { return expected_; }
  [[nodiscard]] const std::string& finding() const noexcept { return found_; }
  [[nodiscard]] const std::string& nextStep() const noexcept { return next_; }
  [[nodiscard]] const std::vector<std::string>& contexts() const noexcept { return contexts_; }

  /// One line: "<object>: <what>: expected ..., found ...; <next> (while ...)".
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  void compose();

  ErrorKind kind_;
  std::string what_, object_, expected_, found_, next_, text_;
  std::vector<std::string> contexts_;
};

/// An internal error naming a broken invariant.
Error internalError(std::string_view what);

/// Error of a failed system call with the text of `errnoValue`; a path that does not exist is kInput, all else
/// kEnvironment.
Error systemError(std::string what, std::string object, int errnoValue);

}  // namespace ecumene
