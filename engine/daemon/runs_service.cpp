// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/runs_service.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "data/base/error.h"
#include "engine/daemon/jobs_service.h"
#include "engine/daemon/log_end.h"
#include "engine/daemon/run_summary.h"
#include "engine/protocol/errors.h"
#include "engine/run/commands.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;
using protocol::answer;
using protocol::utf8;

constexpr std::chrono::milliseconds kCommandPoll{50};
constexpr double kLongestWait = 60.0;
constexpr int kMostCompared = 50;
constexpr std::size_t kMostArgument = 4096;

std::vector<wire::Option> optionsOf(config::RunSpec spec) {
  models::spec::Options table;
  config::describe(table, spec);
  std::vector<wire::Option> options;
  for (const models::spec::Option& row : table.rows()) {
    wire::Option option;
    option.set_key(row.key);
    option.set_value(utf8(models::spec::written(row.get())));
    options.push_back(std::move(option));
  }
  return options;
}

run::Command findCommand(const run::RunDirectory& run, std::int64_t id) {
  for (run::Command& command : run.commands()) {
    if (command.id == id) return std::move(command);
  }
  throw internalError("a command is gone from the journal");
}

/// Words that only somebody who trains can answer; "extend" and "set" hold for the next start too.
bool needsTrainer(const std::string& word) {
  return word == "pause" || word == "stop" || word == "checkpoint";
}

}  // namespace

grpc::Status RunsService::List(grpc::ServerContext*, const wire::ListRunsRequest*, wire::ListRunsReply* reply) {
  return answer([&] {
    for (const std::string& id : registry_.ids()) *reply->add_runs() = summary(registry_, supervisor_, id);
  });
}

grpc::Status RunsService::Show(grpc::ServerContext*, const wire::ShowRunRequest* request, wire::ShowRunReply* reply) {
  return answer([&] {
    const OpenedRun run = registry_.open(request->run());
    *reply->mutable_run() = summary(registry_, supervisor_, request->run());
    const std::vector<wire::Option> made = optionsOf(run->spec());
    for (wire::Option& option : optionsOf(run::currentSpec(*run))) {
      const std::string& before = made.at(static_cast<std::size_t>(reply->options_size())).value();
      if (before != option.value()) option.set_made_with(before);
      *reply->add_options() = std::move(option);
    }
    for (const run::Command& command : run->commands()) *reply->add_commands() = toWire(command);
    std::set<std::string> checkpoints;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(run->checkpoints(), ignored)) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with(".incomplete")) checkpoints.insert(utf8(name));
    }
    reply->mutable_checkpoints()->Assign(checkpoints.begin(), checkpoints.end());
    if (request->log()) reply->set_log(logEnd(run->log()));
  });
}

grpc::Status RunsService::Launch(grpc::ServerContext* context, const wire::LaunchRequest* request,
                                 wire::LaunchReply* reply) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    const std::string id = supervisor_.launch({request->run(),
                                               request->preset(),
                                               request->store(),
                                               {request->settings().begin(), request->settings().end()},
                                               {request->begin_with().begin(), request->begin_with().end()},
                                               request->slot(),
                                               request->evaluate()});
    *reply->mutable_run() = summary(registry_, supervisor_, id);
  });
}

grpc::Status RunsService::Ask(grpc::ServerContext* context, const wire::AskRequest* request, wire::AskReply* reply) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    *reply->mutable_command() = ask(*request, place);
    *reply->mutable_run() = summary(registry_, supervisor_, request->run());
  });
}

