// SPDX-License-Identifier: Apache-2.0
#include "engine/config/run_spec.h"

#include <string>

#include "data/base/error.h"

namespace ecumene::engine::config {

using models::spec::Options;

void describe(Options& o, DataSpec& s) {
  o.text("store", s.store, "Folder of the store that planets are read from.");
  o.whole("text_length", s.textLength, "Longest text of a sample; longer ones are cut.").unit("tokens").range(2, 512);
  o.whole("graph_nodes", s.graphNodes, "Most nodes of all networks in one micro-batch.").range(64, 16777216);
  o.whole("threads", s.threads, "Threads that read ahead.").range(1, 256);
}

void describe(Options& o, TrainSpec& s) {
  o.whole("seed", s.seed, "Keys the first weights, the order of samples and all draws.").range(0, 4294967295.0);
  o.whole("micro_batch", s.microBatch, "Samples that go through the model together.").unit("samples").range(1, 4096);
  o.whole("accumulate", s.accumulate, "Micro-batches whose gradients are summed into one step.").range(1, 65536);
  o.text("optimiser", s.optimiser, "Rule that changes weights from gradients.").choices({"adamw", "lion", "sophia"});
  o.real("lr", s.learningRate, "Learning rate at the schedule's peak.").range(0, 10).live();
  o.real("beta1", s.beta1, "Decay of the gradient's running mean.").unit("per step").range(0, 0.999999);
  o.real("beta2", s.beta2, "Decay of the squared gradient's running mean; of the momentum in Lion.")
      .unit("per step")
      .range(0, 0.999999);
  o.real("weight_decay", s.weightDecay, "Decoupled weight decay, times the learning rate a step.").range(0, 10);
  o.text("schedule", s.schedule,
         "Learning rate over the steps: constant, half a cosine down, cosine in cycles, or up and down once.")
      .choices({"constant", "cosine", "restarts", "onecycle"})
      .live();
  o.real("warmup_share", s.warmUpShare, "Share of the steps over which the learning rate rises; onecycle has its own.")
      .range(0, 1)
      .live();
  o.real("final_share", s.finalShare, "Share of train.lr at which cosine and restarts end.").range(0, 1).live();
  o.whole("restarts", s.restarts, "Equal cycles of train.schedule = restarts.").range(1, 1000).live();
}

void describe(Options& o, RunSpec& s) {
  o.group("data", [&] { describe(o, s.data); });
  o.group("model", [&] { describe(o, s.model); });
  o.group("loss", [&] { describe(o, s.loss); });
  o.group("train", [&] { describe(o, s.train); });
}

void set(RunSpec& spec, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error("the assignment names no key and value", ErrorKind::kUsage)
        .expected("key=value, such as train.lr=2e-4")
        .found(assignment);
  }
  Options options;
  describe(options, spec);
  options.find(assignment.substr(0, equals)).setTyped(std::string_view(assignment).substr(equals + 1));
}

void validate(const RunSpec& spec) {
  models::spec::validate(spec.model);
  if (spec.data.textLength > spec.model.language.contextLength) {
    throw Error("texts are longer than the language part's context")
        .on("data.text_length")
        .expected("at most model.language.context_length = " + std::to_string(spec.model.language.contextLength))
        .found(std::to_string(spec.data.textLength));
  }
  const models::spec::LossSpec& loss = spec.loss;
  if (loss.supervised + loss.language + loss.graph + loss.physics + loss.contrastive + loss.reasoning <= 0.0) {
    throw Error("every term of the loss has the weight zero: there is nothing to learn")
        .on("loss")
        .next("give one of its weights a value above 0");
  }
}

}  // namespace ecumene::engine::config
