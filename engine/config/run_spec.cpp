// SPDX-License-Identifier: Apache-2.0
#include "engine/config/run_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>

#include "data/base/error.h"

namespace ecumene::engine::config {

using models::spec::Options;

void describe(Options& o, DataSpec& s) {
  o.text("store", s.store, "Folder of the store that planets are read from.");
  o.text("split", s.split, "Planets that are trained on: generated ones of the split train, or real ones.")
      .choices({"train", "real"});
  o.text("corpus", s.corpus,
         "Text file (.jsonl with title and summary, else plain text) that the language part alone learns in place of "
         "planets; empty: none.");
  o.text("tokeniser", s.tokeniser, "SentencePiece model file; empty: one is trained on the texts of data.split.");
  o.whole("text_length", s.textLength, "Longest text of a sample; longer ones are cut.").unit("tokens").range(2, 512);
  o.whole("graph_nodes", s.graphNodes, "Most nodes of all networks in one micro-batch.").range(64, 16777216);
  o.whole("threads", s.threads, "Threads that read ahead.").range(1, 256);
  o.whole("together", s.together,
          "Samples of one planet that follow each other in the order of an epoch: those that come in one micro-batch "
          "share the cost of its cube.")
      .unit("samples")
      .range(1, 8);
  o.real("scalar_error", s.scalarError,
         "Gaussian error that each training step gives every scalar anew, as if it were measured once more: about that "
         "of the catalogues; without it ten numbers name their planet, whose labels are then remembered.")
      .unit("standard deviations")
      .range(0, 10);
}

void describe(Options& o, RateSpec& s) {
  const std::string_view sentence = "Factor on the learning rate of this part.";
  o.real("climate", s.climate, sentence).range(0, 1000);
  o.real("graph", s.graph, sentence).range(0, 1000);
  o.real("spectrum", s.spectrum, sentence).range(0, 1000);
  o.real("scalars", s.scalars, sentence).range(0, 1000);
  o.real("language", s.language, sentence).range(0, 1000);
  o.real("fusion", s.fusion, sentence).range(0, 1000);
  o.real(
       "coupling", s.coupling,
       "Factor on the learning rate of what joins the parts (soft tokens, archetype names, reasoning head, contrast): "
       "below 1 the views change slower in what they tell the language part and each other.")
      .range(0, 1000);
}

void describe(Options& o, HideSpec& s) {
  const std::string_view sentence = "How often this view of a sample is hidden in a training step.";
  o.real("climate", s.climate, sentence).range(0, 1).live();
  o.real("graph", s.graph, sentence).range(0, 1).live();
  o.real("spectrum", s.spectrum, sentence).range(0, 1).live();
  o.real("text", s.text, sentence).range(0, 1).live();
  o.real("scalars", s.scalars, sentence).range(0, 1).live();
}

void describe(Options& o, TrainSpec& s) {
  o.whole("seed", s.seed, "Keys the first weights, the order of samples and all draws.").range(0, 4294967295.0);
  o.whole("epochs", s.epochs, "Passes over the train split.").range(1, 1000000);
  o.whole("micro_batch", s.microBatch, "Samples that go through the model together.").unit("samples").range(1, 4096);
  o.whole("accumulate", s.accumulate, "Micro-batches whose gradients are summed into one step.").range(1, 65536);
  o.text("optimiser", s.optimiser,
         "Rule that changes weights from gradients. Curvature of sophia: the empirical Fisher matrix, from the step's "
         "own gradient and labels.")
      .choices({"adamw", "lion", "sophia"});
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
  o.real("clip", s.clip, "Largest 2-norm of a step's gradient, which is scaled down to it; 0: no limit.")
      .range(0, 1000000)
      .live();
  o.real("ema", s.ema, "Decay of averaged weights, which are evaluated in place of the last ones; 0: none.")
      .unit("per step")
      .range(0, 0.999999);
  o.real("spike", s.spike, "A step whose gradient norm exceeds this many recent medians is left out; 0: none is.")
      .range(0, 1000000)
      .live();
  o.text("precision", s.precision, "Number type of matrix products; weights stay float32.")
      .choices({"float32", "bfloat16", "float16"});
  o.text("device", s.device, "Where the model runs; auto: on a GPU where there is one.")
      .choices({"auto", "cpu", "cuda"});
  o.whole("threads", s.threads, "Threads of Torch; resuming bit-equal needs the same number.").range(1, 1024);
  o.whole(
       "side_by_side", s.sideBySide,
       "Micro-batches of a step that are computed at the same time, each with its share of train.threads; on a GPU or "
       "in a narrower precision it is one after another.")
      .range(1, 256);
  o.flag("deterministic", s.deterministic, "Algorithms that give the same bits each time, and no others.");
  o.text("parts", s.parts,
         "What learns: all, or some of climate, graph, spectrum, scalars, language, fusion, coupling with commas "
         "between; the others keep their weights.");
  o.text(
      "begin", s.begin,
      "Folders with commas between: the best weights of the parts that each run has trained, or of those named behind "
      "a colon (RUN:climate+graph), are what this run begins with; a Hugging Face folder gives the language part.");
  o.real("rope_share", s.ropeShare,
         "Share of the steps over which the longest text and the longest wavelength of rotary positions grow from "
         "train.rope_begin of their full length; 0: they have it from the start.")
      .range(0, 1);
  o.real("rope_begin", s.ropeBegin, "Share of the full length with which train.rope_share begins.").range(0.01, 1);
  o.real("masked_share", s.maskedShare, "Share of patches hidden of every second cube, which the model reconstructs.")
      .range(0, 0.95)
      .live();
  o.real("kl_share", s.klShare, "Share of the steps over which loss.kl rises from zero.").range(0, 1).live();
  o.whole("evaluate_epochs", s.evaluateEpochs, "Epochs between evaluations on the validation split.")
      .range(1, 1000000)
      .live();
  o.whole("patience", s.patience, "Evaluations in a row without a better score that end the run; 0: none do.")
      .range(0, 1000000)
      .live();
  o.whole("journal_steps", s.journalSteps, "Steps between rows of the journal.").range(1, 1000000).live();
  o.real("checkpoint_minutes", s.checkpointMinutes,
         "Time between checkpoints; 0: from the measured time of writing one and train.failures_per_day.")
      .unit("min")
      .range(0, 720)
      .live();
  o.real("failures_per_day", s.failuresPerDay, "How often the run is assumed to be cut short.").range(0, 1000).live();
  o.whole("keep_checkpoints", s.keepCheckpoints, "Newest checkpoints that are kept beside the best one.")
      .range(1, 1000)
      .live();
  o.group("rate", [&] { describe(o, s.rate); });
  o.group("hide", [&] { describe(o, s.hide); });
}

void describe(Options& o, RunSpec& s) {
  o.group("data", [&] { describe(o, s.data); });
  o.group("model", [&] { describe(o, s.model); });
  o.group("loss", [&] { describe(o, s.loss); });
  o.group("train", [&] { describe(o, s.train); });
}

std::array<bool, kPartNames.size()> learningParts(const std::string& parts) {
  std::array<bool, kPartNames.size()> learns{};
  if (parts == "all") {
    learns.fill(true);
    return learns;
  }
  std::istringstream words(parts + ",");
  for (std::string word; std::getline(words, word, ',');) {
    const auto* const found = std::ranges::find(kPartNames, word);
    if (found == kPartNames.end()) {
      throw Error("there is no such part of the model")
          .on("train.parts")
          .expected(fmt::format("all, or some of {} with commas between", fmt::join(kPartNames, ", ")))
          .found(word.empty() ? "an empty name" : word);
    }
    bool& one = learns.at(static_cast<std::size_t>(found - kPartNames.begin()));
    if (std::exchange(one, true)) throw Error("the part is named twice").on("train.parts").found(word);
  }
  return learns;
}

namespace {

/// `work`; what it refuses was given with the command.
template <class Work>
void asUsage(Work work) {
  try {
    work();
  } catch (const Error& error) {
    throw Error(error.failure(), ErrorKind::kUsage)
        .on(error.object())
        .expected(error.expectation())
        .found(error.finding())
        .next(error.nextStep());
  }
}

void requireAgreement(const RunSpec& spec);

}  // namespace

void set(RunSpec& spec, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error("the assignment names no key and value", ErrorKind::kUsage)
        .expected("key=value, such as train.lr=2e-4")
        .found(assignment);
  }
  Options options;
  describe(options, spec);
  asUsage(
      [&] { options.find(assignment.substr(0, equals)).setTyped(std::string_view(assignment).substr(equals + 1)); });
}

