// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/report/bootstrap.h"

namespace ecumene::engine::train {

/// What a model says of the held-out texts: summed negative log-likelihood in nats and scored pieces, one a text.
struct HeldOut {
  std::vector<double> nll, pieces;
  [[nodiscard]] double meanNll() const;  ///< nats per piece
};

/// Perplexities with 95 % intervals over draws of texts, the same draws for all three.
struct AdaptationReport {
  std::string run, corpus, corpusSha256, begin;
  std::string options;  ///< run.toml
  std::string ended, note;
  std::int64_t steps = 0, epochs = 0, bestStep = 0;
  std::size_t learnedTexts = 0, heldOutTexts = 0;
  std::int64_t learnedPieces = 0, heldOutPieces = 0;
  std::int64_t parameters = 0, learning = 0;
  report::Estimate before, after, ratio;  ///< ratio: after / before
};

/// Sets before, after and ratio; both are of the same texts.
void compare(AdaptationReport& report, const HeldOut& before, const HeldOut& after);
std::string toJson(const AdaptationReport& report);
std::string toMarkdown(const AdaptationReport& report);

}  // namespace ecumene::engine::train
