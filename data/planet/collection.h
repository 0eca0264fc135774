// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/planet/designation.h"
#include "data/planet/planet.h"

namespace ecumene::data::planet {

/// What a catalogue says of one planet. Joined to planets by name and aliases, never by position.
struct CatalogueEntry {
  std::string planet;  ///< name as the catalogue writes it
  std::string host;
  std::vector<std::string> aliases;
  Scalars scalars;  ///< in the units of scalars(); limits kept as limits
  bool operator==(const CatalogueEntry&) const = default;
};

enum class ImportKind { kClimate, kNetwork, kSpectrum, kCatalogue, kText };
std::string_view name(ImportKind kind);

/// What one file gave: a planet with the parts it holds, or rows of a catalogue, or texts.
struct Import {
  ImportKind kind{};
  Planet planet;                         ///< of climate, network and spectrum files
  std::vector<CatalogueEntry> entries;   ///< of catalogues
  std::vector<Text> texts;               ///< of text collections
  Provenance provenance;                 ///< of the file; for planets also inside `planet`
  std::vector<std::string> assumptions;  ///< said to the user
  bool operator==(const Import&) const = default;
};

/// Bytes of an import as they pass from the importing child to its parent; see codec.h for the promises.
std::vector<std::byte> encode(const Import& import);
Import decodeImport(std::span<const std::byte> bytes);

}  // namespace ecumene::data::planet
