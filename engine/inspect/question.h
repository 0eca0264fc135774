// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ecumene::engine::inspect {

using Json = nlohmann::ordered_json;

/// A question's fields, each read once with its bounds; what nobody reads is refused. Errors are Error (kUsage).
class Question {
 public:
  /// Throws at what is no JSON object.
  explicit Question(const Json& object);
  [[nodiscard]] bool has(const std::string& key) const { return object_.contains(key); }
  /// At most 256 bytes.
  std::string text(const std::string& key, const std::optional<std::string>& absent = {});
  /// A list of at most 16 texts; absent: empty.
  std::vector<std::string> texts(const std::string& key);
  std::int64_t whole(const std::string& key, std::int64_t low, std::int64_t high,
                     std::optional<std::int64_t> absent = {});
  /// A number, or `word`, which stands for none.
  std::optional<std::int64_t> wholeOr(const std::string& key, const std::string& word, std::int64_t high);
  double real(const std::string& key, double low, double high, double absent);
  /// Throws where a field was not read.
  void finish() const;

 private:
  const Json* find(const std::string& key);

  const Json& object_;
  std::set<std::string> read_{"id"};
};

}  // namespace ecumene::engine::inspect
