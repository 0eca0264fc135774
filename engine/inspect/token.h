// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/inspect/opened_run.h"

namespace ecumene::engine::inspect {

/// First and last of what a token stands for along one axis.
struct TokenRange {
  std::string_view axis;  ///< with its unit, "latitude_deg"
  double first = 0.0, last = 0.0;
};

/// What one token of a part stands for.
struct Token {
  std::string view;  ///< fusion::name, or "fusion" for its learned queries
  /// patch, metabolite, reaction, exchange, compartment, bins, piece, scalar; soft (features of a view as the language
  /// part reads them), nodes (what fusion reads of one kind of node), query, padding.
  std::string kind;
  std::string id;                  ///< of a node or scalar; text of a piece; number among its like; else empty
  std::vector<TokenRange> ranges;  ///< centres of the first and last cell; edges of spectral bins
};

/// The parts of the model that have attention.
enum class Part { kClimate, kGraph, kSpectrum, kLanguage, kFusion };
/// By name: climate, graph, spectrum, language, fusion. Throws Error at another one.
Part findPart(std::string_view name);
std::string_view name(Part part);

/// Tokens of the subject's first sample in the order in which a part's attention has them. fusion: the queries, then
/// the tokens that they read, view after view.
std::vector<Token> tokensOf(Part part, const OpenedRun& run, const Subject& subject);

}  // namespace ecumene::engine::inspect
