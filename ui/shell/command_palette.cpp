// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_palette.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPointer>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/look/theme.h"
#include "ui/shell/fuzzy.h"

namespace ecumene::ui::shell {
namespace {

constexpr int kShortcutRole = Qt::UserRole + 1;
constexpr int kMostRows = 12;

/// "View › Globe": an action's own words, after those of its menu.
QString titleOf(const QAction* action) {
  const QString group = action->property("group").toString();
  const QString text = QString(action->text()).remove('&').remove("…");
  return group.isEmpty() ? text : group + QStringLiteral(" › ") + text;
}

/// A row: icon and words on the left, the shortcut on the right.
class RowDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->setPen(selected ? option.palette.color(QPalette::HighlightedText)
                             : option.palette.color(QPalette::PlaceholderText));
    painter->setFont(look::numberFont());
    painter->drawText(option.rect.adjusted(0, 0, -12, 0), Qt::AlignRight | Qt::AlignVCenter,
                      index.data(kShortcutRole).toString());
  }
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    return QStyledItemDelegate::sizeHint(option, index).expandedTo({0, option.fontMetrics.height() + 12});
  }
};

}  // namespace

CommandPalette::CommandPalette(QWidget* window) : QFrame(window) {
  setObjectName("palette");
  setFrameShape(QFrame::Box);
  setAutoFillBackground(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  question_ = new QLabel(this);
  line_ = new QLineEdit(this);
  line_->setObjectName("paletteLine");
  list_ = new QListWidget(this);
  list_->setObjectName("paletteList");
  list_->setItemDelegate(new RowDelegate(list_));
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setUniformItemSizes(true);
  list_->setTextElideMode(Qt::ElideRight);
  column->addWidget(question_);
  column->addWidget(line_);
  column->addWidget(list_);
  line_->installEventFilter(this);
  window->installEventFilter(this);
  connect(line_, &QLineEdit::textChanged, this, &CommandPalette::refill);
  connect(list_, &QListWidget::itemClicked, this, &CommandPalette::accept);
  hide();
}

void CommandPalette::open(const QList<QAction*>& actions) {
  actions_ = actions;
  done_ = nullptr;
  question_->hide();
  line_->setPlaceholderText(tr("Type what you want to do"));
  line_->clear();
  list_->show();
  if (!isVisible()) focusBefore_ = QApplication::focusWidget();
  refill();
  show();
  raise();
  line_->setFocus();
}

void CommandPalette::ask(const QString& question, const QString& initial, std::function<void(const QString&)> done) {
  done_ = std::move(done);
  question_->setText(question);
  question_->show();
  line_->setPlaceholderText({});
  line_->setText(initial);
  line_->selectAll();
  list_->hide();
  if (!isVisible()) focusBefore_ = QApplication::focusWidget();
  place();
  show();
  raise();
  line_->setFocus();
}

void CommandPalette::refill() {
  if (done_) return;
  struct Match {
    int score;
    qsizetype order;
    QAction* action;
  };
  std::vector<Match> matches;
  for (qsizetype i = 0; i < actions_.size(); ++i) {
    if (!actions_[i]->isEnabled() || actions_[i]->isSeparator()) continue;
    const auto score = fuzzyScore(line_->text(), titleOf(actions_[i]));
    if (score) matches.push_back({*score, i, actions_[i]});
  }
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.score > b.score; });
  list_->clear();
  for (const Match& match : matches) {
    auto* item = new QListWidgetItem(match.action->icon(), titleOf(match.action), list_);
    item->setData(Qt::UserRole, match.order);
    item->setData(kShortcutRole, match.action->shortcut().toString(QKeySequence::NativeText));
    if (match.action->isCheckable() && match.action->isChecked()) item->setText(item->text() + tr("  (on)"));
  }
  if (matches.empty()) {
    auto* none = new QListWidgetItem(tr("No action answers to this"), list_);
    none->setFlags(Qt::NoItemFlags);
  }
  list_->setCurrentRow(0);
  place();
}

void CommandPalette::accept() {
  if (done_) {
    const auto done = std::move(done_);
    const QString text = line_->text().trimmed();
    leave();
    if (!text.isEmpty()) done(text);
    return;
  }
  const QListWidgetItem* item = list_->currentItem();
  if (item == nullptr || !item->flags().testFlag(Qt::ItemIsEnabled)) return;
  const QPointer<QAction> action = actions_[item->data(Qt::UserRole).toLongLong()];
  leave();
  if (action) action->trigger();
}

void CommandPalette::leave() {
  done_ = nullptr;
  hide();
  if (focusBefore_ != nullptr) focusBefore_->setFocus();
  focusBefore_ = nullptr;
}

void CommandPalette::place() {
  const QWidget* window = parentWidget();
  const int character = fontMetrics().averageCharWidth();
  const int width = std::min(window->width() - 32, character * 80);
  const int row = list_->count() > 0 ? list_->sizeHintForRow(0) : fontMetrics().height() + 12;
  const int rows = std::clamp(list_->count(), 1, kMostRows);
  const int room = std::max(row, window->height() * 2 / 3);
  list_->setFixedHeight(std::min(room, rows * row + 2 * list_->frameWidth()));
  layout()->activate();
  setFixedWidth(width);
  setFixedHeight(layout()->hasHeightForWidth() ? layout()->heightForWidth(width) : layout()->sizeHint().height());
  move((window->width() - width) / 2, std::max(8, window->height() / 10));
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible()) place();
  if (watched != line_) return QFrame::eventFilter(watched, event);
  if (event->type() == QEvent::FocusOut && isVisible() && QApplication::activePopupWidget() == nullptr) {
    // The focus goes where the user has put it.
    focusBefore_ = nullptr;
    leave();
  }
  if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  const int step = key == Qt::Key_Down       ? 1
                   : key == Qt::Key_Up       ? -1
                   : key == Qt::Key_PageDown ? 8
                   : key == Qt::Key_PageUp   ? -8
                                             : 0;
  if (step != 0 && list_->count() > 0) {
    list_->setCurrentRow(std::clamp(list_->currentRow() + step, 0, list_->count() - 1));
    return true;
  }
  if (key == Qt::Key_Escape) {
    leave();
    return true;
  }
  if (key == Qt::Key_Return || key == Qt::Key_Enter) {
    accept();
    return true;
  }
  return QFrame::eventFilter(watched, event);
}

}  // namespace ecumene::ui::shell
