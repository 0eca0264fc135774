// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "app/ecumenectl/message_json.h"
#include "app/ecumenectl/terminal.h"
#include "app/edge.h"
#include "data/base/say.h"
#include "engine/protocol/import_files.h"

namespace ecumene::ecumenectl {
namespace {

using engine::protocol::Client;

constexpr std::chrono::milliseconds kJobLook{500};
constexpr std::size_t kShownRows = 20;  ///< for people; JSON has all

bool isOver(const wire::Job& job) {
  return job.state() != "queued" && job.state() != "running";
}

wire::ShowJobReply jobNow(Client& client, std::int64_t id) {
  wire::JobRequest request;
  request.set_job(id);
  return client.call(&wire::Jobs::Stub::Show, request);
}

bool waits(const wire::Job& job) {
  return job.state() == "queued" && !job.what().empty();
}

std::string lineOf(const wire::Job& job) {
  return fmt::format("job {}: {} into {}: {}{}{}{}", job.id(), job.kind(), job.store(), job.state(),
                     job.total() > 0 ? fmt::format(", {} of {}", job.done(), job.total()) : "",
                     waits(job) ? ", " + plain(job.what()) : "",
                     job.reason().empty() ? "" : ": " + plain(job.reason()));
}

/// What became of each file of an import, as `ecumene-data` says it, but for those that are left out.
void printOutcomes(const nlohmann::ordered_json& result, std::uint64_t leftOut) {
  const auto text = [](const nlohmann::ordered_json& row, const char* key) {
    const auto entry = row.find(key);
    return entry != row.end() && entry->is_string() ? plain(entry->get<std::string>()) : std::string();
  };
  for (const auto& file : result) {
    if (!file.is_object()) continue;
    const std::string id = text(file, "id");
    fmt::print("{:<9} {}{}  {}\n", text(file, "status"), text(file, "path"), id.empty() ? "" : " -> " + id,
               text(file, "message"));
    for (const auto& assumption : file.value("assumptions", nlohmann::ordered_json::array())) {
      if (assumption.is_string()) fmt::print("          assumed: {}\n", plain(assumption.get<std::string>()));
    }
  }
  if (leftOut > 0) fmt::print("... and {} more files: the list has no room for them\n", leftOut);
}

/// Waits for a job's end, how far it is on stderr; prints its result.
int follow(const Common& common, Client& client, std::int64_t id) {
  const bool drawn = ::isatty(STDERR_FILENO) == 1;
  wire::ShowJobReply reply = jobNow(client, id);
  std::string said;
  for (; !isOver(reply.job()); reply = jobNow(client, id)) {
    const wire::Job& job = reply.job();
    if (drawn) {
      say(fmt::format("\r\033[K{}{}", lineOf(job), waits(job) ? "" : "  " + plain(job.what())));
    } else if (waits(job) && std::exchange(said, job.what()) != job.what()) {
      say(lineOf(job) + '\n');
    }
    std::this_thread::sleep_for(kJobLook);
  }
  if (drawn) say("\r\033[K");
  const auto result = nlohmann::ordered_json::parse(reply.result(), nullptr, false);
  if (common.json) {
    auto json = toJson(reply.job());
    json["result"] = result.is_discarded() ? nlohmann::ordered_json(nullptr) : result;
    json["left_out"] = reply.left_out();
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else {
    if (reply.job().kind() == "import" && result.is_array()) printOutcomes(result, reply.left_out());
    fmt::print("{}\n", lineOf(reply.job()));
  }
  return reply.job().state() == "done" ? 0 : reply.job().state() == "failed" ? app::kInternal : app::kRefused;
}

int begun(const Common& common, Client& client, const wire::Job& job, bool wait) {
  if (wait) return follow(common, client, job.id());
  if (common.json) {
    print(job);
  } else {
    fmt::print("{}: ecumenectl jobs {}\n", lineOf(job), job.id());
  }
  return 0;
}

}  // namespace

int listPlanets(const Common& common, const PlanetsCommand& command) {
  auto client = connect(common);
  wire::PlanetsRequest request;
  request.set_store(storeOf(client, command.store, "--store"));
  request.set_split(command.split);
  request.set_origin(command.origin);
  request.set_regime(command.regime);
  request.set_name_contains(command.name);
  request.set_star(command.star);
  if (!command.habitable.empty()) request.set_habitable(command.habitable == "yes");
  for (const auto& [views, there] : {std::pair{&command.with, true}, std::pair{&command.without, false}}) {
    for (const std::string& view : *views) {
      if (view == "climate") request.set_climate(there);
      if (view == "spectrum") request.set_spectrum(there);
      if (view == "network") request.set_network(there);
    }
  }
  request.set_leave_out_excluded(command.leaveOutExcluded);
  wire::PlanetsReply all;
  client.stream(&wire::Data::Stub::Planets, request, [&](const wire::PlanetsReply& reply) {
    all.MergeFrom(reply);
    return true;
  });
  if (common.json) {
    print(all);
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const wire::PlanetRow& row : all.planets()) {
    if (rows.size() == kShownRows) break;
    rows.push_back({plain(row.id()), plain(row.name()), row.split(), row.star(), row.regime(),
                    row.regime().empty() ? "-" : fmt::format("{:.2f}", row.f_hab()), std::to_string(row.spectra()),
                    std::to_string(row.metabolisms() + row.networks()), std::to_string(row.failed_checks())});
  }
  fmt::print("{}", table({"id", "name", "split", "star", "regime", "f_hab", "spectra", "networks", "marks"}, rows,
                         "f_hab,spectra,networks,marks"));
  if (static_cast<std::size_t>(all.planets_size()) > rows.size()) {
    fmt::print("... {} in all; --json has them\n", all.planets_size());
  }
  return 0;
}

int generatePlanets(const Common& common, const GenerateCommand& command) {
  auto client = connect(common);
  wire::GenerateRequest request;
  request.set_store(storeOf(client, command.store, "--store"));
  request.set_planets(command.planets);
  request.set_seed(command.seed);
  request.set_epochs(command.epochs);
  return begun(common, client, client.call(&wire::Jobs::Stub::Generate, request), !command.noWait);
}

int importFiles(const Common& common, const ImportCommand& command) {
  auto client = connect(common);
  const std::string store = storeOf(client, command.store, "--store");
  auto files = engine::protocol::filesToImport({command.files.begin(), command.files.end()});
  const auto sayWaits = [](const std::string& path, bool waits) {
    if (waits) say(fmt::format("another client sends {}: waiting for it\n", plain(path)));
  };
  const wire::Job job = engine::protocol::importFiles(client, store, command.settings, files, {}, {.waits = sayWaits});
  for (const Error& refused : files.refused) say(fmt::format("ecumenectl: not sent: {}\n", plain(refused.what())));
  const int code = begun(common, client, job, !command.noWait);
  return code == 0 && !files.refused.empty() ? app::kRefused : code;
}

int listJobs(const Common& common, std::int64_t id) {
  auto client = connect(common);
  if (id > 0) return follow(common, client, id);
  const auto reply = client.call(&wire::Jobs::Stub::List, wire::ListJobsRequest());
  if (common.json) {
    print(reply);
    return 0;
  }
  if (reply.jobs().empty()) fmt::print("no jobs yet\n");
  for (const wire::Job& job : reply.jobs()) fmt::print("{}\n", lineOf(job));
  return 0;
}

int cancelJob(const Common& common, std::int64_t id) {
  auto client = connect(common);
  wire::JobRequest request;
  request.set_job(id);
  client.call(&wire::Jobs::Stub::Cancel, request);
  return follow(common, client, id) == app::kInternal ? app::kInternal : 0;
}

}  // namespace ecumene::ecumenectl
