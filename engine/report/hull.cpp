// SPDX-License-Identifier: Apache-2.0
#include "engine/report/hull.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

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

}  // namespace

Hull Hull::fit(std::span<const ScalarValues> trainScalars, std::span<const Embedding> train,
               std::span<const Embedding> validation) {
  if (trainScalars.empty()) throw Error("a training hull needs train planets");
  if (train.size() < kNeighbour || validation.empty()) {
    throw Error("too few embeddings for a training hull")
        .expected("at least 10 of the train split and one of the validation split")
        .found(std::to_string(train.size()) + " and " + std::to_string(validation.size()));
  }
  Hull hull;
  hull.low_.fill(kMissing);
  hull.high_.fill(kMissing);
  for (const ScalarValues& values : trainScalars) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      hull.low_.at(i) = std::fmin(hull.low_.at(i), values.at(i));
      hull.high_.at(i) = std::fmax(hull.high_.at(i), values.at(i));
    }
  }
  const std::size_t kept = std::min(train.size(), kMostTrain);
  for (std::size_t i = 0; i < kept; ++i) {
    const Embedding& embedding = train[i * train.size() / kept];
    if (embedding.size() != train.front().size()) throw Error("train embeddings differ in length");
    hull.train_.push_back(unitLength(embedding));
  }
  std::vector<double> distances;
  for (const Embedding& embedding : validation) distances.push_back(hull.distance(embedding));
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
  for (const Embedding& other : train_) {
    double sum = 0.0;
    for (std::size_t i = 0; i < scaled.size(); ++i) {
      const double d = static_cast<double>(scaled[i]) - static_cast<double>(other[i]);
      sum += d * d;
    }
    squares.push_back(sum);
  }
  const auto nth = squares.begin() + static_cast<std::ptrdiff_t>(kNeighbour - 1);
  std::nth_element(squares.begin(), nth, squares.end());
  return std::sqrt(*nth);
}

Hull::Verdict Hull::judge(const ScalarValues& scalars, const Embedding& embedding) const {
  Verdict verdict;
  verdict.distance = distance(embedding);
  verdict.limit = limit_;
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    if (scalars.at(i) < low_.at(i) || scalars.at(i) > high_.at(i)) {
      verdict.beyond.push_back(static_cast<data::planet::ScalarId>(i));
    }
  }
  verdict.outside = !verdict.beyond.empty() || verdict.distance > limit_;
  return verdict;
}

std::string Hull::toJson() const {
  nlohmann::json ranges = nlohmann::json::object();
  for (const data::planet::ScalarInfo& scalar : data::planet::scalars()) {
    const auto i = static_cast<std::size_t>(scalar.id);
    if (!std::isnan(low_.at(i))) ranges[std::string(scalar.name)] = {low_.at(i), high_.at(i)};
  }
  return nlohmann::json{{"scalars", ranges}, {"limit", limit_}, {"embeddings", train_}}.dump();
}

Hull Hull::fromJson(const std::string& text) try {
  const nlohmann::json json = nlohmann::json::parse(text);
  Hull hull;
  hull.low_.fill(kMissing);
  hull.high_.fill(kMissing);
  for (const data::planet::ScalarInfo& scalar : data::planet::scalars()) {
    const auto found = json.at("scalars").find(scalar.name);
    if (found == json.at("scalars").end()) continue;
    hull.low_.at(static_cast<std::size_t>(scalar.id)) = found->at(0).get<double>();
    hull.high_.at(static_cast<std::size_t>(scalar.id)) = found->at(1).get<double>();
  }
  hull.limit_ = json.at("limit").get<double>();
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
