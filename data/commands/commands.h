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

/// What all words share.
struct Common {
  std::filesystem::path store;  ///< folder of the store
  bool json = false;            ///< results as JSON
  unsigned threads = 0;         ///< for heavy work; 0: one per core
  std::stop_token stop;         ///< asked to stop, a word ends at the next planet or file with an Error (kCancelled)
};

/// $ECUMENE_STORE, else ecumene/store under $XDG_DATA_HOME (~/.local/share). Throws Error (kUsage) without any of them.
std::filesystem::path defaultStore();

/// Makes planets 0 to planets - 1 of a seed, as far as the store lacks them, and the statistics of the set. Throws
/// Error if the store is damaged, holds this seed from another generator or with another number of epochs, or its disk
/// has too little room. `epochs` is at least 1 (physics::generator::generatePlanet).
int generate(const Common& common, std::uint64_t planets, std::uint64_t seed, std::uint64_t epochs);

/// Reads files and what lies in folders into the store, each in a child process; derives labels and simulated spectra
/// of climates. `set`: what files do not say (formats::ImportOptions). 1 if a file was refused; the others are in.
int importFiles(const Common& common, const std::vector<std::filesystem::path>& paths,
                const std::map<std::string, std::string>& set);

/// Writes a planet into `<folder>/<id>` as files of other programs (formats::exportPlanet); `force` replaces what is
/// there.
int exportFiles(const Common& common, const std::string& id, const std::filesystem::path& folder, bool force);

/// All planets, and the shares of the set.
int list(const Common& common);

/// One planet with everything but the numbers of its arrays; of a name that is no planet's id what catalogues and
/// collected texts say of it.
int show(const Common& common, const std::string& id);

/// Reads every byte again and runs the quality checks again; 1 if anything is not as it should be.
int check(const Common& common);

/// Planets and systems of each split.
int splits(const Common& common);

/// Takes a planet out of the store.
int remove(const Common& common, const std::string& id);

struct FbaOptions {
  std::string fileOrId;                                       ///< an SBML file, a planet's id, or ID:NETWORK
  std::vector<std::string> knockOuts, geneKnockOuts, bounds;  ///< reactions, genes, "ID=lo:hi" (mmol/gDW/h)
  bool parsimonious = false;                                  ///< among the optima, the one of least total flux
};
/// Flux balance of a network; an archetype metabolism has the uptake bounds and maintenance of its planet, as its
/// viability was judged (without liquid water in its window it has none: Error). 0 also where it is infeasible or
/// unbounded: that is its result.
int fba(const Common& common, const FbaOptions& options);

}  // namespace ecumene::data::commands
