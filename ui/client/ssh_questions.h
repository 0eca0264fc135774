// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <optional>

#include "engine/attach/tunnel.h"

class QLocalServer;

namespace ecumene::ui::client {

/// Brings ssh's questions into the window: ssh runs our program as its SSH_ASKPASS, which asks us through a socket of
/// this user alone (askAnotherProcess) and prints what we answer.
class SshQuestions : public QObject {
  Q_OBJECT
 public:
  /// `program` is what ssh runs: it calls askAnotherProcess() where kVariable is set in its environment.
  explicit SshQuestions(const std::filesystem::path& program, QObject* parent = nullptr);
  ~SshQuestions() override;

  static constexpr const char* kVariable = "ECUMENE_ASKPASS";  ///< the socket
  [[nodiscard]] engine::attach::Asking asking() const;

  using Answer = std::function<void(const std::optional<QString>&)>;
 signals:
  /// Answer once, from the window's thread; none where the person would not say. `asker` ends where nobody waits for
  /// the answer any more.
  void asked(const QString& question, bool secret, QObject* asker,
             const ecumene::ui::client::SshQuestions::Answer& answer);

 private:
  std::filesystem::path program_, socket_;
  QLocalServer* server_ = nullptr;
};

/// What the SSH_ASKPASS program does: asks the process behind the socket, prints the answer. Its exit code: 1 where
/// there is none.
int askAnotherProcess(const char* socket, const char* question);

}  // namespace ecumene::ui::client
