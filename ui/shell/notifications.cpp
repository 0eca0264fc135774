// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/notifications.h"

#include <QClipboard>
#include <QFrame>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "data/base/error.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"

namespace ecumene::ui::shell {
namespace {

constexpr int kLines = 18;  ///< of text, that the panel has room for at first: some notes, one with its details

look::Icon iconOf(Severity severity) {
  switch (severity) {
    case Severity::kWarning:
      return look::Icon::kWarning;
    case Severity::kError:
      return look::Icon::kError;
    case Severity::kInformation:
      break;
  }
  return look::Icon::kInformation;
}

QString line(const char* label, const std::string& text) {
  return text.empty() ? QString()
                      : QStringLiteral("%1: %2\n").arg(QString::fromLatin1(label), QString::fromStdString(text));
}

QToolButton* flatButton(const QString& text, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setText(text);
  button->setAutoRaise(true);
  return button;
}

/// One note with its foldable details.
QWidget* card(const Note& note, QWidget* parent) {
  auto* frame = new QFrame(parent);
  frame->setObjectName("note");
  auto* column = new QVBoxLayout(frame);
  column->setContentsMargins(12, 8, 12, 8);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  auto* sign = new QLabel(frame);
  const int side = sign->fontMetrics().height();
  sign->setPixmap(look::icon(iconOf(note.severity)).pixmap(side, side));
  auto* kind = new QLabel(word(note.severity), frame);
  kind->setForegroundRole(QPalette::PlaceholderText);
  auto* time = new QLabel(note.time.toString("HH:mm:ss"), frame);
  time->setFont(look::numberFont());
  time->setForegroundRole(QPalette::PlaceholderText);
  head->addWidget(sign);
  head->addWidget(kind);
  head->addStretch();
  head->addWidget(time);
  column->addLayout(head);
  auto* title = new QLabel(note.title, frame);
  title->setTextFormat(Qt::PlainText);  // it may quote anybody's file
  title->setWordWrap(true);
  title->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  column->addWidget(title);
  if (note.details.isEmpty()) return frame;
  auto* details = new QLabel(note.details, frame);
  details->setObjectName("details");
  details->setTextFormat(Qt::PlainText);
  details->setWordWrap(true);
  details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  details->setForegroundRole(QPalette::PlaceholderText);
  details->hide();
  auto* fold = flatButton(QObject::tr("Details"), frame);
  fold->setObjectName("fold");
  fold->setCheckable(true);
  QObject::connect(fold, &QToolButton::toggled, details, &QLabel::setVisible);
  auto* copy = flatButton(QObject::tr("Copy"), frame);
  QObject::connect(copy, &QToolButton::clicked, frame,
                   [text = note.title + "\n" + note.details] { QGuiApplication::clipboard()->setText(text); });
  auto* row = new QHBoxLayout;
  row->addWidget(fold);
  row->addWidget(copy);
  row->addStretch();
  column->addLayout(row);
  column->addWidget(details);
  return frame;
}

}  // namespace

QString word(Severity severity) {
  switch (severity) {
    case Severity::kWarning:
      return QObject::tr("Warning");
    case Severity::kError:
      return QObject::tr("Error");
    case Severity::kInformation:
      break;
  }
  return QObject::tr("Note");
}

Note noteOf(const Error& error) {
  QString title = QString::fromStdString(error.failure());
  if (!title.isEmpty()) title[0] = title[0].toUpper();
  const QString object = QString::fromStdString(error.object());
  if (!title.contains(object)) title += ": " + object;
  QString details = line("Where", error.object()) + line("Expected", error.expectation()) +
                    line("Found", error.finding()) + line("Next", error.nextStep());
  for (const std::string& context : error.contexts()) details += line("While", context);
  return {Severity::kError, title, details.trimmed()};
}

NotificationPanel::NotificationPanel(QWidget* parent) : QWidget(parent) {
  setObjectName("notifications");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  auto* inner = new QWidget(scroll);
  list_ = new QVBoxLayout(inner);
  list_->setContentsMargins(0, 0, 0, 0);
  list_->setSpacing(0);
  list_->addStretch();
  scroll->setWidget(inner);
  empty_ = new QLabel(tr("Nothing to report. What goes wrong, and what finishes, is said here."), inner);
  empty_->setWordWrap(true);
  empty_->setMargin(12);
  empty_->setForegroundRole(QPalette::PlaceholderText);
  list_->insertWidget(0, empty_);
  column->addWidget(scroll);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
}

void NotificationPanel::add(const Note& note) {
  empty_->hide();
  list_->insertWidget(0, card(note, this));
  ++count_;
  while (count_ > kKept) {
    // The last items are the empty state and the stretch.
    QLayoutItem* oldest = list_->takeAt(list_->count() - 3);
    delete oldest->widget();
    delete oldest;
    --count_;
  }
  emit added(note);
  emit countChanged(count_);
}

void NotificationPanel::clear() {
  for (; count_ > 0; --count_) {
    QLayoutItem* item = list_->takeAt(0);
    delete item->widget();
    delete item;
  }
  empty_->show();
  emit countChanged(0);
}

QSize NotificationPanel::sizeHint() const {
  const QSize wanted = QWidget::sizeHint();
  return {wanted.width(), std::max(wanted.height(), fontMetrics().lineSpacing() * kLines)};
}

int NotificationPanel::count() const {
  return count_;
}

}  // namespace ecumene::ui::shell
