// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/ssh_questions.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QLocalServer>
#include <QLocalSocket>
#include <QPointer>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/protocol/socket.h"

namespace ecumene::ui::client {
namespace {

/// The questions whether a host is known name the answers: "(yes/no/[fingerprint])?", then "Please type 'yes', 'no' or
/// the fingerprint: ", of older ssh "'yes' or 'no'". All others are secrets: a passphrase, a password, a code.
bool isSecret(const QString& question) {
  return !question.contains("(yes/no") && !question.contains("type 'yes'");
}

}  // namespace

SshQuestions::SshQuestions(const std::filesystem::path& program, QObject* parent)
    : QObject(parent),
      program_(program),
      socket_(engine::protocol::defaultSocket().parent_path() / ("ask" + std::to_string(::getpid()))),
      server_(new QLocalServer(this)) {
  engine::protocol::secureSocketFolder(socket_);
  server_->setSocketOptions(QLocalServer::UserAccessOption);
  const QString name = QString::fromStdString(socket_.string());
  QLocalServer::removeServer(name);
  if (!server_->listen(name)) {
    throw Error("questions of ssh cannot be taken", ErrorKind::kEnvironment)
        .on(socket_.string())
        .found(server_->errorString().toStdString());
  }
  connect(server_, &QLocalServer::newConnection, this, [this] {
    while (QLocalSocket* connection = server_->nextPendingConnection()) {
      connect(connection, &QLocalSocket::disconnected, connection, &QObject::deleteLater);
      const auto take = [this, connection] {
        if (!connection->canReadLine()) return;
        const QString question = QString::fromUtf8(QByteArray::fromBase64(connection->readLine().trimmed()));
        const QPointer<QLocalSocket> alive(connection);
        emit asked(question, isSecret(question), connection, [alive](const std::optional<QString>& answer) {
          if (!alive) return;
          if (answer) alive->write(answer->toUtf8() + '\n');
          alive->disconnectFromServer();
        });
      };
      connect(connection, &QLocalSocket::readyRead, connection, take);
      take();
    }
  });
}

SshQuestions::~SshQuestions() = default;

engine::attach::Asking SshQuestions::asking() const {
  return {program_, {{kVariable, socket_.string()}, {"DISPLAY", qEnvironmentVariable("DISPLAY", ":0").toStdString()}}};
}

int askAnotherProcess(const char* socket, const char* question) {
  // Who asks is gone with ssh, and the question with him.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const FileDescriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!connection.valid() || std::strlen(socket) >= sizeof address.sun_path) return 1;
  std::strcpy(address.sun_path, socket);
  if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 1;
  // One line, whatever the question holds.
  const QByteArray line = QByteArray(question).toBase64() + '\n';
  if (::send(connection.get(), line.data(), static_cast<std::size_t>(line.size()), MSG_NOSIGNAL) != line.size())
    return 1;
  QByteArray answer;
  char piece[256];
  for (ssize_t got = 0; (got = ::read(connection.get(), piece, sizeof piece)) > 0;) answer.append(piece, got);
  if (!answer.endsWith('\n')) return 1;
  std::fputs(answer.constData(), stdout);
  return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace ecumene::ui::client
