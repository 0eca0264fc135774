// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/question.h"

#include <fmt/format.h>

#include "data/base/error.h"

namespace ecumene::engine::inspect {
namespace {

constexpr std::size_t kLongestText = 256, kMostTexts = 16;

[[noreturn]] void refuse(const std::string& key, const std::string& expected) {
  throw Error("a field of the question does not fit", ErrorKind::kUsage).on(key).expected(expected);
}

std::string textOf(const Json& value, const std::string& key) {
  const std::string expected = fmt::format("a text of at most {} bytes", kLongestText);
  if (!value.is_string()) refuse(key, expected);
  auto text = value.get<std::string>();
  if (text.size() > kLongestText) refuse(key, expected);
  return text;
}

}  // namespace

Question::Question(const Json& object) : object_(object) {
  if (!object.is_object()) throw Error("a question is a JSON object", ErrorKind::kUsage);
}

const Json* Question::find(const std::string& key) {
  read_.insert(key);
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

std::string Question::text(const std::string& key, const std::optional<std::string>& absent) {
  const Json* value = find(key);
  if (value != nullptr) return textOf(*value, key);
  if (!absent) refuse(key, "a text: it is missing");
  return *absent;
}

std::vector<std::string> Question::texts(const std::string& key) {
  const Json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_array() || value->size() > kMostTexts) refuse(key, fmt::format("a list of at most {}", kMostTexts));
  std::vector<std::string> texts;
  for (const Json& one : *value) texts.push_back(textOf(one, key));
  return texts;
}

std::int64_t Question::whole(const std::string& key, std::int64_t low, std::int64_t high,
                             std::optional<std::int64_t> absent) {
  const Json* value = find(key);
  if (value == nullptr && absent) return *absent;
  const std::string expected = fmt::format("a whole number from {} to {}", low, high);
  if (value == nullptr || !value->is_number_integer()) refuse(key, expected);
  // Beyond int64 the library keeps an unsigned number, which would wrap.
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
    refuse(key, expected);
  }
  const auto number = value->get<std::int64_t>();
  if (number < low || number > high) refuse(key, expected);
  return number;
}

std::optional<std::int64_t> Question::wholeOr(const std::string& key, const std::string& word, std::int64_t high) {
  const Json* value = find(key);
  if (value != nullptr && value->is_string()) {
    if (value->get<std::string>() == word) return std::nullopt;
    refuse(key, fmt::format("a whole number, or {}", word));
  }
  return whole(key, 0, high);
}

double Question::real(const std::string& key, double low, double high, double absent) {
  const Json* value = find(key);
  if (value == nullptr) return absent;
  const std::string expected = fmt::format("a number from {} to {}", low, high);
  if (!value->is_number()) refuse(key, expected);
  const auto number = value->get<double>();
  if (!(number >= low && number <= high)) refuse(key, expected);
  return number;
}

void Question::finish() const {
  for (const auto& [key, value] : object_.items()) {
    if (read_.count(key) == 0) throw Error("the question has a field that it does not know", ErrorKind::kUsage).on(key);
  }
}

}  // namespace ecumene::engine::inspect
