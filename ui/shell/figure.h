// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QPaintDevice>
#include <QSize>
#include <QString>
#include <QWidget>
#include <functional>

namespace ecumene::ui::shell {

/// Something that a workspace shows and that is copied and saved for elsewhere: a picture, the numbers behind it, or
/// both. Functions that are null are not offered.
struct Figure {
  QString id;                 ///< "curves"; in names of actions and files
  QString title;              ///< "curves": "Copy the curves"
  QWidget* widget = nullptr;  ///< its menu comes up here; its size is that of the drawing
  std::function<QImage()> image;
  std::function<void(QPaintDevice&)> draw;  ///< as lines and letters, in pixels of the widget
  std::function<QString()> csv;
  std::function<bool()> isEmpty = nullptr;  ///< there is nothing to copy or to save now; null: there always is
};

enum class FigureDeed { kCopy, kSave, kCopyTable, kSaveTable };

}  // namespace ecumene::ui::shell
