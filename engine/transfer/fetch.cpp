// SPDX-License-Identifier: Apache-2.0
#include "engine/transfer/fetch.h"

#include <algorithm>
#include <set>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/protocol/version.h"
#include "engine/transfer/placing.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBegun = "begun";
constexpr std::size_t kHashBytes = 32;
/// A message has room for the hashes of so many blocks.
constexpr std::uint64_t kMostBlocks = 100000;

run::OwnerLock lockOf(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) throw systemError("cannot make a folder for the copy", folder.string(), problem.value());
  try {
    return run::OwnerLock(folder);
  } catch (const Error&) {
    if (!run::OwnerLock::owner(folder)) throw;
    throw Error("another program copies to this place", ErrorKind::kEnvironment)
        .on(folder.string())
        .next("wait until it has ended");
  }
}

}  // namespace

Fetch::Fetch(protocol::Client& client, const wire::CopyWhat& what, const fs::path& target, const Going& going)
    : client_(client), incoming_(besideOf(target, ".incoming")), going_(going) {
  lock_.emplace(lockOf(incoming_));
  uploads_.emplace(incoming_ / "content");
  begin(what);
}

void Fetch::begin(const wire::CopyWhat& what) {
  // A copy that was cut goes on with the files of its time, where the daemon still has them.
  const fs::path said = incoming_ / kBegun;
  wire::BeginPullRequest request, before;
  *request.mutable_what() = what;
  std::error_code ignored;
  if (fs::exists(said, ignored) && before.ParseFromString(readFile(said, 1 << 16)) &&
      before.what().SerializeAsString() == what.SerializeAsString()) {
    request.set_copy(before.copy());
  }
  bool cancelled = false;
  client_.stream(&wire::Transfer::Stub::BeginPull, request, [&](const wire::BeginPullReply& reply) {
    if (!reply.copy().empty()) copy_ = reply.copy();
    for (const wire::CopyFile& file : reply.files()) files_.push_back({file.name(), file.bytes(), file.sha256()});
    cancelled = !going_(0, std::max<std::uint64_t>(1, reply.total_bytes()));
    return !cancelled;
  });
  if (cancelled) throw Error("the copy was cancelled", ErrorKind::kCancelled).next("repeat it to go on");
  requireInnerNames(files_);
  request.set_copy(copy_);
  writeFileAtomically(said, request.SerializeAsString());
  // What only earlier copies had is not needed any more.
  std::set<std::string> needed;
  for (const File& file : files_) needed.insert(file.sha256);
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(incoming_ / "content")) {
    if (!needed.contains(entry.path().filename().string())) old.push_back(entry.path());
  }
  for (const fs::path& content : old) fs::remove_all(content);
}

void Fetch::done() {
  wire::EndPullRequest request;
  request.set_copy(copy_);
  client_.call(&wire::Transfer::Stub::EndPull, request);
  fs::remove_all(incoming_);
}

void Fetch::giveUp() {
  std::error_code ignored;
  fs::remove(incoming_ / kBegun, ignored);
  wire::EndPullRequest request;
  request.set_copy(copy_);
  try {
    client_.call(&wire::Transfer::Stub::EndPull, request);
  } catch (const Error&) {
    return;  // It ends by itself, later.
  }
}

void Fetch::step(std::uint64_t bytes) {
  here_ += bytes;
  if (going_(here_, total_)) return;
  throw Error("the copy was cancelled", ErrorKind::kCancelled).next("repeat it to go on from there");
}

void Fetch::bring(const std::vector<std::size_t>& files, const std::vector<Basis>& bases) {
  try {
    bringWanted(files, bases);
  } catch (const Error& error) {
    // A cut, a stop or a full disk is gone on from; a file that is not what was said would be the same once more.
    if (error.kind() != ErrorKind::kCancelled && error.kind() != ErrorKind::kEnvironment) giveUp();
    throw;
  }
}

