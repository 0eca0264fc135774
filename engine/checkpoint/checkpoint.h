// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/checkpoint/safetensors.h"

namespace ecumene::engine::checkpoint {

/// Where a run stands: all that resuming bit-equal needs beside the tensors. Numbers come back bit for bit, infinities
/// and NaN too.
struct Progress {
  std::int64_t step = 0, epoch = 0, position = 0;  ///< position in the epoch's global order
  double bestScore = std::numeric_limits<double>::quiet_NaN();
  std::int64_t bestStep = -1;  ///< whose checkpoint is kept as the best; -1: none
  std::int64_t sinceBest = 0;
  std::map<std::string, double> numbers;  ///< loss scale, running medians and the like
  double seconds = 0.0;                   ///< that the `step` steps took, without what is between steps
  std::string positionUnit;               ///< what `position` counts; empty: the checkpoint does not say
  bool operator==(const Progress&) const = default;
};

struct Checkpoint {
  Tensors model, optimiser;
  Tensors averaged;  ///< EMA; may be empty
  Tensors buffers;   ///< what else training keeps, such as the contrast bank; may be empty
  Progress progress;
  std::string runToml;                 ///< the RunSpec as TOML
  std::vector<std::string> attention;  ///< what language layers, then climate blocks, were made as; may be empty
};

/// What a checkpoint says of itself, read without a tensor.
struct Manifest {
  struct File {
    std::int64_t bytes = 0;
    std::string sha256;
  };
  struct TensorEntry {
    std::string dtype;                ///< in safetensors' words
    std::vector<std::int64_t> shape;  ///< of the whole tensor
    std::string file;
  };
  Progress progress;
  std::vector<std::string> attention;
  std::map<std::string, File> files;  ///< all but the manifest; that of run.toml is the run's hash
  std::map<std::string, std::map<std::string, TensorEntry>> tensors;  ///< by group and name
};

inline constexpr std::int64_t kShardBytes = std::int64_t{1} << 30;

/// A checkpoint is a folder `<checkpoints>/step-0000001234`: run.toml; one or more shards a group,
/// `<group>-00001.safetensors`, each at most `shardBytes` unless one tensor alone has more; manifest.json (format
/// version, progress, global shapes and types, bytes and SHA-256 of every other file); and last manifest.sha256, which
/// `sha256sum -c` reads. Made as ".incomplete", every file and the folder fsynced, renamed: whole or absent.
std::filesystem::path folderOf(const std::filesystem::path& checkpoints, std::int64_t step);

/// Writes the checkpoint of `progress.step` and returns its folder, replacing one of the same step. Throws Error and
/// leaves all as it was; where the disk is too full it names the bytes needed and free (ErrorKind::kEnvironment).
std::filesystem::path write(const std::filesystem::path& checkpoints, const Checkpoint& checkpoint,
                            std::int64_t shardBytes = kShardBytes);

/// kWeights: model, averaged and buffers, without the optimiser's state.
enum class Extent { kAll, kWeights };
/// Everything read is held against its hash. Throws Error naming file and tensor where it is damaged, and for a format
/// of a newer version.
Checkpoint read(const std::filesystem::path& folder, Extent extent = Extent::kAll);
/// Only the manifest is looked at.
Manifest readManifest(const std::filesystem::path& folder);
/// Throws Error, as read() does, unless every file is as it was written. Needs little memory.
void verify(const std::filesystem::path& folder);

/// Steps that have a checkpoint, damaged or not, ascending.
std::vector<std::int64_t> steps(const std::filesystem::path& checkpoints);
/// The newest whole one in `checkpoints`; none if there is none. Damaged ones are skipped, and what is wrong with each
/// goes into `skipped`.
std::optional<std::filesystem::path> newest(const std::filesystem::path& checkpoints,
                                            std::vector<std::string>* skipped = nullptr);
/// Removes those before `written` but for the last `keepLast` >= 1 up to it and the one of `bestStep`. `written` is the
/// step of one that is known to be whole. Later ones stay and count for nothing: a run that goes on from before them
/// has passed them over as damaged.
void prune(const std::filesystem::path& checkpoints, std::int64_t keepLast, std::int64_t bestStep,
           std::int64_t written);
/// Removes what writing or pruning left when it was cut short. Only for the process that writes `checkpoints`.
void sweep(const std::filesystem::path& checkpoints);

}  // namespace ecumene::engine::checkpoint
