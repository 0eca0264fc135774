// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "data/batch/eigenpairs.h"

namespace ecumene::data::batch {
namespace {

std::vector<std::vector<std::size_t>> components(const Adjacency& graph) {
  std::vector<std::vector<std::size_t>> found;
  std::vector<bool> seen(graph.nodes(), false);
  for (std::size_t start = 0; start < graph.nodes(); ++start) {
    if (seen[start]) continue;
    std::vector<std::size_t>& members = found.emplace_back(1, start);
    seen[start] = true;
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (const std::size_t next : graph.of(members[i])) {
        if (seen[next]) continue;
        seen[next] = true;
        members.push_back(next);
      }
    }
  }
  return found;
}

}  // namespace

TrivialSpace::TrivialSpace(const Adjacency& graph) : components_(components(graph)), root_(at(graph.nodes())) {
  for (const auto& members : components_) {
    double edges = 0.0;
    for (const std::size_t n : members) edges += static_cast<double>(graph.degree(n));
    for (const std::size_t n : members) {
      root_[at(n)] = edges > 0.0 ? std::sqrt(static_cast<double>(graph.degree(n)) / edges) : 1.0;
    }
  }
}

void TrivialSpace::removeFrom(Eigen::Ref<Eigen::VectorXd> x) const {
  for (const auto& members : components_) {
    double along = 0.0;
    for (const std::size_t n : members) along += root_[at(n)] * x[at(n)];
    for (const std::size_t n : members) x[at(n)] -= along * root_[at(n)];
  }
}

}  // namespace ecumene::data::batch
