// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/local_source.h"

#include <QProcess>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "models/spec/options.h"

namespace ecumene::ui::client {
namespace {

namespace fs = std::filesystem;
using engine::run::RunDirectory;

constexpr int kAnswerMs = 30000, kMakeMs = 600000;
constexpr const char* kBase = "nano";  ///< preset that settings are said against

/// A name of one folder, not a path.
bool isName(const std::string& id) {
  return !id.empty() && id != "." && id != ".." && id.size() <= 128 &&
         std::none_of(id.begin(), id.end(), [](unsigned char c) { return c == '/' || c < 0x20 || c == 0x7f; });
}

/// "--set KEY=VALUE" for each option below `prefix` that is not as in the preset kBase.
QStringList settingsOf(const engine::config::RunSpec& spec, const std::string& prefix) {
  engine::config::RunSpec from = engine::config::preset(kBase), to = spec;
  models::spec::Options before, after;
  describe(before, from);
  describe(after, to);
  QStringList words;
  for (std::size_t i = 0; i < after.rows().size(); ++i) {
    const models::spec::Option& option = after.rows()[i];
    const models::spec::OptionValue value = option.get();
    if (!option.key.starts_with(prefix) || option.key == "data.store" || value == before.rows()[i].get()) continue;
    const auto* text = std::get_if<std::string>(&value);
    words << "--set"
          << QString::fromStdString(option.key + "=" + (text != nullptr ? *text : models::spec::written(value)));
  }
  return words;
}

}  // namespace

LocalSource::LocalSource(Folders folders) : folders_(std::move(folders)) {}

LocalSource::~LocalSource() = default;

std::string LocalSource::name() const {
  std::string text;
  if (!folders_.store.empty()) text = "planets in " + folders_.store.string();
  if (!folders_.runs.empty()) text += (text.empty() ? "runs in " : ", runs in ") + folders_.runs.string();
  return text;
}

std::vector<data::store::Row> LocalSource::planets() {
  return folders_.store.empty() ? std::vector<data::store::Row>{} : store().list();
}

data::planet::Planet LocalSource::planet(const std::string& id) {
  if (folders_.store.empty()) throw Error("no planets are open").on(id).next("open a folder of planets");
  return store().get(id);
}

data::store::Store& LocalSource::store() {
  if (!store_) store_.emplace(data::store::Store::open(folders_.store, data::store::Mode::kRead));
  return *store_;
}

fs::path LocalSource::folderOf(const std::string& run) const {
  if (folders_.runs.empty()) throw Error("no folder of runs is open").on(run).next("open a folder of runs");
  if (!isName(run)) {
    throw Error("this is no name for a run").on(run).expected("1 to 128 characters without '/'");
  }
  return folders_.runs / run;
}

RunDirectory& LocalSource::open(const std::string& run) {
  const auto found = open_.find(run);
  if (found != open_.end()) return found->second;
  return open_.emplace(run, RunDirectory::open(folderOf(run))).first->second;
}

std::vector<RunRow> LocalSource::runs() {
  std::vector<RunRow> rows;
  if (folders_.runs.empty()) return rows;
  if (!fs::is_directory(folders_.runs)) {
    throw Error("there is no such folder of runs").on(folders_.runs.string()).next("make it, or choose another one");
  }
  for (const auto& entry : fs::directory_iterator(folders_.runs)) {
    if (!fs::exists(entry.path() / "run.toml")) continue;
    RunRow row;
    row.id = entry.path().filename().string();
    try {
      RunDirectory& run = open(row.id);
      row.status = run.status();
      row.process = run.owner();
      const auto newest = run.metricsAfter(run.lastMetric() - 1, 1);
      if (!newest.empty()) row.step = newest.front().step;
    } catch (const Error& error) {
      // One damaged run does not hide the others.
      row.status.state = engine::run::State::kFailed;
      row.status.reason = error.what();
    }
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const RunRow& a, const RunRow& b) {
    return std::tuple(-a.status.time, a.id) < std::tuple(-b.status.time, b.id);
  });
  return rows;
}

engine::config::RunSpec LocalSource::specOf(const std::string& run) {
  return open(run).spec();
}

