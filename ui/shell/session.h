// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QJsonObject>
#include <QMap>
#include <QString>
#include <filesystem>
#include <string>
#include <vector>

namespace ecumene::ui::shell {

/// How a window was left: layout, where its data came from, what was shown.
struct Session {
  QString name;
  QString workspace;                  ///< id of the one in front
  QByteArray geometry;                ///< QWidget::saveGeometry
  QMap<QString, QByteArray> layouts;  ///< by workspace: QMainWindow::saveState
  QMap<QString, QJsonObject> views;   ///< by workspace: view state
  QString store, runs;                ///< folders of this machine
  QString storeId;                    ///< that the daemon calls the store by that was shown
  QString machine;                    ///< as ssh takes it; empty: this one
  bool operator==(const Session&) const = default;
};

/// As a file has it.
QJsonObject written(const Session& session);
/// Throws Error naming the object where the text is no session, larger than any or of a newer version.
Session sessionOf(const QByteArray& json, const std::string& object);

/// Whole or not at all; makes the folder.
void saveSession(const std::filesystem::path& file, const Session& session);
/// Throws Error as sessionOf() does.
Session loadSession(const std::filesystem::path& file);

struct SessionFile {
  QString name;
  std::filesystem::path file;
  QDateTime time;
};
/// Those of a folder, newest first. Files that are no sessions are left out.
std::vector<SessionFile> sessionsOf(const std::filesystem::path& folder);
/// A file name for any session name: letters, digits, '-' and '_' stay, the rest is written as its code.
std::string fileNameOf(const QString& sessionName);

}  // namespace ecumene::ui::shell
