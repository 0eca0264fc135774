// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/plots/number_table.h"
#include "ui/shell/figure.h"
#include "viz/climate/slice.h"

class QCustomPlot;
class QGridLayout;
class QLabel;
class QStackedWidget;

namespace ecumene::ui::climate {

/// One cell of a planet: every variable there, the shown one through the year and with height.
class CellPanel : public QWidget {
  Q_OBJECT
 public:
  explicit CellPanel(QWidget* parent = nullptr);
  /// `planet` is its name.
  void setCell(const QString& planet, const data::planet::ClimateCube& cube, const viz::climate::SliceChoice& choice,
               const viz::climate::Cell& cell);
  void clear();
  [[nodiscard]] QString titleText() const;
  /// The year and the profile of the cell.
  [[nodiscard]] std::vector<shell::Figure> figures();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void drawYear(const data::planet::ClimateCube& cube, const viz::climate::SliceChoice& choice,
                const viz::climate::Cell& cell);
  void drawProfile(const data::planet::ClimateCube& cube, const viz::climate::SliceChoice& choice,
                   const viz::climate::Cell& cell);
  void takeTheme();

  QStackedWidget* stack_ = nullptr;
  QString planet_;
  QLabel* title_ = nullptr;
  std::vector<QLabel*> names_, values_;  ///< by variable
  plots::NumberTable yearNumbers_, profileNumbers_;
  QLabel* yearTitle_ = nullptr;
  QLabel* profileTitle_ = nullptr;
  QCustomPlot* year_ = nullptr;
  QCustomPlot* profile_ = nullptr;
};

/// "12.3°N 45.0°E".
QString placeText(double latitudeDeg, double longitudeDeg);

}  // namespace ecumene::ui::climate
