// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "data/planet/fields.h"

namespace ecumene::data::commands {

/// Objects keep the order in which their members were said.
using Json = nlohmann::ordered_json;

template <class T>
Json toJson(const T& value);
template <class T>
Json toJson(const std::optional<T>& value);
template <class A, class B>
Json toJson(const std::pair<A, B>& value);
template <class T>
Json toJson(const std::vector<T>& values);
template <class T, std::size_t N>
Json toJson(const std::array<T, N>& values);

/// Any struct of data/planet as JSON: members by their names in fields.h, enums by their words where they have one,
/// absent optionals as null.
template <class T>
Json toJson(const T& value) {
  if constexpr (std::is_same_v<T, bool> || std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return value;
  } else if constexpr (std::is_same_v<T, planet::VariableId>) {
    return std::string(planet::info(value).name);
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(name(value));
  } else {
    Json object = Json::object();
    planet::forEachField(value, [&object](const char* member, const auto& v) { object[member] = toJson(v); });
    return object;
  }
}

template <class T>
Json toJson(const std::optional<T>& value) {
  return value ? toJson(*value) : Json(nullptr);
}

template <class A, class B>
Json toJson(const std::pair<A, B>& value) {
  return Json::array({toJson(value.first), toJson(value.second)});
}

template <class T>
Json toJson(const std::vector<T>& values) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(toJson(value));
  return array;
}

template <class T, std::size_t N>
Json toJson(const std::array<T, N>& values) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(toJson(value));
  return array;
}

/// As printed: indented, and with what is no UTF-8 (a file name may hold anything) replaced.
inline std::string printed(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

/// Measured observables by name: {"gravity": {"value":, "sigma":, "limit":, "unit":}}; absent ones are left out.
inline Json scalarsToJson(const planet::Scalars& scalars) {
  Json object = Json::object();
  for (const planet::ScalarInfo& row : planet::scalars()) {
    const auto& m = scalars[row.id];
    if (!m) continue;
    object[std::string(row.name)] = {{"value", m->value}, {"sigma", m->sigma}, {"limit", m->limit}, {"unit", row.unit}};
  }
  return object;
}

}  // namespace ecumene::data::commands