wire::Command RunsService::ask(const wire::AskRequest& request, const LongCalls::Place& place) {
  const std::string& id = request.run();
  const OpenedRun run = registry_.open(id);
  if (request.argument().size() > kMostArgument) throw Error("the argument is too long", ErrorKind::kUsage);
  const Condition condition = supervisor_.condition(id, *run);
  const bool trains = condition.state == "running" || condition.state == "paused";
  const auto done = [&](const std::string& text) {
    wire::Command command;
    command.set_word(request.word());
    command.set_state("done");
    command.set_answer(text);
    return command;
  };
  if (request.word() == "stop" && supervisor_.unqueue(id)) return done("taken from the queue");
  if (!trains) {
    const wire::Run now = summary(registry_, supervisor_, id);
    if (now.state() == "damaged") {
      throw Error("the run is damaged").on(id).found(now.reason()).next("bring back what is damaged from a copy");
    }
  }
  if (request.word() == "resume" && !trains) {
    supervisor_.resume(id);
    return done(supervisor_.condition(id, *run).state == "queued" ? "queued" : "started");
  }
  if (needsTrainer(request.word()) && !trains) {
    throw Error("nothing trains the run, so nobody can " + request.word() + " it")
        .on(id)
        .found("state " + condition.state)
        .next(condition.state == "starting" ? "repeat it once it runs"
              : condition.state == "queued"
                  ? "it begins by itself once its slot is free; `ecumenectl stop` takes it from the queue"
              : request.word() == "stop" ? ""
                                         : "ecumenectl resume " + id);
  }
  // A trainer refuses what makes no sense; what waits for one is looked at here.
  if (!trains && request.word() == "set") (void)run::withLiveOption(run::currentSpec(*run), request.argument());
  if (!trains && request.word() == "extend") (void)run::extended(run::currentSpec(*run), request.argument(), 0);
  // For writing a run of its own: the opened one is only read.
  const std::int64_t number = run::RunDirectory::open(run->folder()).request(request.word(), request.argument());
  const auto until = std::chrono::steady_clock::now() +
                     std::chrono::duration<double>(std::clamp(request.wait_seconds(), 0.0, kLongestWait));
  run::Command command = findCommand(*run, number);
  // Where nobody trains it is for the next start.
  while (trains && (command.state == "requested" || command.state == "accepted") &&
         std::chrono::steady_clock::now() < until && place.wait(kCommandPoll)) {
    command = findCommand(*run, number);
  }
  return toWire(command);
}

grpc::Status RunsService::Options(grpc::ServerContext*, const wire::OptionsRequest* request,
                                  wire::OptionsReply* reply) {
  return answer([&] {
    config::RunSpec spec = config::preset(request->preset());
    models::spec::Options table;
    config::describe(table, spec);
    for (const models::spec::Option& row : table.rows()) {
      wire::OptionRow& out = *reply->add_rows();
      out.set_key(row.key);
      out.set_type(std::string(row.type()));
      out.set_value(utf8(models::spec::written(row.get())));
      out.set_sentence(row.sentence);
      out.set_unit(row.unitText);
      out.set_low(row.low);
      out.set_high(row.high);
      out.mutable_choices()->Assign(row.choiceList.begin(), row.choiceList.end());
      out.set_live(row.isLive);
    }
  });
}

grpc::Status RunsService::Compare(grpc::ServerContext*, const wire::CompareRequest* request,
                                  wire::CompareReply* reply) {
  return answer([&] {
    if (request->runs_size() < 2 || request->runs_size() > kMostCompared) {
      throw Error("these runs cannot be compared", ErrorKind::kUsage)
          .expected("2 to " + std::to_string(kMostCompared) + " runs")
          .found(std::to_string(request->runs_size()));
    }
    std::vector<std::vector<wire::Option>> tables;
    for (const std::string& id : request->runs()) {
      // As they are now: live options may have been changed since the runs were made.
      tables.push_back(optionsOf(run::currentSpec(*registry_.open(id))));
      *reply->add_runs() = summary(registry_, supervisor_, id);
    }
    for (std::size_t row = 0; row < tables.front().size(); ++row) {
      const wire::Option& first = tables.front()[row];
      const bool same = std::all_of(tables.begin(), tables.end(),
                                    [&](const auto& table) { return table[row].value() == first.value(); });
      if (same) continue;
      wire::OptionDifference& difference = *reply->add_differences();
      difference.set_key(first.key());
      for (const auto& table : tables) difference.add_values(table[row].value());
    }
  });
}

grpc::Status RunsService::Plan(grpc::ServerContext* context, const wire::PlanRequest* request, wire::PlanReply* reply) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    *reply = plans_.plan(*request);
  });
}

grpc::Status RunsService::Measure(grpc::ServerContext*, const wire::PlanRequest* request, wire::Job* reply) {
  return answer([&] { *reply = toWire(plans_.measure(*request)); });
}

grpc::Status RunsService::Places(grpc::ServerContext* context, const wire::PlacesRequest*, wire::PlacesReply* reply) {
  return answer([&] {
    const LongCalls::Place waiting(longCalls_, *context);
    for (const Place& place : supervisor_.places()) {
      wire::LaunchPlace& out = *reply->add_places();
      out.set_slot(place.slot.text());
      out.set_words(place.words);
      out.set_taken_by(place.takenBy);
    }
  });
}

}  // namespace ecumene::engine::daemon
