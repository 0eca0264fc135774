// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/planet/collection.h"
#include "data/planet/planet.h"

/// What the store's functions take and give besides planets.
namespace ecumene::data::store {

struct AddResult {
  std::string id;          ///< of the planet that now holds this content
  bool duplicate = false;  ///< it was there already; nothing was added
  bool extended = false;   ///< it was added to the planet of this name that was there
};
struct CatalogueResult {
  std::size_t entries = 0;
  bool replaced = false;  ///< an earlier import of the same file was replaced
};
struct TextResult {
  std::size_t added = 0, skipped = 0;
};

/// Unset members do not filter.
struct Filter {
  std::optional<planet::Split> split;
  std::optional<planet::Origin> origin;
  std::optional<planet::StarType> star;
  std::optional<planet::Regime> regime;
  std::optional<bool> habitable;
  std::optional<bool> hasClimate, hasSpectrum, hasNetwork;
  std::optional<std::string> nameContains;  ///< in name, alias or id; letter case apart
  bool leaveOutExcluded = false;            ///< excluded by quality checks
};

/// A planet as lists show it. Ordered by id.
struct Row {
  std::string id, name;
  std::vector<std::string> aliases;  ///< other names, the splits of an archive among them
  planet::Origin origin{};
  planet::Split split{};
  std::string systemKey, contentHash;
  std::optional<planet::StarType> star;
  std::optional<planet::StartState> start;
  std::optional<bool> synchronous;
  std::optional<planet::RedoxScenario> scenario;
  std::optional<planet::ClimateLabels> labels;
  std::optional<planet::ClimateFlags> climateFlags;
  /// By archetype: share of its variants that are viable; none if the planet has no such metabolism with a verdict.
  std::array<std::optional<double>, planet::kArchetypeCount> viable;
  bool hasClimate = false;
  std::size_t spectra = 0, metabolisms = 0, networks = 0, texts = 0;
  std::size_t failedChecks = 0;
  bool excluded = false;
  std::uint64_t payloadBytes = 0;
};

struct VariableSummary {
  planet::VariableId id{};
  planet::FieldStatistics statistics;
  /// Promise and unit of the packing: 0 where float32 is kept.
  double absoluteBound = 0.0, relativeBound = 0.0;
};

struct CatalogueMatch {
  planet::CatalogueEntry entry;
  planet::Provenance provenance;
};

struct SplitCount {
  planet::Split split{};
  std::size_t planets = 0, systems = 0;
};

struct Totals {
  std::size_t planets = 0, catalogueEntries = 0, collectionTexts = 0;
  std::uint64_t payloadBytes = 0;
};

/// One run of the generator: the same (seed, generator, parameters) is one record, with the largest count asked for.
struct Generation {
  std::uint64_t seed = 0;
  std::size_t count = 0;
  std::string generator;   ///< version of the program
  std::string parameters;  ///< priors and options as text
  bool operator==(const Generation&) const = default;
};

struct Problem {
  std::string id;       ///< planet; empty: the store itself
  std::string message;  ///< with the place and what to do
};

}  // namespace ecumene::data::store
