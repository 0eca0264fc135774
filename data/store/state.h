// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/base/error.h"
#include "data/sql/sql.h"
#include "data/store/array.h"
#include "data/store/commit_queue.h"
#include "data/store/folder_lock.h"
#include "data/store/store.h"

namespace ecumene::data::store {

/// What an open store holds. Every use of `connection` is under `mutex`.
struct Store::State {
  std::filesystem::path folder;
  Mode mode{};
  std::unique_ptr<FolderLock> lock;
  std::unique_ptr<sql::Connection> connection;
  mutable std::mutex mutex;
  std::unique_ptr<CommitQueue> commits;

  /// Ids and contents that a thread is adding or removing right now.
  std::mutex busyMutex;
  std::condition_variable busyChanged;
  std::set<std::string> busyIds, busyContents;
  /// Held while an observation is added: two of one planet must meet.
  std::mutex observedMutex;

  /// What `read` gives; what it throws names the store.
  template <class Read>
  auto naming(Read&& read) const {
    try {
      return read();
    } catch (Error& error) {
      if (std::string_view(error.what()).find(folder.string()) == std::string_view::npos) {
        error.within("in the store " + folder.string());
      }
      throw;
    }
  }
  /// The same under `mutex`, in one snapshot of the catalogue.
  template <class Read>
  auto inSnapshot(Read&& read) const {
    return naming([&] {
      const std::lock_guard guard(mutex);
      const sql::Snapshot snapshot(*connection);
      return read();
    });
  }
  /// Throws Error in mode kRead.
  void requireWriter() const;
  /// Throws Error if `id` is none; afterwards it is safe in a path.
  static void requireValidId(const std::string& id);
  /// planets/<first two digits of sha256(id)>/<id>.h5; payloads written anew are <id>~1.h5, <id>~2.h5, ..., so that the
  /// old one is whole until the row names the new one. No id has a '~'.
  [[nodiscard]] std::filesystem::path payloadPath(const std::string& id, std::int64_t revision) const;
  /// What is wrong with a payload of so many bytes, unread: "not readable: ..." or "of another size"; empty: nothing.
  [[nodiscard]] static std::string payloadProblem(const std::filesystem::path& path, std::int64_t bytes);
  /// Throws Error if the payload of this planet is lost or of another size. The caller does not hold `mutex`.
  void requirePayload(const std::string& id) const;
  [[nodiscard]] std::int64_t revisionOf(std::int64_t row) const;
  /// The planet as it was added, with nothing joined. The caller does not hold `mutex`.
  [[nodiscard]] planet::Planet stored(const std::string& id) const;
  /// Row number; none if there is no such planet. The caller holds `mutex`.
  [[nodiscard]] std::optional<std::int64_t> rowOf(const std::string& id) const;
  /// As rowOf, but throws Error naming the nearest thing to do.
  [[nodiscard]] std::int64_t requireRow(const std::string& id) const;
  [[nodiscard]] std::vector<ArrayPlace> places(std::int64_t row) const;
  /// Id of the observed planet with one of these names, the first that was added. The caller holds `mutex`.
  [[nodiscard]] std::optional<std::string> observedNamed(const planet::Planet& planet) const;
  /// Of two climates that are one in the store the same; empty if the planet has none that may come back from a file.
  [[nodiscard]] static std::string climateKey(const planet::Planet& planet);
  /// Id of the planet of this climate, as the store keeps climates, of the same origin, system and stated numbers: an
  /// export that is imported again. The planet has a climateKey; the caller holds `busyMutex`.
  [[nodiscard]] std::optional<std::string> sameClimate(const planet::Planet& planet) const;
  /// Id of a planet of this name that holds the spectra of `parts`, and its texts and networks: simulated spectra of an
  /// export that come back. The caller holds `busyMutex`.
  [[nodiscard]] std::optional<std::string> holderOf(const planet::Planet& parts) const;
  /// Store::catalogueEntries() and textsNaming(). The caller holds `mutex`.
  [[nodiscard]] std::vector<CatalogueMatch> entriesNaming(std::string_view name) const;
  [[nodiscard]] std::vector<planet::Text> collectedNaming(std::string_view name) const;
  /// What catalogues say of a planet, found by its names and by those that the entries add; and all these names. The
  /// caller holds `mutex`.
  struct Namesakes {
    std::vector<std::string> names;
    std::vector<CatalogueMatch> entries;
  };
  [[nodiscard]] Namesakes namesakes(const planet::Planet& planet) const;
  /// Texts of collections in whose title or body a planet is named that is in no numbered catalogue (name_search.h);
  /// none for other names. The caller holds `mutex`.
  [[nodiscard]] std::vector<planet::Text> collectedInProse(std::string_view name) const;
  /// Gives an observed planet what catalogues and collections say of it: scalars that it lacks, texts that name it,
  /// with provenance. The caller holds `mutex`.
  void join(planet::Planet& planet) const;
  /// Gives `planet`, as it is stored, the quality that `judge` finds in it as get() gives it; true if it is to be left
  /// out of training. The caller does not hold `mutex`.
  [[nodiscard]] bool judgeJoined(planet::Planet& planet, const Judge& judge) const;
  /// Texts of a planet in order; with a position that one alone, none if there is none there.
  [[nodiscard]] std::vector<planet::Text> texts(std::int64_t row,
                                                const std::optional<std::uint32_t>& position = std::nullopt) const;
  [[nodiscard]] std::vector<planet::QualityCheck> quality(std::int64_t row) const;
  /// Removes incomplete payload files and puts aside those without a row; the latter stay where they are beside a
  /// damaged catalogue, which may have lost the row.
  void sweep() const;
  /// Store::checkCatalogue(). The caller holds `mutex`. Never throws for damage.
  [[nodiscard]] std::vector<Problem> catalogueProblems() const;
  /// Payload files under planets/ that no row names.
  [[nodiscard]] std::vector<std::filesystem::path> orphans() const;
};

}  // namespace ecumene::data::store
