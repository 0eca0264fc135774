// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_copies.h"

#include <QMetaObject>
#include <algorithm>
#include <utility>

#include "engine/transfer/origin.h"
#include "engine/transfer/pull.h"
#include "ui/runs/run_copies_file.h"

namespace ecumene::ui::runs {
namespace {

namespace transfer = engine::transfer;

constexpr std::chrono::seconds kLook{1};
/// An update that took long is followed by so many times its time.
constexpr int kRest = 10;

double secondsNow() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

QString megabytes(std::uint64_t bytes) {
  return QObject::tr("%1 MB").arg(static_cast<double>(bytes) / 1e6, 0, 'f', 1);
}

}  // namespace

RunCopies::RunCopies(client::Client* client, QObject* parent) : QObject(parent), client_(client) {
  connect(client_, &client::Client::linkChanged, this, &RunCopies::askForSocket);
  askForSocket();
  mirrors_ = std::jthread([this](const std::stop_token& stop) { work(true, stop); });
  copies_ = std::jthread([this](const std::stop_token& stop) { work(false, stop); });
}

RunCopies::~RunCopies() {
  mirrors_.request_stop();
  copies_.request_stop();
  const std::lock_guard lock(mutex_);
  for (Task& task : tasks_) task.stopped.request_stop();
}

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
          runs_ = client_->hello().runs();
          // What waited for the way is not made to wait longer.
          for (Task& task : tasks_) {
            if (isHere(task) && !task.refused) task.due = std::min(task.due, Clock::now());
          }
        }
        wake_.notify_all();
        emit changed();
      },
      [](const Error&) {});
}

void RunCopies::keepIn(const std::filesystem::path& file) {
  try {
    const std::vector<RunCopy> kept = readCopies(file);
    const std::lock_guard lock(mutex_);
    file_ = file;
    for (const RunCopy& copy : kept) {
      Task task(copy);
      task.id = ++lastId_;
      if (const auto origin = transfer::originOf(copy.folder); copy.mirror && origin) task.updated = origin->time;
      tasks_.push_back(std::move(task));
    }
  } catch (const Error& error) {
    emit noted(shell::noteOf(error));
  }
  wake_.notify_all();
  emit changed();
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
    Task task;
    task.host = client_->hello().host();
    task.runs = client_->hello().runs();
    task.run = run.toStdString();
    task.folder = folder.toStdString();
    task.mirror = mirror;
    // Asked for once more it begins anew.
    for (Task& other : tasks_) {
      if (keyOf(other) == keyOf(task)) other.stopped.request_stop();
    }
    std::erase_if(tasks_, [&](const Task& other) { return keyOf(other) == keyOf(task); });
    task.id = ++lastId_;
    gone_.erase(keyOf(task));
    tasks_.push_back(std::move(task));
    unkept_ = true;
  }
  wake_.notify_all();
  emit noted({shell::Severity::kInformation,
              mirror ? tr("Run %1 is mirrored to this machine").arg(run) : tr("Run %1 is copied").arg(run), folder});
  emit changed();
}

void RunCopies::stop(std::uint64_t id) {
  {
    const std::lock_guard lock(mutex_);
    Task* task = find(id);
    if (task == nullptr) return;
    task->stopped.request_stop();
    gone_.insert(keyOf(*task));
    std::erase_if(tasks_, [&](const Task& other) { return other.id == id; });
    unkept_ = true;
  }
  wake_.notify_all();
  emit changed();
}

std::vector<RunCopy> RunCopies::all() const {
  const std::lock_guard lock(mutex_);
  return {tasks_.begin(), tasks_.end()};
}

bool RunCopies::isShown(const RunCopy& copy) const {
  const std::lock_guard lock(mutex_);
  return !socket_.empty() && isHere(copy);
}

std::optional<double> RunCopies::mirroredAt(const QString& run) const {
  const std::lock_guard lock(mutex_);
  std::optional<double> last;
  for (const Task& task : tasks_) {
    if (task.mirror && isHere(task) && task.run == run.toStdString()) last = std::max(last.value_or(0.0), task.updated);
  }
  return last;
}

RunCopies::Task* RunCopies::find(std::uint64_t id) {
  const auto found = std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& task) { return task.id == id; });
  return found == tasks_.end() ? nullptr : &*found;
}

