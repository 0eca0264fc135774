// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/climate/cell_panel.h"

#include <qcustomplot.h>

#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <cmath>

#include "ui/look/theme.h"
#include "ui/plots/plot_figure.h"
#include "ui/plots/plot_theme.h"
#include "viz/climate/quantity.h"

namespace ecumene::ui::climate {
namespace {

QCustomPlot* smallPlot(const char* name, QWidget* parent) {
  auto* plot = new QCustomPlot(parent);
  plot->setObjectName(QString::fromLatin1(name));
  plot->setMinimumHeight(plot->fontMetrics().height() * 9);
  plot->addGraph();
  plot->addGraph();
  plot->axisRect()->setAutoMargins(QCP::msAll);
  return plot;
}

void fit(QCPAxis* axis) {
  axis->rescale();
  const QCPRange range = axis->range();
  const double margin = range.size() > 0.0 ? 0.08 * range.size() : 0.5;
  axis->setRange(range.lower - margin, range.upper + margin);
}

QString titleOf(const viz::climate::Quantity& quantity) {
  return QStringLiteral("%1 (%2)").arg(QString::fromUtf8(quantity.title), QString::fromUtf8(quantity.unit));
}

}  // namespace

QString placeText(double latitudeDeg, double longitudeDeg) {
  const double east = longitudeDeg - 360.0 * std::floor((longitudeDeg + 180.0) / 360.0);
  return QStringLiteral("%1°%2 %3°%4")
      .arg(std::abs(latitudeDeg), 4, 'f', 1)
      .arg(latitudeDeg < 0 ? "S" : "N")
      .arg(std::abs(east), 5, 'f', 1)
      .arg(east < 0 ? "W" : "E");
}

CellPanel::CellPanel(QWidget* parent) : QWidget(parent) {
  setObjectName("cellPanel");
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  stack_ = new QStackedWidget(this);
  outer->addWidget(stack_);
  auto* empty =
      new QLabel(tr("Click a cell of the planet: its values, its year and its profile are shown here."), stack_);
  empty->setWordWrap(true);
  empty->setMargin(12);
  empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  empty->setForegroundRole(QPalette::PlaceholderText);
  stack_->addWidget(empty);
  auto* scroll = new QScrollArea(stack_);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  auto* inner = new QWidget(scroll);
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(12, 8, 12, 12);
  column->setSpacing(8);
  title_ = new QLabel(inner);
  title_->setFont(look::headingFont(1.1));
  column->addWidget(title_);
  auto* grid = new QGridLayout;
  grid->setVerticalSpacing(2);
  grid->setColumnStretch(0, 1);
  for (const viz::climate::Quantity& quantity : viz::climate::quantities()) {
    names_.push_back(new QLabel(QString::fromUtf8(quantity.title), inner));
    values_.push_back(new QLabel(inner));
    values_.back()->setAlignment(Qt::AlignRight);
    const int row = static_cast<int>(names_.size());
    grid->addWidget(names_.back(), row, 0);
    grid->addWidget(values_.back(), row, 1);
  }
  column->addLayout(grid);
  yearTitle_ = new QLabel(inner);
  profileTitle_ = new QLabel(inner);
  year_ = smallPlot("yearPlot", inner);
  profile_ = smallPlot("profilePlot", inner);
  profile_->yAxis->setRangeReversed(true);
  for (QWidget* widget : {static_cast<QWidget*>(yearTitle_), static_cast<QWidget*>(year_),
                          static_cast<QWidget*>(profileTitle_), static_cast<QWidget*>(profile_)}) {
    column->addWidget(widget);
  }
  column->addStretch(1);
  scroll->setWidget(inner);
  stack_->addWidget(scroll);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  takeTheme();
}

void CellPanel::takeTheme() {
  for (QCustomPlot* plot : {year_, profile_}) {
    plots::takeTheme(*plot);
    plot->graph(0)->setPen(QPen(plots::curveColour(0), 1.5));
    plot->graph(1)->setPen(Qt::NoPen);
    QCPScatterStyle dot(QCPScatterStyle::ssDisc, look::currentTheme().text, look::currentTheme().text, 7);
    plot->graph(1)->setLineStyle(QCPGraph::lsNone);
    plot->graph(1)->setScatterStyle(dot);
    plot->replot(QCustomPlot::rpQueuedReplot);
  }
  for (QLabel* value : values_) value->setFont(look::numberFont());
  title_->setFont(look::headingFont(1.1));
}

void CellPanel::changeEvent(QEvent* event) {
  if ((event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) && year_ != nullptr) takeTheme();
  QWidget::changeEvent(event);
}

void CellPanel::clear() {
  yearNumbers_ = profileNumbers_ = {};
  stack_->setCurrentIndex(0);
}

QString CellPanel::titleText() const {
  return stack_->currentIndex() == 0 ? QString() : title_->text();
}

std::vector<shell::Figure> CellPanel::figures() {
  const auto figure = [this](const char* id, const QString& words, QCustomPlot* plot, const QLabel* title,
                             const plots::NumberTable* numbers) {
    const auto heading = [this, title] { return planet_ + ", " + titleText() + ": " + title->text(); };
    return shell::Figure{QString::fromLatin1(id),
                         words,
                         plot,
                         [plot, heading] { return plots::imageOf(*plot, heading()); },
                         [plot, heading](QPaintDevice& device) { plots::drawOn(device, *plot, heading()); },
                         [numbers] { return plots::csvOf(*numbers); },
                         [numbers] { return numbers->rows() == 0; }};
  };
  return {figure("year", tr("cell's year"), year_, yearTitle_, &yearNumbers_),
          figure("profile", tr("cell's profile"), profile_, profileTitle_, &profileNumbers_)};
}

void CellPanel::setCell(const QString& planet, const data::planet::ClimateCube& cube,
                        const viz::climate::SliceChoice& choice, const viz::climate::Cell& cell) {
  planet_ = planet;
  title_->setText(placeText(cube.grid.latitudeDeg[cell.row], cube.grid.longitudeDeg[cell.column]).simplified());
  for (const viz::climate::Quantity& quantity : viz::climate::quantities()) {
    const auto at = static_cast<std::size_t>(quantity.id);
    const bool there = cube.find(quantity.id) != nullptr;
    names_[at]->setVisible(there);
    values_[at]->setVisible(there);
    if (!there) continue;
    viz::climate::SliceChoice here = choice;
    here.variable = quantity.id;
    const float value = viz::climate::yearOf(cube, here, cell)[choice.month];
    values_[at]->setText(QString::fromStdString(viz::climate::textOf(quantity, static_cast<double>(value))));
  }
  drawYear(cube, choice, cell);
  drawProfile(cube, choice, cell);
  stack_->setCurrentIndex(1);
}

void CellPanel::drawYear(const data::planet::ClimateCube& cube, const viz::climate::SliceChoice& choice,
                         const viz::climate::Cell& cell) {
  const viz::climate::Quantity& quantity = viz::climate::quantity(choice.variable);
  QVector<double> months, values;
  for (const float value : viz::climate::yearOf(cube, choice, cell)) {
    months.append(static_cast<double>(months.size() + 1));
    values.append(static_cast<double>(value) * quantity.factor);
  }
  const auto now = static_cast<qsizetype>(choice.month);
  year_->graph(0)->setData(months, values, true);
  year_->graph(1)->setData({months[now]}, {values[now]});
  year_->xAxis->setRange(0.5, 12.5);
  const QSharedPointer<QCPAxisTickerFixed> ticker(new QCPAxisTickerFixed);
  ticker->setTickStep(1.0);
  ticker->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
  year_->xAxis->setTicker(ticker);
  fit(year_->yAxis);
  yearNumbers_ = {{tr("month"), titleOf(quantity)}, {{months.begin(), months.end()}, {values.begin(), values.end()}}};
  yearTitle_->setText(tr("%1 by month (%2)").arg(QString::fromUtf8(quantity.title), QString::fromUtf8(quantity.unit)));
  year_->replot(QCustomPlot::rpQueuedReplot);
}

void CellPanel::drawProfile(const data::planet::ClimateCube& cube, const viz::climate::SliceChoice& choice,
                            const viz::climate::Cell& cell) {
  // A surface variable has no profile: the air's temperature stands for it, and the title says so.
  viz::climate::SliceChoice shown = choice;
  if (!data::planet::info(choice.variable).onLevels) shown.variable = data::planet::VariableId::kAirTemperature;
  const bool there = cube.find(shown.variable) != nullptr;
  profile_->setVisible(there);
  profileTitle_->setVisible(there);
  profileNumbers_ = {};
  if (!there) return;
  const viz::climate::Quantity& quantity = viz::climate::quantity(shown.variable);
  const std::vector<float> profile = viz::climate::profileOf(cube, shown, cell);
  QVector<double> values, heights;
  for (std::size_t level = 0; level < profile.size(); ++level) {
    values.append(static_cast<double>(profile[level]) * quantity.factor);
    heights.append(cube.grid.sigma[level]);
  }
  // The curve runs along height, so that its points are in the order of the key: the two axes change places.
  profile_->graph(0)->setKeyAxis(profile_->yAxis);
  profile_->graph(0)->setValueAxis(profile_->xAxis);
  profile_->graph(1)->setKeyAxis(profile_->yAxis);
  profile_->graph(1)->setValueAxis(profile_->xAxis);
  profile_->graph(0)->setData(heights, values, true);
  if (shown.variable == choice.variable) {
    const auto now = static_cast<qsizetype>(choice.level);
    profile_->graph(1)->setData({heights[now]}, {values[now]});
  } else {
    profile_->graph(1)->setData(QVector<double>{}, QVector<double>{});
  }
  profile_->yAxis->setRange(0.0, 1.0);
  fit(profile_->xAxis);
  profileNumbers_ = {{tr("sigma"), titleOf(quantity)},
                     {{heights.begin(), heights.end()}, {values.begin(), values.end()}}};
  profileTitle_->setText(
      tr("%1 (%2) by σ = p / p surface").arg(QString::fromUtf8(quantity.title), QString::fromUtf8(quantity.unit)));
  profile_->replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace ecumene::ui::climate
