// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/option_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "data/base/error.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"

namespace ecumene::ui::forms {
namespace {

using models::spec::Option;

std::string tableOf(const std::string& key) {
  return key.substr(0, key.rfind('.'));
}

/// "weight_decay" of "train.weight_decay" as people write it.
QString titleOf(const std::string& key) {
  QString title = QString::fromStdString(key.substr(key.rfind('.') + 1));
  return title.replace('_', ' ');
}

/// As it is typed: texts without quotes.
QString typedOf(const Option& option) {
  const models::spec::OptionValue value = option.get();
  if (const auto* text = std::get_if<std::string>(&value)) return QString::fromStdString(*text);
  return QString::fromStdString(models::spec::written(value));
}

QWidget* editorFor(const Option& option, QWidget* parent) {
  QWidget* editor = nullptr;
  if (option.type() == "flag") {
    editor = new QCheckBox(parent);
  } else if (!option.choiceList.empty()) {
    auto* box = new QComboBox(parent);
    for (const std::string& choice : option.choiceList) box->addItem(QString::fromStdString(choice));
    editor = box;
  } else {
    auto* line = new QLineEdit(parent);
    if (option.type() != "text") {
      line->setFont(look::numberFont());
      line->setAlignment(Qt::AlignRight);
    }
    line->setMinimumWidth(line->fontMetrics().averageCharWidth() * 9);
    editor = line;
  }
  editor->setObjectName(QString::fromStdString(option.key));
  return editor;
}

void display(QWidget* editor, const Option& option) {
  if (auto* check = qobject_cast<QCheckBox*>(editor)) {
    check->setChecked(std::get<bool>(option.get()));
  } else if (auto* box = qobject_cast<QComboBox*>(editor)) {
    box->setCurrentText(typedOf(option));
  } else if (auto* line = qobject_cast<QLineEdit*>(editor)) {
    line->setText(typedOf(option));
    line->setCursorPosition(0);
  }
}

}  // namespace

OptionForm::OptionForm(models::spec::Options edited, models::spec::Options defaults, QWidget* parent)
    : QWidget(parent), edited_(std::move(edited)), defaults_(std::move(defaults)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  search_ = new QLineEdit(this);
  search_->setObjectName("search");
  search_->setPlaceholderText(tr("Search options, or type \"changed\""));
  search_->setClearButtonEnabled(true);
  search_->addAction(look::icon(look::Icon::kSearch), QLineEdit::LeadingPosition);
  column->addWidget(search_);

  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  auto* inner = new QWidget(scroll);
  auto* grid = new QGridLayout(inner);
  grid->setContentsMargins(8, 4, 8, 8);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(4);
  grid->setColumnStretch(1, 1);
  int line = 0;
  std::string table;
  for (const Option& option : edited_.rows()) {
    if (tableOf(option.key) != table) {
      table = tableOf(option.key);
      auto* title = new QLabel(QString::fromStdString(table), inner);
      title->setFont(look::headingFont(1.0));
      title->setContentsMargins(0, 12, 0, 0);
      grid->addWidget(title, line++, 0, 1, 4);
      groups_.push_back({title, rows_.size(), rows_.size()});
    }
    addRow(option, grid, line);
    line += 2;
    groups_.back().last = rows_.size();
  }
  none_ = new QLabel(tr("No option answers to this search."), inner);
  none_->setForegroundRole(QPalette::PlaceholderText);
  none_->hide();
  grid->addWidget(none_, line++, 0, 1, 4);
  grid->setRowStretch(line, 1);
  scroll->setWidget(inner);
  column->addWidget(scroll, 1);

  help_ = new QLabel(this);
  help_->setObjectName("help");
  help_->setWordWrap(true);
  help_->setForegroundRole(QPalette::PlaceholderText);
  help_->setMinimumHeight(help_->fontMetrics().lineSpacing() * 3);
  help_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  help_->setText(tr("What an option does is said here when it has the focus."));
  column->addWidget(help_);
  connect(search_, &QLineEdit::textChanged, this, &OptionForm::filter);
  reload();
}

void OptionForm::addRow(const Option& option, QGridLayout* grid, int line) {
  QWidget* parent = grid->parentWidget();
  Row row;
  row.key = option.key;
  row.label = new QLabel(titleOf(option.key), parent);
  row.label->setWordWrap(true);
  row.label->setToolTip(QString::fromStdString(option.sentence));
  row.editor = editorFor(option, parent);
  row.editor->setToolTip(QString::fromStdString(option.sentence));
  row.editor->setAccessibleName(QString::fromStdString(option.key));
  row.editor->installEventFilter(this);
  row.label->setBuddy(row.editor);
  row.unit = new QLabel(QString::fromStdString(option.unitText), parent);
  row.unit->setForegroundRole(QPalette::PlaceholderText);
  row.unit->setWordWrap(true);
  row.reset = new QToolButton(parent);
  row.reset->setAutoRaise(true);
  row.reset->setIcon(look::icon(look::Icon::kUndo));
  row.reset->setToolTip(tr("Back to the default: %1").arg(typedOf(defaults_.find(option.key))));
  row.reset->setAccessibleName(tr("Default of %1").arg(QString::fromStdString(option.key)));
  row.problem = new QLabel(parent);
  row.problem->setWordWrap(true);
  row.problem->setForegroundRole(QPalette::BrightText);
  row.problem->hide();
  grid->addWidget(row.label, line, 0);
  grid->addWidget(row.editor, line, 1);
  grid->addWidget(row.unit, line, 2);
  grid->addWidget(row.reset, line, 3);
  grid->addWidget(row.problem, line + 1, 0, 1, 4);
  connectEditor(row, option);
  rows_.push_back(row);
}

void OptionForm::connectEditor(Row& row, const Option& option) {
  const std::string key = option.key;
  if (auto* check = qobject_cast<QCheckBox*>(row.editor)) {
    connect(check, &QCheckBox::toggled, this, [this, key](bool on) { take(key, on ? "true" : "false"); });
  } else if (auto* box = qobject_cast<QComboBox*>(row.editor)) {
    connect(box, &QComboBox::currentTextChanged, this, [this, key](const QString& text) { take(key, text); });
  } else if (auto* line = qobject_cast<QLineEdit*>(row.editor)) {
    connect(line, &QLineEdit::textChanged, this, [this, key](const QString& text) { take(key, text); });
  }
  connect(row.reset, &QToolButton::clicked, this, [this, key] {
    display(rowOf(key).editor, defaults_.find(key));
    rowOf(key).editor->setFocus();
  });
}

void OptionForm::take(const std::string& key, const QString& typed) {
  if (loading_) return;
  Row& row = rowOf(key);
  try {
    Option& option = edited_.find(key);
    // An empty line is a text, but no number.
    option.setTyped(option.type() == "text" ? typed.toStdString() : typed.trimmed().toStdString());
    invalid_.erase(key);
    row.problem->hide();
  } catch (const Error& error) {
    invalid_[key] = typed.toStdString();
    row.problem->setText(tr("Expected %1").arg(QString::fromStdString(error.expectation())));
    row.problem->show();
  }
  mark(row);
  emit changed();
}

void OptionForm::mark(Row& row) {
  const bool differs = edited_.find(row.key).get() != defaults_.find(row.key).get() || invalid_.contains(row.key);
  row.label->setText((differs ? QStringLiteral("• ") : QString()) + titleOf(row.key));
  row.label->setForegroundRole(differs ? QPalette::Link : QPalette::WindowText);
  row.reset->setVisible(differs && !row.editor->isHidden());
}

void OptionForm::describe(const Row& row) {
  const Option& option = edited_.find(row.key);
  help_->setText(tr("%1: %2 Expects %3; default %4.")
                     .arg(QString::fromStdString(option.key), QString::fromStdString(option.sentence),
                          QString::fromStdString(option.expectation()), typedOf(defaults_.find(row.key))));
}

void OptionForm::reload() {
  loading_ = true;
  invalid_.clear();
  for (Row& row : rows_) {
    display(row.editor, edited_.find(row.key));
    row.problem->hide();
    mark(row);
  }
  loading_ = false;
  filter();
  emit changed();
}

std::vector<std::string> OptionForm::changedKeys() const {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (edited_.rows()[i].get() != defaults_.rows()[i].get()) keys.push_back(rows_[i].key);
  }
  return keys;
}

