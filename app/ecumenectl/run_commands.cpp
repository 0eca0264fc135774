// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <sstream>

#include "app/ecumenectl/terminal.h"
#include "app/edge.h"
#include "data/base/say.h"

namespace ecumene::ecumenectl {
namespace {

/// Making a run reads its whole store.
constexpr std::chrono::minutes kLaunchTime{30};
constexpr std::chrono::seconds kMargin{10};

/// A text that may be empty, behind a word.
std::string spaced(const std::string& text) {
  return text.empty() ? "" : " " + plain(text);
}

}  // namespace

int listRuns(const Common& common) {
  auto client = connect(common);
  const auto reply = client.call(&wire::Runs::Stub::List, wire::ListRunsRequest());
  if (common.json) {
    print(reply);
  } else if (reply.runs().empty()) {
    fmt::print("no runs: ecumenectl launch --preset nano\n");
  } else {
    fmt::print("{}", runsTable(reply.runs()));
  }
  return 0;
}

int showRun(const Common& common, const std::string& run) {
  auto client = connect(common);
  wire::ShowRunRequest request;
  request.set_run(run);
  const auto reply = client.call(&wire::Runs::Stub::Show, request);
  if (common.json) {
    print(reply);
    return 0;
  }
  const wire::Run& r = reply.run();
  fmt::print("{}: {}{}\n", r.id(), r.state(), r.reason().empty() ? "" : " (" + plain(r.reason()) + ")");
  if (r.state_time() > 0.0) fmt::print("since {}, ", age(r.state_time()));
  fmt::print("preset {}, store {}, slot {}{}\n", r.preset(), r.store(), r.slot(),
             r.owner() > 0 ? fmt::format(", process {}", r.owner()) : "");
  fmt::print("epoch {:.2f} of {}, step {}{}\n", r.epoch(), r.epochs(), r.step(),
             r.metric_time() > 0.0 ? fmt::format(", loss {:.4f}", r.loss()) : "");
  for (const std::string& checkpoint : reply.checkpoints()) fmt::print("checkpoint {}\n", plain(checkpoint));
  for (const wire::Command& command : reply.commands()) {
    fmt::print("command {}: {}{}: {}{}\n", command.id(), command.word(), spaced(command.argument()), command.state(),
               spaced(command.answer()));
  }
  for (const wire::Option& option : reply.options()) {
    fmt::print("{} = {}{}\n", option.key(), plain(option.value()),
               option.made_with().empty() ? "" : "  (at first " + plain(option.made_with()) + ")");
  }
  return 0;
}

int showLog(const Common& common, const std::string& run) {
  auto client = connect(common);
  wire::ShowRunRequest request;
  request.set_run(run);
  request.set_log(true);
  const auto reply = client.call(&wire::Runs::Stub::Show, request);
  if (common.json) {
    print(reply);
  } else if (reply.log().empty()) {
    fmt::print("{}: nothing was printed yet\n", plain(run));
  } else {
    std::istringstream lines(reply.log());
    for (std::string line; std::getline(lines, line);) fmt::print("{}\n", plain(line));
  }
  return 0;
}

int launch(const Common& common, const LaunchCommand& command) {
  auto client = connect(common);
  wire::LaunchRequest request;
  request.set_run(command.run);
  request.set_preset(command.preset);
  request.set_store(command.store.empty() && client.daemon().stores_size() == 1 ? client.daemon().stores(0)
                                                                                : command.store);
  request.set_slot(command.slot);
  request.set_evaluate(!command.noEvaluation);
  request.mutable_settings()->Assign(command.settings.begin(), command.settings.end());
  request.mutable_begin_with()->Assign(command.beginWith.begin(), command.beginWith.end());
  if (!common.json) say("making the run: its planets are read first\n");
  const auto reply = client.call(&wire::Runs::Stub::Launch, request, kLaunchTime);
  if (common.json) {
    print(reply.run());
  } else {
    fmt::print("{} is {} on {}: ecumenectl watch {}\n", reply.run().id(), reply.run().state(), reply.run().slot(),
               reply.run().id());
  }
  return 0;
}

int ask(const Common& common, const std::string& run, const std::string& word, const std::string& argument,
        double waitSeconds) {
  auto client = connect(common);
  wire::AskRequest request;
  request.set_run(run);
  request.set_word(word);
  request.set_argument(argument);
  request.set_wait_seconds(waitSeconds);
  const auto deadline = std::chrono::milliseconds(static_cast<std::int64_t>(waitSeconds * 1000.0)) + kMargin;
  const auto reply = client.call(&wire::Runs::Stub::Ask, request, deadline);
  const wire::Command& command = reply.command();
  const bool answered = command.state() == "done" || command.state() == "refused";
  const bool trains = reply.run().state() == "running" || reply.run().state() == "paused";
  if (common.json) {
    print(reply);
  } else {
    std::string said = command.answer().empty() ? "" : ": " + plain(command.answer());
    if (!answered && trains) said = fmt::format("; no answer in {} s, see ecumenectl show {}", waitSeconds, run);
    const bool begins = reply.run().state() == "queued" || reply.run().state() == "starting";
    if (!answered && !trains) {
      said = begins ? "; for when it has begun" : "; nothing trains it: for its next start, ecumenectl resume " + run;
    }
    fmt::print("{}: {} {}{}\n", run, word, command.state(), said);
  }
  return command.state() == "done" || (!answered && !trains) ? 0 : app::kRefused;
}

int compare(const Common& common, const std::vector<std::string>& runs) {
  auto client = connect(common);
  wire::CompareRequest request;
  request.mutable_runs()->Assign(runs.begin(), runs.end());
  const auto reply = client.call(&wire::Runs::Stub::Compare, request);
  if (common.json) {
    print(reply);
    return 0;
  }
  fmt::print("{}\n", runsTable(reply.runs()));
  std::vector<std::string> header = {"option"};
  header.insert(header.end(), runs.begin(), runs.end());
  std::vector<std::vector<std::string>> rows;
  for (const wire::OptionDifference& difference : reply.differences()) {
    std::vector<std::string>& row = rows.emplace_back(1, difference.key());
    for (const std::string& value : difference.values()) row.push_back(plain(value));
  }
  fmt::print("{}", rows.empty() ? "all options are the same\n" : table(header, rows, ""));
  return 0;
}

int listOptions(const Common& common, const std::string& preset) {
  auto client = connect(common);
  wire::OptionsRequest request;
  request.set_preset(preset);
  const auto reply = client.call(&wire::Runs::Stub::Options, request);
  if (common.json) {
    print(reply);
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const wire::OptionRow& row : reply.rows()) {
    rows.push_back({row.key(), plain(row.value()), row.unit(), row.live() ? "live" : "", row.sentence()});
  }
  fmt::print("{}", table({"option", "value", "unit", "", "what"}, rows, ""));
  return 0;
}

}  // namespace ecumene::ecumenectl