std::vector<engine::run::MetricRow> LocalSource::metricsAfter(const std::string& run, std::int64_t sequence,
                                                              std::size_t limit) {
  return open(run).metricsAfter(sequence, limit);
}

std::vector<engine::run::Event> LocalSource::eventsAfter(const std::string& run, std::int64_t sequence,
                                                         std::size_t limit) {
  return open(run).eventsAfter(sequence, limit);
}

std::vector<engine::run::Command> LocalSource::commands(const std::string& run) {
  return open(run).commands();
}

void LocalSource::request(const std::string& run, const std::string& word, const std::string& argument) {
  RunDirectory& directory = open(run);
  if (!directory.owner()) {
    throw Error("nobody trains this run now").on(run).next("resume it first");
  }
  directory.request(word, argument);
}

void LocalSource::requireTrainer() const {
  if (fs::exists(folders_.trainer)) return;
  throw Error("the trainer is not installed", ErrorKind::kEnvironment)
      .on(folders_.trainer.string())
      .next("build it: tools/build");
}

void LocalSource::start(const fs::path& run, const char* word) const {
  requireTrainer();
  QProcess process;
  process.setProgram(QString::fromStdString(folders_.trainer.string()));
  process.setArguments({word, QString::fromStdString(run.string()), "--plain"});
  process.setStandardInputFile(QProcess::nullDevice());
  const QString log = QString::fromStdString((run / "log").string());
  process.setStandardOutputFile(log, QIODevice::Append);
  process.setStandardErrorFile(log, QIODevice::Append);
  // Idle threads of OpenMP must sleep, not spin beside the window.
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("OMP_WAIT_POLICY", "passive");
  process.setProcessEnvironment(environment);
  if (!process.startDetached()) {
    throw Error("the trainer could not be started", ErrorKind::kEnvironment)
        .on(folders_.trainer.string())
        .found(process.errorString().toStdString());
  }
}

std::string LocalSource::launch(const std::string& id, const engine::config::RunSpec& spec) {
  const fs::path folder = folderOf(id);
  engine::config::validate(spec);
  // The trainer makes the run, since it also needs the statistics of the planets and a tokeniser.
  static_cast<void>(
      ask(QStringList{"new", "--json", "--preset", kBase, "--data", QString::fromStdString(spec.data.store), "--out",
                      QString::fromStdString(folder.string())} +
              settingsOf(spec, ""),
          kMakeMs));
  start(folder, "run");
  return id;
}

void LocalSource::resume(const std::string& run) {
  if (const auto owner = open(run).owner()) {
    throw Error("the run is being trained already").on(run).found("process " + std::to_string(*owner));
  }
  start(folderOf(run), "resume");
}

std::string LocalSource::ask(const QStringList& words, int milliseconds) const {
  requireTrainer();
  QProcess process;
  process.start(QString::fromStdString(folders_.trainer.string()), words, QIODevice::ReadOnly);
  if (!process.waitForFinished(milliseconds)) {
    process.kill();
    process.waitForFinished();
    throw Error("the trainer did not answer", ErrorKind::kEnvironment)
        .on(folders_.trainer.string())
        .found(process.errorString().toStdString());
  }
  if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
    throw Error("the trainer refused")
        .on(words.value(0).toStdString())
        .found(process.readAllStandardError().trimmed().toStdString());
  }
  return process.readAllStandardOutput().toStdString();
}

ModelSize LocalSource::sizeOf(const engine::config::RunSpec& spec) {
  const std::string text =
      ask(QStringList{"params", "--json", "--preset", kBase} + settingsOf(spec, "model."), kAnswerMs);
  const auto answer = nlohmann::json::parse(text, nullptr, false);
  if (answer.is_discarded() || !answer.contains("total")) {
    throw Error("the trainer could not count the parameters").on(folders_.trainer.string()).found(text);
  }
  ModelSize size;
  for (const auto& [part, count] : answer["parts"].items()) size.parts.emplace_back(part, count.get<std::int64_t>());
  size.total = answer["total"].get<std::int64_t>();
  return size;
}

}  // namespace ecumene::ui::client
