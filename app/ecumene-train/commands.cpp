// SPDX-License-Identifier: Apache-2.0
#include "app/ecumene-train/commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "app/ecumene-train/preset_spec.h"
#include "app/ecumene-train/progress.h"
#include "app/ecumene-train/ranks.h"
#include "app/ecumene-train/result.h"
#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/config/run_spec.h"
#include "engine/report/conformal.h"
#include "engine/report/prediction_json.h"
#include "engine/report/ranges.h"
#include "engine/run/events.h"
#include "engine/train/adapt.h"
#include "engine/train/evaluate_run.h"
#include "engine/train/export.h"
#include "engine/train/run_facts.h"
#include "engine/train/runs.h"
#include "engine/train/signals.h"
#include "engine/train/trainer.h"

namespace ecumene::ecumene_train {
namespace {

using Json = nlohmann::ordered_json;
using engine::run::RunDirectory;

constexpr const char* kProgram = "ecumene-train " ECUMENE_VERSION;
/// As data::batch::samplesOf() takes them.
constexpr const char* kAsked =
    "with the first network variant of each metabolism, the transmission spectrum that covers most bins and the first "
    "text; a report's rows are of variants, spectra and texts that were drawn, so that viability and its truth may "
    "differ";

std::string flagOf(const engine::report::Prediction& row) {
  if (!row.hull) return "not judged";
  if (row.hull->outside) return fmt::format("outside: {}", fmt::join(engine::report::reasons(*row.hull), ", "));
  return row.hull->thresholdFrom.empty() ? "inside (ranges alone)" : "inside";
}

/// "true: viable, not habitable, f_hab 0.412, h050 0.300, caps": what is known of it.
std::string truthOf(const engine::report::Labels& truth) {
  if (!engine::report::hasLabels(truth)) return "no labels";
  std::vector<std::string> known;
  const auto yesOrNo = [&](double label, const char* what) {
    if (!std::isnan(label)) known.push_back(fmt::format("{}{}", label > 0.5 ? "" : "not ", what));
  };
  const auto share = [&](double label, const char* what) {
    if (!std::isnan(label)) known.push_back(fmt::format("{} {:.3f}", what, label));
  };
  yesOrNo(truth.viable, "viable");
  yesOrNo(truth.habitable, "habitable");
  share(truth.fHab, "f_hab");
  share(truth.h050, "h050");
  if (truth.regime >= 0) known.emplace_back(name(static_cast<data::planet::Regime>(truth.regime)));
  return fmt::format("true: {}", fmt::join(known, ", "));
}

void printRow(const engine::report::Prediction& row) {
  const auto best = std::max_element(row.regime.begin(), row.regime.end());
  const bool calibrated = engine::report::isCalibrated(row);
  const auto interval = [&](const engine::report::SharePrediction& share) {
    return fmt::format("{:.3f}..{:.3f}", calibrated ? share.conformalLow : share.low,
                       calibrated ? share.conformalHigh : share.high);
  };
  put("{:<28} {:<24} {:<10} {:>9.3f} {:>9.3f} {:>6.3f} {:>13} {:>6.3f} {:>13}{}  {} {:.2f}  {}  {}\n", row.planet,
      engine::report::metabolismOf(row), row.split, row.viable, row.habitable, row.fHab.mean, interval(row.fHab),
      row.h050.mean, interval(row.h050), calibrated ? "" : " uncalibrated",
      data::planet::name(static_cast<data::planet::Regime>(best - row.regime.begin())), *best, truthOf(row.truth),
      flagOf(row));
}

void printFluxes(const engine::report::Prediction& row) {
  if (row.fluxes.empty()) return;
  const bool calibrated = !std::isnan(row.fluxFactor);
  put("\n{}: fluxes in mmol/gDW/h, {:.0f} % intervals{}\n{:<24} {:>10} {:>10} {:>10} {:>10}\n", row.sample,
      engine::report::kIntervalLevel * 100.0, calibrated ? "" : " uncalibrated", "reaction", "median", "low", "high",
      "true");
  for (const auto& flux : row.fluxes) {
    const auto [low, high] = engine::report::interval(flux, calibrated ? row.fluxFactor : 1.0);
    put("{:<24} {:>10.4g} {:>10.4g} {:>10.4g} {:>10}\n", flux.reaction, flux.median, low, high,
        std::isnan(flux.known) ? "not known" : fmt::format("{:.4g}", flux.known));
  }
}

/// What a reader must know of the rows besides, each once; of one planet also by how much it is outside.
std::set<std::string> remarksOn(const std::vector<engine::report::Prediction>& rows, bool onePlanet) {
  std::set<std::string> said;
  for (const auto& row : rows) {
    if (!row.notJudged.empty()) said.insert("not judged: " + row.notJudged);
    if (!row.notCalibrated.empty()) said.insert("uncalibrated: " + row.notCalibrated);
    if (!row.fluxesNotCalibrated.empty()) said.insert("fluxes uncalibrated: " + row.fluxesNotCalibrated);
    if (engine::report::isCalibrated(row)) {
      said.insert(fmt::format("calibrated: by a conformal step fitted on {}", engine::report::kCalibratedOn));
    }
    if (!std::isnan(row.fluxFactor)) {
      said.insert(
          fmt::format("fluxes calibrated: deviations times {:.3g}, fitted on validation networks", row.fluxFactor));
    }
    if (!row.hull || !onePlanet) continue;
    for (const auto& range : row.hull->broken) {
      said.insert(fmt::format("{}: {:.4g}{}, trained on {:.4g} to {:.4g}", range.quantity, range.value,
                              range.unit == "1" ? "" : " " + range.unit, range.low, range.high));
    }
    if (row.hull->distance > row.hull->limit) {
      said.insert(fmt::format("distance of {}: {:.3f}, the limit is {:.3f}, from {} samples",
                              engine::report::metabolismOf(row), row.hull->distance, row.hull->limit,
                              row.hull->thresholdFrom));
    }
  }
  return said;
}

}  // namespace

int newRun(bool json, const std::string& preset, const std::string& store, const std::string& folder,
           const std::vector<std::string>& settings) {
  engine::config::RunSpec spec = specOf(preset, settings);
  spec.data.store = store;
  engine::train::newRun(spec, preset, folder);
  if (json) {
    print({{"run", folder}, {"preset", preset}, {"store", store}});
  } else {
    put("made {}: train it with ecumene-train run {}\n", folder, folder);
  }
  return 0;
}

namespace {

engine::train::Evaluated evaluated(RunDirectory& run, bool plain, const std::vector<std::string>& splits, bool ablation,
                                   const engine::train::Place& place = {}) {
  TrainingProgress progress(plain);
  engine::train::EvaluateOptions options;
  if (!splits.empty()) options.splits = splits;
  options.ablation = ablation;
  options.program = kProgram;
  options.place = place;
  options.progress = [&](std::size_t done, std::size_t total, std::string_view what) {
    progress.show(std::string(what), done, total);
  };
  options.stop = [] { return engine::train::signalReceived() != 0; };
  return engine::train::evaluateRun(run, options);
}

/// Of an adaptation, a line.
std::string perplexityOf(const RunDirectory& run) {
  std::string said;
  for (const auto& event : engine::run::eventsOf(run, {"perplexity"})) {
    said = "perplexity of held-out texts: " + event.text + "\n";
  }
  return said;
}

}  // namespace

int evaluate(bool json, const AskedRun& asked, const std::vector<std::string>& splits, bool ablation) {
  RunDirectory run = RunDirectory::open(asked.folder);
  run.claim();
  engine::train::stopOnSignals();
  const std::string report = evaluated(run, false, splits, ablation, asked.place).report.string();
  std::fputs(readFile(report + (json ? ".json" : ".md")).c_str(), stdout);
  if (!json) put("\nThis report is {}.md\n", report);
  return 0;
}

int train(const TrainCommand& command) {
  requireOneProcess();
  RunDirectory run = RunDirectory::open(command.folder);
  const bool fresh = run.state() == engine::run::State::kNew;
  if (!command.resume && !fresh) {
    throw Error("the run has begun already").on(command.folder).next("ecumene-train resume " + command.folder);
  }
  run.claim();
  engine::train::stopOnSignals();
  const bool adapts = !run.spec().data.corpus.empty();
  engine::train::Outcome outcome;
  {
    TrainingProgress progress(command.plain);
    const engine::train::TrainOptions options = {[&](const engine::train::Status& status) { progress.show(status); },
                                                 [] { return engine::train::signalReceived() != 0; }};
    outcome = adapts ? engine::train::adapt(run, options) : engine::train::train(run, options);
  }
  const bool finished = outcome.ending == engine::train::Ending::kFinished;
  const bool interrupted = outcome.ending == engine::train::Ending::kInterrupted;
  try {
    engine::train::writeCards(run, kProgram);
  } catch (const std::exception& error) {
    // The training is whole without them.
    run.event(outcome.step, "cards_failed", error.what());
    (void)std::fputs(fmt::format("the cards were not written: {}\n", error.what()).c_str(), stderr);
  }
  // After the last checkpoint: a signal here loses nothing that the word eval does not make again.
  engine::train::Evaluated made;
  if (finished && adapts) made = {run.folder() / "report", perplexityOf(run)};
  if (finished && command.evaluate && !adapts) {
    try {
      made = evaluated(run, command.plain, {}, true);
      made.inShort.insert(0, "test planets, cube hidden:\n");
    } catch (Error& error) {
      throw error.within("evaluating a run whose training is finished");
    }
  }
  if (command.json) {
    print({{"run", command.folder},
           {"step", outcome.step},
           {"ending", finished      ? "finished"
                      : interrupted ? "interrupted"
                                    : "stopped"},
           {"reason", outcome.reason},
           {"report", made.report.empty() ? Json(nullptr) : Json(made.report.string() + ".json")}});
  } else if (finished) {
    if (!made.report.empty()) put("{}report: {}.md\n", made.inShort, made.report.string());
    put("finished at step {}: {}\n", outcome.step, outcome.reason);
  } else {
    put("stopped at step {}: {}\nresume with ecumene-train resume {}\n", outcome.step, outcome.reason, command.folder);
  }
  return interrupted ? 1 : 0;
}

int adapt(const AdaptCommand& command) {
  if (command.run.empty() == command.huggingFace.empty()) {
    throw Error("an adaptation begins with one model", ErrorKind::kUsage)
        .expected("the folder of a run, or --hf with a Hugging Face folder");
  }
  const std::string& from = command.run.empty() ? command.huggingFace : command.run;
  engine::config::RunSpec spec = engine::train::adaptationSpec(from, command.corpus);
  for (const std::string& setting : command.settings) engine::config::set(spec, setting);
  engine::train::newAdaptation(spec, command.out);
  return train({command.out, false, command.plain, command.json, true});
}

int predict(bool json, const AskedRun& asked, const PredictCommand& command) {
  const RunDirectory run = RunDirectory::open(asked.folder);
  std::vector<engine::report::Prediction> rows;
  {
    TrainingProgress progress(false);
    rows = engine::train::predictPlanets(
        run, {command.planet, command.without, command.fluxes, asked.place},
        [&](std::size_t done, std::size_t total, std::string_view) { progress.show("planets", done, total); });
  }
  if (json) {
    Json list = Json::array();
    for (const auto& row : rows) list.push_back(Json::parse(engine::report::predictionJson(row)));
    print({{"asked", kAsked}, {"predictions", list}});
    return 0;
  }
  const std::string interval = fmt::format("{:.0f} % interval", engine::report::kIntervalLevel * 100.0);
  put("{:<28} {:<24} {:<10} {:>9} {:>9} {:>6} {:>13} {:>6} {:>13}  {}\n", "planet", "metabolism", "split", "P(viable)",
      "P(habit.)", "f_hab", interval, "h050", interval, "regime, what is true, whether outside of what was trained on");
  for (const auto& row : rows) printRow(row);
  for (const std::string& remark : remarksOn(rows, command.planet != "all")) put("{}\n", remark);
  put("asked: {}\n", kAsked);
  for (const auto& row : rows) printFluxes(row);
  return 0;
}

int exportLanguage(bool json, const std::string& folder, const std::string& out) {
  const auto weights = engine::train::exportLanguage(RunDirectory::open(folder), out);
  if (json) {
    print({{"run", folder}, {"folder", out}, {"step", weights.step}, {"manifest", weights.manifest}});
  } else {
    put("wrote {}: the language part of {}, {}\n", out, folder, engine::report::words(weights));
  }
  return 0;
}

int options(bool json) {
  if (!json) {
    put("{}", engine::config::referencePage());
    return 0;
  }
  engine::config::RunSpec spec;
  models::spec::Options table;
  engine::config::describe(table, spec);
  Json list = Json::array();
  for (const models::spec::Option& row : table.rows()) {
    Json option = {{"key", row.key}, {"type", row.type()}, {"what", row.sentence}, {"live", row.isLive}};
    std::visit([&](const auto& value) { option["default"] = value; }, row.get());
    if (!row.unitText.empty()) option["unit"] = row.unitText;
    if (!row.choiceList.empty()) option["choices"] = row.choiceList;
    if (row.type() == "whole" || row.type() == "real") option["range"] = {row.low, row.high};
    list.push_back(std::move(option));
  }
  print({{"options", list}});
  return 0;
}

}  // namespace ecumene::ecumene_train
