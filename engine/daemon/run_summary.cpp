// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/run_summary.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>

#include "data/base/error.h"
#include "engine/protocol/errors.h"
#include "engine/run/commands.h"
#include "engine/transfer/snapshot.h"

namespace ecumene::engine::daemon {
namespace {

using protocol::utf8;

/// Rows behind which the last value of each metric of a step stands: a step has about 40, an evaluation as many.
constexpr std::int64_t kLastRows = 400;
/// Bytes of a disk that is as good as full: a journal grows by a few pages at once.
constexpr std::uintmax_t kLeastRoom = 64 << 10;

bool isDiskFull(const std::filesystem::path& folder) {
  std::error_code problem;
  const auto space = std::filesystem::space(folder, problem);
  return !problem && space.available < kLeastRoom;
}

std::string presetOf(const run::RunDirectory& run) {
  const auto events = run.eventsAfter(0, 1);
  return !events.empty() && events.front().kind == "made" ? events.front().text : "";
}

void addMetrics(wire::Run& out, const run::RunDirectory& run) {
  const LastMetrics last = lastMetrics(run);
  const auto value = [&](const char* name, double otherwise) {
    const auto found = last.values.find(name);
    return found == last.values.end() ? otherwise : found->second;
  };
  out.set_last_sequence(last.sequence);
  out.set_step(last.step);
  out.set_metric_time(last.time);
  out.set_epoch(value("epoch", 0.0));
  out.set_loss(value("loss.total", std::numeric_limits<double>::quiet_NaN()));
  out.set_samples_per_second(value("samples_per_s", 0.0));
}

/// Of the newest checkpoint; 0 where there is none, or none but the first weights.
std::int64_t checkpointStep(const run::RunDirectory& run) {
  std::int64_t step = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(run.checkpoints(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (transfer::isCheckpointName(name)) step = std::max<std::int64_t>(step, std::stoll(name.substr(5)));
  }
  return step;
}

std::string storeOf(const run::RunDirectory& run, const Supervisor& supervisor) {
  for (const auto& [id, folder] : supervisor.stores().folders()) {
    if (folder == run.spec().data.store) return id;
  }
  return utf8(run.spec().data.store);
}

}  // namespace

LastMetrics lastMetrics(const run::RunDirectory& run) {
  LastMetrics last;
  last.sequence = run.lastMetric();
  for (const run::MetricRow& row : run.metricsAfter(std::max<std::int64_t>(0, last.sequence - kLastRows))) {
    last.step = row.step;
    last.time = row.time;
    last.values[row.name] = row.value;
  }
  return last;
}

wire::Run summary(Registry& registry, Supervisor& supervisor, const std::string& id) {
  wire::Run out;
  out.set_id(id);
  try {
    const OpenedRun run = registry.open(id);
    const Condition condition = supervisor.condition(id, *run);
    out.set_state(condition.state);
    out.set_reason(utf8(condition.reason));
    out.set_state_time(condition.time);
    out.set_owner(condition.owner);
    out.set_slot(condition.slot);
    out.set_epochs(run::currentSpec(*run).train.epochs);
    out.set_preset(utf8(presetOf(*run)));
    out.set_store(storeOf(*run, supervisor));
    out.set_checkpoint_step(checkpointStep(*run));
    addMetrics(out, *run);
    if (condition.state == "running" && isDiskFull(run->folder())) {
      out.set_reason("the disk of its folder is full: it waits where it cannot write");
    }
  } catch (const Error& error) {
    out.set_state("damaged");
    out.set_reason(utf8(error.what()));
  }
  return out;
}

wire::Command toWire(const run::Command& command) {
  wire::Command out;
  out.set_id(command.id);
  out.set_word(utf8(command.word));
  out.set_argument(utf8(command.argument));
  out.set_state(utf8(command.state));
  out.set_answer(utf8(command.answer));
  return out;
}

}  // namespace ecumene::engine::daemon
