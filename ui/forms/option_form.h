// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <map>
#include <string>
#include <vector>

#include "models/spec/options.h"

class QGridLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace ecumene::ui::forms {

/// An editor made from an option table: a group for each table of keys, a row for each option, with a search, a mark
/// and a way back where a value differs from its default, and validation while typing. What is typed goes into the
/// bound structs at once if it is valid; else the row says what was expected, and the struct keeps its last valid
/// value.
class OptionForm : public QWidget {
  Q_OBJECT
 public:
  /// Both tables have the same keys. Their structs must outlive the form.
  OptionForm(models::spec::Options edited, models::spec::Options defaults, QWidget* parent = nullptr);

  /// Shows what the structs hold now, after somebody else changed them.
  void reload();
  [[nodiscard]] bool valid() const { return invalid_.empty(); }
  /// Keys whose values differ from the defaults, in the table's order.
  [[nodiscard]] std::vector<std::string> changedKeys() const;
  /// The editor of an option: QCheckBox, QComboBox or QLineEdit, with the key as objectName.
  [[nodiscard]] QWidget* editorOf(const std::string& key) const;
  void setSearch(const QString& text);
  /// Leaves the row of this key out.
  void hideKey(const std::string& key);

 signals:
  /// A value has changed, or the form has become valid or invalid.
  void changed();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Row {
    std::string key;
    QLabel* label = nullptr;
    QWidget* editor = nullptr;
    QLabel* unit = nullptr;
    QToolButton* reset = nullptr;
    QLabel* problem = nullptr;
    bool hidden = false;
  };
  struct Group {
    QLabel* title = nullptr;
    std::size_t first = 0, last = 0;  ///< rows, one past the last
  };

  void addRow(const models::spec::Option& option, QGridLayout* grid, int line);
  void connectEditor(Row& row, const models::spec::Option& option);
  void take(const std::string& key, const QString& typed);
  void mark(Row& row);
  void describe(const Row& row);
  void filter();
  Row& rowOf(const std::string& key);

  models::spec::Options edited_, defaults_;
  std::vector<Row> rows_;
  std::vector<Group> groups_;
  std::map<std::string, std::string> invalid_;  ///< by key: what was typed
  QLineEdit* search_ = nullptr;
  QLabel* none_ = nullptr;
  QLabel* help_ = nullptr;
  bool loading_ = false;
};

}  // namespace ecumene::ui::forms
