// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

/// The words of `ecumene-data`: one function each. They print to stdout (JSON with `json`), progress to stderr, and
/// give the exit code: 0 all done, 1 some refused or cancelled, 2 usage, 3 internal or the machine's fault. They throw
/// Error where the whole command fails; the program turns that into a message and the same codes.
namespace ecumene::data::commands {

struct Common {
  std::filesystem::path store;
  bool json = false;
  unsigned threads = 0;  ///< 0: one per core
  std::stop_token stop;
};

/// $ECUMENE_STORE, else ecumene/store under $XDG_DATA_HOME (~/.local/share).
std::filesystem::path defaultStore();

int generate(const Common& common, std::uint64_t planets, std::uint64_t seed);
int importFiles(const Common& common, const std::vector<std::filesystem::path>& paths,
                const std::map<std::string, std::string>& set);
int list(const Common& common);
int show(const Common& common, const std::string& id);
int check(const Common& common);
int splits(const Common& common);
int remove(const Common& common, const std::string& id);

struct FbaOptions {
  std::string fileOrId;
  std::vector<std::string> knockOuts, geneKnockOuts, bounds;
  bool parsimonious = false;
};
int fba(const Common& common, const FbaOptions& options);

}  // namespace ecumene::data::commands
