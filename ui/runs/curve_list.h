// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QMap>
#include <QStringList>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace ecumene::ui::runs {

/// The metrics of a run by group ("loss", "gradient"), each with a box to show it, its colour and its value.
class CurveList : public QWidget {
  Q_OBJECT
 public:
  explicit CurveList(QWidget* parent = nullptr);
  /// Adds those that are new; the others stay as they are.
  void setNames(const QStringList& names);
  void setShown(const QStringList& names);
  [[nodiscard]] QStringList shown() const { return shown_; }
  /// Of the shown curves, in the order of shown().
  void setColours(const QMap<QString, QColor>& colours);
  void setValues(const QMap<QString, double>& values);
  /// What the values are of: "at step 120", "newest".
  void setValuesAre(const QString& text);
  /// Nothing is listed; `hint` says what would be, or how to get it.
  void clear(const QString& hint);

 signals:
  /// By the user's hand.
  void shownChanged(const QStringList& before);

 private:
  QTreeWidgetItem* groupOf(const QString& name);

  QStackedWidget* stack_ = nullptr;
  QTreeWidget* tree_ = nullptr;
  QLabel *valuesAre_ = nullptr, *hint_ = nullptr;
  QMap<QString, QTreeWidgetItem*> items_, groups_;
  QStringList shown_;
  bool quiet_ = false;
};

}  // namespace ecumene::ui::runs
