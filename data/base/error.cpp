// SPDX-License-Identifier: Apache-2.0
#include "data/base/error.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace ecumene {

Error::Error(std::string what, ErrorKind kind) : kind_(kind), what_(std::move(what)) {
  compose();
}

Error& Error::on(std::string object) {
  object_ = std::move(object);
  compose();
  return *this;
}

Error& Error::expected(std::string expected) {
  expected_ = std::move(expected);
  compose();
  return *this;
}

Error& Error::found(std::string found) {
  found_ = std::move(found);
  compose();
  return *this;
}

Error& Error::next(std::string next) {
  next_ = std::move(next);
  compose();
  return *this;
}

Error& Error::within(std::string context) {
  contexts_.push_back(std::move(context));
  compose();
  return *this;
}

void Error::compose() {
  text_.clear();
  if (!object_.empty()) text_ += object_ + ": ";
  text_ += what_;
  if (!expected_.empty()) text_ += ": expected " + expected_;
  if (!found_.empty()) text_ += (expected_.empty() ? ": found " : ", found ") + found_;
  if (!next_.empty()) text_ += "; " + next_;
  for (const std::string& context : contexts_) text_ += " (" + context + ")";
}

Error internalError(std::string_view what) {
  return Error("internal error: " + std::string(what), ErrorKind::kInternal)
      .next("this is a defect of Ecumene: please report it with this message");
}

Error systemError(std::string what, std::string object, int errnoValue) {
  // A path that is not there was named wrongly; everything else is the machine's.
  const bool wrongPath =
      errnoValue == ENOENT || errnoValue == ENOTDIR || errnoValue == EISDIR || errnoValue == ENAMETOOLONG;
  Error error(std::move(what) + ": " + std::generic_category().message(errnoValue),
              wrongPath ? ErrorKind::kInput : ErrorKind::kEnvironment);
  error.on(std::move(object));
  if (errnoValue == ENOSPC || errnoValue == EDQUOT) error.next("free some space and repeat the command");
  if (errnoValue == EACCES || errnoValue == EPERM) error.next("check who owns the file and its permissions");
  return error;
}

}  // namespace ecumene
