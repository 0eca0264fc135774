// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_copies.h"

#include <QMetaObject>
#include <algorithm>
#include <optional>
#include <utility>

#include "engine/transfer/origin.h"
#include "engine/transfer/pull.h"
#include "ui/runs/run_copies_file.h"
#include "ui/runs/size_text.h"

namespace ecumene::ui::runs {
namespace {

namespace transfer = engine::transfer;

constexpr std::chrono::seconds kLook{1};
/// An update that took long is followed by so many times its time.
constexpr int kRest = 10;

double secondsNow() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

RunCopies::RunCopies(client::Client* client, QObject* parent) : QObject(parent), client_(client) {
  connect(client_, &client::Client::linkChanged, this, &RunCopies::askForSocket);
  askForSocket();
  mirrors_ = std::jthread([this](const std::stop_token& stop) { work(true, stop); });
  copies_ = std::jthread([this](const std::stop_token& stop) { work(false, stop); });
  keeper_ = std::jthread([this](const std::stop_token& stop) { keepFile(stop); });
}

RunCopies::~RunCopies() {
  mirrors_.request_stop();
  copies_.request_stop();
  keeper_.request_stop();
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
          shown_ = source();
          // What waited for the way is not made to wait longer.
          for (Task& task : tasks_) {
            if (task.from == shown_ && !task.refused) task.due = std::min(task.due, Clock::now());
          }
        }
        wake_.notify_all();
        emit changed();
      },
      [](const Error&) {});
}

RunSource RunCopies::source() const {
  return {client_->hello().host(), client_->hello().runs()};
}

void RunCopies::keepIn(const std::filesystem::path& file) {
  {
    const std::lock_guard lock(mutex_);
    file_ = file;
  }
}

bool RunCopies::adoptLeft(std::unique_lock<std::mutex>& lock) {
  const std::filesystem::path file = file_;
  const std::vector<RunCopy> known(tasks_.begin(), tasks_.end());
  lock.unlock();
  const auto isAmong = [](const auto& copies, const RunCopy& copy) {
    return std::any_of(copies.begin(), copies.end(), [&](const RunCopy& other) { return keyOf(other) == keyOf(copy); });
  };
  std::vector<Task> left;
  std::optional<Error> problem;
  try {
    if (!window_) window_.emplace(file);
    if (!mine_.valid()) mine_ = takeCopies(file);
    if (mine_.valid()) {
      for (const RunCopy& copy : leftCopies(file, *window_)) {
        if (isAmong(known, copy)) continue;
        Task task(copy);
        if (const auto origin = transfer::originOf(copy.folder); copy.mirror && origin) task.updated = origin->time;
        left.push_back(std::move(task));
      }
    }
  } catch (const Error& error) {
    problem = error;
  }
  lock.lock();
  if (problem) {
    keepFailed(*problem);
    return false;
  }
  // Where nothing waits to be written, the trouble was with reading.
  if (!unkept_) keepProblem_.clear();
  for (Task& task : left) {
    // What was asked for or stopped meanwhile holds.
    if (gone_.contains(keyOf(task)) || isAmong(tasks_, task)) continue;
    task.id = ++lastId_;
    tasks_.push_back(std::move(task));
    unkept_ = true;
    wake_.notify_all();
    QMetaObject::invokeMethod(this, &RunCopies::changed, Qt::QueuedConnection);
  }
  return true;
}

void RunCopies::copy(const RunSource& from, const QString& run, const QString& folder) {
  add(from, run, folder, false);
}

void RunCopies::mirror(const RunSource& from, const QString& run, const QString& folder) {
  add(from, run, folder, true);
}

void RunCopies::add(const RunSource& from, const QString& run, const QString& folder, bool mirror) {
  {
    const std::lock_guard lock(mutex_);
    Task task;
    task.from = from;
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
  return !socket_.empty() && copy.from == shown_;
}

std::optional<double> RunCopies::mirroredAt(const QString& run) const {
  const std::lock_guard lock(mutex_);
  std::optional<double> last;
  for (const Task& task : tasks_) {
    if (task.mirror && task.from == shown_ && task.run == run.toStdString())
      last = std::max(last.value_or(0.0), task.updated);
  }
  return last;
}

RunCopies::Task* RunCopies::find(std::uint64_t id) {
  const auto found = std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& task) { return task.id == id; });
  return found == tasks_.end() ? nullptr : &*found;
}

std::vector<RunCopies::Task>::iterator RunCopies::nextOf(bool mirrors) {
  return std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& task) {
    return task.mirror == mirrors && !socket_.empty() && task.from == shown_ && !task.refused &&
           task.due <= Clock::now();
  });
}

void RunCopies::work(bool mirrors, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto next = nextOf(mirrors);
    if (next == tasks_.end()) {
      wake_.wait_for(lock, stop, kLook, [&] { return nextOf(mirrors) != tasks_.end(); });
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
        wake_.notify_all();
      } else {
        *there = std::move(task);
      }
    }
    QMetaObject::invokeMethod(this, &RunCopies::changed, Qt::QueuedConnection);
  }
  --working_;
  wake_.notify_all();
}

void RunCopies::keepFile(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!file_.empty() && keepDue_ <= Clock::now() && adoptLeft(lock)) keep(lock);
    wake_.wait_for(lock, stop, kLook, [&] { return !file_.empty() && unkept_ && keepDue_ <= Clock::now(); });
  }
  // A copy may become whole until its thread ends.
  wake_.wait(lock, [&] { return working_ == 0; });
  keep(lock);
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
             tr("%1, %2 moved").arg(folder, sizeText(static_cast<double>(copied.moved)))});
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
           tr("%1, %2").arg(folder, sizeText(static_cast<double>(copied.bytes)))});
    }
    task.updated = secondsNow();
    task.problem.clear();
    task.failure.clear();
    task.due = Clock::now() + task.pause;
  } catch (const Error& error) {
    failed(task, error);
  } catch (const std::exception& error) {
    failed(task, internalError(error.what()));
  }
}

void RunCopies::failed(Task& task, const Error& error) {
  if (error.kind() == ErrorKind::kCancelled) return;
  task.refused = error.kind() == ErrorKind::kInput || error.kind() == ErrorKind::kUsage;
  // A cut of the way is said by the window; the same trouble is said once, whatever numbers are in it.
  const bool news =
      std::exchange(task.failure, error.failure()) != error.failure() && !engine::protocol::isUnreachable(error);
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
  std::optional<Error> problem;
  try {
    writeCopies(file, window_ ? window_->number() : 0, ours, gone);
  } catch (const Error& error) {
    problem = error;
  }
  lock.lock();
  if (!problem) return keepProblem_.clear();
  unkept_ = true;
  keepFailed(*problem);
}

void RunCopies::keepFailed(const Error& error) {
  // It is tried again; the same trouble is said once.
  keepDue_ = Clock::now() + kShortestPause;
  if (std::exchange(keepProblem_, error.failure()) != error.failure()) say(shell::noteOf(error));
}

void RunCopies::say(const shell::Note& note) {
  QMetaObject::invokeMethod(
      this, [this, note] { emit noted(note); }, Qt::QueuedConnection);
}

}  // namespace ecumene::ui::runs
