// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QStringList>
#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>

#include "ui/client/client.h"

namespace ecumene::ui::catalogue {

/// What was dropped, on its way to the daemon: looked through and sent on a thread of its own, one drop after the
/// other, each as one job.
class Sending : public QObject {
  Q_OBJECT
 public:
  explicit Sending(client::Client* client, QObject* parent = nullptr);
  ~Sending() override;

  /// Files and folders of this machine, into the store that is shown. `settings`: "planet=WASP-39 b". `inside`: paths
  /// may be those of planets in a file that holds many, "catalogue.csv: WASP-39 b"; the whole file is sent.
  void send(const QStringList& paths, const QStringList& settings, bool inside = false);
  /// Gives up all that is on its way.
  void cancel();
  [[nodiscard]] bool isBusy() const { return !drops_.isEmpty(); }
  /// What is being done, for people.
  [[nodiscard]] QString words() const;
  /// Of the bytes of the drop that is being sent; none while its files are looked for.
  [[nodiscard]] std::optional<double> share() const;

 signals:
  /// The daemon has the files, whose paths are below `base`, and a job.
  void begun(qint64 job, const QString& base);
  void changed();
  void failed(const ecumene::Error& error);

 private:
  struct Drop {
    QStringList paths;
    std::stop_source stop;
    std::atomic<std::size_t> files = 0;  ///< to be imported; 0: they are looked for
    std::atomic<std::uint64_t> sent = 0, total = 0;
    std::atomic<bool> waits = false;  ///< for another client that sends the same
  };
  void end(const std::shared_ptr<Drop>& drop);

  client::Client* client_;
  QList<std::shared_ptr<Drop>> drops_;  ///< the first one is on its way, the others wait
};

}  // namespace ecumene::ui::catalogue
