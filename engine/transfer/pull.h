// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>

#include "engine/protocol/client.h"
#include "engine/transfer/files.h"

namespace ecumene::engine::transfer {

/// What was copied.
struct Copied {
  std::size_t files = 0;
  std::uint64_t bytes = 0;  ///< of all
  std::uint64_t moved = 0;  ///< that came or went now; the others were there from before
  bool duplicate = false;   ///< the store had the planet already
};

/// Copies what the daemon has to this machine: a run, checkpoint or store becomes the folder `target`, which is absent
/// or empty; a planet is added to the store `target`. Cut anywhere, the same call goes on: what has come is kept beside
/// the target until it is whole and in its place. The disk's room is asked first. Throws Error.
Copied pull(protocol::Client& client, const wire::CopyWhat& what, const std::filesystem::path& target,
            const Going& going);

/// The same way to the daemon: `what.part` says what `local` holds, `what.id` where it goes: the new run's id, the run
/// that a checkpoint is added to, the store. `local` is the folder of the run, checkpoint or store; for a planet the
/// store that has it. Nothing is seen over there before it is whole. `waits` is called once for each file that another
/// client sends too, and that is waited for. Throws Error.
Copied push(protocol::Client& client, const wire::CopyWhat& what, const std::filesystem::path& local,
            const Going& going, const std::function<void()>& waits = {});

/// Makes `target` a mirror of a run, or brings it up to date: journal, newest and best checkpoint, artifacts; only what
/// has changed moves, of a journal its changed blocks. A mirror is a folder of a run, whose journal other programs here
/// may follow. Refused where `target` is something else, or the run was trained here since. Throws Error.
Copied mirror(protocol::Client& client, const std::string& run, const std::filesystem::path& target,
              const Going& going);

}  // namespace ecumene::engine::transfer
