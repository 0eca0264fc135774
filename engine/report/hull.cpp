// SPDX-License-Identifier: Apache-2.0
#include "engine/report/hull.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "data/base/error.h"
#include "engine/report/bootstrap.h"

namespace ecumene::engine::report {
namespace {

constexpr std::size_t kNeighbour = 10, kMostTrain = 1024;
constexpr double kLimitQuantile = 0.99;

Hull::Embedding unitLength(const Hull::Embedding& embedding) {
  double square = 0.0;
  for (const float x : embedding) square += static_cast<double>(x) * static_cast<double>(x);
  if (!std::isfinite(square)) throw Error("an embedding is not finite");
  const double length = std::sqrt(std::max(square, 1e-30));
  Hull::Embedding scaled;
  for (const float x : embedding) scaled.push_back(static_cast<float>(static_cast<double>(x) / length));
  return scaled;
}

double squaredDistance(const Hull::Embedding& a, const Hull::Embedding& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += d * d;
  }
  return sum;
}

/// None of fewer than ten.
std::optional<double> tenthSmallestRoot(std::vector<double> squares) {
  if (squares.size() < kNeighbour) return std::nullopt;
  const auto nth = squares.begin() + static_cast<std::ptrdiff_t>(kNeighbour - 1);
  std::nth_element(squares.begin(), nth, squares.end());
  return std::sqrt(*nth);
}

}  // namespace

std::string_view name(ThresholdFrom from) {
  return from == ThresholdFrom::kValidation ? "validation" : "training";
}

std::optional<Hull> Hull::fit(std::span<const Row> train, std::span<const Row> validation) {
  if (train.size() < kNeighbour) return std::nullopt;
  Hull hull;
  std::vector<std::string> systems;
  const std::size_t kept = std::min(train.size(), kMostTrain);
  for (std::size_t i = 0; i < kept; ++i) {
    const Row& row = train[i * train.size() / kept];
    if (row.embedding.size() != train.front().embedding.size()) throw Error("train embeddings differ in length");
    hull.train_.push_back(unitLength(row.embedding));
    systems.push_back(row.system);
  }
  std::set<std::string> held;
  for (const Row& row : validation) held.insert(row.system);
  std::vector<double> distances;
  if (held.size() >= kLeastSystems) {
    for (const Row& row : validation) distances.push_back(hull.distance(row.embedding));
    hull.from_ = ThresholdFrom::kValidation;
  } else {
    held = {systems.begin(), systems.end()};
    for (std::size_t i = 0; i < kept; ++i) {
      std::vector<double> squares;
      for (std::size_t j = 0; j < kept; ++j) {
        if (systems[j] != systems[i]) squares.push_back(squaredDistance(hull.train_[i], hull.train_[j]));
      }
      const auto distance = tenthSmallestRoot(std::move(squares));
      if (!distance) return std::nullopt;
      distances.push_back(*distance);
    }
    hull.from_ = ThresholdFrom::kTraining;
  }
  hull.rows_ = distances.size();
  hull.systems_ = held.size();
  hull.limit_ = quantile(std::move(distances), kLimitQuantile);
  return hull;
}

double Hull::distance(const Embedding& embedding) const {
  if (embedding.size() != train_.front().size()) {
    throw Error("an embedding has another length than the training hull")
        .expected(std::to_string(train_.front().size()))
        .found(std::to_string(embedding.size()));
  }
  const Embedding scaled = unitLength(embedding);
  std::vector<double> squares;
  squares.reserve(train_.size());
  for (const Embedding& other : train_) squares.push_back(squaredDistance(scaled, other));
  return tenthSmallestRoot(std::move(squares)).value();
}

std::string Hull::toJson() const {
  return nlohmann::json{{"limit", limit_},
                        {"threshold_from", name(from_)},
                        {"rows", rows_},
                        {"systems", systems_},
                        {"embeddings", train_}}
      .dump();
}

Hull Hull::fromJson(const std::string& text) try {
  const nlohmann::json json = nlohmann::json::parse(text);
  Hull hull;
  hull.limit_ = json.at("limit").get<double>();
  const std::string from = json.at("threshold_from");
  hull.from_ = from == name(ThresholdFrom::kValidation) ? ThresholdFrom::kValidation : ThresholdFrom::kTraining;
  if (from != name(hull.from_)) throw Error("its threshold is of nothing that is known").found(from);
  hull.rows_ = json.at("rows").get<std::size_t>();
  hull.systems_ = json.at("systems").get<std::size_t>();
  hull.train_ = json.at("embeddings").get<std::vector<Embedding>>();
  if (hull.train_.size() < kNeighbour) throw Error("too few embeddings");
  for (const Embedding& embedding : hull.train_) {
    if (embedding.size() != hull.train_.front().size()) throw Error("embeddings differ in length");
  }
  return hull;
} catch (const nlohmann::json::exception& error) {
  throw Error("this is no training hull").found(error.what());
} catch (Error& error) {
  throw error.within("reading a training hull");
}

}  // namespace ecumene::engine::report
