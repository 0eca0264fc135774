// SPDX-License-Identifier: Apache-2.0
#include "engine/train/hulls.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "data/base/error.h"
#include "engine/report/scores.h"

namespace ecumene::engine::train {
namespace {

using report::Hull;
using report::Prediction;

std::vector<Hull::Row> rowsOfViews(std::span<const Prediction> rows, const std::string& views) {
  std::vector<Hull::Row> made;
  for (const Prediction& row : rows) {
    if (row.embedding.empty() || row.subset != views || viewsGiven(row) != views) continue;
    made.push_back({report::cluster(row), row.embedding});
  }
  return made;
}

}  // namespace

Hulls Hulls::fit(std::span<const Prediction> train, std::span<const Prediction> validation, const Known& known) {
  Hulls made;
  for (const auto& [planet, rows] : known) {
    for (const report::Quantities& row : rows) made.ranges_.widen(row);
  }
  for (const unsigned subset : report::hullSubsets()) {
    const std::string views = report::subsetName(subset);
    std::optional<Hull> hull = Hull::fit(rowsOfViews(train, views), rowsOfViews(validation, views));
    if (hull) made.hulls_.emplace(views, std::move(*hull));
  }
  return made;
}

Hulls Hulls::load(const std::filesystem::path& artifacts, const WeightsId& weights) {
  const OfWeights file = readOfWeights(artifacts / kHullFile, weights);
  Hulls made;
  if (!file.stale.empty()) made.stale_ = "the training hull " + file.stale + ": ecumene-train eval makes it anew";
  if (file.content.empty()) return made;
  try {
    const nlohmann::json json = nlohmann::json::parse(file.content);
    made.ranges_ = report::Ranges::fromJson(json.at("ranges").dump());
    for (const auto& [views, hull] : json.at("hulls").items()) made.hulls_.emplace(views, Hull::fromJson(hull.dump()));
  } catch (const nlohmann::json::exception& error) {
    throw Error("this is no training hull")
        .on((artifacts / kHullFile).string())
        .found(error.what())
        .next("make it anew: ecumene-train eval");
  } catch (Error& error) {
    throw error.on((artifacts / kHullFile).string()).next("make it anew: ecumene-train eval");
  }
  return made;
}

void Hulls::save(const std::filesystem::path& artifacts, const WeightsId& weights) const {
  nlohmann::ordered_json json = {{"ranges", nlohmann::ordered_json::parse(ranges_.toJson())},
                                 {"hulls", nlohmann::ordered_json::object()}};
  for (const auto& [views, hull] : hulls_) json["hulls"][views] = nlohmann::ordered_json::parse(hull.toJson());
  writeOfWeights(artifacts / kHullFile, weights, json.dump());
}

void Hulls::judge(const report::Quantities& known, Prediction& row) const {
  if (empty()) {
    row.notJudged = stale_.empty() ? "the run has no training hull: it was not evaluated" : stale_;
    return;
  }
  // What the model was not given says nothing of its answer.
  report::Quantities given = known;
  const auto forget = [&](const char* view, std::size_t from, std::size_t to) {
    if (viewsGiven(row).find(view) != std::string::npos) return;
    for (std::size_t i = from; i < to; ++i) given.at(i) = report::kMissing;
  };
  forget("scalars", 0, data::planet::kScalarCount);
  forget("spectrum", data::planet::kScalarCount, report::kQuantityCount);
  report::HullVerdict verdict;
  verdict.broken = ranges_.broken(given);
  verdict.outside = !verdict.broken.empty();
  const auto hull = hulls_.find(viewsGiven(row));
  if (hull != hulls_.end() && !row.embedding.empty()) {
    verdict.distance = hull->second.distance(row.embedding);
    verdict.limit = hull->second.limit();
    verdict.thresholdFrom = name(hull->second.from());
    verdict.outside = verdict.outside || verdict.distance > verdict.limit;
  }
  if (!verdict.outside && !report::anyScalarKnown(given)) {
    row.notJudged = "none of the planet's scalars is given, and what is given does not show it to be inside";
    return;
  }
  row.hull = std::move(verdict);
}

std::vector<std::string> Hulls::words() const {
  std::vector<std::string> said;
  for (const unsigned subset : report::hullSubsets()) {
    const std::string views = report::subsetName(subset);
    const auto found = hulls_.find(views);
    if (found == hulls_.end()) {
      said.push_back("Training hull of " + views +
                     ": ranges alone, as there are too few train samples with these views.");
      continue;
    }
    const Hull& hull = found->second;
    const bool fallback = hull.from() == report::ThresholdFrom::kTraining;
    said.push_back(fmt::format(
        "Training hull of {}: ranges, and a distance of embeddings beyond {:.3f}, the 99 % quantile over {} {} samples "
        "of {} systems{}.",
        views, hull.limit(), hull.rows(), name(hull.from()), hull.systems(),
        fallback
            ? fmt::format(", each held against other systems, as fewer than {} validation systems have these views",
                          Hull::kLeastSystems)
            : ""));
  }
  return said;
}

}  // namespace ecumene::engine::train
