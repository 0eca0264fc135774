// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/job_list.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/daemon/go_on.h"
#include "engine/daemon/log_end.h"
#include "engine/daemon/slots.h"
#include "engine/run/records.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;
namespace sql = data::sql;

constexpr int kJobVersion = 1;
constexpr std::chrono::milliseconds kJobsPause{200};
constexpr double kPatience = 10.0;  ///< seconds that a cancelled job has for its last piece
constexpr std::uint32_t kMostPlanets = 10'000'000;
constexpr std::uint32_t kMostEpochs = 64;
constexpr std::size_t kMostSettings = 1000;
constexpr const char* kMeasure = "measure";
constexpr const char* kFromList = "--list";   ///< the last word of an import: its file with the paths follows
constexpr const char* kList = ".list";        ///< of an import: paths in its tree, a line each
constexpr const char* kTree = ".tree";        ///< of an import: the folder that it works in
constexpr const char* kScratch = ".scratch";  ///< of a measurement: its run

constexpr const char* kJobSchema = R"sql(
CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  store TEXT NOT NULL,
  words TEXT NOT NULL,
  uploads TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  time REAL NOT NULL,
  cancelled REAL NOT NULL,
  pid INTEGER NOT NULL,
  started INTEGER NOT NULL,
  boot TEXT NOT NULL
) STRICT;
)sql";

fs::path made(const fs::path& folder) {
  fs::create_directories(folder);
  return folder / "jobs.sqlite";
}

/// Messages begin with the name of the file; of many files the path tells which.
std::string refusalOf(const nlohmann::json& outcome) {
  const std::string path = outcome.value("path", std::string()), message = outcome.value("message", std::string());
  const std::string name = fs::path(path).filename().string();
  if (path.empty() || message.starts_with(path)) return message;
  return message.starts_with(name) ? path + message.substr(name.size()) : path + ": " + message;
}

template <typename Json>
bool isRefused(const Json& outcome) {
  return outcome.is_object() && outcome.value("status", std::string()) == "refused";
}

bool hasRefusal(const nlohmann::json& result) {
  return result.is_array() && std::any_of(result.begin(), result.end(), isRefused<nlohmann::json>);
}

/// Why a job did not do all: the error or the refusals that `ecumene-data` printed, else its last words.
std::string reasonOf(const nlohmann::json& result, const std::string& log) {
  if (result.is_object() && result.contains("error") && result.at("error").is_object()) {
    return result.at("error").value("what", std::string());
  }
  std::string reason;
  std::size_t refused = 0;
  for (const auto& outcome : result.is_array() ? result : nlohmann::json::array()) {
    if (!isRefused(outcome)) continue;
    if (++refused == 1) reason = refusalOf(outcome);
  }
  if (refused > 1) reason += "; and " + std::to_string(refused - 1) + " more";
  if (refused > 0 && refused < result.size()) {
    reason += "; " + std::to_string(result.size() - refused) + " of " + std::to_string(result.size()) + " came in";
  }
  if (refused > 0) return reason;
  const std::string last = lastLine(log);
  return last.empty() || last.starts_with("progress ") ? "its process ended without a word" : last;
}

/// Takes the last whole line "progress DONE TOTAL WHAT" of what a job says on its errors.
void addProgress(Job& job, const std::string& log) {
  std::istringstream lines(log.substr(0, log.rfind('\n') + 1));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    std::uint64_t done = 0, total = 0;
    if (!(words >> word >> done >> total) || word != "progress") continue;
    job.done = done;
    job.total = total;
    std::getline(words >> std::ws, job.what);
  }
}

}  // namespace

struct JobList::Row {
  std::int64_t id = 0;
  std::string kind, store;
  std::vector<std::string> words, uploads;
  std::string state = "queued", reason;
  double time = 0.0, cancelled = 0.0;
  ProcessId process;
};

