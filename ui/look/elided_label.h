// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace ecumene::ui::look {

/// One line of plain text that gives way: where it has too little room its end is cut, with an ellipsis.
class ElidedLabel : public QLabel {
 public:
  using QLabel::QLabel;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace ecumene::ui::look
