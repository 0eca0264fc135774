// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <cstdint>
#include <map>
#include <vector>

#include "ui/client/client.h"

namespace ecumene::ui::client {

/// Readings of the daemon's machine and its alerts, asked for every few seconds on a worker thread.
class MachineWatch : public QObject {
  Q_OBJECT
 public:
  static constexpr int kPauseMs = 2000;
  static constexpr std::size_t kKept = 500;  ///< alerts
  /// The client must outlive it.
  explicit MachineWatch(Client* client, QObject* parent = nullptr);

  /// The last; time 0 where there is none yet, or nobody answers.
  [[nodiscard]] const wire::ReadingsReply& readings() const { return readings_; }
  /// The newest first.
  [[nodiscard]] const std::vector<wire::Alert>& alerts() const { return alerts_; }
  /// What the daemon looks for.
  [[nodiscard]] const std::vector<wire::Rule>& rules() const { return rules_; }
  [[nodiscard]] QString sentenceOf(const std::string& rule) const;

 signals:
  void read();
  /// What the daemon has read while nobody watched, by time, the last before readings().
  void past(const std::vector<ecumene::wire::ReadingsReply>& readings);
  void alertsChanged();
  /// One that came up since the daemon was reached, or held then. How runs ended before is no news.
  void raised(const ecumene::wire::Alert& alert);

 private:
  void ask();
  void askRules();
  void askPast();
  void forget();
  void take(const wire::AlertsReply& reply);

  Client* client_;
  QTimer timer_;
  wire::ReadingsReply readings_;
  std::vector<wire::Alert> alerts_;
  std::vector<wire::Rule> rules_;
  std::int64_t last_ = 0;  ///< number of the newest alert
  double seen_ = 0.0;      ///< time of the newest readings
  bool first_ = true;
};

}  // namespace ecumene::ui::client
