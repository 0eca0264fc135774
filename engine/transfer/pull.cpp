// SPDX-License-Identifier: Apache-2.0
#include "engine/transfer/pull.h"

#include <unistd.h>

#include <array>
#include <numeric>
#include <set>
#include <utility>

#include "data/base/error.h"
#include "engine/protocol/upload.h"
#include "engine/transfer/fetch.h"
#include "engine/transfer/placing.h"
#include "engine/transfer/snapshot.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;

constexpr int kFilesAtOnce = 1000;
constexpr int kMostTries = 5;

/// A folder for the databases of a snapshot, removed with it.
fs::path stagingHere() {
  std::string pattern = (fs::temp_directory_path() / "ecumene-push-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw systemError("cannot make a folder", pattern, errno);
  return pattern;
}

Snapshot snapshotOf(Kind kind, const wire::CopyWhat& what, const fs::path& local) {
  switch (kind) {
    case Kind::kRun:
      return Snapshot::ofRun(local, Snapshot::Run::kWhole, stagingHere());
    case Kind::kCheckpoint:
      return Snapshot::ofCheckpoint(local.parent_path(), local.filename().string(), stagingHere());
    case Kind::kStore:
      return Snapshot::ofStore(local, stagingHere());
    case Kind::kPlanet:
      return Snapshot::ofPlanet(local, what.part(), stagingHere());
    case Kind::kMirror:
      break;
  }
  throw Error("a mirror is made on this machine, not on another one", ErrorKind::kUsage);
}

bool finishPush(protocol::Client& client, const wire::CopyWhat& what, const std::string& id,
                const std::vector<File>& files) {
  std::array<char, 256> host{};
  (void)::gethostname(host.data(), host.size() - 1);
  std::size_t next = 0;
  bool first = true;
  const auto reply = client.send(&wire::Transfer::Stub::FinishPush, [&](wire::FinishPushRequest& request) {
    if (!first && next == files.size()) return false;
    if (first) {
      *request.mutable_what() = what;
      request.set_host(protocol::utf8(host.data()));
      request.set_id(protocol::utf8(id));
    }
    first = false;
    for (; next < files.size() && request.files_size() < kFilesAtOnce; ++next) {
      wire::CopyFile& file = *request.add_files();
      file.set_name(files[next].name);
      file.set_bytes(files[next].bytes);
      file.set_sha256(files[next].sha256);
    }
    return true;
  });
  return reply.duplicate();
}

/// Sends each content once, as far as it is not there; bytes that went.
std::uint64_t send(protocol::Client& client, const Snapshot& snapshot, std::uint64_t total, const Going& going,
                   const std::function<void()>& waits) {
  std::set<std::string> sent;
  std::uint64_t before = 0, moved = 0;
  for (std::size_t i = 0; i < snapshot.files().size(); ++i) {
    const File& file = snapshot.files()[i];
    if (!sent.insert(file.sha256).second) continue;
    std::uint64_t there = 0;
    protocol::upload(client, {snapshot.path(i), file.sha256, file.bytes, file.sha256},
                     [&](std::uint64_t done, std::uint64_t) { return going(before + done, total); },
                     {[&](std::uint64_t bytes) { there = bytes; }, waits});
    moved += file.bytes - there;
    before += file.bytes;
  }
  return moved;
}

}  // namespace

Copied pull(protocol::Client& client, const wire::CopyWhat& what, const fs::path& where, const Going& going) {
  const Kind kind = kindOf(what.kind());
  const fs::path target = targetOf(where);
  requireFree(kind, target);
  std::error_code problem;
  fs::create_directories(target.parent_path(), problem);
  if (problem) throw systemError("cannot make the folder", target.parent_path().string(), problem.value());
  Fetch fetch(client, what, target, going);
  std::vector<std::size_t> all(fetch.files().size());
  std::iota(all.begin(), all.end(), 0U);
  fetch.bring(all);
  const Came came{kind, client.daemon().host(), what.id(), fetch.files()};
  bool duplicate = false;
  try {
    duplicate = place(came, fetch.content(), target);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kEnvironment) fetch.giveUp();
    throw;
  }
  fetch.done();
  return {all.size(), bytesOf(fetch.files()), fetch.moved(), duplicate};
}

Copied push(protocol::Client& client, const wire::CopyWhat& asked, const fs::path& where, const Going& going,
            const std::function<void()>& waits) {
  const fs::path local = targetOf(where);
  const Kind kind = kindOf(asked.kind());
  wire::CopyWhat what = asked;
  if (kind == Kind::kCheckpoint) what.set_part(local.filename().string());
  Snapshot snapshot = snapshotOf(kind, what, local);
  HashCache hashes;
  snapshot.hash(hashes, [&](std::uint64_t, std::uint64_t total) { return going(0, total); });
  const std::vector<File>& files = snapshot.files();
  wire::BeginPushRequest begin;
  *begin.mutable_what() = what;
  const std::uint64_t total = bytesOf(files);
  begin.set_bytes(total);
  client.call(&wire::Transfer::Stub::BeginPush, begin);
  std::uint64_t moved = 0;
  for (int tries = 1;; ++tries) {
    moved += send(client, snapshot, total, going, waits);
    try {
      return {files.size(), total, moved, finishPush(client, what, local.filename().string(), files)};
    } catch (const Error& error) {
      // Another push had a content in common with this one, and removed it with its own end.
      const bool gone = error.failure() == protocol::kNoUpload || error.failure() == protocol::kNotWhole;
      if (!gone || tries == kMostTries) throw;
    }
  }
}

}  // namespace ecumene::engine::transfer
