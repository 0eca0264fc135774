// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/welcome.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/look/theme.h"

namespace ecumene::ui::shell {
namespace {

constexpr std::size_t kShownSessions = 6;

QLabel* heading(const QString& text, double scale, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setFont(look::headingFont(scale));
  label->setWordWrap(true);
  return label;
}

QLabel* muted(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setForegroundRole(QPalette::PlaceholderText);
  label->setWordWrap(true);
  return label;
}

void clear(QLayout* layout) {
  while (QLayoutItem* item = layout->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

}  // namespace

WelcomeWorkspace::WelcomeWorkspace(const QList<QAction*>& offers, QObject* parent) : Workspace(parent) {
  auto* scroll = new QScrollArea;
  scroll->setObjectName("welcome");
  scroll->setWidgetResizable(true);
  page_ = scroll;
  auto* outer = new QWidget(scroll);
  auto* sides = new QHBoxLayout(outer);
  auto* middle = new QWidget(outer);
  middle->setMaximumWidth(middle->fontMetrics().averageCharWidth() * 110);
  sides->addStretch(1);
  sides->addWidget(middle, 8);
  sides->addStretch(1);
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(24, 48, 24, 24);
  column->setSpacing(8);
  column->addWidget(heading(tr("Ecumene"), 2.4, middle));
  column->addWidget(
      muted(tr("The part of a world that life can inhabit: planets, and models that learn from them."), middle));
  column->addSpacing(32);
  column->addWidget(heading(tr("Begin"), 1.25, middle));
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(16);
  grid->setVerticalSpacing(12);
  grid->setColumnStretch(1, 1);
  int row = 0;
  for (QAction* action : offers) {
    auto* button = new QPushButton(action->icon(), QString(action->text()).remove('&'), middle);
    button->setObjectName(action->objectName() + "Button");
    button->setMinimumHeight(button->fontMetrics().height() + 16);
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    QLabel* sentence = muted({}, middle);
    sentence->setObjectName(action->objectName() + "Sentence");
    grid->addWidget(button, row, 0);
    grid->addWidget(sentence, row++, 1);
    const auto follow = [action, button, sentence] {
      button->setVisible(action->isVisible());
      button->setEnabled(action->isEnabled());
      sentence->setVisible(action->isVisible());
      sentence->setText(action->whatsThis());
    };
    connect(action, &QAction::changed, button, follow);
    follow();
  }
  column->addLayout(grid);
  machineBlock_ = new QWidget(middle);
  auto* block = new QVBoxLayout(machineBlock_);
  block->setContentsMargins(0, 32, 0, 0);
  block->setSpacing(8);
  block->addWidget(heading(tr("Machines"), 1.25, machineBlock_));
  machines_ = new QVBoxLayout;
  machines_->setSpacing(4);
  block->addLayout(machines_);
  column->addWidget(machineBlock_);
  column->addSpacing(32);
  column->addWidget(heading(tr("Recent sessions"), 1.25, middle));
  sessions_ = new QVBoxLayout;
  sessions_->setSpacing(4);
  column->addLayout(sessions_);
  column->addStretch(1);
  scroll->setWidget(outer);
  setSessions({});
  setMachines({});
}

void WelcomeWorkspace::setMachines(const QStringList& hosts) {
  clear(machines_);
  machineBlock_->setVisible(!hosts.isEmpty());
  for (const QString& host : hosts) {
    auto* button = new QPushButton(look::icon(look::Icon::kConnect), host, machineBlock_);
    button->setFlat(true);
    button->setObjectName("machine");
    machines_->addWidget(button, 0, Qt::AlignLeft);
    connect(button, &QPushButton::clicked, this, [this, host] { emit machineChosen(host); });
  }
}

void WelcomeWorkspace::setSessions(const std::vector<SessionFile>& sessions) {
  clear(sessions_);
  if (sessions.empty()) {
    sessions_->addWidget(
        muted(tr("None yet. File › Save session keeps the layout and what is shown under a name; the last "
                 "window is kept by itself."),
              page_));
    return;
  }
  for (std::size_t i = 0; i < std::min(sessions.size(), kShownSessions); ++i) {
    const SessionFile& session = sessions[i];
    auto* line = new QWidget(page_);
    auto* parts = new QHBoxLayout(line);
    parts->setContentsMargins(0, 0, 0, 0);
    auto* button = new QPushButton(look::icon(look::Icon::kRecent), session.name, line);
    button->setFlat(true);
    button->setObjectName("session");
    auto* when = muted(QLocale::c().toString(session.time, "yyyy-MM-dd HH:mm"), line);
    when->setFont(look::numberFont());
    parts->addWidget(button);
    parts->addWidget(when);
    parts->addStretch(1);
    connect(button, &QPushButton::clicked, this, [this, file = session.file] { emit sessionChosen(file); });
    sessions_->addWidget(line);
  }
}

}  // namespace ecumene::ui::shell