void RunCopies::work(bool mirrors, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (mirrors) keep(lock);
    const auto next = std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& task) {
      return task.mirror == mirrors && !socket_.empty() && isHere(task) && !task.refused && task.due <= Clock::now();
    });
    if (next == tasks_.end()) {
      wake_.wait_for(lock, stop, kLook, [&] { return mirrors && unkept_; });
      continue;
    }
    next->atWork = true;
    next->done = next->all = 0;
    Task task = *next;
    const std::string socket = socket_;
    lock.unlock();
    QMetaObject::invokeMethod(this, &RunCopies::changed, Qt::QueuedConnection);
    run(task, socket, task.stopped.get_token());
    task.atWork = false;
    lock.lock();
    if (Task* there = find(task.id)) {
      if (!task.mirror && task.updated > 0.0) {
        gone_.insert(keyOf(task));
        std::erase_if(tasks_, [&](const Task& other) { return other.id == task.id; });
        unkept_ = true;
      } else {
        *there = std::move(task);
      }
    }
    QMetaObject::invokeMethod(this, &RunCopies::changed, Qt::QueuedConnection);
  }
  if (mirrors) keep(lock);
}

void RunCopies::run(Task& task, const std::string& socket, const std::stop_token& stop) {
  const QString id = QString::fromStdString(task.run), folder = QString::fromStdString(task.folder);
  const auto going = [&](std::uint64_t done, std::uint64_t all) {
    const std::lock_guard lock(mutex_);
    if (Task* there = find(task.id)) {
      there->done = done;
      there->all = all;
    }
    return !stop.stop_requested();
  };
  try {
    const auto begin = Clock::now();
    client::Daemon daemon(socket, "ecumene " ECUMENE_VERSION, stop);
    const std::stop_callback abandon(stop, [&] { daemon.abandon(); });
    if (task.mirror) {
      const transfer::Copied copied = transfer::mirror(daemon, task.run, task.folder, going);
      if (task.updated == 0.0 || !task.problem.empty()) {
        say({shell::Severity::kInformation, tr("The mirror of run %1 is up to date").arg(id),
             tr("%1, %2 moved").arg(folder, megabytes(copied.moved))});
      }
      // A run that rests is asked less often.
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
      task.pause = std::clamp<std::chrono::milliseconds>(copied.moved > 0 ? kRest * took : 2 * task.pause,
                                                         kShortestPause, kLongestPause);
    } else {
      wire::CopyWhat what;
      what.set_kind("run");
      what.set_id(task.run);
      const transfer::Copied copied = transfer::pull(daemon, what, task.folder, going);
      say({shell::Severity::kInformation, tr("The copy of run %1 is whole").arg(id),
           tr("%1, %2").arg(folder, megabytes(copied.bytes))});
    }
    task.updated = secondsNow();
    task.problem.clear();
    task.due = Clock::now() + task.pause;
  } catch (const Error& error) {
    failed(task, error);
  } catch (const std::exception& error) {
    failed(task, internalError(error.what()));
  }
}

void RunCopies::failed(Task& task, const Error& error) {
  if (error.kind() == ErrorKind::kCancelled) return;
  task.refused = error.kind() != ErrorKind::kEnvironment;
  // A cut of the way is said by the window; the same trouble is said once.
  const bool news = task.problem != error.what() && !engine::protocol::isUnreachable(error);
  task.pause =
      task.problem.empty() ? kShortestPause : std::min<std::chrono::milliseconds>(2 * task.pause, kLongestPause);
  task.problem = error.what();
  task.due = Clock::now() + task.pause;
  if (news) say(shell::noteOf(error));
}

void RunCopies::keep(std::unique_lock<std::mutex>& lock) {
  if (!std::exchange(unkept_, false) || file_.empty()) return;
  const std::vector<RunCopy> ours(tasks_.begin(), tasks_.end());
  const std::set<std::string> gone = gone_;
  const std::filesystem::path file = file_;
  lock.unlock();
  try {
    writeCopies(file, ours, gone);
  } catch (const Error& error) {
    say(shell::noteOf(error));
  }
  lock.lock();
}

void RunCopies::say(const shell::Note& note) {
  QMetaObject::invokeMethod(
      this, [this, note] { emit noted(note); }, Qt::QueuedConnection);
}

}  // namespace ecumene::ui::runs
