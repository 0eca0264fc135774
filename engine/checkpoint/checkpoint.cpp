// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/checkpoint.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <span>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/base/target_folder.h"
#include "engine/checkpoint/manifest.h"
#include "engine/checkpoint/safetensors_header.h"

namespace ecumene::engine::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostManifestBytes = std::size_t{1} << 30;
constexpr const char* kAdvice = "resume from an older checkpoint of the run";

struct Group {
  const char* name;
  Tensors Checkpoint::*tensors;
  Extent extent;  ///< the smallest that has it
};
constexpr std::array<Group, 4> kGroups{{{"model", &Checkpoint::model, Extent::kWeights},
                                        {"optimiser", &Checkpoint::optimiser, Extent::kAll},
                                        {"averaged", &Checkpoint::averaged, Extent::kWeights},
                                        {"buffers", &Checkpoint::buffers, Extent::kWeights}}};

/// A number with zeros before it, so that names sort as numbers do.
std::string padded(std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

/// More than the files will need: values, and for each tensor its lines in header and manifest.
std::uintmax_t bytesNeeded(const Checkpoint& checkpoint) {
  std::uintmax_t bytes = (std::uintmax_t{64} << 10) + checkpoint.runToml.size();
  for (const Group& group : kGroups) {
    for (const auto& [name, tensor] : checkpoint.*group.tensors) bytes += tensor.nbytes() + 2 * name.size() + 512;
  }
  return bytes;
}

std::uintmax_t bytesFree(const fs::path& folder) {
  std::error_code problem;
  const fs::space_info space = fs::space(folder, problem);
  if (problem) throw systemError("cannot ask for the free space", folder.string(), problem.value());
  return space.available;
}

void requireSpace(const fs::path& checkpoints, std::uintmax_t needed) {
  const std::uintmax_t available = bytesFree(checkpoints);
  if (available >= needed) return;
  throw Error("the disk is too full for a checkpoint", ErrorKind::kEnvironment)
      .on(checkpoints.string())
      .expected(std::to_string(needed) + " bytes free")
      .found(std::to_string(available) + " bytes")
      .next("free some space; the checkpoints before it are as they were");
}

void makeFolder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) throw systemError("cannot make a folder", folder.string(), problem.value());
}

Manifest::File writeText(const fs::path& file, const std::string& text) {
  const FileDescriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!descriptor.valid()) throw systemError("cannot create the file", file.string(), errno);
  writeAll(descriptor.get(), std::as_bytes(std::span(text.data(), text.size())), file.string());
  syncToDisk(file);
  return {static_cast<std::int64_t>(text.size()), sha256(text)};
}

/// Writes one group's shards and lists them in the manifest.
void writeGroup(const fs::path& folder, const std::string& group, const Tensors& tensors, std::int64_t shardBytes,
                Manifest& manifest) {
  auto& entries = manifest.tensors[group];
  auto next = tensors.begin();
  for (int count = 1; next != tensors.end(); ++count) {
    const std::string file = group + "-" + padded(count, 5) + ".safetensors";
    Tensors shard;
    std::int64_t bytes = 0;
    for (; next != tensors.end(); ++next) {
      const auto& [name, tensor] = *next;
      bytes += static_cast<std::int64_t>(tensor.nbytes());
      if (!shard.empty() && bytes > shardBytes) break;
      shard.emplace(name, tensor);
      entries[name] = {dtypeName(tensor.scalar_type()), tensor.sizes().vec(), file};
    }
    const WrittenFile written = writeSafetensors(folder / file, shard);
    manifest.files[file] = {written.bytes, written.sha256};
  }
}

void fill(const fs::path& folder, const Checkpoint& checkpoint, std::int64_t shardBytes) {
  Manifest manifest;
  manifest.progress = checkpoint.progress;
  manifest.attention = checkpoint.attention;
  manifest.files[kRunName] = writeText(folder / kRunName, checkpoint.runToml);
  for (const Group& group : kGroups) writeGroup(folder, group.name, checkpoint.*group.tensors, shardBytes, manifest);
  const Manifest::File written = writeText(folder / kManifestName, toJson(manifest));
  writeText(folder / kMarkerName, written.sha256 + "  " + kManifestName + "\n");
  syncToDisk(folder);
}

/// putInPlace(); on a file system that cannot exchange two folders the old one goes first.
void replaceFolder(const fs::path& from, const fs::path& to) {
  try {
    return putInPlace(from, to);
  } catch (const Error&) {
    if (!fs::exists(from) || !fs::exists(to)) throw;
  }
  fs::remove_all(to);
  putInPlace(from, to);
}

void requireHash(const std::string& found, const Manifest::File& expected, const fs::path& file) {
  if (found == expected.sha256) return;
  throw Error("the checkpoint is damaged: the file is not what was written")
      .on(file.string())
      .expected("SHA-256 " + expected.sha256)
      .found(found)
      .next(kAdvice);
}