void Fetch::bringWanted(const std::vector<std::size_t>& files, const std::vector<Basis>& bases) {
  std::set<std::string> wanted;
  std::vector<std::size_t> order;
  std::uint64_t lacking = 0;
  for (const std::size_t i : files) {
    const File& file = files_[i];
    if (!wanted.insert(file.sha256).second) continue;
    order.push_back(i);
    total_ += file.bytes;
    lacking += file.bytes - std::min(file.bytes, uploads_->here(file.sha256));
  }
  Uploads::requireRoom(incoming_, lacking, "the copy");
  for (const std::size_t i : order) {
    const auto basis = std::find_if(bases.begin(), bases.end(), [&](const Basis& known) { return known.file == i; });
    bringFile(i, basis == bases.end() ? fs::path() : basis->path);
  }
}

void Fetch::bringFile(std::size_t i, const fs::path& basis) {
  const File& file = files_[i];
  const Uploads::Progress begun = uploads_->begin(file.sha256, file.bytes, file.sha256);
  step(begun.bytes);
  Uploads::Sending sending(*uploads_, begun.id);
  if (begun.bytes < file.bytes) {
    if (basis.empty() || file.bytes > kMostBlocks * kBlockBytes) {
      bringPieces(i, sending, begun.bytes, file.bytes);
    } else {
      bringChanged(i, sending, begun.bytes, basis);
    }
  }
  [[maybe_unused]] const Uploads::Progress whole = sending.end([this] {
    step(0);
    return true;
  });
}

void Fetch::bringPieces(std::size_t i, Uploads::Sending& sending, std::uint64_t offset, std::uint64_t end) {
  wire::PiecesRequest request;
  request.set_copy(copy_);
  request.set_file(static_cast<std::uint32_t>(i));
  request.set_offset(offset);
  request.set_bytes(end - offset);
  client_.stream(&wire::Transfer::Stub::Pieces, request, [&](const wire::Chunk& chunk) {
    sending.append(offset, chunk.data());
    offset += chunk.data().size();
    moved_ += chunk.data().size();
    step(chunk.data().size());
    return true;
  });
  if (offset == end) return;
  throw Error("the daemon sent less than it had said").on(files_[i].name).next("begin the copy again");
}

void Fetch::bringChanged(std::size_t i, Uploads::Sending& sending, std::uint64_t offset, const fs::path& basis) {
  const File& file = files_[i];
  wire::BlocksRequest request;
  request.set_copy(copy_);
  request.set_file(static_cast<std::uint32_t>(i));
  const wire::BlocksReply there = client_.call(&wire::Transfer::Stub::Blocks, request, std::chrono::minutes(1));
  const std::uint64_t known = std::min(file.bytes, static_cast<std::uint64_t>(fs::file_size(basis)));
  const std::string here = blockHashes(basis, known);
  const std::uint64_t blocks = (file.bytes + kBlockBytes - 1) / kBlockBytes;
  if (there.block_bytes() != kBlockBytes || there.sha256().size() != blocks * kHashBytes) {
    throw Error("the daemon divides a file in another way").on(file.name);
  }
  const auto same = [&](std::uint64_t block) {
    // A last block that is shorter here than there has another hash.
    const std::size_t place = block * kHashBytes;
    return place + kHashBytes <= here.size() && here.compare(place, kHashBytes, there.sha256(), place, kHashBytes) == 0;
  };
  const PieceReader reader(basis);
  while (offset < file.bytes) {
    const bool local = same(offset / kBlockBytes);
    std::uint64_t end = std::min(file.bytes, (offset / kBlockBytes + 1) * kBlockBytes);
    const std::uint64_t most = local ? offset + protocol::kChunkBytes : file.bytes;
    while (end < std::min(file.bytes, most) && same(end / kBlockBytes) == local) {
      end = std::min(file.bytes, end + kBlockBytes);
    }
    if (local) {
      const std::string piece = reader.read(offset, end - offset);
      sending.append(offset, piece);
      step(piece.size());
    } else {
      bringPieces(i, sending, offset, end);
    }
    offset = end;
  }
}

}  // namespace ecumene::engine::transfer
