// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <functional>

#include "ui/shell/figure.h"
#include "ui/shell/notifications.h"
#include "ui/shell/session.h"

class QThreadPool;
class QWidget;

namespace ecumene::ui::shell {

/// Copies and saves figures with the view inside, and finds that view again in a file that is dropped.
class Figures : public QObject {
  Q_OBJECT
 public:
  /// `writer` reads and writes files; both must outlive it.
  Figures(QWidget* window, QThreadPool* writer, QObject* parent = nullptr);
  /// `view` says what the figure shows: one workspace, and where its data come from. It is asked when the picture is
  /// made, which may be long after a file is asked for, and must outlive this.
  void act(const Figure& figure, FigureDeed deed, const std::function<Session()>& view);
  /// The same without asking for a file. Its name says the format.
  void save(const Figure& figure, const QString& file, const Session& view);
  /// Looks for a view in files of this machine: opened() for the first that has one, others() for all that have none.
  void find(const QStringList& paths);

 signals:
  void noted(const ecumene::ui::shell::Note& note);
  void opened(const ecumene::ui::shell::Session& view);
  void others(const QStringList& paths);

 private:
  void askFile(const QString& title, const QString& name, const QStringList& filters,
               const std::function<void(const QString&)>& done);
  /// Says so where there is nothing.
  bool isThere(const Figure& figure);
  void write(const QString& file, const QByteArray& bytes);

  QWidget* window_;
  QThreadPool* writer_;
};

}  // namespace ecumene::ui::shell
