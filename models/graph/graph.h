// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/layers/attention.h"
#include "models/layers/feed_forward.h"
#include "models/layers/tokens.h"
#include "models/spec/model_spec.h"

// Shape letters: B graphs, N nodes of all graphs one after another, n nodes of one graph, E edges, R rows of the
// reaction vocabulary, M its metabolites, K columns, Z latent width, C channels.
namespace ecumene::models::graph {

inline constexpr std::int64_t kNodeFeatures = 64;
inline constexpr std::int64_t kEncodings = 8;   ///< columns of the Laplacian and random-walk encodings
inline constexpr std::int64_t kElements = 7;    ///< C H N O P S, charge
inline constexpr std::int64_t kNodeKinds = 4;   ///< metabolite, reaction, exchange, compartment
inline constexpr std::int64_t kArchetypes = 8;  ///< embedded metabolisms
inline constexpr std::int64_t kUnconnected = 255;
/// Fluxes of one cell span four orders of magnitude, so they are estimated, and uncertain, as asinh(v / kFluxUnit):
/// linear far below this, logarithmic far above; mmol/gDW/h.
inline constexpr double kFluxUnit = 0.1;

/// Metabolic networks, one for each sample, without padding (data/batch). Graphs that are not kept are never read,
/// whatever stands there.
struct GraphInput {
  torch::Tensor nodes_NF;               ///< [N, 64], dataset.md "Networks"; the first four columns are the kind
  torch::Tensor edgeIndex_2E;           ///< int64: (source, target) over all nodes, both directions, each once
  torch::Tensor coefficient_E;          ///< stoichiometric coefficient of the edge, substrates negative
  torch::Tensor laplacian_NK;           ///< [N, 8] eigenvectors of the normalised Laplacian, sign free, entries about 1
  torch::Tensor degree_N;               ///< edges of the node
  torch::Tensor randomWalk_NK;          ///< [N, 8] probability to be back after 1..8 steps
  torch::Tensor kind_N;                 ///< int64: 0 metabolite, 1 reaction, 2 exchange, 3 compartment
  torch::Tensor vocabularyRow_N;        ///< int64: row of a reaction node in the decoder's vocabulary; -1: none
  std::vector<std::int64_t> first;      ///< [B + 1]: nodes of graph b are [first[b], first[b + 1])
  std::vector<torch::Tensor> distance;  ///< [B] of uint8 [n, n]: shortest path in edges, 255: not connected
  torch::Tensor archetype_B;            ///< int64, -1: none (imported)
  torch::Tensor keep_B;                 ///< bool: there is a network, and it is not hidden
  torch::Tensor noise_BZ;               ///< standard normal numbers for the latent; undefined: the mean is taken
  torch::Tensor reactions_BR;           ///< target: 1 if the network holds the row's reaction
  torch::Tensor flux_N;                 ///< target: flux of a reaction node, mmol/gDW/h
  torch::Tensor fluxKnown_N;            ///< bool
};

/// What the decoder's rows are, constant. On the device of the model; where only sizes count, meta tensors will do.
struct ReactionVocabulary {
  torch::Tensor stoichiometry_MR;  ///< [M, R], dense or sparse COO; substrates negative
  torch::Tensor elements_MK;       ///< [M, 7]: atoms of C H N O P S, and charge; NaN throughout where unknown
  torch::Tensor reversible_R;      ///< bool, or 0 and 1
  torch::Tensor energy_R;          ///< dG'0, kJ/mol; NaN where unknown
  [[nodiscard]] std::int64_t size() const { return stoichiometry_MR.size(1); }
};

/// What the decoder says of each row of the vocabulary.
struct Decoded {
  torch::Tensor reactionLogits_BR;  ///< logit of the row being in the network
  torch::Tensor flux_BR;            ///< median of the row's flux if it is, mmol/gDW/h, at most about 1000 either way
  torch::Tensor logSigma_BR;        ///< log of the standard deviation of asinh(flux / kFluxUnit), within (-4, 4)
};

struct GraphOutput : Decoded {
  /// [B, T, C], T = kinds x tokens: each reads the nodes of one kind of its graph, in the order of the kinds. Kept
  /// where the graph is and has such nodes.
  layers::Tokens tokens;
  torch::Tensor features_BC;         ///< [B, featureWidth], zero where keep is false
  torch::Tensor mean_BZ, latent_BZ;  ///< zero where keep is false
  torch::Tensor logVariance_BZ;      ///< within (-8, 8); zero where keep is false
};

class GraphEncoder;
class KindPooling;

/// Graph transformer (Ying et al. 2021, arXiv 2106.05234: attention biased by shortest paths and edges) as the encoder
/// of a variational autoencoder (Kingma & Welling 2013, arXiv 1312.6114) over sets of reactions. The order of nodes
/// and the signs of eigenvectors do not matter.
class GraphModel : public torch::nn::Module {
 public:
  /// Of the vocabulary only the size matters.
  GraphModel(const layers::Init& init, const spec::GraphSpec& spec, const ReactionVocabulary& vocabulary);
  GraphOutput forward(const GraphInput& input);
  /// Latents [B, Z], of the encoder or drawn from the prior by the caller.
  [[nodiscard]] Decoded decode(const torch::Tensor& latent_BZ) const;

  /// Weights [1, heads, n, n] of a layer among the nodes of the last kept graph of a batch go there; nullptr: no
  /// longer.
  void recordTo(std::size_t layer, layers::AttentionRecord* record);
  /// Weights [1, heads, T, n] with which the tokens of the last kept graph read its nodes.
  void recordPoolingTo(layers::AttentionRecord* record);

 private:
  torch::Tensor rows_RZ_, rowBias_RK_;
  std::shared_ptr<GraphEncoder> encoder_;
  std::shared_ptr<KindPooling> pooling_;
  std::shared_ptr<layers::Linear> features_, mean_, logVariance_;
  std::shared_ptr<layers::GeluMlp> decoder_;
};

/// asinh(v / kFluxUnit): what fluxes are estimated as.
torch::Tensor scaledFlux(const torch::Tensor& flux);

/// The targets among the fluxes of a batch, K of them: those known of nodes with a row of the vocabulary, in graphs
/// that are kept.
struct KnownFluxes {
  torch::Tensor flux_K;          ///< mmol/gDW/h
  torch::Tensor graph_K, row_K;  ///< int64: the sample and the row of the vocabulary that estimate it
  /// What the decoder says of them: entries [K] of one of its outputs [B, R].
  [[nodiscard]] torch::Tensor of(const torch::Tensor& x_BR) const;
};
/// flux_N must be defined.
KnownFluxes knownFluxes(const GraphInput& input);

/// Terms of the loss, each a mean over the graphs that have it and zero where none has. A graph that is not kept, or
/// whose reactions are all outside the vocabulary, has none.
struct GraphLoss {
  torch::Tensor reactions;       ///< Bernoulli cross-entropy of the reaction set, nats a row
  torch::Tensor flux;            ///< negative log-likelihood of asinh(flux / kFluxUnit), Gaussian, nats a known flux
  torch::Tensor kl;              ///< Kullback-Leibler divergence from the standard normal, nats
  torch::Tensor massBalance;     ///< biochemistry.h, of the predicted flux weighted by predicted presence
  torch::Tensor elementBalance;  ///< as above
  torch::Tensor direction;       ///< as above
};
GraphLoss graphLoss(const GraphInput& input, const GraphOutput& output, const ReactionVocabulary& vocabulary);

}  // namespace ecumene::models::graph
