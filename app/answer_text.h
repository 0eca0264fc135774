// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

/// Questions to a model from words, and its answers (engine/inspect) for people. What they hold of what others wrote
/// goes through plain() (app/plain.h).
namespace ecumene::app {

/// A text as it is, any other value as JSON; plain.
std::string wordOf(const nlohmann::ordered_json& value);
/// "3" as the number, "rollout" as a text.
nlohmann::ordered_json numberOrWord(const std::string& text);

/// What was written, by whom, and each of its numbers with its verdict.
std::string explanationText(const nlohmann::ordered_json& answer);
/// What a token attends to, and what attends to it.
std::string attentionText(const nlohmann::ordered_json& answer);
/// The tokens with the largest numbers under `key`, by their size; nothing where the answer has none.
std::string largestText(const char* title, const nlohmann::ordered_json& answer, const char* key);

}  // namespace ecumene::app
