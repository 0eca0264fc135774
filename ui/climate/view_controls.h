// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

#include "data/planet/planet.h"
#include "ui/climate/view_state.h"

class QCheckBox;
class QComboBox;

namespace ecumene::ui::climate {

/// Chooses how a planet is drawn: quantity, projection, colours, range, what lies over the map.
class ViewControls : public QScrollArea {
  Q_OBJECT
 public:
  explicit ViewControls(ChangeView change, QWidget* parent = nullptr);
  /// What is chosen, and what the planet offers of it (null: there is none). `shown`: colours of the picture, which a
  /// locked range keeps.
  void setChosen(const ViewState& state, const data::planet::Planet* planet,
                 const std::optional<viz::scene::ColourScale>& shown);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void makeForm();
  void listen();

  ChangeView change_;
  std::optional<viz::scene::ColourScale> shown_;
  QComboBox *quantity_ = nullptr, *projection_ = nullptr, *map_ = nullptr, *fit_ = nullptr;
  QCheckBox *inverted_ = nullptr, *logarithmic_ = nullptr;
  QCheckBox *graticule_ = nullptr, *land_ = nullptr, *ice_ = nullptr, *star_ = nullptr;
};

}  // namespace ecumene::ui::climate
