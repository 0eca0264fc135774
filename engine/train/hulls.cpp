// SPDX-License-Identifier: Apache-2.0
#include "engine/train/hulls.h"

#include <array>

#include "data/base/files.h"

namespace ecumene::engine::train {
namespace {

using report::Hull;
using report::Prediction;

constexpr std::size_t kLeast = 10;  // of train embeddings, report::Hull

struct Kind {
  const char* file;
  bool climate;
};
constexpr std::array kKinds = {Kind{"hull.json", true}, Kind{"hull_without_climate.json", false}};

bool hasClimate(const Prediction& row) {
  return row.subset.starts_with("climate");
}

std::vector<Hull::Embedding> embeddings(std::span<const Prediction> rows, bool climate) {
  std::vector<Hull::Embedding> made;
  for (const Prediction& row : rows) {
    if (!row.embedding.empty() && hasClimate(row) == climate) made.push_back(row.embedding);
  }
  return made;
}

}  // namespace

Hulls Hulls::fit(std::span<const Prediction> train, std::span<const Prediction> validation,
                 const std::map<std::string, report::ScalarValues>& scalars) {
  std::vector<report::ScalarValues> trainScalars;
  for (const auto& [planet, values] : scalars) trainScalars.push_back(values);
  Hulls made;
  for (const Kind& kind : kKinds) {
    const auto inside = embeddings(train, kind.climate), held = embeddings(validation, kind.climate);
    if (inside.size() < kLeast || held.empty() || trainScalars.empty()) continue;
    made.hulls_.emplace(kind.file, Hull::fit(trainScalars, inside, held));
  }
  return made;
}

Hulls Hulls::load(const std::filesystem::path& artifacts) {
  Hulls made;
  for (const Kind& kind : kKinds) {
    const std::filesystem::path file = artifacts / kind.file;
    if (std::filesystem::exists(file)) made.hulls_.emplace(kind.file, Hull::fromJson(readFile(file)));
  }
  return made;
}

void Hulls::save(const std::filesystem::path& artifacts) const {
  for (const Kind& kind : kKinds) {
    if (!hulls_.contains(kind.file)) std::filesystem::remove(artifacts / kind.file);
  }
  for (const auto& [file, hull] : hulls_) writeFileAtomically(artifacts / file, hull.toJson());
}

void Hulls::judge(const report::ScalarValues& scalars, Prediction& row) const {
  if (row.embedding.empty()) return;
  for (const Kind& kind : kKinds) {
    const auto found = hulls_.find(kind.file);
    if (found == hulls_.end() || kind.climate != hasClimate(row)) continue;
    row.outOfHull = found->second.judge(scalars, row.embedding).outside;
  }
}

}  // namespace ecumene::engine::train
