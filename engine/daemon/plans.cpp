// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/plans.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "data/base/error.h"
#include "data/loader/parts.h"
#include "engine/daemon/launch_spec.h"
#include "engine/protocol/errors.h"

namespace ecumene::engine::daemon {
namespace {

using Json = nlohmann::json;

/// Rows from whose rates the median is taken: a step has about 40.
constexpr std::int64_t kRateRows = 4000;
constexpr std::size_t kLeastRates = 3;
constexpr int kMostRates = 5;
/// Measurements and runs that are looked through, the newest first.
constexpr std::size_t kMostLooked = 50;

double gigabytes(std::int64_t bytes) {
  return static_cast<double>(bytes) / 1e9;
}

std::string gpuListOf(const Slot& slot) {
  return fmt::format("{}", fmt::join(slot.gpus, ","));
}

std::vector<std::string> wordsOf(const wire::PlanRequest& request) {
  std::vector<std::string> words = {"--preset", request.preset()};
  for (const std::string& setting : request.settings()) words.insert(words.end(), {"--set", setting});
  return words;
}

std::string costText(const config::RunSpec& spec) {
  return config::toToml(costOf(spec));
}

}  // namespace

config::RunSpec costOf(config::RunSpec spec) {
  const config::RunSpec standard;
  config::TrainSpec kept = standard.train;
  kept.microBatch = spec.train.microBatch;
  kept.accumulate = spec.train.accumulate;
  kept.optimiser = spec.train.optimiser;
  kept.ema = spec.train.ema;
  kept.precision = spec.train.precision;
  kept.threads = spec.train.threads;
  kept.sideBySide = spec.train.sideBySide;
  kept.deterministic = spec.train.deterministic;
  kept.parts = spec.train.parts;
  kept.maskedShare = spec.train.maskedShare;
  kept.hide = spec.train.hide;
  spec.train = kept;
  spec.data.store.clear();
  spec.data.tokeniser.clear();
  return spec;
}

std::string misfit(std::int64_t needed, std::int64_t available, const std::string& what) {
  if (available <= 0 || needed <= available) return {};
  return fmt::format("{} has {:.3g} GB free, and this needs {:.3g} GB", what, gigabytes(available), gigabytes(needed));
}

wire::PlanReply Plans::plan(const wire::PlanRequest& request) {
  const config::RunSpec spec = launchSpec(request.preset(), {request.settings().begin(), request.settings().end()});
  const Slot slot = Slot::asked(request.slot());
  wire::PlanReply plan;
  plan.set_slot(slot.text());
  plan.set_epochs(spec.train.epochs);
  count(request, plan);
  addMachine(slot, plan);
  if (!request.store().empty()) {
    addSteps(request, spec, plan);
    addRates(request.store(), spec, slot, plan);
  }
  std::int64_t needed = 2 * plan.checkpoint_bytes();
  std::int64_t onDevice = plan.weight_bytes() + plan.gradient_bytes() + plan.optimiser_bytes() + plan.average_bytes();
  if (plan.rates_size() > 0) {
    needed = std::max<std::int64_t>(needed, plan.rates(0).peak_bytes());
    onDevice = std::max<std::int64_t>(onDevice, plan.rates(0).gpu_peak_bytes());
  }
  const auto warn = [&](const std::string& warning, const char* next) {
    if (!warning.empty()) plan.add_warnings(warning + next);
  };
  if (slot.slurm) return plan;
  if (slot.gpus.empty()) {
    warn(misfit(needed, plan.machine_bytes(), "this machine"),
         ": a smaller preset, train.ema=0 or train.optimiser=lion need less");
  } else {
    warn(misfit(onDevice, plan.device_bytes(), plan.device()),
         ": a smaller preset, or a smaller train.micro_batch with a larger train.accumulate, needs less");
  }
  return plan;
}

void Plans::count(const wire::PlanRequest& request, wire::PlanReply& plan) const {
  Program program{{(programs_ / "ecumene-train").string(), "params", "--json"}, {}};
  const std::vector<std::string> words = wordsOf(request);
  program.words.insert(program.words.end(), words.begin(), words.end());
  const Ended ended = runToEnd(program);
  if (ended.code != 0) throw trainerError(ended, "counting the parameters");
  const auto counted = Json::parse(ended.out, nullptr, false);
  if (!counted.is_object() || !counted.contains("parts") || !counted.contains("total") || !counted.contains("memory")) {
    throw internalError("ecumene-train params printed something else");
  }
  for (const auto& [name, parameters] : counted.at("parts").items()) {
    wire::PartSize& part = *plan.add_parts();
    part.set_part(name);
    part.set_parameters(parameters.get<std::int64_t>());
  }
  plan.set_parameters(counted.at("total").get<std::int64_t>());
  const auto bytes = [&](const char* key) { return counted.at("memory").at(key).get<std::int64_t>(); };
  plan.set_weight_bytes(bytes("weights"));
  plan.set_gradient_bytes(bytes("gradients"));
  plan.set_optimiser_bytes(bytes("optimiser"));
  plan.set_average_bytes(bytes("averages"));
  plan.set_checkpoint_bytes(bytes("checkpoint"));
}

void Plans::addSteps(const wire::PlanRequest& request, const config::RunSpec& spec, wire::PlanReply& plan) {
  const bool real = spec.data.split == "real";
  data::store::Filter filter;
  filter.split = real ? data::planet::Split::kReal : data::planet::Split::kTrain;
  filter.leaveOutExcluded = true;
  const auto store = stores_.open(request.store());
  // What has no climate is drawn in runs on real planets (data/loader/parts.h).
  std::int64_t samples = real ? std::ssize(data::loader::partsOf(*store)) : 0;
  for (const auto& planet : store->samples(filter, [](std::string_view) { return 0U; })) {
    // Of the networks of an archetype an epoch draws one: they stand one behind the other.
    for (std::size_t c = 0; c < planet.cases.size(); ++c) {
      samples += c == 0 || planet.cases[c].archetype != planet.cases[c - 1].archetype ? 1 : 0;
    }
  }
  const std::int64_t perStep = spec.train.microBatch * spec.train.accumulate;
  plan.set_samples(samples);
  plan.set_steps_per_epoch((samples + perStep - 1) / perStep);
  if (samples == 0) {
    plan.add_warnings(fmt::format("the store has nothing to train on: no planets of split {}{}", spec.data.split,
                                  real ? "" : "; data.split=real trains on imported ones"));
  }
}

void Plans::addMachine(const Slot& slot, wire::PlanReply& plan) {
  const Readings readings = monitor_.readings();
  plan.set_machine_bytes(static_cast<std::int64_t>(readings.memoryAvailable));
  plan.set_device(slot.slurm ? "what Slurm gives" : fmt::format("{} cores", readings.cores));
  if (slot.gpus.empty()) return;
  plan.set_device(fmt::format("GPU {}", slot.gpus.front()));
  for (const GpuReading& gpu : readings.gpus) {
    if (gpu.index != slot.gpus.front()) continue;
    plan.set_device(protocol::utf8(fmt::format("GPU {}, {}", gpu.index, gpu.name)));
    if (gpu.memoryTotal > gpu.memoryUsed) {
      plan.set_device_bytes(static_cast<std::int64_t>(gpu.memoryTotal - gpu.memoryUsed));
    }
  }
}

void Plans::addRates(const std::string& store, const config::RunSpec& spec, const Slot& slot, wire::PlanReply& plan) {
  if (slot.slurm) return;
  const std::string wanted = costText(spec);
  std::vector<wire::MeasuredRate> rates;
  std::size_t looked = 0;
  for (const Job& job : jobs_.list()) {
    if (job.kind != "measure" || job.state != "done" || job.store != store) continue;
    if (++looked > kMostLooked) break;
    if (auto rate = rateOf(job, wanted, slot)) rates.push_back(*rate);
  }
  for (const std::string& id : registry_.ids()) {
    if (auto rate = rateOfRun(id, store, wanted, slot)) rates.push_back(*rate);
  }
  std::ranges::stable_sort(rates, std::greater(), [](const wire::MeasuredRate& rate) { return rate.time(); });
  for (wire::MeasuredRate& rate : rates) {
    if (plan.rates_size() == kMostRates) break;
    *plan.add_rates() = std::move(rate);
  }
}

std::optional<wire::MeasuredRate> Plans::rateOf(const Job& job, const std::string& wanted, const Slot& slot) {
  const auto result = Json::parse(jobs_.result(job.id).json, nullptr, false);
  if (!result.is_object() || result.value("gpus", std::string("-")) != gpuListOf(slot)) return std::nullopt;
  try {
    if (costText(config::fromToml(result.at("spec").get<std::string>(), "measurement")) != wanted) return std::nullopt;
    wire::MeasuredRate rate;
    rate.set_from(fmt::format("measurement {}", job.id));
    rate.set_time(job.time);
    rate.set_samples_per_second(result.at("samples_per_second").get<double>());
    rate.set_seconds_per_step(result.at("seconds_per_step").get<double>());
    rate.set_peak_bytes(result.at("peak_bytes").get<std::int64_t>());
    rate.set_gpu_peak_bytes(result.at("gpu_peak_bytes").get<std::int64_t>());
    return rate;
  } catch (const std::exception&) {
    return std::nullopt;  // Of another version of the program: its options are not these.
  }
}

std::optional<wire::MeasuredRate> Plans::rateOfRun(const std::string& id, const std::string& store,
                                                   const std::string& wanted, const Slot& slot) {
  try {
    const OpenedRun run = registry_.open(id);
    if (run->spec().data.store != stores_.folderOf(store) || costText(run->spec()) != wanted) return std::nullopt;
    if (supervisor_.condition(id, *run).slot != slot.text()) return std::nullopt;
    std::vector<double> rates;
    double time = 0.0;
    for (const run::MetricRow& row : run->metricsAfter(std::max<std::int64_t>(0, run->lastMetric() - kRateRows))) {
      if (row.name != "samples_per_s") continue;
      rates.push_back(row.value);
      time = row.time;
    }
    // The first rate of a process has its warm-up in it.
    if (rates.size() <= kLeastRates) return std::nullopt;
    const auto middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
    std::nth_element(rates.begin(), middle, rates.end());
    wire::MeasuredRate rate;
    rate.set_from("run " + id);
    rate.set_time(time);
    rate.set_samples_per_second(*middle);
    const auto perStep = static_cast<double>(run->spec().train.microBatch * run->spec().train.accumulate);
    rate.set_seconds_per_step(*middle > 0.0 ? perStep / *middle : 0.0);
    return *middle > 0.0 ? std::optional(rate) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;  // A run that cannot be read tells of no rate.
  }
}

Job Plans::measure(const wire::PlanRequest& request) {
  const config::RunSpec spec = launchSpec(request.preset(), {request.settings().begin(), request.settings().end()});
  const Slot slot = Slot::asked(request.slot());
  if (slot.slurm) {
    throw Error("what Slurm will give cannot be measured before", ErrorKind::kUsage)
        .on(slot.text())
        .next("launch it: its rate is a curve of the run");
  }
  config::RunSpec whole = spec;
  whole.data.store = stores_.folderOf(request.store()).string();
  config::validate(whole);
  if (const std::string run = supervisor_.takenBy(slot); !run.empty()) {
    throw Error("another run trains there, and would take part of the time")
        .on(slot.text())
        .found("run " + run)
        .next("wait for its end, or stop it and resume it afterwards");
  }
  std::vector<std::string> words = wordsOf(request);
  words.insert(words.end(), {"--set", std::string("train.device=") + (slot.gpus.empty() ? "cpu" : "cuda")});
  return jobs_.measure(request.store(), words, gpuListOf(slot));
}

}  // namespace ecumene::engine::daemon
