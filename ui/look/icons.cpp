// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QStandardPaths>
#include <QSvgRenderer>
#include <algorithm>
#include <array>

#include "ui/look/theme.h"

namespace ecumene::ui::look {
namespace {

struct Row {
  Icon icon;
  const char* file;  ///< within the theme's folder
};
constexpr std::array kRows = {
    Row{Icon::kHome, "actions/22/go-home"},
    Row{Icon::kRuns, "actions/22/office-chart-line"},
    Row{Icon::kClimate, "actions/22/globe"},
    Row{Icon::kData, "actions/22/view-list-details"},
    Row{Icon::kSettings, "actions/22/configure"},
    Row{Icon::kAbout, "actions/22/help-about"},
    Row{Icon::kOpen, "actions/22/document-open"},
    Row{Icon::kConnect, "actions/22/network-connect"},
    Row{Icon::kSave, "actions/22/document-save"},
    Row{Icon::kUndo, "actions/22/edit-undo"},
    Row{Icon::kRedo, "actions/22/edit-redo"},
    Row{Icon::kSearch, "actions/22/edit-find"},
    Row{Icon::kCopy, "actions/22/edit-copy"},
    Row{Icon::kRefresh, "actions/22/view-refresh"},
    Row{Icon::kAdd, "actions/22/list-add"},
    Row{Icon::kClose, "actions/22/window-close"},
    Row{Icon::kNotifications, "actions/22/notifications"},
    Row{Icon::kInformation, "status/22/data-information"},
    Row{Icon::kWarning, "status/22/data-warning"},
    Row{Icon::kError, "status/22/data-error"},
    Row{Icon::kPlay, "actions/22/media-playback-start"},
    Row{Icon::kPause, "actions/22/media-playback-pause"},
    Row{Icon::kStop, "actions/22/media-playback-stop"},
    Row{Icon::kFit, "actions/22/zoom-fit-best"},
    Row{Icon::kLocked, "actions/22/object-locked"},
    Row{Icon::kUnlocked, "actions/22/object-unlocked"},
    Row{Icon::kInvert, "actions/22/view-refresh"},
    Row{Icon::kRecent, "actions/22/document-open-recent"},
    Row{Icon::kCheckpoint, "actions/22/flag"},
    Row{Icon::kPicture, "actions/22/document-export"},
};

const Row& rowOf(Icon which) {
  return *std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) { return row.icon == which; });
}

QString pathOf(const Row& row) {
  return QStandardPaths::locate(QStandardPaths::GenericDataLocation,
                                QStringLiteral("icons/breeze/%1.svg").arg(QString::fromLatin1(row.file)));
}

/// Draws one file in one ink at any size.
class Engine : public QIconEngine {
 public:
  explicit Engine(const QByteArray& svg) : svg_(svg) {}

  void paint(QPainter* painter, const QRect& box, QIcon::Mode mode, QIcon::State) override {
    const Theme& theme = currentTheme();
    QColor ink = theme.text;
    if (mode == QIcon::Disabled) ink = theme.disabled;
    if (mode == QIcon::Selected) ink = theme.selectionText;
    QByteArray svg = svg_;
    // The files say their one colour in these two ways.
    svg.replace("currentColor", ink.name().toLatin1());
    svg.replace("#232629", ink.name().toLatin1());
    QSvgRenderer renderer(svg);
    const int side = std::min(box.width(), box.height());
    QRectF square(0, 0, side, side);
    square.moveCenter(QRectF(box).center());
    renderer.render(painter, square);
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(0, 0), size), mode, state);
    return pixmap;
  }

  QIconEngine* clone() const override { return new Engine(svg_); }

 private:
  QByteArray svg_;
};

}  // namespace

QIcon icon(Icon which) {
  QFile file(pathOf(rowOf(which)));
  if (!file.open(QIODevice::ReadOnly)) return {};
  return QIcon(new Engine(file.readAll()));
}

QStringList missingIcons() {
  QStringList missing;
  for (const Row& row : kRows) {
    if (pathOf(row).isEmpty()) missing.append(QString::fromLatin1(row.file));
  }
  return missing;
}

}  // namespace ecumene::ui::look
