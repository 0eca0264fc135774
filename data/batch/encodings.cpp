// SPDX-License-Identifier: Apache-2.0
#include "data/batch/encodings.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/base/random.h"

namespace ecumene::data::batch {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kResidual = 1e-9;
constexpr double kDependent = 1e-9;  // a unit vector that keeps less than this lies in the basis

Index at(std::size_t i) {
  return static_cast<Index>(i);
}

/// D^-1/2 A D^-1/2 times each column.
class NormalisedAdjacency {
 public:
  explicit NormalisedAdjacency(const Adjacency& graph) : graph_(graph), scale_(at(graph.nodes())) {
    for (std::size_t n = 0; n < graph.nodes(); ++n) {
      scale_[at(n)] = graph.degree(n) > 0 ? 1.0 / std::sqrt(static_cast<double>(graph.degree(n))) : 0.0;
    }
  }
  [[nodiscard]] MatrixXd times(const MatrixXd& x) const {
    MatrixXd y(x.rows(), x.cols());
    for (Index c = 0; c < x.cols(); ++c) {
      const double* from = x.col(c).data();
      double* to = y.col(c).data();
      const double* scale = scale_.data();
      for (std::size_t n = 0; n < graph_.nodes(); ++n) {
        double sum = 0.0;
        for (const std::size_t m : graph_.of(n)) sum += scale[m] * from[m];
        to[n] = scale[n] * sum;
      }
    }
    return y;
  }

 private:
  const Adjacency& graph_;
  VectorXd scale_;
};

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

/// Removes the trivial eigenvectors, sqrt(degree) on one component each.
class TrivialSpace {
 public:
  explicit TrivialSpace(const Adjacency& graph) : components_(components(graph)), root_(at(graph.nodes())) {
    for (const auto& members : components_) {
      double edges = 0.0;
      for (const std::size_t n : members) edges += static_cast<double>(graph.degree(n));
      for (const std::size_t n : members) {
        root_[at(n)] = edges > 0.0 ? std::sqrt(static_cast<double>(graph.degree(n)) / edges) : 1.0;
      }
    }
  }
  [[nodiscard]] std::size_t dimension() const { return components_.size(); }
  void removeFrom(Eigen::Ref<VectorXd> x) const {
    for (const auto& members : components_) {
      double along = 0.0;
      for (const std::size_t n : members) along += root_[at(n)] * x[at(n)];
      for (const std::size_t n : members) x[at(n)] -= along * root_[at(n)];
    }
  }

 private:
  std::vector<std::vector<std::size_t>> components_;
  VectorXd root_;
};

/// An orthonormal basis that grows by blocks, with the operator applied to it and projected on it.
class KrylovSpace {
 public:
  KrylovSpace(const Adjacency& graph, std::size_t block)
      : operator_(graph),
        trivial_(graph),
        block_(at(block)),
        most_(at(graph.nodes() - trivial_.dimension())),
        random_(0, "krylov-start"),
        basis_(at(graph.nodes()), 0),
        image_(at(graph.nodes()), 0) {
    start();
  }
  [[nodiscard]] Index size() const { return basis_.cols(); }
  [[nodiscard]] bool whole() const { return size() >= most_; }

  /// One block more; where the space is closed, one from new directions.
  void grow() {
    if (whole()) return;
    const Index before = size();
    append(image_.rightCols(last_));
    if (size() == before) start();
  }

  struct Pairs {
    VectorXd values;  ///< of the operator, descending
    MatrixXd vectors;
    double residual = 0.0;
  };
  [[nodiscard]] Pairs largest(Index wanted) const {
    if (size() == 0) return {};
    const Index n = std::min(wanted, size());
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(projected_);
    const MatrixXd inside = solver.eigenvectors().rightCols(n).rowwise().reverse();
    Pairs pairs{solver.eigenvalues().tail(n).reverse(), basis_ * inside, 0.0};
    const MatrixXd rest = image_ * inside - pairs.vectors * pairs.values.asDiagonal();
    pairs.residual = rest.colwise().norm().maxCoeff();
    return pairs;
  }

 private:
  void start() {
    while (!whole()) {
      MatrixXd fresh(basis_.rows(), std::min(block_, most_ - size()));
      for (Index c = 0; c < fresh.cols(); ++c) {
        for (Index r = 0; r < fresh.rows(); ++r) fresh(r, c) = random_.normal();
      }
      const Index before = size();
      append(fresh);
      if (size() > before) return;
    }
  }

  void append(const MatrixXd& candidates) {
    MatrixXd fresh(basis_.rows(), candidates.cols());
    Index kept = 0;
    for (Index c = 0; c < candidates.cols() && size() + kept < most_; ++c) {
      VectorXd x = candidates.col(c);
      const double length = x.norm();
      if (length == 0.0) continue;
      x /= length;
      // Twice is enough (Giraud et al. 2005, Numer. Math. 101, 87).
      double left = 1.0;
      for (int pass = 0; pass < 2; ++pass) {
        trivial_.removeFrom(x);
        x -= basis_ * (basis_.transpose() * x).eval();
        x -= fresh.leftCols(kept) * (fresh.leftCols(kept).transpose() * x).eval();
        left = x.norm();
        if (left < kDependent) break;
        x /= left;
      }
      if (left < kDependent) continue;
      fresh.col(kept++) = x;
    }
    const Index old = size();
    basis_.conservativeResize(Eigen::NoChange, old + kept);
    basis_.rightCols(kept) = fresh.leftCols(kept);
    image_.conservativeResize(Eigen::NoChange, old + kept);
    image_.rightCols(kept) = operator_.times(fresh.leftCols(kept));
    projected_.conservativeResize(old + kept, old + kept);
    const MatrixXd cross = basis_.transpose() * image_.rightCols(kept);
    projected_.rightCols(kept) = cross;
    projected_.bottomRows(kept) = cross.transpose();
    last_ = kept;
  }

