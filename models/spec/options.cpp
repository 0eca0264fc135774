// SPDX-License-Identifier: Apache-2.0
#include "models/spec/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "data/base/error.h"
#include "data/base/nearest.h"
#include "models/spec/utf8.h"

namespace ecumene::models::spec {
namespace {

std::string writtenText(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

/// TOML tells a real number from a whole one by its point or exponent.
std::string writtenReal(double value) {
  std::string number = fmt::format("{}", value);
  return number.find_first_of(".en") == std::string::npos ? number + ".0" : number;
}

template <class T>
std::optional<T> parsed(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string written(const OptionValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
  if (const auto* real = std::get_if<double>(&value)) return writtenReal(*real);
  return writtenText(std::get<std::string>(value));
}

Option::Option(std::string keyGiven, Field field, std::string sentenceGiven)
    : key(std::move(keyGiven)), sentence(std::move(sentenceGiven)), field_(field) {}

Option& Option::unit(std::string unit) {
  unitText = std::move(unit);
  return *this;
}

Option& Option::range(double lowGiven, double highGiven) {
  low = lowGiven;
  high = highGiven;
  return *this;
}

Option& Option::choices(std::vector<std::string> choices) {
  choiceList = std::move(choices);
  return *this;
}

Option& Option::live() {
  isLive = true;
  return *this;
}

OptionValue Option::get() const {
  return std::visit([](const auto* field) { return OptionValue(*field); }, field_);
}

void Option::set(const OptionValue& value) {
  if (auto* const* flag = std::get_if<bool*>(&field_)) {
    if (const auto* given = std::get_if<bool>(&value)) {
      **flag = *given;
      return;
    }
  } else if (auto* const* whole = std::get_if<std::int64_t*>(&field_)) {
    const auto* given = std::get_if<std::int64_t>(&value);
    if (given != nullptr && static_cast<double>(*given) >= low && static_cast<double>(*given) <= high) {
      **whole = *given;
      return;
    }
  } else if (auto* const* real = std::get_if<double*>(&field_)) {
    std::optional<double> number;
    if (const auto* given = std::get_if<double>(&value)) number = *given;
    if (const auto* given = std::get_if<std::int64_t>(&value)) number = static_cast<double>(*given);
    // NaN lies in no range.
    if (number && *number >= low && *number <= high) {
      // -0.0 passes for 0 but would be written otherwise.
      **real = *number == 0.0 ? 0.0 : *number;
      return;
    }
  } else if (const auto* given = std::get_if<std::string>(&value)) {
    const bool allowed =
        choiceList.empty() || std::find(choiceList.begin(), choiceList.end(), *given) != choiceList.end();
    if (allowed && isUtf8(*given)) {
      *std::get<std::string*>(field_) = *given;
      return;
    }
    if (choiceList.empty()) refuse("bytes that are no UTF-8");
    throw Error("the value is no choice of this option")
        .on(key)
        .expected(expectation())
        .found(written(value))
        .next(didYouMean(*given, choiceList));
  }
  refuse(written(value));
}

void Option::setTyped(std::string_view text) {
  if (std::holds_alternative<std::string*>(field_)) return set(std::string(text));
  if (std::holds_alternative<bool*>(field_)) {
    if (text == "true" || text == "false") return set(text == "true");
  } else if (const auto whole = parsed<std::int64_t>(text)) {
    return set(*whole);
  } else if (const auto real = parsed<double>(text)) {
    return set(*real);
  }
  refuse(text.empty() ? "nothing" : std::string(text));
}

std::string_view Option::type() const {
  constexpr std::string_view kTypes[] = {"flag", "whole", "real", "text"};
  return kTypes[field_.index()];
}

std::string Option::expectation() const {
  if (std::holds_alternative<bool*>(field_)) return "true or false";
  if (std::holds_alternative<std::string*>(field_)) {
    return choiceList.empty() ? "a text" : fmt::format("one of {}", fmt::join(choiceList, ", "));
  }
  const bool whole = std::holds_alternative<std::int64_t*>(field_);
  return fmt::format("a {} from {} to {}", whole ? "whole number" : "number", low, high);
}

void Option::refuse(const std::string& found) const {
  throw Error("the value does not fit this option").on(key).expected(expectation()).found(found);
}

Option& Options::flag(std::string_view key, bool& field, std::string_view sentence) {
  return add(key, &field, sentence);
}
Option& Options::whole(std::string_view key, std::int64_t& field, std::string_view sentence) {
  return add(key, &field, sentence);
}
Option& Options::real(std::string_view key, double& field, std::string_view sentence) {
  return add(key, &field, sentence);
}
Option& Options::text(std::string_view key, std::string& field, std::string_view sentence) {
  return add(key, &field, sentence);
}

Option& Options::add(std::string_view key, Option::Field field, std::string_view sentence) {
  return rows_.emplace_back(prefix_ + std::string(key), field, std::string(sentence));
}

void Options::group(std::string_view name, const std::function<void()>& describe) {
  const std::size_t outer = prefix_.size();
  prefix_ += std::string(name) + ".";
  describe();
  prefix_.resize(outer);
}

Option& Options::find(std::string_view key) {
  std::vector<std::string> keys, endings;
  for (Option& row : rows_) {
    if (row.key == key) return row;
    keys.push_back(row.key);
    if (row.key.ends_with("." + std::string(key))) endings.push_back(row.key);
  }
  std::string near = didYouMean(key, keys);
  if (endings.size() == 1) near = "did you mean " + endings.front() + "?";
  throw Error("there is no such option").on(std::string(key)).next(near.empty() ? "see `ecumene-train options`" : near);
}

}  // namespace ecumene::models::spec
