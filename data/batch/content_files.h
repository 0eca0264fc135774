// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ecumene::data::batch {

/// Names of the files in a run's folder that hold its TrainingContent; an adaptation has the tokeniser alone, under the
/// name that a Llama folder gives it.
inline constexpr const char* kStatisticsFile = "statistics.json";
inline constexpr const char* kReactionsFile = "reactions.json";
inline constexpr const char* kTokeniserFile = "tokenizer.model";

}  // namespace ecumene::data::batch