  NormalisedAdjacency operator_;
  TrivialSpace trivial_;
  Index block_, most_, last_ = 0;
  Random random_;
  MatrixXd basis_, image_, projected_;
};

void fixSign(Eigen::Ref<VectorXd> x) {
  const double largest = x.cwiseAbs().maxCoeff();
  for (Index i = 0; i < x.size(); ++i) {
    // Entries that are equal but for rounding count as equal.
    if (std::abs(x[i]) < largest * (1.0 - 1e-6)) continue;
    if (x[i] < 0.0) x = -x;
    return;
  }
}

}  // namespace

Adjacency adjacencyOf(std::size_t nodes, std::span<const std::pair<std::size_t, std::size_t>> edges) {
  Adjacency graph;
  graph.first.assign(nodes + 1, 0);
  for (const auto& [a, b] : edges) {
    if (a >= nodes || b >= nodes || a == b) throw internalError("an edge of a graph joins no two of its nodes");
    ++graph.first[a + 1];
    ++graph.first[b + 1];
  }
  for (std::size_t n = 0; n < nodes; ++n) graph.first[n + 1] += graph.first[n];
  graph.neighbour.resize(2 * edges.size());
  std::vector<std::size_t> next(graph.first.begin(), graph.first.end() - 1);
  for (const auto& [a, b] : edges) {
    graph.neighbour[next[a]++] = b;
    graph.neighbour[next[b]++] = a;
  }
  return graph;
}

LaplacianVectors laplacianVectors(const Adjacency& graph, std::size_t columns) {
  LaplacianVectors result;
  result.vectors.assign(graph.nodes() * columns, 0.0F);
  if (graph.nodes() == 0 || columns == 0) return result;
  KrylovSpace space(graph, columns);
  // A check costs a dense problem of the basis' size, so the next one comes when the basis is a quarter larger.
  Index next = at(4 * columns);
  KrylovSpace::Pairs pairs;
  while (true) {
    while (!space.whole() && space.size() < next) space.grow();
    pairs = space.largest(at(columns));
    if (space.whole() || pairs.residual < kResidual) break;
    next = space.size() + std::max<Index>(space.size() / 4, at(columns));
  }
  for (Index c = 0; c < pairs.values.size(); ++c) {
    VectorXd x = pairs.vectors.col(c);
    fixSign(x);
    result.values.push_back(1.0 - pairs.values[c]);
    for (std::size_t n = 0; n < graph.nodes(); ++n) {
      result.vectors[n * columns + static_cast<std::size_t>(c)] = static_cast<float>(x[at(n)]);
    }
  }
  return result;
}

std::vector<float> returnProbabilities(const Adjacency& graph, std::size_t columns) {
  const std::size_t nodes = graph.nodes();
  std::vector<float> result(nodes * columns, 0.0F);
  std::vector<double> scale(nodes, 0.0);
  for (std::size_t n = 0; n < nodes; ++n) {
    if (graph.degree(n) > 0) scale[n] = 1.0 / std::sqrt(static_cast<double>(graph.degree(n)));
  }
  // D^-1 A and the symmetric S = D^-1/2 A D^-1/2 have the same powers on their diagonals, and (S^(a+b))_ii is the
  // product of S^a e_i and S^b e_i: half the steps, from a front that is small at first.
  struct Front {
    std::vector<double> value;
    std::vector<std::size_t> touched;
  };
  Front now{std::vector<double>(nodes, 0.0), {}};
  Front next{std::vector<double>(nodes, 0.0), {}};
  std::vector<bool> isTouched(nodes, false);
  for (std::size_t start = 0; start < nodes; ++start) {
    now.value[start] = 1.0;
    now.touched = {start};
    for (std::size_t step = 1; 2 * step <= columns + 1; ++step) {
      for (const std::size_t n : now.touched) {
        const double carried = now.value[n] * scale[n];
        for (const std::size_t m : graph.of(n)) {
          if (!isTouched[m]) {
            isTouched[m] = true;
            next.touched.push_back(m);
          }
          next.value[m] += carried * scale[m];
        }
      }
      double odd = 0.0;
      double even = 0.0;
      for (const std::size_t m : next.touched) {
        odd += now.value[m] * next.value[m];
        even += next.value[m] * next.value[m];
        isTouched[m] = false;
      }
      result[start * columns + 2 * step - 2] = static_cast<float>(odd);
      if (2 * step <= columns) result[start * columns + 2 * step - 1] = static_cast<float>(even);
      for (const std::size_t n : now.touched) now.value[n] = 0.0;
      now.touched.clear();
      std::swap(now, next);
    }
    for (const std::size_t n : now.touched) now.value[n] = 0.0;
    now.touched.clear();
  }
  return result;
}

std::vector<std::uint8_t> shortestPaths(const Adjacency& graph) {
  constexpr std::uint8_t kFarthest = kUnconnected - 1;
  const std::size_t nodes = graph.nodes();
  std::vector<std::uint8_t> distance(nodes * nodes, kUnconnected);
  std::vector<std::size_t> queue;
  for (std::size_t start = 0; start < nodes; ++start) {
    std::uint8_t* row = distance.data() + start * nodes;
    row[start] = 0;
    queue.assign(1, start);
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const std::uint8_t here = row[queue[i]];
      for (const std::size_t n : graph.of(queue[i])) {
        if (row[n] != kUnconnected) continue;
        row[n] = here < kFarthest ? static_cast<std::uint8_t>(here + 1) : kFarthest;
        queue.push_back(n);
      }
    }
  }
  return distance;
}

}  // namespace ecumene::data::batch
