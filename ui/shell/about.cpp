// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/about.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/look/icons.h"
#include "ui/look/theme.h"

namespace ecumene::ui::shell {

AboutPanel::AboutPanel(QWidget* parent) : QWidget(parent) {
  setObjectName("about");
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  auto* inner = new QWidget(scroll);
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(12, 12, 12, 12);
  column->setSpacing(12);
  auto* title = new QLabel(tr("Ecumene"), inner);
  title->setFont(look::headingFont(1.4));
  column->addWidget(title);
  rows_ = new QLabel(inner);
  rows_->setWordWrap(true);
  rows_->setTextFormat(Qt::RichText);
  rows_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  column->addWidget(rows_);
  auto* licence =
      new QLabel(tr("The workstation is GPL-3.0-or-later, as it links QCustomPlot; the rest of Ecumene is Apache-2.0. "
                    "Colour maps: viridis family (CC0) and cmocean (MIT). Icons: Breeze (LGPL-3). Fonts: SIL OFL."),
                 inner);
  licence->setWordWrap(true);
  licence->setForegroundRole(QPalette::PlaceholderText);
  column->addWidget(licence);
  auto* copy = new QPushButton(look::icon(look::Icon::kCopy), tr("Copy"), inner);
  connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(plain_); });
  column->addWidget(copy, 0, Qt::AlignLeft);
  column->addStretch(1);
  scroll->setWidget(inner);
  outer->addWidget(scroll);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
}

void AboutPanel::setRows(const std::vector<std::pair<QString, QString>>& rows) {
  plain_.clear();
  QString html;
  for (const auto& [name, value] : rows) {
    plain_ += name + ": " + value + "\n";
    html += QStringLiteral("<p style='margin:0 0 6px 0'><b>%1</b><br>%2</p>")
                .arg(name.toHtmlEscaped(), value.toHtmlEscaped());
  }
  rows_->setText(html);
}

QString AboutPanel::text() const {
  return plain_;
}

}  // namespace ecumene::ui::shell
