// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message.h>

#include <nlohmann/json.hpp>

namespace ecumene::ecumenectl {

/// Any message by the names of its fields; fields that were left out have their default. NaN and infinities, which JSON
/// has not, are null; bytes are a text whose bytes that are no UTF-8 are replaced.
nlohmann::ordered_json toJson(const google::protobuf::Message& message);

}  // namespace ecumene::ecumenectl
