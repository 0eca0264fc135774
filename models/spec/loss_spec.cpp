// SPDX-License-Identifier: Apache-2.0
#include "models/spec/loss_spec.h"

namespace ecumene::models::spec {

void describe(Options& o, LossSpec& s) {
  constexpr double kMost = 1000.0;
  o.real("supervised", s.supervised, "Weight of the supervised loss: regime, viable, habitable, f_hab and h050.")
      .range(0, kMost)
      .live();
  o.real("language", s.language, "Weight of the next-token loss of the language part.").range(0, kMost).live();
  o.real("graph", s.graph, "Weight of the network's reconstruction, flux and Kullback-Leibler terms.")
      .range(0, kMost)
      .live();
  o.real("physics", s.physics,
         "Weight of the cube's masked reconstruction, its physics terms and the network's biochemical terms.")
      .range(0, kMost)
      .live();
  o.real("contrastive", s.contrastive, "Weight of the consistency between the views of one planet.")
      .range(0, kMost)
      .live();
  o.real("reasoning", s.reasoning, "Weight of the supervised loss of the language part's scientific reasoning head.")
      .range(0, kMost)
      .live();
  o.real("kl", s.klWeight, "Weight of the Kullback-Leibler term inside loss.graph once its annealing is over.")
      .range(0, kMost)
      .live();
  o.text("class_loss", s.classLoss,
         "Loss of the classes: cross-entropy with label smoothing, or focal loss (Lin et al. 2017).")
      .choices({"smooth", "focal"});
  o.real("label_smoothing", s.labelSmoothing,
         "Share of a label's mass that is spread over all classes, with loss.class_loss = smooth.")
      .range(0, 0.5)
      .live();
  o.real("focal_alpha", s.focalAlpha, "Weight of the positive class, with loss.class_loss = focal.").range(0, 1).live();
  o.real("focal_gamma", s.focalGamma, "Exponent that takes weight from easy samples, with loss.class_loss = focal.")
      .range(0, 10)
      .live();
  o.real("temperature", s.temperature, "Divides the similarities of the contrastive term.").range(0.001, 100).live();
}

}  // namespace ecumene::models::spec
