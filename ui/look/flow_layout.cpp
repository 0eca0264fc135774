// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/flow_layout.h"

#include <QWidget>
#include <algorithm>

namespace ecumene::ui::look {

FlowLayout::FlowLayout(QWidget* parent) : QLayout(parent) {
  setSpacing(8);
}

FlowLayout::~FlowLayout() {
  for (QLayoutItem* item : items_) delete item;
}

void FlowLayout::addItem(QLayoutItem* item) {
  items_.push_back(item);
}

int FlowLayout::count() const {
  return static_cast<int>(items_.size());
}

QLayoutItem* FlowLayout::itemAt(int index) const {
  return index >= 0 && index < count() ? items_[static_cast<std::size_t>(index)] : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index) {
  if (index < 0 || index >= count()) return nullptr;
  QLayoutItem* item = items_[static_cast<std::size_t>(index)];
  items_.erase(items_.begin() + index);
  return item;
}

int FlowLayout::heightForWidth(int width) const {
  return arrange(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::sizeHint() const {
  int width = 0, height = 0;
  for (const QLayoutItem* item : items_) {
    if (item->isEmpty()) continue;
    width += item->sizeHint().width() + spacing();
    height = std::max(height, item->sizeHint().height());
  }
  const QMargins margins = contentsMargins();
  return {std::max(0, width - spacing()) + margins.left() + margins.right(), height + margins.top() + margins.bottom()};
}

QSize FlowLayout::minimumSize() const {
  QSize size;
  for (const QLayoutItem* item : items_) {
    if (!item->isEmpty()) size = size.expandedTo(item->minimumSize());
  }
  const QMargins margins = contentsMargins();
  return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

void FlowLayout::setGeometry(const QRect& rect) {
  QLayout::setGeometry(rect);
  arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool place) const {
  const QMargins margins = contentsMargins();
  const QRect inner = rect.marginsRemoved(margins);
  int x = inner.left(), y = inner.top();
  std::size_t begin = 0;
  std::vector<QRect> boxes(items_.size());
  int lineHeight = 0;
  const auto endLine = [&](std::size_t end) {
    for (std::size_t i = begin; place && i < end; ++i) {
      if (items_[i]->isEmpty()) continue;
      boxes[i].moveTop(y + (lineHeight - boxes[i].height()) / 2);
      items_[i]->setGeometry(boxes[i]);
    }
    begin = end;
  };
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i]->isEmpty()) continue;
    const QSize size = items_[i]->sizeHint();
    if (x > inner.left() && x + size.width() > inner.right() + 1) {
      endLine(i);
      y += lineHeight + spacing();
      x = inner.left();
      lineHeight = 0;
    }
    boxes[i] = QRect(QPoint(x, y), QSize(std::min(size.width(), std::max(1, inner.width())), size.height()));
    x += size.width() + spacing();
    lineHeight = std::max(lineHeight, size.height());
  }
  endLine(items_.size());
  return y + lineHeight - rect.top() + margins.bottom();
}

}  // namespace ecumene::ui::look
