// SPDX-License-Identifier: Apache-2.0
#include "engine/train/hulls.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::engine::train {
namespace {

using report::Hull;
using report::Prediction;

constexpr std::size_t kLeast = 10;  // of train embeddings, report::Hull

struct Kind {
  const char* file;
  unsigned views;
};
constexpr std::array kKinds = {Kind{"hull.json", report::kAllViews},
                               Kind{"hull_without_climate.json", report::kAllViews & ~unsigned{report::kClimate}}};

std::vector<Hull::Embedding> embeddings(std::span<const Prediction> rows, const std::string& views) {
  std::vector<Hull::Embedding> made;
  for (const Prediction& row : rows) {
    if (!row.embedding.empty() && row.subset == views) made.push_back(row.embedding);
  }
  return made;
}

std::string words(const WeightsId& weights) {
  return "step " + std::to_string(weights.step) + " (manifest " + weights.manifest.substr(0, 8) + ")";
}

}  // namespace

Hulls Hulls::fit(std::span<const Prediction> train, std::span<const Prediction> validation,
                 const std::map<std::string, report::ScalarValues>& scalars) {
  std::vector<report::ScalarValues> trainScalars;
  for (const auto& [planet, values] : scalars) trainScalars.push_back(values);
  Hulls made;
  for (const Kind& kind : kKinds) {
    const std::string views = report::subsetName(kind.views);
    const auto inside = embeddings(train, views), held = embeddings(validation, views);
    if (inside.size() < kLeast || held.empty() || trainScalars.empty()) continue;
    made.hulls_.emplace(views, Hull::fit(trainScalars, inside, held));
  }
  return made;
}

Hulls Hulls::load(const std::filesystem::path& artifacts, const WeightsId& weights) {
  Hulls made;
  for (const Kind& kind : kKinds) {
    const std::filesystem::path file = artifacts / kind.file;
    if (!std::filesystem::exists(file)) continue;
    try {
      const nlohmann::json json = nlohmann::json::parse(readFile(file));
      const WeightsId of{json.at("step").get<std::int64_t>(), json.at("manifest").get<std::string>()};
      const std::string views = report::subsetName(kind.views);
      if (of == weights) {
        made.hulls_.emplace(views, Hull::fromJson(json.at("hull").dump()));
      } else {
        made.stale_.emplace(views, "the training hull is of the weights of " + words(of) + ", these are of " +
                                       words(weights) + ": ecumene-train eval makes it anew");
      }
    } catch (const nlohmann::json::exception& error) {
      throw Error("this is no training hull")
          .on(file.string())
          .found(error.what())
          .next("make it anew: ecumene-train eval");
    }
  }
  return made;
}

void Hulls::save(const std::filesystem::path& artifacts, const WeightsId& weights) const {
  for (const Kind& kind : kKinds) {
    const auto found = hulls_.find(report::subsetName(kind.views));
    if (found == hulls_.end()) {
      std::filesystem::remove(artifacts / kind.file);
      continue;
    }
    const nlohmann::ordered_json json = {{"views", found->first},
                                         {"step", weights.step},
                                         {"manifest", weights.manifest},
                                         {"hull", nlohmann::ordered_json::parse(found->second.toJson())}};
    writeFileAtomically(artifacts / kind.file, json.dump());
  }
}

void Hulls::judge(const report::ScalarValues& scalars, Prediction& row) const {
  const auto found = hulls_.find(row.subset);
  if (found != hulls_.end() && !row.embedding.empty()) {
    const bool outside = found->second.judge(scalars, row.embedding).outside;
    const bool anyKnown = std::any_of(scalars.begin(), scalars.end(), [](double value) { return !std::isnan(value); });
    if (outside || anyKnown) {
      row.outOfHull = outside;
    } else {
      row.notJudged = "none of the planet's scalars is known, and its embedding alone does not show it to be inside";
    }
    return;
  }
  const auto stale = stale_.find(row.subset);
  if (stale != stale_.end()) {
    row.notJudged = stale->second;
    return;
  }
  bool ofKind = false;
  for (const Kind& kind : kKinds) ofKind = ofKind || row.subset == report::subsetName(kind.views);
  row.notJudged = ofKind ? "the run has no training hull for these views: it was not evaluated, or on too few planets"
                         : "training hulls are of all views and of all but the climate, not of " + row.subset;
}

}  // namespace ecumene::engine::train
