// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/ecumenectl/commands.h"
#include "app/plain.h"
#include "engine/protocol/client.h"

/// What the words of ecumenectl share to ask and to print.
namespace ecumene::ecumenectl {

engine::protocol::Client connect(const Common& common);

/// Prints a message as JSON.
void print(const google::protobuf::Message& message);

/// Rows with columns padded to their widest cell; the columns of `right` stand to the right.
std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                  const std::string& right);

/// Runs as a table.
std::string runsTable(const google::protobuf::RepeatedPtrField<wire::Run>& runs);

/// "12 s", "3 min", "5 h", "2 d": since a time in seconds since 1970; "-" for 0.
std::string age(double since);

using app::plain;

}  // namespace ecumene::ecumenectl
