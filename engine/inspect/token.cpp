// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/token.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data/base/error.h"
#include "data/planet/scalars.h"
#include "data/planet/spectrum.h"

namespace ecumene::engine::inspect {
namespace {

constexpr std::array<std::string_view, 5> kParts{"climate", "graph", "spectrum", "language", "fusion"};
/// Patches that the climate part merges into one token, along each axis.
constexpr std::int64_t kMerged = 2;

std::string viewName(models::fusion::View view) {
  return std::string(models::fusion::name(view));
}

void append(std::vector<Token>& to, std::vector<Token> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<Token> climateTokens(const OpenedRun& run, const Subject& subject) {
  const models::climate::PatchGrid grid(run.spec.model.climate);
  const data::planet::Grid& map = data::planet::canonicalGrid();
  const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  const std::size_t months = size(kMerged * models::climate::kMonths / grid.months());
  const std::size_t rows = size(kMerged * models::climate::kLatitudes / grid.latitudes());
  const std::size_t columns = size(kMerged * models::climate::kLongitudes / grid.longitudes());
  std::vector<Token> tokens;
  for (std::size_t e = 0; e < subject.batch.epochs; ++e) {
    for (std::size_t m = 0; m < data::planet::kMonths; m += months) {
      for (std::size_t y = 0; y < data::planet::kCanonicalLatitudes; y += rows) {
        for (std::size_t x = 0; x < data::planet::kCanonicalLongitudes; x += columns) {
          Token token{viewName(models::fusion::kClimate), "patch", "", {}};
          if (subject.batch.epochs > 1) {
            token.ranges.push_back({"epoch", static_cast<double>(e + 1), static_cast<double>(e + 1)});
          }
          token.ranges.push_back({"month", static_cast<double>(m + 1), static_cast<double>(m + months)});
          token.ranges.push_back({"latitude_deg", map.latitudeDeg.at(y), map.latitudeDeg.at(y + rows - 1)});
          token.ranges.push_back({"longitude_deg", map.longitudeDeg.at(x), map.longitudeDeg.at(x + columns - 1)});
          tokens.push_back(std::move(token));
        }
      }
    }
  }
  return tokens;
}

std::vector<Token> nodeTokens(const Subject& subject) {
  const std::string view = viewName(models::fusion::kGraph);
  const data::planet::MetabolicNetwork& network = subject.samples.samples.front().metabolism.metabolism.network;
  std::vector<Token> tokens;
  std::vector<std::string> compartments;
  for (const data::planet::Metabolite& metabolite : network.metabolites) {
    tokens.push_back({view, "metabolite", metabolite.id, {}});
    if (std::ranges::find(compartments, metabolite.compartment) == compartments.end()) {
      compartments.push_back(metabolite.compartment);
    }
  }
  for (const data::planet::Reaction& reaction : network.reactions) {
    tokens.push_back({view, reaction.isBoundary() ? "exchange" : "reaction", reaction.id, {}});
  }
  for (const std::string& compartment : compartments) tokens.push_back({view, "compartment", compartment, {}});
  const std::vector<std::int64_t>& first = subject.batch.graphs.first;
  if (static_cast<std::int64_t>(tokens.size()) != first.at(1) - first.at(0)) {
    throw internalError("a network's nodes are not those of its batch");
  }
  return tokens;
}

std::vector<Token> pooledTokens(const OpenedRun& run) {
  constexpr std::array<std::string_view, 4> kKinds{"metabolite", "reaction", "exchange", "compartment"};
  std::vector<Token> tokens;
  for (const std::string_view kind : kKinds) {
    for (std::int64_t t = 0; t < run.spec.model.graph.tokens; ++t) {
      tokens.push_back({viewName(models::fusion::kGraph), "nodes", fmt::format("{} {}", kind, t), {}});
    }
  }
  return tokens;
}

std::vector<Token> spectrumTokens(const OpenedRun& run) {
  const auto points = static_cast<std::size_t>(run.spec.model.spectrum.patchPoints);
  const auto edges = data::planet::modelEdgesUm();
  std::vector<Token> tokens;
  for (std::size_t p = 0; p < data::planet::kModelPoints; p += points) {
    tokens.push_back(
        {viewName(models::fusion::kSpectrum), "bins", "", {{"wavelength_um", edges[p], edges[p + points]}}});
  }
  return tokens;
}

std::vector<Token> textTokens(const OpenedRun& run, const Subject& subject) {
  std::vector<Token> tokens;
  for (std::size_t t = 0; t < subject.batch.textLength; ++t) {
    const bool real = subject.batch.attentionMask.at(t) != 0;
    tokens.push_back({viewName(models::fusion::kText),
                      real ? "piece" : "padding",
                      real ? run.content.tokeniser->piece(subject.batch.inputIds.at(t)) : "",
                      {}});
  }
  return tokens;
}

std::vector<Token> scalarTokens() {
  std::vector<Token> tokens;
  for (const data::planet::ScalarInfo& scalar : data::planet::scalars()) {
    tokens.push_back({viewName(models::fusion::kScalars), "scalar", std::string(scalar.name), {}});
  }
  return tokens;
}

std::vector<Token> numbered(const std::string& view, const std::string& kind, std::int64_t count) {
  std::vector<Token> tokens;
  for (std::int64_t i = 0; i < count; ++i) tokens.push_back({view, kind, std::to_string(i), {}});
  return tokens;
}

}  // namespace

Part findPart(std::string_view name) {
  const auto found = std::ranges::find(kParts, name);
  if (found != kParts.end()) return static_cast<Part>(found - kParts.begin());
  throw Error("no part of the model with attention is called so", ErrorKind::kUsage)
      .on(std::string(name))
      .expected("climate, graph, spectrum, language or fusion");
}

std::string_view name(Part part) {
  return kParts.at(static_cast<std::size_t>(part));
}

std::vector<Token> tokensOf(Part part, const OpenedRun& run, const Subject& subject) {
  if (part == Part::kClimate) return climateTokens(run, subject);
  if (part == Part::kGraph) return nodeTokens(subject);
  if (part == Part::kSpectrum) return spectrumTokens(run);
  std::vector<Token> tokens;
  if (part == Part::kLanguage) {
    // The order in which UnifiedModel::couple() puts the soft tokens before the text.
    for (const auto view :
         {models::fusion::kClimate, models::fusion::kSpectrum, models::fusion::kGraph, models::fusion::kScalars}) {
      append(tokens, numbered(viewName(view), "soft", run.spec.model.language.softTokens));
    }
    append(tokens, textTokens(run, subject));
    return tokens;
  }
  tokens = numbered("fusion", "query", run.spec.model.fusion.queries);
  append(tokens, climateTokens(run, subject));
  append(tokens, pooledTokens(run));
  append(tokens, spectrumTokens(run));
  append(tokens, textTokens(run, subject));
  append(tokens, scalarTokens());
  return tokens;
}

}  // namespace ecumene::engine::inspect
