// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "data/base/files.h"
#include "ui/client/client.h"
#include "ui/runs/copy_window.h"
#include "ui/shell/notifications.h"

namespace ecumene::ui::runs {

/// The daemon's machine and folder of runs, which say whose run one is.
struct RunSource {
  std::string host, runs;
  bool operator==(const RunSource&) const = default;
};

/// A run of a daemon that becomes a folder of this machine, once or for as long as it is not stopped.
struct RunCopy {
  std::uint64_t id = 0;
  RunSource from;
  std::string run, folder;
  bool mirror = false;
  bool atWork = false;              ///< now
  std::uint64_t done = 0, all = 0;  ///< bytes, while at work
  double updated = 0.0;             ///< seconds since 1970; 0: not yet
  std::string problem;              ///< of the last try; empty: none
  bool refused = false;             ///< and it is not tried again
};

/// Copies runs of the daemon to folders of this machine on threads and connections of their own: mirrors one after the
/// other, and copies likewise. A mirror is brought up to date while the window is attached to its machine. What the
/// machine, the way or the disk keep from going on is tried again, later each time, until it is stopped; only what the
/// run or the folder themselves forbid is given up. Used from the window's thread.
class RunCopies : public QObject {
  Q_OBJECT
 public:
  static constexpr std::chrono::seconds kShortestPause{5}, kLongestPause{60};  ///< of a mirror, or between two tries

  /// The client must outlive it.
  explicit RunCopies(client::Client* client, QObject* parent = nullptr);
  ~RunCopies() override;

  /// Goes on with what the file says is not done and no window goes on with, once a thread has read it, and keeps in it
  /// what is not: it outlives the window. While another window has the file, what windows left is that one's.
  void keepIn(const std::filesystem::path& file);
  /// Of the daemon that is shown.
  [[nodiscard]] RunSource source() const;
  /// `folder` becomes the run: absent, empty, or for a mirror an earlier mirror of this run.
  void copy(const RunSource& from, const QString& run, const QString& folder);
  void mirror(const RunSource& from, const QString& run, const QString& folder);
  /// Ends it and forgets it; what has come stays, and goes on where it is asked for again.
  void stop(std::uint64_t id);
  /// The oldest first.
  [[nodiscard]] std::vector<RunCopy> all() const;
  /// It is of the daemon that is shown.
  [[nodiscard]] bool isShown(const RunCopy& copy) const;
  /// When this run of the daemon that is shown was last mirrored here, seconds since 1970; none: it is not mirrored.
  [[nodiscard]] std::optional<double> mirroredAt(const QString& run) const;

 signals:
  void noted(const ecumene::ui::shell::Note& note);
  /// One came, went, began or ended its work.
  void changed();

 private:
  using Clock = std::chrono::steady_clock;
  struct Task : RunCopy {
    Task() = default;
    explicit Task(const RunCopy& copy) : RunCopy(copy) {}
    Clock::time_point due = Clock::now();
    std::chrono::milliseconds pause = kShortestPause;
    std::stop_source stopped;
    std::string failure;  ///< of the last try, without what changes from try to try
  };
  void add(const RunSource& from, const QString& run, const QString& folder, bool mirror);
  void askForSocket();
  void work(bool mirrors, const std::stop_token& stop);
  [[nodiscard]] std::vector<Task>::iterator nextOf(bool mirrors);
  /// The file alone, which nothing that moves holds up.
  void keepFile(const std::stop_token& stop);
  /// Changes the task as it went. Any thread.
  void run(Task& task, const std::string& socket, const std::stop_token& stop);
  void failed(Task& task, const Error& error);
  /// Takes over what windows that are gone have left in the file, unless another window does. False: the file could not
  /// be read.
  bool adoptLeft(std::unique_lock<std::mutex>& lock);
  void keep(std::unique_lock<std::mutex>& lock);
  void keepFailed(const Error& error);
  void say(const shell::Note& note);
  [[nodiscard]] Task* find(std::uint64_t id);

  client::Client* client_;
  mutable std::mutex mutex_;  ///< of all below but the threads
  std::vector<Task> tasks_;
  std::uint64_t lastId_ = 0;
  std::string socket_;  ///< of the daemon; empty: nobody answers
  RunSource shown_;
  std::filesystem::path file_;
  std::set<std::string> gone_;  ///< keys of what the file may still have
  FileDescriptor mine_;         ///< the right to go on with what others left in the file; the keeper's, as the next is
  std::optional<CopyWindow> window_;  ///< given up before that right, so that whoever takes it finds nothing of us
  bool unkept_ = false;               ///< the file is to be written
  Clock::time_point keepDue_;         ///< not before
  std::string keepProblem_;           ///< of the last try with the file; empty: none
  int working_ = 2;                   ///< threads that copy
  std::condition_variable_any wake_;
  std::jthread mirrors_, copies_, keeper_;  ///< last: they use the others
};

}  // namespace ecumene::ui::runs
