// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QTimer>
#include <QWidget>

#include "ui/client/client.h"

class QJsonObject;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace ecumene::ui::catalogue {

class Sending;
class SettingsLine;

/// What can be imported, a line for each format.
QString acceptedFormats();

/// Imports and generation of planets: sends what is dropped, shows how far each job is, what each file became or why it
/// was refused, imports a file again with what it did not say, and cancels.
class JobPanel : public QWidget {
  Q_OBJECT
 public:
  explicit JobPanel(client::Client* client, QWidget* parent = nullptr);

  /// Files and folders of this machine, as one job into the store that is shown, with what the field says of them.
  void import(const QStringList& paths);
  /// "512", or "512 seed 42".
  void generate(const QString& words);

 signals:
  /// A job has ended that may have changed the store.
  void storeChanged();
  void failed(const ecumene::Error& error);

 private:
  void poll();
  void askResult(qint64 job);
  void take(const wire::ListJobsReply& jobs);
  void takeResult(const wire::ShowJobReply& reply);
  void addLine(QTreeWidgetItem* job, const QJsonObject& file, bool refused);
  void showSending();
  void cancelChosen();
  /// The chosen file as it lies on this machine; empty: none is chosen, or it was not sent from here.
  [[nodiscard]] QString chosenFile() const;
  void importAgain();

  client::Client* client_;
  QTimer poll_;
  Sending* sending_;
  QMap<qint64, QString> bases_;  ///< of the jobs begun here: the folder that their paths are below
  QMap<qint64, QTreeWidgetItem*> items_;
  QMap<qint64, QString> states_;
  qint64 newest_ = 0;
  bool first_ = true;
  QStackedWidget* stack_ = nullptr;
  QTreeWidget* tree_ = nullptr;
  SettingsLine* settings_ = nullptr;
  QProgressBar* bar_ = nullptr;
  QLabel* sendingText_ = nullptr;
  QPushButton *again_ = nullptr, *cancel_ = nullptr;
};

}  // namespace ecumene::ui::catalogue
