// SPDX-License-Identifier: Apache-2.0
#include "app/answer_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "app/plain.h"

namespace ecumene::app {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kShown = 12;  ///< for people; JSON has all

/// " climate patch, latitude_deg 30 to 60": what a token stands for.
std::string tokenWords(const Json& token) {
  std::string said;
  for (const auto& [key, value] : token.items()) {
    said += value.is_array()
                ? fmt::format(", {} {:.4g} to {:.4g}", key, value.at(0).get<double>(), value.at(1).get<double>())
                : " " + wordOf(value);
  }
  return said;
}

}  // namespace

std::string wordOf(const Json& value) {
  return plain(value.is_string() ? value.get<std::string>() : value.dump());
}

Json numberOrWord(const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? Json(std::stoll(text)) : Json(text);
}

std::string explanationText(const Json& answer) {
  std::string said = fmt::format("{}: {}\n\n{}\n\n", wordOf(answer.at("sample")), wordOf(answer.at("source")),
                                 wordOf(answer.at("text")));
  for (const Json& number : answer.at("numbers")) {
    said += wordOf(number.at("written")) + ": " + wordOf(number.at("verdict"));
    if (number.contains("quantity")) said += ", " + wordOf(number.at("quantity"));
    if (number.contains("known")) {
      said += ", known: " + wordOf(number.at("known")) + " (" + wordOf(number.at("source")) + ")";
    }
    said += "\n";
  }
  return said;
}

std::string attentionText(const Json& answer) {
  return fmt::format("{}: {}, layer {}, head {}\n", wordOf(answer.at("sample")), wordOf(answer.at("part")),
                     wordOf(answer.at("layer")), wordOf(answer.at("head"))) +
         largestText("attends to", answer, "attends_to") + largestText("is attended to by", answer, "attended_by");
}

std::string largestText(const char* title, const Json& answer, const char* key) {
  if (!answer.contains(key)) return {};
  std::vector<double> numbers;
  for (const Json& number : answer.at(key)) numbers.push_back(number.is_number() ? number.get<double>() : 0.0);
  std::vector<std::size_t> order(numbers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return std::abs(numbers[i]); });
  order.resize(std::min(order.size(), kShown));
  std::string said = fmt::format("\n{}, {} of {} tokens:\n", title, order.size(), numbers.size());
  for (const std::size_t i : order) {
    said += fmt::format("{:>10.4g} {:>5}{}\n", numbers[i], i, tokenWords(answer.at("tokens")[i]));
  }
  return said;
}

}  // namespace ecumene::app