void validate(const RunSpec& spec) {
  asUsage([&] { requireAgreement(spec); });
}

namespace {

void requireAgreement(const RunSpec& spec) {
  models::spec::validate(spec.model);
  (void)learningParts(spec.train.parts);
  if (spec.data.textLength > spec.model.language.contextLength) {
    throw Error("texts are longer than the language part's context")
        .on("data.text_length")
        .expected("at most model.language.context_length = " + std::to_string(spec.model.language.contextLength))
        .found(std::to_string(spec.data.textLength));
  }
  if (!spec.data.corpus.empty() && spec.train.parts != "language") {
    throw Error("a corpus has text alone: only the language part can learn from it")
        .on("train.parts")
        .expected("language with data.corpus")
        .found(spec.train.parts);
  }
  const models::spec::LossSpec& loss = spec.loss;
  if (loss.supervised + loss.language + loss.graph + loss.physics + loss.contrastive + loss.reasoning <= 0.0) {
    throw Error("every term of the loss has the weight zero: there is nothing to learn")
        .on("loss")
        .next("give one of its weights a value above 0");
  }
  const HideSpec& hide = spec.train.hide;
  if (std::min({hide.climate, hide.graph, hide.spectrum, hide.text, hide.scalars}) >= 1.0) {
    throw Error("every view of every sample is hidden: there is nothing to learn from")
        .on("train.hide")
        .next("give one of its shares a value below 1");
  }
}

}  // namespace

}  // namespace ecumene::engine::config