JobList::JobList(const Stores& stores, transfer::Uploads& uploads, Setup setup)
    : stores_(stores),
      uploads_(uploads),
      setup_(std::move(setup)),
      connection_(made(setup_.folder), sql::Access::kCreate,
                  {.database = "the daemon's list of jobs", .repair = "remove it: planets are not in it"}) {
  if (!sql::isOfVersion(connection_, kJobVersion, [&] { connection_.execute(kJobSchema); })) {
    throw Error("the daemon's list of jobs is another version's")
        .on(setup_.folder.string())
        .next("remove it: planets are not in it");
  }
  // Rows of large imports are large, and those that have not ended are looked for again and again.
  connection_.execute("CREATE INDEX IF NOT EXISTS job_state ON job (state)");
  for (Row& row : rows("WHERE state IN ('queued', 'running')")) {
    addWords(row);
    for (const std::string& upload : row.uploads) uploads_.hold(upload);
  }
  removeLeftOver();
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void JobList::removeLeftOver() {
  ImportTree::removeLeftOver(setup_.folder);
  std::set<std::string> needed;
  for (const Row& row : rows("WHERE state IN ('queued', 'running')")) {
    for (const char* ending : {kList, kTree}) needed.insert(fileOf(row.id, ending).string());
  }
  std::vector<fs::path> leftOver;
  for (const auto& entry : fs::directory_iterator(setup_.folder)) {
    const bool is = entry.path().extension() == kList || entry.path().extension() == kTree;
    if (is && !needed.contains(entry.path().string())) leftOver.push_back(entry.path());
  }
  std::error_code ignored;
  for (const fs::path& path : leftOver) fs::remove_all(path, ignored);
}

Job JobList::generate(const std::string& store, std::uint32_t planets, std::uint64_t seed, std::uint32_t epochs) {
  if (planets < 1 || planets > kMostPlanets || epochs > kMostEpochs) {
    throw Error("these planets cannot be made", ErrorKind::kUsage).expected("1 to 10000000 planets, at most 64 epochs");
  }
  return add("generate", store,
             {"--store", stores_.folderOf(store).string(), "--json", "generate", "--planets", std::to_string(planets),
              "--seed", std::to_string(seed), "--epochs", std::to_string(std::max(epochs, 1U))});
}

Job JobList::import(const std::string& store, const std::vector<ImportFile>& files,
                    const std::vector<std::string>& settings) {
  std::string list;
  for (const ImportFile& file : files) {
    if (!file.beside) list += file.path + '\n';
  }
  if (list.empty() || files.size() > kMostFiles || settings.size() > kMostSettings) {
    throw Error("nothing is to be imported, or too much", ErrorKind::kUsage)
        .expected("1 to " + std::to_string(kMostFiles) + " files")
        .found(std::to_string(files.size()));
  }
  std::vector<std::string> words = {"--store", stores_.folderOf(store).string(), "--json", "import"};
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
  // Beyond some thousand paths a command line is too long.
  words.emplace_back(kFromList);
  std::vector<std::string> uploads;
  uploads.reserve(files.size());
  for (const ImportFile& file : files) uploads.push_back(file.upload);
  // Held before they are looked at: a job that ends meanwhile would remove what it shares with this one.
  for (const std::string& upload : uploads) uploads_.hold(upload);
  try {
    ImportTree tree(files, uploads_, setup_.folder);
    const Brought brought{tree, list, uploads};
    return add("import", store, std::move(words), &brought);
  } catch (...) {
    for (const std::string& upload : uploads) uploads_.letGo(upload);
    throw;
  }
}

Job JobList::measure(const std::string& store, const std::vector<std::string>& words, const std::string& gpus) {
  // The first word is the GPUs: they go into the environment.
  std::vector<std::string> all = {gpus, "measure", "--json", "--data", stores_.folderOf(store).string()};
  all.insert(all.end(), words.begin(), words.end());
  return add(kMeasure, store, std::move(all));
}

Job JobList::add(const std::string& kind, const std::string& store, std::vector<std::string> words,
                 const Brought* brought) {
  Row row;
  row.kind = kind;
  row.store = store;
  row.words = std::move(words);
  if (brought != nullptr) row.uploads = brought->uploads;
  row.time = run::secondsNow();
  const std::lock_guard lock(mutex_);
  const auto text = [](const std::vector<std::string>& list) {
    return nlohmann::json(list).dump(-1, ' ', true, nlohmann::json::error_handler_t::strict);
  };
  sql::Transaction transaction(connection_);
  sql::Statement(connection_,
                 "INSERT INTO job (kind, store, words, uploads, state, reason, time, cancelled, pid, started, boot) "
                 "VALUES (?, ?, ?, ?, 'queued', '', ?, 0.0, 0, 0, '')")
      .bind(1, row.kind)
      .bind(2, row.store)
      .bind(3, text(row.words))
      .bind(4, text(row.uploads))
      .bind(5, row.time)
      .run();
  row.id = connection_.lastRow();
  if (brought != nullptr) {
    writeFileAtomically(fileOf(row.id, kList), brought->list);
    brought->tree.moveTo(fileOf(row.id, kTree));
  }
  transaction.commit();
  changed_.notify_all();
  return jobOf(row);
}

std::vector<JobList::Row> JobList::rows(std::string_view where) {
  sql::Statement query(
      connection_,
      "SELECT id, kind, store, state, reason, time, cancelled, pid, started, boot FROM job " + std::string(where));
  std::vector<Row> rows;
  while (query.step()) {
    Row row;
    row.id = query.integer(0);
    row.kind = query.text(1);
    row.store = query.text(2);
    row.state = query.text(3);
    row.reason = query.text(4);
    row.time = query.real(5);
    row.cancelled = query.real(6);
    row.process = {static_cast<pid_t>(query.integer(7)), static_cast<std::uint64_t>(query.integer(8)), query.text(9)};
    rows.push_back(std::move(row));
  }
  return rows;
}

void JobList::addWords(Row& row) {
  sql::Statement query(connection_, "SELECT words, uploads FROM job WHERE id = ?");
  query.bind(1, row.id);
  if (!query.step()) throw internalError("a job is not in its list");
  row.words = nlohmann::json::parse(query.text(0)).get<std::vector<std::string>>();
  row.uploads = nlohmann::json::parse(query.text(1)).get<std::vector<std::string>>();
}

void JobList::releaseFiles(std::int64_t id) {
  Row row;
  row.id = id;
  {
    const std::lock_guard lock(mutex_);
    addWords(row);
  }
  std::error_code ignored;
  // A measurement that was killed could not remove its run.
  for (const char* ending : {kList, kTree, kScratch}) fs::remove_all(fileOf(id, ending), ignored);
  for (const std::string& upload : row.uploads) uploads_.release(upload);
}

void JobList::keep(const Row& row) {
  sql::Statement(connection_,
                 "UPDATE job SET state = ?, reason = ?, time = ?, cancelled = ?, pid = ?, started = ?, boot = ? "
                 "WHERE id = ?")
      .bind(1, row.state)
      .bind(2, row.reason)
      .bind(3, row.time)
      .bind(4, row.cancelled)
      .bind(5, static_cast<std::int64_t>(row.process.pid))
      .bind(6, static_cast<std::int64_t>(row.process.started))
      .bind(7, row.process.boot)
      .bind(8, row.id)
      .run();
}

fs::path JobList::fileOf(std::int64_t id, const char* ending) const {
  return setup_.folder / (std::to_string(id) + ending);
}

std::string JobList::waitsFor(const Row& row) {
  sql::Statement query(connection_,
                       "SELECT id, kind FROM job WHERE state IN ('queued', 'running') AND store = ? AND id < ? "
                       "ORDER BY id LIMIT 1");
  query.bind(1, row.store).bind(2, row.id);
  return query.step() ? "waits for job " + std::to_string(query.integer(0)) + " (" + query.text(1) + ")"
                      : std::string();
}

Job JobList::jobOf(const Row& row) {
  Job job{row.id, row.kind, row.store, row.state, row.reason, row.time, 0, 0, {}};
  if (row.state == "queued") {
    job.what = waitsFor(row);
  } else {
    addProgress(job, logEnd(fileOf(row.id, ".err")));
  }
  return job;
}

std::vector<Job> JobList::list(std::int64_t after, std::span<const std::int64_t> also) {
  const std::lock_guard lock(mutex_);
  std::vector<Job> jobs;
  for (const Row& row :
       rows("WHERE id > " + std::to_string(after) + " ORDER BY id DESC LIMIT " + std::to_string(kMostShown))) {
    jobs.push_back(jobOf(row));
  }
  std::string older;
  for (const std::int64_t id : also) {
    if (id <= after) older += (older.empty() ? "" : ",") + std::to_string(id);
  }
  for (const Row& row : rows("WHERE id IN (" + older + ") ORDER BY id DESC")) jobs.push_back(jobOf(row));
  return jobs;
}

Job JobList::find(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  const std::vector<Row> found = rows("WHERE id = " + std::to_string(id));
  if (found.empty()) throw Error("there is no such job").on(std::to_string(id)).next("ecumenectl jobs");
  return jobOf(found.front());
}

JobResult JobList::result(std::int64_t id) {
  const Job job = find(id);
  std::error_code ignored;
  if (job.state == "queued" || job.state == "running" || !fs::exists(fileOf(id, ".out"), ignored)) return {};
  JobResult result{readFile(fileOf(id, ".out"))};
  if (result.json.size() <= kMostResult) return result;
  // What was refused is what somebody has to know.
  const auto files = nlohmann::ordered_json::parse(result.json, nullptr, false);
  if (!files.is_array()) throw internalError("the result of job " + std::to_string(id) + " is too long and no list");
  result.json = "[";
  for (const bool refused : {true, false}) {
    for (const auto& file : files) {
      if (isRefused(file) != refused) continue;
      const std::string row = file.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
      // With a comma before it and the end behind it.
      if (result.json.size() + row.size() + 2 > kMostResult) {
        ++result.leftOut;
        continue;
      }
      if (result.json.size() > 1) result.json += ',';
      result.json += row;
    }
  }
  result.json += ']';
  return result;
}

Job JobList::cancel(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  std::vector<Row> found = rows("WHERE id = " + std::to_string(id));
  if (found.empty()) throw Error("there is no such job").on(std::to_string(id)).next("ecumenectl jobs");
  Row& row = found.front();
  if (row.state == "queued") {
    row.state = "cancelled";
    row.time = run::secondsNow();
    keep(row);
    ended_.push_back(row.id);
    changed_.notify_all();
  } else if (row.state != "running") {
    throw Error("the job has ended already").on(std::to_string(id)).found("state " + row.state);
  } else if (row.cancelled == 0.0) {
    row.cancelled = run::secondsNow();
    keep(row);
    ::kill(-row.process.pid, SIGTERM);
  }
  return jobOf(row);
}

void JobList::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    goOn([this] { lookAfter(); });
    changed_.wait_for(lock, stop, kJobsPause, [this] { return !ended_.empty(); });
    const std::vector<std::int64_t> ended = std::exchange(ended_, {});
    lock.unlock();
    for (const std::int64_t id : ended) goOn([&] { releaseFiles(id); });
    lock.lock();
  }
}

