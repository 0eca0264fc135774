// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/planet/fields.h"

/// JSON of any struct that has forEachField beside it (as data/planet/fields.h) by its field names: objects, arrays,
/// null for an absent optional, enums as their number. Numbers that JSON lacks are the texts "inf", "-inf", "nan". A
/// missing or foreign key is an Error.
namespace ecumene::data::store {

using Json = nlohmann::json;

template <class T>
Json toJson(const T& value);
template <class T>
void fromJson(const Json& json, T& value);

namespace detail {

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsArray : std::false_type {};
template <class T, std::size_t N>
struct IsArray<std::array<T, N>> : std::true_type {};
template <class T>
struct IsPair : std::false_type {};
template <class A, class B>
struct IsPair<std::pair<A, B>> : std::true_type {};

inline Error badJson() {
  return Error("a document of the catalogue is not what this version writes")
      .next("use the version of Ecumene that made the store, or make the store anew");
}

inline Json realToJson(double value) {
  if (std::isfinite(value)) return value;
  if (std::isnan(value)) return "nan";
  return value > 0.0 ? "inf" : "-inf";
}

inline double realFromJson(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (json == "inf") return std::numeric_limits<double>::infinity();
  if (json == "-inf") return -std::numeric_limits<double>::infinity();
  throw badJson();
}

}  // namespace detail

template <class T>
Json toJson(const T& value) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
    return value;
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<int>(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return detail::realToJson(static_cast<double>(value));
  } else if constexpr (std::is_integral_v<T>) {
    return value;
  } else if constexpr (detail::IsOptional<T>::value) {
    return value ? toJson(*value) : Json();
  } else if constexpr (detail::IsPair<T>::value) {
    return Json::array({toJson(value.first), toJson(value.second)});
  } else if constexpr (detail::IsVector<T>::value || detail::IsArray<T>::value) {
    Json list = Json::array();
    for (const auto& element : value) list.push_back(toJson(element));
    return list;
  } else {
    Json object = Json::object();
    forEachField(value, [&](const char* name, const auto& member) { object[name] = toJson(member); });
    return object;
  }
}

template <class T>
void fromJson(const Json& json, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) throw detail::badJson();
    value = json.get<bool>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string()) throw detail::badJson();
    value = json.get<std::string>();
  } else if constexpr (std::is_enum_v<T>) {
    if (!json.is_number_integer()) throw detail::badJson();
    const T word = static_cast<T>(json.get<int>());
    if constexpr (requires { name(word); }) {
      try {
        (void)name(word);
      } catch (const std::out_of_range&) {
        throw detail::badJson();
      }
    }
    value = word;
  } else if constexpr (std::is_floating_point_v<T>) {
    value = static_cast<T>(detail::realFromJson(json));
  } else if constexpr (std::is_integral_v<T>) {
    if (!json.is_number_integer()) throw detail::badJson();
    value = json.get<T>();
  } else if constexpr (detail::IsOptional<T>::value) {
    if (json.is_null()) {
      value.reset();
    } else {
      fromJson(json, value.emplace());
    }
  } else if constexpr (detail::IsPair<T>::value) {
    if (!json.is_array() || json.size() != 2) throw detail::badJson();
    fromJson(json[0], value.first);
    fromJson(json[1], value.second);
  } else if constexpr (detail::IsVector<T>::value) {
    if (!json.is_array()) throw detail::badJson();
    value.clear();
    for (const Json& element : json) fromJson(element, value.emplace_back());
  } else if constexpr (detail::IsArray<T>::value) {
    if (!json.is_array() || json.size() != value.size()) throw detail::badJson();
    for (std::size_t i = 0; i < value.size(); ++i) fromJson(json[i], value[i]);
  } else {
    if (!json.is_object()) throw detail::badJson();
    forEachField(value, [&](const char* name, auto& member) {
      const auto found = json.find(name);
      if (found == json.end()) throw detail::badJson();
      fromJson(*found, member);
    });
  }
}

/// Compact text. Throws Error if a text of `value` is not UTF-8.
template <class T>
std::string toJsonText(const T& value) {
  try {
    return toJson(value).dump();
  } catch (const Json::exception&) {
    throw Error("a text is not valid UTF-8").next("convert the file to UTF-8 and import it again");
  }
}

template <class T>
T fromJsonText(const std::string& text) {
  T value{};
  try {
    fromJson(Json::parse(text), value);
  } catch (const Json::exception&) {
    throw detail::badJson();
  }
  return value;
}

}  // namespace ecumene::data::store
