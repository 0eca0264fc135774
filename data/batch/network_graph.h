// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/batch/batch.h"
#include "data/batch/reaction_vocabulary.h"
#include "data/planet/planet.h"

// Shape letters: n nodes, d edges.
namespace ecumene::data::batch {

enum class NodeKind : std::int64_t { kMetabolite, kReaction, kExchange, kCompartment };

/// One column of the node features [N, 64]; columns behind the last row of the table are zero.
struct NodeColumn {
  std::string_view name;
  std::string_view meaning;  ///< which nodes have it, and its scale; other nodes have 0
};
/// Column by name. Throws an internal Error if there is none.
std::size_t nodeColumn(std::string_view name);

/// One network as the graph part reads it. Nodes: metabolites, reactions (kExchange: one metabolite alone), then a
/// node for each compartment that has a member, in the network's orders.
struct NetworkGraph {
  std::size_t size = 0;                              ///< n
  std::vector<float> nodes;                          ///< [n, 64]
  std::vector<std::int64_t> edgeSource, edgeTarget;  ///< [d], both directions
  std::vector<float> coefficient;  ///< [d], substrates negative; 0 between a compartment and its member
  /// [n, 8]: of the graph of metabolites and reactions alone, since a compartment would join everything to everything;
  /// compartments have 0. The eigenvectors have length sqrt(n), so that an entry is about 1 in any network.
  std::vector<float> laplacian, randomWalk;
  std::vector<float> degree;                      ///< [n], edges of the node, of compartments their members
  std::vector<std::int64_t> kind, vocabularyRow;  ///< [n]; -1: no reaction, or one that is not in the vocabulary
  /// [n]: a flux of the reaction times this is that of its row, whose coefficients may be of another scale; 1
  /// elsewhere.
  std::vector<float> rowScale;
  /// [n, n]: paths through metabolites and reactions; a path may begin or end at a compartment, never pass through one.
  std::vector<std::uint8_t> distance;
  [[nodiscard]] std::size_t bytes() const;
};

/// Growth window of imported networks: none, given as NaN.
NetworkGraph networkGraph(const planet::MetabolicNetwork& network, double growthMinK, double growthMaxK,
                          const ReactionVocabulary& vocabulary);

/// Graphs that were made before: an epoch meets the same networks again. Holds the first ones up to a bound and keeps
/// them, since what comes round in turn would push itself out of a cache that forgets the oldest. Any thread.
class NetworkGraphs {
 public:
  NetworkGraphs(std::shared_ptr<const ReactionVocabulary> vocabulary, std::size_t mostBytes);
  std::shared_ptr<const NetworkGraph> get(const planet::MetabolicNetwork& network, double growthMinK,
                                          double growthMaxK);
  [[nodiscard]] std::size_t bytes() const;

 private:
  const std::shared_ptr<const ReactionVocabulary> vocabulary_;
  const std::size_t mostBytes_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, std::shared_ptr<const NetworkGraph>> graphs_;
};

}  // namespace ecumene::data::batch
