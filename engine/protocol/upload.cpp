// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/upload.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>
#include <utility>

#include "data/base/error.h"
#include "engine/protocol/version.h"

namespace ecumene::engine::protocol {
namespace {

using Going = std::function<bool(std::uint64_t sent, std::uint64_t total)>;

constexpr std::chrono::milliseconds kPause{300};
constexpr int kMostTries = 5;

std::string uploadOnce(Client& client, const Sent& sent, const Going& going, const Told& told) {
  wire::BeginUploadRequest begin;
  begin.set_name(sent.name);
  begin.set_sha256(sent.sha256);
  begin.set_bytes(sent.bytes);
  wire::UploadReply reply = client.call(&wire::Jobs::Stub::BeginUpload, begin);
  std::ifstream file(sent.file, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(reply.bytes()));
  std::uint64_t offset = reply.bytes();
  if (told.begins) told.begins(offset);
  std::string piece(kChunkBytes, '\0');
  bool first = true, cancelled = false;
  const std::string id = reply.upload();
  const auto goesOn = [&] {
    cancelled = cancelled || (going && !going(offset, begin.bytes()));
    return !cancelled;
  };
  try {
    reply = client.send(
        &wire::Jobs::Stub::Upload,
        [&](wire::UploadChunk& chunk) {
          if (!goesOn()) return false;
          // What is appended to the file meanwhile is not sent.
          const std::uint64_t rest = begin.bytes() - offset;
          file.read(piece.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(piece.size(), rest)));
          const auto got = static_cast<std::size_t>(file.gcount());
          if (got == 0 && !first) return false;
          first = false;
          chunk.set_upload(id);
          chunk.set_offset(offset);
          chunk.set_data(piece.data(), got);
          offset += got;
          return true;
        },
        goesOn);  // the daemon reads all of it once more, which may take long
  } catch (const Error&) {
    if (!cancelled) throw;  // else the daemon says that the sending ended early, which is what was wanted
  }
  if (cancelled) throw Error("the sending was cancelled", ErrorKind::kCancelled).on(sent.file.string());
  if (reply.bytes() == begin.bytes()) return reply.upload();
  throw Error("the file has changed while it was sent").on(sent.file.string());
}

}  // namespace

std::string upload(Client& client, const Sent& sent, const Going& going, const Told& told) {
  int tries = 0;
  bool waits = false;
  while (true) {
    try {
      return uploadOnce(client, sent, going, told);
    } catch (const Error& error) {
      // The other client may be done with it, and the file gone again, before we have a word with the daemon.
      const bool another = error.failure() == kSentByAnother;
      const bool changed = error.failure() == kNoUpload || error.failure() == kDoesNotFit;
      if (!another && (!changed || ++tries == kMostTries)) throw;
      if (another && !std::exchange(waits, true) && told.waits) told.waits();
    }
    if (going && !going(0, sent.bytes)) {
      throw Error("the sending was cancelled", ErrorKind::kCancelled).on(sent.file.string());
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace ecumene::engine::protocol
