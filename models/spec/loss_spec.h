// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/spec/options.h"

namespace ecumene::models::spec {

/// Weights of the combined loss: supervised + language + graph + physics + contrastive.
struct LossSpec {
  double supervised = 1.0, language = 0.3, graph = 0.2, physics = 0.2, contrastive = 0.15;
  double klWeight = 1e-3;            ///< of the VAE's Kullback-Leibler term at the end of its annealing
  std::string classLoss = "smooth";  ///< smooth: cross-entropy with labelSmoothing; focal: focalAlpha, focalGamma
  double labelSmoothing = 0.05;
  double focalAlpha = 0.25, focalGamma = 2.0;
  double reasoning = 0.1;    ///< auxiliary loss of the language part's scientific reasoning head
  double temperature = 0.1;  ///< of the contrastive term
  bool operator==(const LossSpec&) const = default;
};
void describe(Options& options, LossSpec& spec);

}  // namespace ecumene::models::spec
