// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "data/base/progress.h"
#include "data/planet/collection.h"
#include "data/planet/planet.h"
#include "data/store/cube_reader.h"
#include "data/store/rows.h"
#include "data/store/sample.h"
#include "data/store/statistics.h"

namespace ecumene::data::store {

enum class Mode {
  kRead,    ///< never writes; works beside a writer, and in a folder without write permission
  kWrite,   ///< the one writer; puts aside what no row lists
  kCreate,  ///< kWrite; makes the store where the folder is absent or empty
};

struct OpenOptions {
  /// How long a writer waits for another one before it is refused.
  std::chrono::milliseconds lockWait{10000};
};

/// A folder of planets: `catalogue.sqlite` and one HDF5 file for each planet (README has the format). A planet is in
/// the store when its row is committed, and then its payload is whole on disk. All functions may be called from any
/// thread. Ids are checked before they reach a path. Errors: Error naming store, planet and array.
class Store {
 public:
  /// Throws Error if the folder is no store (kCreate: not empty and no store), of a newer version, or owned by another
  /// writer for longer than the wait.
  static Store open(const std::filesystem::path& folder, Mode mode, const OpenOptions& options = {});
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  [[nodiscard]] const std::filesystem::path& folder() const;

  // --- adding; mode kWrite or kCreate ---

  /// Validates, packs, writes and commits; on return the planet is durable. An empty id is made from the name. Planets
  /// whose content is already there are not added again: AddResult::duplicate; nor is a climate that was exported from
  /// here, whose values are the packed ones, or a simulated spectrum that the planet of its name has. Throws Error if
  /// the id is taken by other content. Several threads adding at once share commits. `excluded`: quality checks leave
  /// it out of training.
  AddResult add(const planet::Planet& planet, bool excluded = false);
  /// Sets the quality of a planet, which it is given as get() will give it; true if it is to be left out of training.
  using Judge = std::function<bool(planet::Planet& planet)>;
  /// An observation (origin observed, without id) of a planet that is there under one of its names joins it: the planet
  /// keeps its id and gets what it lacks (spectra, texts, networks, scalars, names, provenance), in a payload written
  /// anew; on return that is durable, and until then the old one is whole. Otherwise as add(). Removing the planet
  /// removes all of it.
  AddResult addObserved(const planet::Planet& observed, const Judge& judge);
  /// Has planets judged anew that catalogues name, as get() gives them now, and keeps the marks; damaged ones are left
  /// to check(). Without it the marks of planets that are there lack what a catalogue added afterwards says.
  void judgeNamed(const Judge& judge);
  /// The entries of a catalogue file; an import whose source (sha256) was added before replaces it.
  CatalogueResult addCatalogue(const planet::Import& catalogue);
  /// Texts of a collection; those with the id and body of one that is there are skipped. When planets are read, texts
  /// find them by names: keywords for those of numbered catalogues, title and body for others.
  TextResult addTexts(const planet::Import& texts);
  /// Throws Error if there is no such planet.
  void remove(const std::string& id);
  void recordGeneration(const Generation& generation);

  // --- reading ---

  [[nodiscard]] std::vector<Row> list(const Filter& filter = {}) const;
  [[nodiscard]] bool contains(const std::string& id) const;
  /// Id of the planet with this content (contentHash); none if there is none.
  [[nodiscard]] std::optional<std::string> findContent(const std::string& contentHash) const;
  [[nodiscard]] std::unordered_set<std::string> ids() const;
  /// The whole planet; packed climate fields within their bound, all else as it was added. Observed planets also get
  /// scalars of catalogues (for those they lack) and texts that name them, with provenance.
  [[nodiscard]] planet::Planet get(const std::string& id) const;
  /// Values of one climate variable. Throws Error if the planet lacks it.
  [[nodiscard]] std::vector<float> getVariable(const std::string& id, planet::VariableId variable) const;
  /// Minimum, maximum and area-weighted mean of each present variable, of the values as they were added.
  [[nodiscard]] std::vector<VariableSummary> variableSummaries(const std::string& id) const;
  /// Entries of added catalogues that name this planet (any spelling, aliases too).
  [[nodiscard]] std::vector<CatalogueMatch> catalogueEntries(std::string_view name) const;
  /// Those that are of this planet: by its name and aliases, and by the names that the entries add.
  [[nodiscard]] std::vector<CatalogueMatch> catalogueEntries(const planet::Planet& planet) const;
  /// Texts that a planet came with, in its order. Throws Error if there is no such planet.
  [[nodiscard]] std::vector<planet::Text> ownTexts(const std::string& id) const;
  /// Texts of collections that name this planet.
  [[nodiscard]] std::vector<planet::Text> textsNaming(std::string_view name) const;
  /// All texts of collections, for the language part.
  [[nodiscard]] std::vector<planet::Text> collectionTexts() const;
  [[nodiscard]] std::vector<SplitCount> splits() const;
  [[nodiscard]] std::vector<Generation> generations() const;
  [[nodiscard]] Totals totals() const;
  /// Files of the payloads below the store's folder, as the catalogue lists them: "planets/1f/earth.h5".
  [[nodiscard]] std::vector<std::filesystem::path> payloads() const;
  /// What a loader needs to read cubes without the catalogue (cube_reader.h), in the order of list().
  [[nodiscard]] std::vector<CubeIndex> cubes(const Filter& filter = {}) const;
  /// The same with what may be drawn for a sample; texts are measured, not kept.
  [[nodiscard]] std::vector<SampleIndex> samples(const Filter& filter, const TextLength& textLength) const;
  /// What was drawn, read alone: one network, one spectrum, one text. Nothing is joined from catalogues. Throws Error
  /// if the planet is no longer what the index says.
  [[nodiscard]] SampleParts sample(const SampleIndex& index, const SampleDraw& draw) const;

  // --- the set as a whole ---

  /// Statistics of the train split; none if never computed, by another version, or the set has changed since.
  [[nodiscard]] std::optional<Statistics> statistics() const;
  /// Of any split, computed and not kept: a set of real planets alone has no train split.
  [[nodiscard]] Statistics statisticsOf(planet::Split split, const Progress& progress = {}, unsigned threads = 0,
                                        const std::stop_token& stop = {}) const;
  /// Computes those of the train split and stores them (mode kWrite).
  Statistics computeStatistics(const Progress& progress = {}, unsigned threads = 0, const std::stop_token& stop = {});
  /// Re-reads every payload against its sha-256 and every array against its checksum, compares files with rows, and
  /// does what checkCatalogue() does. Says what is wrong, each with its place; empty: the store is whole.
  [[nodiscard]] std::vector<Problem> check(const Progress& progress = {}, unsigned threads = 0,
                                           const std::stop_token& stop = {}) const;

  /// What can be seen without reading payloads: SQLite's own checks of its pages, the checksums of the catalogue's
  /// rows, and for a writer payloads that are lost or of another size.
  [[nodiscard]] std::vector<Problem> checkCatalogue() const;

 private:
  struct State;
  AddResult addHashed(const planet::Planet& planet, bool excluded, const std::string& hash);
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Whether a planet's names are its own, or may come from a file's name.
enum class Names { kOfFile, kOwn };
/// Hash of what a planet holds: encode() with id, provenance and quality blanked; names of files too if there is any
/// payload, and the system key of planets that were not generated (it comes from file names there).
std::string contentHash(const planet::Planet& planet, Names names = Names::kOfFile);

}  // namespace ecumene::data::store
