// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ecumene::models::spec {

using OptionValue = std::variant<bool, std::int64_t, double, std::string>;

/// A value as it is written in TOML: 4, 0.5, 1.0, true, "cosine". Reading it gives the same value.
std::string written(const OptionValue& value);

/// One row of an option table: a key bound to a field of a struct, which must outlive it. Made by Options' functions,
/// refined by chaining.
class Option {
 public:
  using Field = std::variant<bool*, std::int64_t*, double*, std::string*>;
  Option(std::string key, Field field, std::string sentence);

  Option& unit(std::string unit);
  Option& range(double low, double high);  ///< inclusive; every number has one
  Option& choices(std::vector<std::string> choices);
  Option& live();  ///< may be changed while a run goes on

  [[nodiscard]] OptionValue get() const;
  /// Throws Error naming the key, what was expected and what was found. A whole number is accepted for a real one.
  void set(const OptionValue& value);
  /// As typed behind "key=": 2e-4, true, cosine (a text without quotes). Throws as set() does.
  void setTyped(std::string_view text);
  /// "flag", "whole", "real" or "text".
  [[nodiscard]] std::string_view type() const;
  /// What set() accepts, in words: "a whole number from 1 to 64".
  [[nodiscard]] std::string expectation() const;

  std::string key;       ///< "train.lr"
  std::string sentence;  ///< what it does, one sentence
  std::string unitText;
  double low = 0.0, high = 0.0;  ///< of numbers, inclusive
  std::vector<std::string> choiceList;
  bool isLive = false;

 private:
  [[noreturn]] void refuse(const std::string& found) const;
  Field field_;
};

/// The options of a struct, said once: this table alone drives TOML, --set, the form, and the reference page. A
/// struct's `void describe(Options&, Struct&)` stands beside it and makes one row for each field.
class Options {
 public:
  Option& flag(std::string_view key, bool& field, std::string_view sentence);
  Option& whole(std::string_view key, std::int64_t& field, std::string_view sentence);
  Option& real(std::string_view key, double& field, std::string_view sentence);
  Option& text(std::string_view key, std::string& field, std::string_view sentence);
  /// Rows made inside `describe` get "name." before their keys.
  void group(std::string_view name, const std::function<void()>& describe);

  [[nodiscard]] const std::vector<Option>& rows() const { return rows_; }
  /// Throws Error if there is none, naming the key that was likely meant, if any.
  [[nodiscard]] Option& find(std::string_view key);

 private:
  Option& add(std::string_view key, Option::Field field, std::string_view sentence);
  std::string prefix_;
  std::vector<Option> rows_;
};

}  // namespace ecumene::models::spec