void JobList::lookAfter() {
  std::set<std::string> busy;
  for (Row& row : rows("WHERE state = 'running' ORDER BY id")) {
    if (const auto ended = endOf(row.process)) {
      end(row, ended->code);
      continue;
    }
    busy.insert(row.store);
    if (row.cancelled > 0.0 && run::secondsNow() - row.cancelled > kPatience) ::kill(-row.process.pid, SIGKILL);
  }
  for (Row& row : rows("WHERE state = 'queued' ORDER BY id")) {
    if (busy.insert(row.store).second) start(row);
  }
}

Program JobList::programOf(const Row& row) const {
  const bool measures = row.kind == kMeasure;
  Program program{{(setup_.programs / (measures ? "ecumene-train" : "ecumene-data")).string()},
                  {{"ECUMENE_PROGRESS", "1"}}};
  program.words.insert(program.words.end(), row.words.begin() + (measures ? 1 : 0), row.words.end());
  if (!measures) {
    if (program.words.back() != kFromList) return program;
    program.words.push_back(fileOf(row.id, kList).string());
    program.folder = fileOf(row.id, kTree);
    return program;
  }
  program.words.insert(program.words.end(), {"--scratch", fileOf(row.id, kScratch).string()});
  program.environment.merge(showingGpus(row.words.front()));
  program.environment["OMP_WAIT_POLICY"] = "passive";
  return program;
}

