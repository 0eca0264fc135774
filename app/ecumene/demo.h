// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include "ui/client/client.h"

namespace ecumene::ecumene_app {

/// The demo for who has no planets yet: the daemon generates some as a job, and then the demo model can be trained on
/// them. Offered while the store that is shown is empty.
class Demo : public QObject {
  Q_OBJECT
 public:
  static constexpr std::uint32_t kPlanets = 128;
  static constexpr std::uint64_t kSeed = 42;
  /// The client must outlive it.
  explicit Demo(ui::client::Client* client, QObject* parent = nullptr);
  /// Whether the store is empty, anew.
  void look();
  void begin();

 signals:
  /// What to say of it, empty where there is nothing to offer; and whether it can begin.
  void changed(const QString& sentence, bool canBegin);
  void planetsThere();
  void failed(const ecumene::Error& error);

 private:
  void ask();
  void take(const wire::Job& job);

  ui::client::Client* client_;
  std::int64_t job_ = 0;  ///< of the planets; 0: none
  QTimer poll_;
};

}  // namespace ecumene::ecumene_app