void requireSize(const Manifest::File& expected, const fs::path& file) {
  std::error_code problem;
  const std::uintmax_t bytes = fs::file_size(file, problem);
  if (problem) throw systemError("the checkpoint is damaged: a file cannot be read", file.string(), problem.value());
  if (std::cmp_equal(bytes, expected.bytes)) return;
  throw Error("the checkpoint is damaged: the file has another length")
      .on(file.string())
      .expected(std::to_string(expected.bytes) + " bytes")
      .found(std::to_string(bytes))
      .next(kAdvice);
}

const Manifest::File& entryOf(const Manifest& manifest, const std::string& file, const fs::path& folder) {
  const auto found = manifest.files.find(file);
  if (found != manifest.files.end()) return found->second;
  throw Error("the manifest does not list a file that the checkpoint needs").on((folder / file).string());
}

Tensors readGroup(const fs::path& folder, const std::string& group, const Manifest& manifest) {
  Tensors tensors;
  const auto entries = manifest.tensors.find(group);
  if (entries == manifest.tensors.end()) return tensors;
  for (const auto& [file, entry] : manifest.files) {
    if (!file.starts_with(group + "-")) continue;
    requireSize(entry, folder / file);
    std::string hash;
    Tensors shard = readSafetensors(folder / file, nullptr, &hash);
    requireHash(hash, entry, folder / file);
    tensors.merge(shard);
  }
  for (const auto& [name, entry] : entries->second) {
    const auto found = tensors.find(name);
    if (found != tensors.end() && found->second.sizes() == entry.shape &&
        dtypeName(found->second.scalar_type()) == entry.dtype) {
      continue;
    }
    throw Error("the manifest and the shard contradict each other")
        .on((folder / entry.file).string() + ": tensor '" + shownName(name) + "'");
  }
  return tensors;
}

}  // namespace

fs::path folderOf(const fs::path& checkpoints, std::int64_t step) {
  return checkpoints / ("step-" + padded(step, 10));
}

fs::path write(const fs::path& checkpoints, const Checkpoint& checkpoint, std::int64_t shardBytes) {
  const fs::path folder = folderOf(checkpoints, checkpoint.progress.step);
  fs::path incomplete = folder;
  incomplete += ".incomplete";
  makeFolder(checkpoints);
  fs::remove_all(incomplete);
  const std::uintmax_t needed = bytesNeeded(checkpoint);
  requireSpace(checkpoints, needed);
  try {
    makeFolder(incomplete);
    fill(incomplete, checkpoint, shardBytes);
    replaceFolder(incomplete, folder);
    syncToDisk(checkpoints);
  } catch (Error& error) {
    std::error_code ignored;  // The first failure is the one to report.
    fs::remove_all(incomplete, ignored);
    // Another program may have taken the space that was there.
    if (error.kind() == ErrorKind::kEnvironment) requireSpace(checkpoints, needed);
    throw error.within("while writing the checkpoint of step " + std::to_string(checkpoint.progress.step));
  }
  fs::remove_all(incomplete);  // the one it replaced
  return folder;
}

Manifest readManifest(const fs::path& folder) {
  const fs::path file = folder / kManifestName;
  std::error_code ignored;
  if (!fs::exists(folder / kMarkerName, ignored)) {
    throw Error("the folder is not a whole checkpoint")
        .on(folder.string())
        .expected(std::string("a folder with ") + kMarkerName);
  }
  const std::string marker = readFile(folder / kMarkerName, 256);
  const std::string text = readFile(file, kMostManifestBytes);
  requireHash(sha256(text), {0, marker.substr(0, marker.find(' '))}, file);
  return fromJson(text, file.string());
}

Checkpoint read(const fs::path& folder, Extent extent) {
  const Manifest manifest = readManifest(folder);
  Checkpoint checkpoint;
  checkpoint.progress = manifest.progress;
  checkpoint.attention = manifest.attention;
  checkpoint.runToml = readFile(folder / kRunName, kMostManifestBytes);
  requireHash(sha256(checkpoint.runToml), entryOf(manifest, kRunName, folder), folder / kRunName);
  for (const Group& group : kGroups) {
    if (extent == Extent::kAll || group.extent == Extent::kWeights) {
      checkpoint.*group.tensors = readGroup(folder, group.name, manifest);
    }
  }
  return checkpoint;
}

void verify(const fs::path& folder) {
  const Manifest manifest = readManifest(folder);
  entryOf(manifest, kRunName, folder);
  for (const auto& [group, entries] : manifest.tensors) {
    for (const auto& [name, entry] : entries) entryOf(manifest, entry.file, folder);
  }
  for (const auto& [file, entry] : manifest.files) {
    requireSize(entry, folder / file);
    requireHash(sha256OfFile(folder / file), entry, folder / file);
  }
}

}  // namespace ecumene::engine::checkpoint
