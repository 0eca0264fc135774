// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/base/error.h"
#include "engine/inspect/numbers.h"
#include "engine/inspect/question.h"
#include "engine/inspect/token.h"
#include "engine/report/prediction.h"

/// Pieces of answers in JSON.
namespace ecumene::engine::inspect {

/// NaN and infinity have no place in JSON: null.
Json number(double value);
Json numbers(const std::vector<float>& values);
Json toJson(const Token& token);
Json toJson(const std::vector<Token>& tokens);
/// As the word predict prints it: engine/report/prediction_json.h.
Json toJson(const report::Prediction& row);
Json toJson(const CheckedNumber& checked);
/// {what, object, expected, found, next, code}, the code being the exit code of a program that met it: 1 refused, 2
/// usage, 3 internal or the machine's fault.
Json errorJson(const Error& error);

}  // namespace ecumene::engine::inspect
