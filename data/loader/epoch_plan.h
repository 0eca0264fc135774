// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ecumene::data::loader {

/// What one epoch draws for a sample row: one network variant, one instrument, one text (indices among those it has).
struct Choice {
  std::uint32_t variant = 0, spectrum = 0, text = 0;
  bool operator==(const Choice&) const = default;
};

/// What the plan must know of a sample row: an id that never changes, and the sizes of what may be drawn.
struct SampleSize {
  std::string id;                         ///< "<planet id>/<archetype>"
  std::uint32_t spectra = 0;              ///< how many instruments can be drawn
  std::vector<std::uint32_t> graphNodes;  ///< of each network variant
  /// textLength[v][t]: length of text t about variant v, in the unit of the caller (tokens, or bytes without a
  /// tokeniser).
  std::vector<std::vector<std::uint32_t>> textLength;
  std::string planet{};      ///< samples of one planet can be kept together
  std::uint32_t epochs = 1;  ///< of geological time in its cube; 1 without a cube
};

/// Limits of one batch. Texts are padded to the longest of a batch, so its cost is samples x longest; graphs are not
/// padded.
struct Budget {
  std::uint32_t samples = 32;
  std::uint32_t textUnits = 32 * 512;
  std::uint32_t graphNodes = 8192;
};

struct PlannedSample {
  std::uint32_t sample = 0;  ///< index into the sizes given
  Choice choice;
  bool operator==(const PlannedSample&) const = default;
};

/// The global order of one epoch: a sequence of batches that depends on seed, epoch and sample ids alone, not on the
/// order or number in which samples are given to other epochs, nor on ranks or threads. Samples of like length and
/// graph size share batches (buckets), batches come in random order. Cubes of one batch have equally many epochs.
///
/// Position is one number: how many batches of the epoch are consumed. At one step rank r of W reads batch position +
/// r, then position grows by W; so any world size reads disjoint parts of the same order, and a run may go on with
/// another W. At the last step of an epoch the highest ranks may find no batch.
class EpochPlan {
 public:
  /// `together`: of each planet so many samples, drawn anew each epoch, stand in the order one behind the other, so
  /// that most come in one batch and share what they have in common; 1: all are shuffled alike. Throws Error if a
  /// sample alone exceeds the budget, naming it, or if two samples share an id.
  EpochPlan(std::span<const SampleSize> samples, std::uint64_t seed, std::uint64_t epoch, const Budget& budget,
            std::size_t together = 1);

  [[nodiscard]] std::size_t batches() const { return batches_.size(); }
  [[nodiscard]] std::span<const PlannedSample> batch(std::size_t position) const { return batches_[position]; }

 private:
  std::vector<std::vector<PlannedSample>> batches_;
};

}  // namespace ecumene::data::loader
