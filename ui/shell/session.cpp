// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/session.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QUrl>
#include <algorithm>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::ui::shell {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr std::size_t kLargestSession = std::size_t{4} << 20U;

QString text(const QByteArray& bytes) {
  return QString::fromLatin1(bytes.toBase64());
}

QByteArray bytes(const QJsonValue& value) {
  return QByteArray::fromBase64(value.toString().toLatin1());
}

}  // namespace

QJsonObject written(const Session& session) {
  QJsonObject layouts, views;
  for (auto it = session.layouts.begin(); it != session.layouts.end(); ++it) layouts[it.key()] = text(it.value());
  for (auto it = session.views.begin(); it != session.views.end(); ++it) views[it.key()] = it.value();
  return {{"ecumene_session", kVersion},
          {"name", session.name},
          {"workspace", session.workspace},
          {"geometry", text(session.geometry)},
          {"layouts", layouts},
          {"views", views},
          {"store", session.store},
          {"runs", session.runs},
          {"store_id", session.storeId},
          {"machine", session.machine}};
}

void saveSession(const fs::path& file, const Session& session) {
  std::error_code failure;
  fs::create_directories(file.parent_path(), failure);
  if (failure)
    throw systemError("cannot make the folder of the sessions", file.parent_path().string(), failure.value());
  writeFileAtomically(file, QJsonDocument(written(session)).toJson().toStdString());
}

Session loadSession(const fs::path& file) {
  return sessionOf(QByteArray::fromStdString(readFile(file, kLargestSession)), file.string());
}

Session sessionOf(const QByteArray& json, const std::string& name) {
  if (static_cast<std::size_t>(json.size()) > kLargestSession) {
    throw Error("this is no session of Ecumene")
        .on(name)
        .expected("at most " + std::to_string(kLargestSession) + " bytes")
        .found(std::to_string(json.size()));
  }
  QJsonParseError problem;
  const QJsonObject object = QJsonDocument::fromJson(json, &problem).object();
  const int version = object["ecumene_session"].toInt();
  if (problem.error != QJsonParseError::NoError || version < 1) {
    throw Error("this is no session of Ecumene").on(name).next("remove the file");
  }
  if (version > kVersion) {
    throw Error("the session is of a newer Ecumene")
        .on(name)
        .expected("version " + std::to_string(kVersion))
        .found("version " + std::to_string(version));
  }
  Session session;
  session.name = object["name"].toString();
  session.workspace = object["workspace"].toString();
  session.geometry = bytes(object["geometry"]);
  const QJsonObject layouts = object["layouts"].toObject(), views = object["views"].toObject();
  for (auto it = layouts.begin(); it != layouts.end(); ++it) session.layouts[it.key()] = bytes(it.value());
  for (auto it = views.begin(); it != views.end(); ++it) session.views[it.key()] = it.value().toObject();
  session.store = object["store"].toString();
  session.runs = object["runs"].toString();
  session.storeId = object["store_id"].toString();
  session.machine = object["machine"].toString();
  return session;
}

std::vector<SessionFile> sessionsOf(const fs::path& folder) {
  std::vector<SessionFile> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ".session") continue;
    try {
      const Session session = loadSession(entry.path());
      found.push_back(
          {session.name, entry.path(), QFileInfo(QString::fromStdString(entry.path().string())).lastModified()});
    } catch (const Error&) {
      // Not a session, so not in the list of them; opening it by hand would say why.
      continue;
    }
  }
  std::sort(found.begin(), found.end(), [](const SessionFile& a, const SessionFile& b) { return a.time > b.time; });
  return found;
}

std::string fileNameOf(const QString& sessionName) {
  return QUrl::toPercentEncoding(sessionName, {}, ".~").toStdString() + ".session";
}

}  // namespace ecumene::ui::shell
