// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "app/ecumenectl/message_json.h"
#include "app/ecumenectl/terminal.h"
#include "app/edge.h"

namespace ecumene::ecumenectl {
namespace {

constexpr std::chrono::seconds kCountTime{60};
constexpr std::chrono::milliseconds kMeasureLook{500};

std::string gigabytes(std::int64_t bytes) {
  return fmt::format("{:.3g} GB", static_cast<double>(bytes) / 1e9);
}

/// "45 s", "1 min 20 s", "2 h 3 min", "5 d 1 h".
std::string duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{:.3g} s", seconds);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", whole / 86400, whole % 86400 / 3600);
}

void printPlan(const wire::PlanReply& plan) {
  for (const wire::PartSize& part : plan.parts()) fmt::print("{:<12} {:>15}\n", part.part(), part.parameters());
  fmt::print("{:<12} {:>15}\n\n", "total", plan.parameters());
  const std::pair<const char*, std::int64_t> memory[] = {{"weights", plan.weight_bytes()},
                                                         {"gradients", plan.gradient_bytes()},
                                                         {"optimiser", plan.optimiser_bytes()},
                                                         {"averages", plan.average_bytes()},
                                                         {"checkpoint", plan.checkpoint_bytes()}};
  for (const auto& [what, bytes] : memory) {
    if (bytes > 0) fmt::print("{:<12} {:>15}\n", what, gigabytes(bytes));
  }
  fmt::print("on {} ({}): {} of memory available{}\n", plan.slot(), plain(plan.device()),
             gigabytes(plan.machine_bytes()),
             plan.device_bytes() > 0 ? ", " + gigabytes(plan.device_bytes()) + " of the GPU's" : "");
  if (plan.samples() > 0) {
    fmt::print("{} samples, {} steps an epoch, {} in {} epochs\n", plan.samples(), plan.steps_per_epoch(),
               plan.steps_per_epoch() * plan.epochs(), plan.epochs());
  }
  for (const wire::MeasuredRate& rate : plan.rates()) {
    const double steps = static_cast<double>(plan.steps_per_epoch() * plan.epochs());
    fmt::print("{} ({} ago): {:.3g} s a step, {:.4g} samples/s{}{}\n", plain(rate.from()), age(rate.time()),
               rate.seconds_per_step(), rate.samples_per_second(),
               rate.peak_bytes() > 0 ? ", at most " + gigabytes(rate.peak_bytes()) : "",
               steps > 0 ? "; all steps take " + duration(steps * rate.seconds_per_step()) : "");
  }
  if (plan.rates().empty()) fmt::print("how long a step takes was not measured here yet: --measure\n");
  for (const std::string& warning : plan.warnings()) fmt::print("! {}\n", plain(warning));
}

/// Until the measurement has ended; its state.
wire::Job waitForEnd(engine::protocol::Client& client, std::int64_t id) {
  wire::JobRequest request;
  request.set_job(id);
  while (true) {
    wire::Job job = client.call(&wire::Jobs::Stub::Show, request).job();
    if (job.state() != "queued" && job.state() != "running") return job;
    std::this_thread::sleep_for(kMeasureLook);
  }
}

}  // namespace

int plan(const Common& common, const PlanCommand& command) {
  auto client = connect(common);
  wire::PlanRequest request;
  request.set_preset(command.preset);
  request.set_store(command.store.empty() && client.daemon().stores_size() == 1 ? client.daemon().stores(0)
                                                                                : command.store);
  request.set_slot(command.slot);
  request.mutable_settings()->Assign(command.settings.begin(), command.settings.end());
  if (command.measure) {
    const wire::Job begun = client.call(&wire::Runs::Stub::Measure, request);
    if (!common.json) fmt::print("job {}: measuring; ecumenectl cancel {} ends it\n", begun.id(), begun.id());
    (void)std::fflush(stdout);
    const wire::Job ended = waitForEnd(client, begun.id());
    if (ended.state() != "done") {
      throw Error("the measurement has no result")
          .on("job " + std::to_string(ended.id()))
          .found(ended.state() + (ended.reason().empty() ? "" : ": " + plain(ended.reason())));
    }
  }
  const auto reply = client.call(&wire::Runs::Stub::Plan, request, kCountTime);
  if (common.json) {
    print(reply);
  } else {
    printPlan(reply);
  }
  return 0;
}

int listSlots(const Common& common) {
  auto client = connect(common);
  const auto reply = client.call(&wire::Runs::Stub::Places, wire::PlacesRequest(), kCountTime);
  if (common.json) {
    print(reply);
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const wire::LaunchPlace& place : reply.places()) {
    rows.push_back({place.slot(), plain(place.words()), place.taken_by().empty() ? "free" : place.taken_by()});
  }
  fmt::print("{}", table({"slot", "what", "run"}, rows, ""));
  return 0;
}

}  // namespace ecumene::ecumenectl
