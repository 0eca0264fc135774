// SPDX-License-Identifier: Apache-2.0
// Which files an evaluation leaves, and which of an earlier one it leaves alone.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "data/base/files.h"
#include "engine/report/predictions_file.h"
#include "engine/report/report.h"

namespace ecumene::engine::report {
namespace {

namespace fs = std::filesystem;

/// In the order in which they are named.
constexpr std::array<std::string_view, 5> kSplits{"train", "validation", "test", "real", "observed"};

/// With every subset, of the splits behind the first `from`.
Coverage allBehind(std::size_t from) {
  Coverage made;
  for (std::size_t i = from; i < kSplits.size(); ++i) made.splits.emplace(kSplits.at(i));
  return made;
}

/// A report that is there.
struct Earlier {
  Coverage covers;
  WeightsId weights;
};

/// A report that does not say what it covers, or cannot be read, may be a whole one.
Earlier earlierAt(const fs::path& file) {
  Earlier earlier;
  earlier.covers = allBehind(1);
  const auto json = nlohmann::json::parse(readFile(file), nullptr, false);
  const auto run = json.is_object() ? json.find("run") : json.end();
  if (!json.is_object() || run == json.end() || !run->is_object() || !run->contains("covers")) return earlier;
  try {
    const nlohmann::json& covers = run->at("covers");
    earlier.weights = {run->at("best_step").get<std::int64_t>(), run->at("manifest").get<std::string>()};
    Coverage read{covers.at("splits").get<std::set<std::string>>(), covers.at("every_subset").get<bool>()};
    earlier.covers = std::move(read);
  } catch (const nlohmann::json::exception&) {
    // Then it may be a whole one.
  }
  return earlier;
}

}  // namespace

bool Coverage::holds(const Coverage& other) const {
  return (everySubset || !other.everySubset) && std::ranges::includes(splits, other.splits);
}

std::string Coverage::suffix() const {
  std::string made;
  const bool whole = std::ranges::includes(splits, allBehind(1).splits);
  for (const std::string_view split : kSplits) {
    // Validation planets are predicted for every evaluation.
    const bool named = !whole && splits.contains(std::string(split)) && (split != "validation" || splits.size() == 1);
    if (named) made += "-" + std::string(split);
  }
  return made + (everySubset ? "" : "-no-ablation");
}

bool isReported(const fs::path& run, const WeightsId& weights) {
  for (const fs::directory_entry& entry : fs::directory_iterator(run)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("report") || !name.ends_with(".json")) continue;
    if (earlierAt(entry.path()).weights == weights) return true;
  }
  return false;
}

Written writeReport(const fs::path& run, RunFacts facts, std::vector<Predictor> predictors,
                    std::vector<GraphScore> graph, const data::store::Store& store) {
  Written written;
  for (Predictor& predictor : predictors) {
    std::vector<ConformalStep> steps = conformalise(predictor.predictions);
    if (&predictor == &predictors.front()) written.conformal = std::move(steps);
  }
  Report report = makeReport(std::move(facts), predictors, written.conformal);
  report.graph = std::move(graph);
  written.inShort = inShort(report);
  std::string suffix;
  bool cards = true;
  if (fs::exists(run / "report.json")) {
    const Earlier earlier = earlierAt(run / "report.json");
    if (!report.facts.covers.holds(earlier.covers)) {
      suffix = report.facts.covers.suffix();
      if (suffix.empty()) suffix = "-no-train";  // a whole one, beside one of train planets
      cards = !(earlier.weights == report.facts.weights);
    }
  }
  written.report = run / ("report" + suffix);
  fs::create_directories(run / "artifacts");
  writePredictions(run / "artifacts" / ("predictions" + suffix + ".h5"), predictors, report.facts.weights);
  if (cards) {
    writeFileAtomically(run / "data_card.md", dataCard(report.facts, store));
    writeFileAtomically(run / "model_card.md", modelCard(report, "report" + suffix + ".md"));
  }
  writeFileAtomically(written.report.string() + ".json", toJson(report));
  writeFileAtomically(written.report.string() + ".md", toMarkdown(report));
  return written;
}

}  // namespace ecumene::engine::report
