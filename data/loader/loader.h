// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/loader/epoch_plan.h"
#include "data/loader/flat_cube.h"
#include "data/planet/planet.h"
#include "data/store/sample.h"
#include "data/store/store.h"

namespace ecumene::data::loader {

/// One row of the set as one epoch draws it: a planet with one of its archetype metabolisms (dataset.md, "Planet,
/// sample, split"), or a Part, of which it has the id. Physical units throughout; a part that is missing is absent,
/// never filled.
struct Sample {
  std::string id;      ///< "<planet>/<archetype>"
  std::string planet;  ///< of a text without one its own id
  Choice choice;
  FlatCube cube;
  planet::Scalars scalars;
  std::optional<planet::PlanetTruth> truth;  ///< never model input: what targets are computed from
  std::optional<planet::ClimateLabels> labels;
  /// Archetype, variant, growth window, network; with the verdict on this planet. Without a network in a Part.
  planet::MetabolismCase metabolism;
  std::optional<planet::MetabolicNetwork> network;  ///< of no archetype, in a Part
  std::optional<planet::ModelSpectrum> spectrum;    ///< transmission, on the model's grid (planet::rebin)
  std::string instrument;                           ///< of the spectrum
  std::optional<planet::Text> text;
  std::vector<planet::QualityCheck> quality;
};

struct Batch {
  std::size_t position = 0;  ///< in the global order of its epoch
  std::vector<Sample> samples;
};

/// Bytes of UTF-8: the length of a text where no tokeniser is given.
std::uint32_t textBytes(std::string_view text);

struct LoaderOptions {
  std::uint64_t seed = 0;
  Budget budget;
  /// Which planets; those without climate are left out in any case.
  store::Filter filter;
  bool parts = false;            ///< partsOf() the store as well, each a sample, whatever the filter says
  unsigned threads = 0;          ///< that read; 0: one per core
  std::size_t batchesAhead = 3;  ///< batches of this rank that are read, or being read, before they are asked for
  std::size_t rank = 0, worldSize = 1;
  std::size_t together = 1;                  ///< samples of a planet that follow each other: EpochPlan
  store::TextLength textLength = textBytes;  ///< in the unit of Budget::textUnits
  /// Only `id`, `planet`, `choice` and `cube` of a sample are read: for what learns from climate alone.
  bool cubesOnly = false;
};

/// Reads the samples of a store in the global order of an epoch (EpochPlan), on threads of its own, some batches
/// ahead. What is delivered depends on seed, epoch, position, rank, world size, filter, budget and text lengths, not
/// on the number of threads.
///
/// Use: start(epoch), then next() until it gives none. One thread calls start() and next(); cancel() may come from any.
class Loader {
 public:
  /// Lists the planets. The store must outlive the loader. Throws Error if rank, world size, threads or batchesAhead
  /// make no sense.
  Loader(const store::Store& store, LoaderOptions options);
  /// Joins the reading threads; each ends after the sample it reads.
  ~Loader();
  Loader(Loader&&) noexcept;
  Loader& operator=(Loader&&) noexcept;

  /// Sample rows of one epoch, over all ranks.
  [[nodiscard]] std::size_t samples() const;

  /// Begins an epoch at a position: batches that all ranks together have consumed of it (position() of any rank, any
  /// world size). Throws Error if the epoch has fewer batches or a sample exceeds the budget.
  void start(std::uint64_t epoch, std::size_t position = 0);
  /// Batches of the started epoch, over all ranks.
  [[nodiscard]] std::size_t batches() const;
  /// Where to start() so that what follows is what next() would give. Ranks that have made equally many steps agree.
  [[nodiscard]] std::size_t position() const;
  /// The next batch of this rank; none at the end of the epoch. Throws the Error of a reading thread in place of the
  /// batch that it met, naming sample and file, again and again until start(); Error of kind kCancelled after cancel().
  std::optional<Batch> next();
  /// Ends the epoch: a waiting next() returns at once.
  void cancel();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ecumene::data::loader
