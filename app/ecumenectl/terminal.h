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

/// From now on Ctrl-C, SIGTERM and SIGHUP ask the word to end, which looks at interrupted() for that; asked a second
/// time the program ends as it is. A signal that is ignored (nohup) stays so.
void stopOnInterrupt();
bool interrupted();

/// The store that a word means: `store`, or the daemon's only one. Throws Error naming `option` where it has several.
std::string storeOf(const engine::protocol::Client& client, const std::string& store, const std::string& option);

wire::Run runNow(engine::protocol::Client& client, const std::string& run);
/// Whether nobody trains the run: it changes only when it is launched or copied anew.
bool hasEnded(const wire::Run& run);

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