QWidget* OptionForm::editorOf(const std::string& key) const {
  for (const Row& row : rows_) {
    if (row.key == key) return row.editor;
  }
  throw internalError("the form has no such option");
}

void OptionForm::setSearch(const QString& text) {
  search_->setText(text);
}

void OptionForm::hideKey(const std::string& key) {
  rowOf(key).hidden = true;
  filter();
}

bool OptionForm::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusIn) {
    for (const Row& row : rows_) {
      if (row.editor == watched) describe(row);
    }
  }
  return QWidget::eventFilter(watched, event);
}

void OptionForm::filter() {
  const QString wanted = search_->text().trimmed();
  const bool changedOnly = wanted == "changed";
  bool any = false;
  for (const Group& group : groups_) {
    bool groupShown = false;
    for (std::size_t i = group.first; i < group.last; ++i) {
      Row& row = rows_[i];
      const Option& option = edited_.find(row.key);
      const bool differs = option.get() != defaults_.find(row.key).get() || invalid_.contains(row.key);
      const bool found =
          wanted.isEmpty() || titleOf(row.key).contains(wanted, Qt::CaseInsensitive) ||
          QString::fromStdString(option.key + " " + option.sentence).contains(wanted, Qt::CaseInsensitive);
      const bool shown = !row.hidden && (changedOnly ? differs : found);
      for (QWidget* part : {static_cast<QWidget*>(row.label), row.editor, static_cast<QWidget*>(row.unit)}) {
        part->setVisible(shown);
      }
      // In a row that is shown nothing moves where its button comes; one that is not has no place.
      QSizePolicy keepsPlace = row.reset->sizePolicy();
      keepsPlace.setRetainSizeWhenHidden(shown);
      row.reset->setSizePolicy(keepsPlace);
      row.problem->setVisible(shown && invalid_.contains(row.key));
      mark(row);
      groupShown = groupShown || shown;
    }
    group.title->setVisible(groupShown);
    any = any || groupShown;
  }
  none_->setVisible(!any);
}

OptionForm::Row& OptionForm::rowOf(const std::string& key) {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.key == key; });
  if (found == rows_.end()) throw internalError("the form has no such option");
  return *found;
}

}  // namespace ecumene::ui::forms
