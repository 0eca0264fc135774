// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_copies.h"

#include <QMetaObject>
#include <algorithm>
#include <utility>

#include "engine/transfer/pull.h"

namespace ecumene::ui::runs {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kRetry{2};

QString megabytes(std::uint64_t bytes) {
  return QObject::tr("%1 MB").arg(static_cast<double>(bytes) / 1e6, 0, 'f', 1);
}

}  // namespace

RunCopies::RunCopies(client::Client* client, QObject* parent) : QObject(parent), client_(client) {
  connect(client_, &client::Client::linkChanged, this, &RunCopies::askForSocket);
  askForSocket();
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

RunCopies::~RunCopies() = default;

void RunCopies::askForSocket() {
  {
    const std::lock_guard lock(mutex_);
    socket_.clear();
  }
  client_->ask(
      QStringLiteral("socket for copies"), this, [](client::Daemon& daemon) { return daemon.socket().string(); },
      [this](const std::string& socket) {
        {
          const std::lock_guard lock(mutex_);
          socket_ = socket;
          host_ = client_->hello().host();
        }
        changed_.notify_all();
      },
      [](const Error&) {});
}

void RunCopies::copy(const QString& run, const QString& folder) {
  add(run, folder, false);
}

void RunCopies::mirror(const QString& run, const QString& folder) {
  add(run, folder, true);
}

void RunCopies::add(const QString& run, const QString& folder, bool mirror) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back({client_->hello().host(), run.toStdString(), folder.toStdString(), mirror, false, Clock::now()});
  }
  changed_.notify_all();
  emit noted({shell::Severity::kInformation,
              mirror ? tr("Run %1 is mirrored to this machine").arg(run) : tr("Run %1 is copied").arg(run), folder});
}

void RunCopies::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto next = std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& task) {
      return !socket_.empty() && task.host == host_ && task.due <= Clock::now();
    });
    if (next == tasks_.end()) {
      changed_.wait_for(lock, stop, kRetry, [] { return false; });
      continue;
    }
    Task task = *next;
    tasks_.erase(next);
    const std::string socket = socket_;
    lock.unlock();
    const bool over = run(task, socket, stop);
    lock.lock();
    if (!over) tasks_.push_back(task);
  }
}

bool RunCopies::run(Task& task, const std::string& socket, const std::stop_token& stop) {
  namespace transfer = engine::transfer;
  const auto going = [&](std::uint64_t, std::uint64_t) { return !stop.stop_requested(); };
  const QString id = QString::fromStdString(task.run), folder = QString::fromStdString(task.folder);
  try {
    client::Daemon daemon(socket, "ecumene " ECUMENE_VERSION);
    if (task.mirror) {
      const transfer::Copied copied = transfer::mirror(daemon, task.run, task.folder, going);
      if (!std::exchange(task.updated, true)) {
        note({shell::Severity::kInformation, tr("The mirror of run %1 is up to date").arg(id),
              tr("%1, %2 moved").arg(folder, megabytes(copied.moved))});
      }
      task.due = Clock::now() + kMirrorPause;
      return false;
    }
    wire::CopyWhat what;
    what.set_kind("run");
    what.set_id(task.run);
    const transfer::Copied copied = transfer::pull(daemon, what, task.folder, going);
    note({shell::Severity::kInformation, tr("The copy of run %1 is whole").arg(id),
          tr("%1, %2").arg(folder, megabytes(copied.bytes))});
  } catch (const Error& error) {
    if (engine::protocol::isUnreachable(error)) {
      task.due = Clock::now() + kRetry;
      return false;
    }
    if (error.kind() != ErrorKind::kCancelled) note(shell::noteOf(error));
  } catch (const std::exception& error) {
    note(shell::noteOf(internalError(error.what())));
  }
  return true;
}

void RunCopies::note(const shell::Note& note) {
  QMetaObject::invokeMethod(
      this, [this, note] { emit noted(note); }, Qt::QueuedConnection);
}

}  // namespace ecumene::ui::runs
