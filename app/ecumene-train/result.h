// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "app/edge.h"

namespace ecumene::ecumene_train {

/// Prints to standard output; throws Error where it cannot be written. In place of fmt::print: that of the fmt in
/// Torch's include folder (12.1) writes behind the buffer of a stream whose flush failed.
template <class... T>
void put(fmt::format_string<T...> format, T&&... values) {
  const std::string text = fmt::format(format, std::forward<T>(values)...);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) throw app::unwritable();
}

/// Prints what a word gives with --json.
inline void print(const nlohmann::ordered_json& json) {
  put("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace ecumene::ecumene_train
