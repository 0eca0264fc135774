// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "data/base/error.h"

namespace ecumene::test {

/// The Error that `action` throws; a failure without one.
template <class F>
Error errorOf(F action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error was thrown";
  return Error("none");
}

/// What the Error says that `work` throws.
inline std::string messageOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing thrown";
}

}  // namespace ecumene::test
