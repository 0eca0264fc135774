// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QTimer>
#include <QWidget>
#include <atomic>
#include <memory>

#include "ui/client/client.h"

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace ecumene::ui::catalogue {

/// Imports and generation of planets: sends files, shows how far each job is, what each file became or why it was
/// refused, and cancels.
class JobPanel : public QWidget {
  Q_OBJECT
 public:
  /// The files of one import.
  struct Batch {
    QStringList files;
    QString planet;  ///< empty: as the files say
  };
  /// What was dropped.
  struct Found {
    QList<Batch> batches;
    QStringList empty;  ///< folders without files
  };
  explicit JobPanel(client::Client* client, QWidget* parent = nullptr);
  ~JobPanel() override;

  /// Looks for files, however many and on a thread of its own, sends them to the daemon and imports them into the store
  /// that is shown: a job for each folder that was given, with the folder's name for its planet, and one for all single
  /// files.
  void import(const QStringList& paths);
  /// "512", or "512 seed 42".
  void generate(const QString& words);

 signals:
  /// A job has ended that may have changed the store.
  void storeChanged();
  void failed(const ecumene::Error& error);

 private:
  struct Sending {
    std::atomic<bool> stop = false;
    std::atomic<std::uint64_t> sent = 0, total = 0;
  };
  void take(Found found);
  void sendNext();
  void send(const Batch& batch);
  void poll();
  void askResult(qint64 job);
  void take(const wire::ListJobsReply& jobs);
  void takeResult(const wire::ShowJobReply& reply);
  void showSending();
  void giveUpSending();
  void stopLooking();
  void cancelChosen();

  client::Client* client_;
  QTimer poll_;
  QList<Batch> batches_;
  std::shared_ptr<std::atomic<bool>> looking_ = std::make_shared<std::atomic<bool>>(false);  ///< true: no more
  int drops_ = 0;                     ///< that are looked through
  std::shared_ptr<Sending> sending_;  ///< null: nothing is being sent
  QString sendingWords_;
  QMap<qint64, QTreeWidgetItem*> items_;
  QMap<qint64, QString> states_;
  qint64 newest_ = 0;
  bool first_ = true;
  QStackedWidget* stack_ = nullptr;
  QTreeWidget* tree_ = nullptr;
  QLineEdit* settings_ = nullptr;
  QProgressBar* bar_ = nullptr;
  QLabel* sendingText_ = nullptr;
  QPushButton* cancel_ = nullptr;
};

}  // namespace ecumene::ui::catalogue
