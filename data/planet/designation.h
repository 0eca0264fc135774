// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ecumene::data::planet {

/// A name in one of the numbered catalogues and surveys (HD, HIP, GJ, KOI, TOI, Kepler, K2, WASP, HAT-P, ...).
struct Designation {
  std::string star;       ///< as its catalogue writes it: "WASP-39", "HD 41004", "KOI-94"
  std::string component;  ///< of a multiple star, "A"; empty for single stars and for planets of a whole pair ("(AB)")
  std::string planet;     ///< "b", or ".01" of a candidate; empty: the star itself

  /// "WASP-39 b", "HD 41004 A b", "KOI-94.01".
  [[nodiscard]] std::string text() const;
  bool operator==(const Designation&) const = default;
};

/// Reads a name as people spell it: case, blanks, hyphens, underscores and leading zeros do not matter ("wasp39b",
/// "WASP_039 b", "K00094.01", "Gliese 667 Cc", "Kepler-16 (AB) b"). Two letters after the number are a component and a
/// planet. None if the name is of no such catalogue.
std::optional<Designation> parseDesignation(std::string_view name);

/// The name as its catalogue writes it, "WASP-39 b" for "wasp-39-b"; other names as they are.
std::string standardName(std::string_view name);

/// Name of a planet for comparison: lower-case letters and digits of the standard name, so that all spellings agree. A
/// plus sign before a digit is kept (BD+20 and BD-20 are two stars), and so are letters beyond ASCII.
std::string normalisedName(std::string_view name);

}  // namespace ecumene::data::planet
