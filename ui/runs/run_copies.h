// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "ui/client/client.h"
#include "ui/shell/notifications.h"

namespace ecumene::ui::runs {

/// Copies runs of the daemon to folders of this machine, one after the other, on a thread and a connection of their
/// own. What a lost connection cut goes on once the daemon answers again; a mirror is brought up to date for as long as
/// the window is attached to its machine. What ends with the window goes on when it is asked for again.
class RunCopies : public QObject {
  Q_OBJECT
 public:
  static constexpr std::chrono::seconds kMirrorPause{5};

  /// The client must outlive it.
  explicit RunCopies(client::Client* client, QObject* parent = nullptr);
  ~RunCopies() override;

  /// `folder` becomes the run: absent, empty, or for a mirror an earlier mirror of this run.
  void copy(const QString& run, const QString& folder);
  void mirror(const QString& run, const QString& folder);

 signals:
  void noted(const ecumene::ui::shell::Note& note);

 private:
  struct Task {
    std::string host, run, folder;  ///< the daemon's machine, which says the name of itself
    bool mirror = false, updated = false;
    std::chrono::steady_clock::time_point due;
  };
  void add(const QString& run, const QString& folder, bool mirror);
  void askForSocket();
  void work(const std::stop_token& stop);
  /// False: it is to be tried again.
  bool run(Task& task, const std::string& socket, const std::stop_token& stop);
  void note(const shell::Note& note);

  client::Client* client_;
  std::mutex mutex_;  ///< of the next three
  std::deque<Task> tasks_;
  std::string socket_, host_;  ///< of the daemon; empty: nobody answers
  std::condition_variable_any changed_;
  std::jthread thread_;  ///< last: it uses the others
};

}  // namespace ecumene::ui::runs
