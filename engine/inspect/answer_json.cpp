// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/answer_json.h"

#include <cmath>

#include "engine/report/prediction_json.h"

namespace ecumene::engine::inspect {

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json numbers(const std::vector<float>& values) {
  Json list = Json::array();
  for (const float value : values) list.push_back(number(static_cast<double>(value)));
  return list;
}

Json toJson(const Token& token) {
  Json json{{"view", token.view}, {"kind", token.kind}};
  if (!token.id.empty()) json["id"] = token.id;
  for (const TokenRange& range : token.ranges) json[std::string(range.axis)] = {range.first, range.last};
  return json;
}

Json toJson(const std::vector<Token>& tokens) {
  Json list = Json::array();
  for (const Token& token : tokens) list.push_back(toJson(token));
  return list;
}

Json toJson(const report::Prediction& row) {
  return Json::parse(report::predictionJson(row));
}

Json toJson(const CheckedNumber& checked) {
  Json json{{"written", checked.written}, {"value", checked.value}, {"verdict", name(checked.verdict)}};
  if (!checked.quantity.empty()) json["quantity"] = checked.quantity;
  if (!checked.source.empty()) {
    json["source"] = checked.source;
    json["known"] = number(checked.known);
  }
  return json;
}

Json errorJson(const Error& error) {
  const bool refused = error.kind() == ErrorKind::kInput || error.kind() == ErrorKind::kCancelled;
  const int code = refused ? 1 : error.kind() == ErrorKind::kUsage ? 2 : 3;
  return {{"what", error.failure()},  {"object", error.object()}, {"expected", error.expectation()},
          {"found", error.finding()}, {"next", error.nextStep()}, {"code", code}};
}

}  // namespace ecumene::engine::inspect
