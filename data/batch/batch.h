// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/planet/cube.h"
#include "data/planet/network.h"
#include "data/planet/scalars.h"
#include "data/planet/spectrum.h"

// Shape letters: B samples, Q climate cubes, V 4 variables on levels, S 6 on the surface, E epochs, M 12 months, Y 32,
// X 64, L 10, P 1000 bins, T text tokens, N nodes of all graphs one after another, D edges (both directions), R
// vocabulary rows.
namespace ecumene::data::batch {

inline constexpr std::size_t kNodeFeatures = 64;
inline constexpr std::size_t kEncodings = 8;
inline constexpr std::size_t kLevelVariables = 4;
inline constexpr std::size_t kSurfaceVariables = planet::kVariableCount - kLevelVariables;
inline constexpr std::int32_t kNotScored = -100;

/// What a model reads of one batch, in plain memory, row-major float32. What is missing is zero with its presence bit
/// unset; nothing is ever filled. climate_cubes [B, 10, 12, 32, 64, 10] of the earlier system is kept in two parts, so
/// that the six surface variables are not stored ten times; climateCubes() gives the broadcast form.
struct MultiModalBatch {
  std::size_t size = 0;  ///< B

  // climate: samples of one planet share its cube
  std::size_t epochs = 1;
  std::vector<std::int64_t> cube;                  ///< [B]: which of the Q cubes is the sample's
  std::vector<float> levels;                       ///< [Q, V, E, M, Y, X, L], normalised
  std::vector<float> surface;                      ///< [Q, S, E, M, Y, X], normalised
  std::vector<unsigned char> variablePresent;      ///< [Q, V + S]
  std::vector<float> latitudeDeg, latitudeWeight;  ///< [Y]

  // metabolic networks
  struct Graphs {
    std::vector<std::int64_t> first;                   ///< [B + 1]
    std::vector<float> nodes;                          ///< [N, 64]
    std::vector<std::int64_t> edgeSource, edgeTarget;  ///< [D], indices over all nodes
    std::vector<float> coefficient;                    ///< [D]
    std::vector<float> laplacian, randomWalk;          ///< [N, 8], network_graph.h
    std::vector<float> degree;                         ///< [N]
    std::vector<std::int64_t> kind, vocabularyRow;     ///< [N]
    std::vector<std::vector<std::uint8_t>> distance;   ///< [B] of [n, n]
    std::vector<std::int64_t> archetype;               ///< [B]
    std::vector<float> reactions;                      ///< [B, R]: 1 if the network holds the row's reaction
    /// [N]: target of reaction nodes, mmol gDW-1 h-1 (biomass: 1/h), of the reaction as its vocabulary row writes it.
    std::vector<float> flux;
    std::vector<unsigned char> fluxKnown;  ///< [N]
  } graphs;

  // spectrum, scalars
  std::vector<float> spectra;               ///< [B, P, 3]
  std::vector<unsigned char> binPresent;    ///< [B, P]
  std::vector<float> planetParams;          ///< [B, 10]
  std::vector<unsigned char> paramPresent;  ///< [B, 10]

  // text
  std::size_t textLength = 0;  ///< T: the longest text of the batch, cut at CollateOptions::textLength; at least 1
  /// [B, T]. labels are the ids themselves (the model shifts them), kNotScored behind the end of a text.
  std::vector<std::int64_t> inputIds, labels;
  std::vector<unsigned char> attentionMask;  ///< [B, T]
  std::vector<std::string> textDescriptions;

  // labels, presence, identity
  std::vector<std::int64_t> regime;                  ///< [B], -1 missing
  std::vector<float> habitable, viable, fHab, h050;  ///< [B], NaN missing
  enum View { kClimate, kGraph, kSpectrum, kText, kViews };
  std::vector<unsigned char> viewPresent;  ///< [B, 4]
  std::vector<std::string> sampleIds, planetIds;
  /// [B], >= 0: the first 63 bits of the planet id's sha-256, so equal for samples of one planet in all batches.
  std::vector<std::int64_t> planet;
  std::vector<float> qualityScores;  ///< [B]: share of quality checks passed, 1 without any

  // run metadata
  std::size_t position = 0;  ///< of the batch in the global order of its epoch
  /// sha-256 of the tokeniser's model and of the reaction vocabulary that inputIds and reactions are numbered by.
  std::string tokeniserSha256, vocabularySha256;
};

/// [B, 10, E, 12, 32, 64, 10], each sample's own, with the surface variables repeated along the levels.
std::vector<float> climateCubes(const MultiModalBatch& batch);

}  // namespace ecumene::data::batch