void JobList::start(Row row) {
  row.time = run::secondsNow();
  addWords(row);
  try {
    row.process = startDetached(programOf(row), fileOf(row.id, ".out"), fileOf(row.id, ".err"));
    row.state = "running";
  } catch (const Error& error) {
    row.state = "failed";
    row.reason = error.what();
  }
  keep(row);
  if (row.state == "failed") ended_.push_back(row.id);
}

void JobList::end(Row row, std::optional<int> code) {
  std::error_code ignored;
  const fs::path out = fileOf(row.id, ".out");
  const auto json = nlohmann::json::parse(fs::exists(out, ignored) ? readFile(out) : "", nullptr, false);
  const bool hasResult = !json.is_discarded() && !(json.is_object() && json.contains("error"));
  row.time = run::secondsNow();
  if (row.cancelled > 0.0 && code != 0) {
    row.state = "cancelled";
  } else if (code == 0 || (!code && hasResult && !hasRefusal(json))) {
    // Of one that a daemon before us had started nobody saw the code: what it printed last is its result.
    row.state = "done";
  } else {
    row.state = code == 1 || (!code && hasResult) ? "refused" : "failed";
    row.reason = reasonOf(json, logEnd(fileOf(row.id, ".err")));
  }
  keep(row);
  ended_.push_back(row.id);
}

}  // namespace ecumene::engine::daemon
