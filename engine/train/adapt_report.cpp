// SPDX-License-Identifier: Apache-2.0
#include "engine/train/adapt_report.h"

#include <array>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>

#include "engine/report/markdown.h"
#include "engine/report/metrics.h"
#include "engine/train/count.h"

namespace ecumene::engine::train {
namespace {

using Json = nlohmann::ordered_json;
using report::shown;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json estimateJson(const report::Estimate& estimate) {
  return {{"value", number(estimate.value)}, {"low", number(estimate.low)}, {"high", number(estimate.high)}};
}

}  // namespace

double HeldOut::meanNll() const {
  return std::accumulate(nll.begin(), nll.end(), 0.0) / std::accumulate(pieces.begin(), pieces.end(), 0.0);
}

void compare(AdaptationReport& made, const HeldOut& before, const HeldOut& after) {
  std::vector<std::string> texts;
  for (std::size_t t = 0; t < before.nll.size(); ++t) texts.push_back(std::to_string(t));
  const auto of = [](const HeldOut& said, report::Weights weights) {
    return report::perplexity(said.nll, said.pieces, weights);
  };
  const std::array<std::function<double(report::Weights)>, 3> metrics = {
      [&](report::Weights w) { return of(before, w); }, [&](report::Weights w) { return of(after, w); },
      [&](report::Weights w) { return of(after, w) / of(before, w); }};
  auto found = report::estimates(texts, metrics);
  made.before = std::move(found[0]);
  made.after = std::move(found[1]);
  made.ratio = std::move(found[2]);
}

std::string toJson(const AdaptationReport& r) {
  const Json json = {
      {"format", 1},
      {"kind", "adaptation"},
      {"run",
       {{"name", r.run},
        {"begin", r.begin},
        {"steps", r.steps},
        {"epochs", r.epochs},
        {"best_step", r.bestStep},
        {"ended", r.ended},
        {"parameters", r.parameters},
        {"learning", r.learning},
        {"note", r.note}}},
      {"corpus",
       {{"file", r.corpus},
        {"sha256", r.corpusSha256},
        {"learned", {{"texts", r.learnedTexts}, {"pieces", r.learnedPieces}}},
        {"held_out", {{"texts", r.heldOutTexts}, {"pieces", r.heldOutPieces}}}}},
      {"perplexity",
       {{"before", estimateJson(r.before)}, {"after", estimateJson(r.after)}, {"ratio", estimateJson(r.ratio)}}}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string toMarkdown(const AdaptationReport& r) {
  std::string text = "# Adaptation " + r.run + "\n\nThe language part on the corpus `" + r.corpus + "` (SHA-256 " +
                     r.corpusSha256 + "), beginning with " +
                     (r.begin.empty() ? "random weights" : "`" + r.begin + "`") + "; " + report::counted(r.steps) +
                     " steps in " + counted(r.epochs, "epoch", "epochs") + "; ended because: " + r.ended + ". " +
                     report::counted(r.learning) + " of " + report::counted(r.parameters) +
                     " parameters learn. Evaluated: step " + report::counted(r.bestStep) +
                     ", which the same held-out texts chose.\n\n";
  if (!r.note.empty()) text += r.note + "\n\n";
  report::MarkdownTable perplexity({"held-out texts", "perplexity, 95 % interval"});
  perplexity.add({"before", shown(r.before, 2)});
  perplexity.add({"after", shown(r.after, 2)});
  perplexity.add({"after / before", shown(r.ratio)});
  report::MarkdownTable texts({"", "texts", "pieces"});
  texts.add({"learned", std::to_string(r.learnedTexts), report::counted(r.learnedPieces)});
  texts.add({"held out", std::to_string(r.heldOutTexts), report::counted(r.heldOutPieces)});
  return text + perplexity.text() +
         "Intervals are over draws of texts, the same for all rows. A text counts as it is cut into sequences.\n\n" +
         texts.text() + "All options:\n\n```toml\n" + r.options + "```\n";
}

}  // namespace ecumene::engine::train
