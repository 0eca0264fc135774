// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "data/formats/common/format.h"
#include "data/store/store.h"

namespace ecumene::data::commands {

/// What became of a file, or of one planet of a file that holds many.
struct Outcome {
  std::string file, part;  ///< part: "simulation 7" of a file that holds many
  std::string status, kind, message;
  std::optional<std::string> id;
  std::vector<std::string> assumptions;
  std::vector<std::string> looks;   ///< where no format fits: what each said of the file
  std::vector<std::string> failed;  ///< quality checks that the planet failed, "name: message"
  bool present = false;             ///< nothing was added: the same content is in the store
  bool hindered = false;            ///< refused for a limit of the shell, not for what it is

  /// "all-obs.npz: simulation 7"
  [[nodiscard]] std::string path() const { return file + (part.empty() ? "" : ": " + part); }
};

Outcome refusal(const std::filesystem::path& file, std::string why);

/// What the imports of one command share.
struct Importing {
  store::Store& store;
  formats::ImportOptions options{};
  unsigned threads = 0;  ///< for a file that holds many planets; 0: one per core
  std::stop_token stop{};
  std::filesystem::path program = "/proc/self/exe";  ///< starts the children: importPartsInChild
};

/// Told as a file is read: `done` of `of` of its planets, and the name of the latest (empty: the file is one planet,
/// and they are per cent of it).
using TellPart = std::function<void(std::size_t done, std::size_t of, const std::string& part)>;

/// Reads a file in a child process and adds what it gives to the store: an outcome for each planet. A file that is
/// refused leaves nothing in the store. Throws Error kCancelled at a stop, and where the store cannot be written or no
/// file can be imported (formats::Hindered); `outcomes` then has what was done before.
void importFile(const Importing& importing, const std::filesystem::path& file, const TellPart& tell,
                std::vector<Outcome>& outcomes);

}  // namespace ecumene::data::commands
