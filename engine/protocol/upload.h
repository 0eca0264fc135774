// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "engine/protocol/client.h"

namespace ecumene::engine::protocol {

/// Why an upload cannot go on at this moment, as the daemon says it; asked again it can.
inline constexpr const char* kSentByAnother = "another client sends this file";
inline constexpr const char* kNoUpload = "there is no such upload";
inline constexpr const char* kDoesNotFit = "the piece does not fit behind what is here";
inline constexpr const char* kNotWhole = "the upload is not whole yet";

/// What is sent: the first `bytes` of a file, whose hash is known, under a name without folders.
struct Sent {
  std::filesystem::path file;
  std::string name;
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// What a sender is told as it goes on, beside how far it is.
struct Told {
  std::function<void(std::uint64_t there)> begins = {};  ///< before the first piece of each try, with the bytes there
  std::function<void()> waits = {};                      ///< once, where another client sends the content
};

/// Sends a file to the daemon, from where an earlier sending of the same content was cut, or another client has come,
/// who is waited for; the upload's id, for Jobs.Import. `going(sent, total)` in bytes is called before each piece;
/// false ends the sending with an Error of kind kCancelled. Throws Error.
std::string upload(Client& client, const Sent& sent,
                   const std::function<bool(std::uint64_t sent, std::uint64_t total)>& going = {},
                   const Told& told = {});

}  // namespace ecumene::engine::protocol
