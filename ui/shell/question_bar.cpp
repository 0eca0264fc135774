// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/question_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace ecumene::ui::shell {

QuestionBar::QuestionBar(QWidget* parent) : QFrame(parent) {
  setObjectName("questionBar");
  setFrameShape(QFrame::StyledPanel);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 8, 16, 8);
  column->setSpacing(8);
  text_ = new QLabel(this);
  text_->setObjectName("question");
  text_->setWordWrap(true);
  text_->setTextFormat(Qt::PlainText);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  column->addWidget(text_);
  auto* row = new QHBoxLayout;
  line_ = new QLineEdit(this);
  line_->setObjectName("answer");
  line_->setAccessibleName(tr("Answer"));
  auto* answer = new QPushButton(tr("Answer"), this);
  answer->setObjectName("answerButton");
  auto* leave = new QPushButton(tr("Cancel"), this);
  leave->setObjectName("leaveButton");
  row->addWidget(line_, 1);
  row->addWidget(answer);
  row->addWidget(leave);
  column->addLayout(row);
  connect(line_, &QLineEdit::returnPressed, this, [this] { finish(line_->text()); });
  connect(answer, &QPushButton::clicked, this, [this] { finish(line_->text()); });
  connect(leave, &QPushButton::clicked, this, [this] { finish(std::nullopt); });
  hide();
}

void QuestionBar::ask(const QString& question, bool secret, QObject* asker,
                      std::function<void(const std::optional<QString>&)> done) {
  questions_.push_back({question, secret, asker, std::move(done)});
  connect(asker, &QObject::destroyed, this, [this](const QObject* gone) {
    if (questions_.empty()) return;
    const bool shown = questions_.front().asker == gone;
    std::erase_if(questions_, [&](const Question& waiting) { return waiting.asker == gone; });
    if (shown) showFirst();
  });
  if (questions_.size() == 1) showFirst();
}

void QuestionBar::showFirst() {
  if (questions_.empty()) {
    line_->clear();
    hide();
    return;
  }
  text_->setText(questions_.front().text.trimmed());
  line_->clear();
  line_->setEchoMode(questions_.front().secret ? QLineEdit::Password : QLineEdit::Normal);
  show();
  const QWidget* focus = window()->focusWidget();
  if (qobject_cast<const QLineEdit*>(focus) == nullptr) line_->setFocus();
}

void QuestionBar::finish(const std::optional<QString>& answer) {
  if (questions_.empty()) return;
  const auto done = std::move(questions_.front().done);
  questions_.pop_front();
  showFirst();
  done(answer);
}

void QuestionBar::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return finish(std::nullopt);
  QFrame::keyPressEvent(event);
}

}  // namespace ecumene::ui::shell
