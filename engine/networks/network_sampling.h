// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "data/planet/planet.h"
#include "engine/networks/network_metrics.h"
#include "models/graph/graph.h"

// Shape letters: B networks, R rows of the vocabulary, Z latent width.
namespace ecumene::engine::networks {

/// Latents [B, Z] of the prior, standard normal. Latent i depends on (seed, i) alone.
torch::Tensor priorLatents(std::uint64_t seed, std::int64_t count, std::int64_t width);

/// Rows that a decoder holds to be more likely in the network than not, of each latent.
std::vector<Rows> decodedRows(const models::graph::GraphModel& model, const torch::Tensor& latent_BZ);

/// Networks as the model reads them, all kept (data/batch, engine/train/tensors).
using GraphsOf = std::function<models::graph::GraphInput(std::span<const data::planet::Metabolism>)>;

struct SamplingOptions {
  std::uint64_t seed = 1;
  std::int64_t networks = 64;    ///< drawn from the prior
  double removedShare = 0.1;     ///< of a held-out network's reactions that the model has to find again
  std::int64_t latentWidth = 0;  ///< of the model
};

/// What `sample` reports. Shares and means in [0, 1].
struct SamplingReport {
  std::size_t learned = 0;  ///< networks that novelty is held against, where somebody counted them
  std::vector<Rows> networks;
  std::vector<NetworkVerdict> verdicts;                  ///< one for each
  double balanced = 0.0;                                 ///< share of their judged reactions that are balanced
  double feasible = 0.0, consistent = 0.0, novel = 0.0;  ///< shares of the networks
  double distinct = 0.0;                                 ///< different networks among them, a share
  double nearestF1 = 0.0;                                ///< mean

  std::size_t heldOut = 0;           ///< networks that were encoded and decoded again
  double reconstructionF1 = 0.0;     ///< mean F1 of the decoded with the true set
  std::size_t recovered = 0;         ///< held-out networks of which reactions were removed
  std::vector<Recovery> recoveries;  ///< one for each of these
  double recoveryAuroc = 0.0;        ///< means over these, network_metrics.h
  double recoveryTopShare = 0.0, recoveryChance = 0.0;
};

/// Draws networks and judges them; encodes held-out ones, whole and with reactions removed. The model in evaluation
/// mode, on the device that `graphsOf` gives its tensors on. Same seed, same report on one machine.
SamplingReport sampleNetworks(models::graph::GraphModel& model, const NetworkReference& reference,
                              std::span<const data::planet::Metabolism> heldOut, const GraphsOf& graphsOf,
                              const SamplingOptions& options);

/// The report as a JSON object; networks as lists of reaction ids with their verdicts. A score of nothing is null, and
/// `not_scored_because` says why where it is of held-out networks.
std::string toJson(const SamplingReport& report, const data::batch::ReactionVocabulary& vocabulary);

}  // namespace ecumene::engine::networks
