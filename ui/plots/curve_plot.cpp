// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_plot.h"

#include <qcustomplot.h>

#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/look/tables.h"
#include "ui/look/theme.h"
#include "ui/plots/plot_theme.h"

namespace ecumene::ui::plots {
namespace {

constexpr double kMarginShare = 0.05;

void setLogarithmic(QCPAxis* axis, bool on) {
  axis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  axis->setTicker(on ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog)
                     : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
  axis->setNumberFormat("gb");
  axis->setNumberPrecision(5);
}

/// The bounds with some air around them.
QCPRange aired(double low, double high, bool logarithmic) {
  if (logarithmic) {
    if (!(low < high)) return {low / 2.0, high * 2.0};
    const double air = std::pow(high / low, kMarginShare);
    return {low / air, high * air};
  }
  const double air = low < high ? (high - low) * kMarginShare : std::max(1e-12, std::abs(low) * 0.1 + 1e-9);
  return {low - air, high + air};
}

/// Puts a vertical line at x; its ends are shares of the height, so that a logarithmic y axis takes it too.
void placeVertical(QCPItemStraightLine* line, double x) {
  for (QCPItemPosition* point : {line->point1, line->point2}) {
    point->setTypeX(QCPItemPosition::ptPlotCoords);
    point->setTypeY(QCPItemPosition::ptAxisRectRatio);
  }
  line->point1->setCoords(x, 0.0);
  line->point2->setCoords(x, 1.0);
}

QPen eventPen() {
  QColor ink = look::currentTheme().muted;
  ink.setAlphaF(0.5F);
  return QPen(ink, 1.0, Qt::DashLine);
}

}  // namespace

CurvePlot::CurvePlot(const QString& xLabel, QWidget* parent, Along along) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  plot_ = new QCustomPlot(this);
  plot_->setObjectName("curves");
  plot_->xAxis->setLabel(xLabel);
  plot_->setMinimumSize(240, 160);
  plot_->setNotAntialiasedElement(QCP::aePlottables, false);
  plot_->setNoAntialiasingOnDrag(true);
  plot_->setMouseTracking(true);
  plot_->setFocusPolicy(Qt::NoFocus);
  plot_->installEventFilter(this);
  column->addWidget(plot_, 1);
  empty_ = look::emptyMessage({}, look::Place::kMiddle, plot_);
  empty_->setObjectName("noCurves");
  empty_->setAttribute(Qt::WA_TransparentForMouseEvents);
  empty_->hide();
  eventText_ = new QLabel(plot_);
  eventText_->setObjectName("eventText");
  eventText_->setAutoFillBackground(true);
  eventText_->setMargin(4);
  eventText_->hide();
  pointer_ = new QCPItemStraightLine(plot_);
  pointer_->setVisible(false);
  timer_.setSingleShot(true);
  timer_.setInterval(kReplotMs);
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (due_) replotNow();
  });
  connect(plot_, &QCustomPlot::afterReplot, this, [this] { ++replots_; });
  setLogarithmic(plot_->xAxis, false);
  setLogarithmic(plot_->yAxis, false);
  if (along == Along::kTime) {
    const QSharedPointer<QCPAxisTickerDateTime> ticker(new QCPAxisTickerDateTime);
    ticker->setDateTimeFormat("HH:mm:ss");
    ticker->setTickCount(2);  // they are long
    leastX_ = 60.0;
    plot_->xAxis->setTicker(ticker);
  }
  takeTheme();
}

CurvePlot::~CurvePlot() = default;

void CurvePlot::takeTheme() {
  const look::Theme& theme = look::currentTheme();
  plots::takeTheme(*plot_);
  pointer_->setPen(QPen(theme.muted, 1.0));
  for (Mark& mark : marks_) mark.line->setPen(eventPen());
  std::size_t number = 0;
  for (auto& [name, line] : lines_) line.colour = curveColour(number++);
  emit themed();
  later();
}

void CurvePlot::changeEvent(QEvent* event) {
  if ((event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) && plot_ != nullptr) takeTheme();
  QWidget::changeEvent(event);
}

void CurvePlot::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (due_) replotNow();
}

CurvePlot::Line& CurvePlot::lineOf(const QString& name) {
  const auto found = lines_.find(name);
  if (found != lines_.end()) return found->second;
  Line line;
  line.smoother = Smoother(look_.halfLife);
  line.faint = plot_->addGraph();
  line.graph = plot_->addGraph();
  line.graph->setName(name);
  Line& made = lines_.emplace(name, std::move(line)).first->second;
  // A curve's colour is that of its place among all, unless it is said.
  std::size_t number = 0;
  for (auto& [other, one] : lines_) {
    if (!one.coloured) one.colour = curveColour(number);
    ++number;
  }
  return made;
}

void CurvePlot::append(const QString& name, double x, double y) {
  Line& line = lineOf(name);
  line.raw.append(x, y);
  if (look_.halfLife > 0.0) line.smooth.append(x, line.smoother.next(y));
  later();
}

void CurvePlot::append(const QString& name, double x, const Bucket& bucket) {
  Line& line = lineOf(name);
  line.raw.append(x, bucket);
  if (look_.halfLife > 0.0) line.smooth.append(x, line.smoother.next(bucket.mean, bucket.count));
  later();
}

void CurvePlot::setDetail(const QString& name, double low, double high, Curve points) {
  lineOf(name).detail = Line::Detail{low, high, std::move(points)};
  later();
}

const Curve& CurvePlot::finest(const Line& line) const {
  const QCPRange range = plot_->xAxis->range();
  const bool within = line.detail && zoom_ && line.detail->low <= range.lower && range.upper <= line.detail->high;
  return within ? line.detail->points : line.raw;
}

void CurvePlot::removeAfter(double x) {
  for (auto& [name, line] : lines_) {
    line.raw.removeAfter(x);
    line.detail.reset();
    smoothAnew(line);
  }
  later();
}

void CurvePlot::smoothAnew(Line& line) const {
  line.smoother = Smoother(look_.halfLife);
  line.smooth.clear();
  if (look_.halfLife <= 0.0) return;
  for (std::size_t i = 0; i < line.raw.size(); ++i)
    line.smooth.append(line.raw.x(i), line.smoother.next(line.raw.y(i), line.raw.count(i)));
}

void CurvePlot::setOverlays(std::vector<Overlay> overlays) {
  for (const Over& over : overlays_) plot_->removeGraph(over.line.graph);
  overlays_.clear();
  for (Overlay& overlay : overlays) {
    Over over{overlay.curve, overlay.of, overlay.colour, overlay.run, {}};
    over.line.raw = std::move(overlay.points);
    over.line.graph = plot_->addGraph();
    smoothAnew(over.line);
    overlays_.push_back(std::move(over));
  }
  later();
}

void CurvePlot::addEvent(double x, const QString& text) {
  auto* line = new QCPItemStraightLine(plot_);
  placeVertical(line, x);
  line->setPen(eventPen());
  marks_.push_back({x, text, line});
  later();
}

void CurvePlot::setYLabel(const QString& label) {
  if (label == plot_->yAxis->label()) return;
  plot_->yAxis->setLabel(label);
  later();
}

void CurvePlot::setEmptyText(const QString& text) {
  if (text == empty_->text()) return;
  empty_->setText(text);
  later();
}

void CurvePlot::setLeastY(double low, double high) {
  leastY_ = Curve::Bounds{low, high};
  later();
}

void CurvePlot::clear() {
  for (auto& [name, line] : lines_) {
    plot_->removeGraph(line.graph);
    plot_->removeGraph(line.faint);
  }
  lines_.clear();
  for (const Mark& mark : marks_) plot_->removeItem(mark.line);
  marks_.clear();
  pointerX_.reset();
  later();
}

QStringList CurvePlot::curves() const {
  QStringList names;
  for (const auto& [name, line] : lines_) names.append(name);
  return names;
}

std::size_t CurvePlot::size(const QString& curve) const {
  const auto found = lines_.find(curve);
  return found == lines_.end() ? 0 : found->second.raw.size();
}

void CurvePlot::setShown(const QStringList& curves) {
  for (auto& [name, line] : lines_) line.shown = curves.contains(name);
  later();
}

void CurvePlot::setColour(const QString& curve, const QColor& colour) {
  const auto found = lines_.find(curve);
  if (found != lines_.end()) {
    found->second.colour = colour;
    found->second.coloured = true;
  }
  later();
}

QColor CurvePlot::colour(const QString& curve) const {
  const auto found = lines_.find(curve);
  return found == lines_.end() ? QColor() : found->second.colour;
}

void CurvePlot::setLook(const Look& look) {
  const bool smoothing = look.halfLife != look_.halfLife;
  look_ = look;
  if (smoothing) {
    for (auto& [name, line] : lines_) smoothAnew(line);
    for (Over& over : overlays_) smoothAnew(over.line);
  }
  if (look.logX != (plot_->xAxis->scaleType() == QCPAxis::stLogarithmic)) setLogarithmic(plot_->xAxis, look.logX);
  if (look.logY != (plot_->yAxis->scaleType() == QCPAxis::stLogarithmic)) setLogarithmic(plot_->yAxis, look.logY);
  later();
}

void CurvePlot::setZoom(const std::optional<Range>& range) {
  zoom_ = range;
  later();
}

QMap<QString, double> CurvePlot::readOut() const {
  QMap<QString, double> values;
  for (const auto& [name, line] : lines_) {
    const Curve& curve = look_.halfLife > 0.0 ? line.smooth : line.raw;
    const auto index = pointerX_          ? curve.nearest(*pointerX_)
                       : curve.size() > 0 ? std::optional(curve.size() - 1)
                                          : std::nullopt;
    if (index) values[name] = curve.y(*index);
  }
  return values;
}

void CurvePlot::later() {
  due_ = true;
  if (!timer_.isActive()) timer_.start();
}

void CurvePlot::replotNow() {
  // What is not seen is drawn when it comes back.
  if (!isVisible() || plot_->visibleRegion().isEmpty()) return;
  due_ = false;
  prepare();
  plot_->replot();
  emit readOutChanged();
}

void CurvePlot::prepare() {
  fitAxes();
  const bool none =
      std::none_of(lines_.begin(), lines_.end(), [](const auto& line) { return line.second.raw.size() > 0; });
  empty_->setVisible(none && !empty_->text().isEmpty());
  for (auto& [name, line] : lines_) {
    const bool smooth = look_.halfLife > 0.0;
    line.graph->setVisible(line.shown);
    line.faint->setVisible(line.shown && smooth);
    if (!line.shown) continue;
    QColor faint = line.colour;
    faint.setAlphaF(0.25F);
    fill(line.graph, smooth ? line.smooth : finest(line), line.colour);
    if (smooth) fill(line.faint, finest(line), faint);
  }
  for (const Over& over : overlays_) {
    const auto base = lines_.find(over.curve);
    const bool shown = base != lines_.end() && base->second.shown;
    over.line.graph->setVisible(shown);
    const Curve& curve = look_.halfLife > 0.0 ? over.line.smooth : over.line.raw;
    if (shown) fill(over.line.graph, curve, curveColour(over.colour), runPattern(over.run));
  }
  pointer_->setVisible(pointerX_.has_value());
  if (pointerX_) placeVertical(pointer_, *pointerX_);
}

void CurvePlot::fitAxes() {
  if (zoom_) {
    plot_->xAxis->setRange(zoom_->xLow, zoom_->xHigh);
    plot_->yAxis->setRange(zoom_->yLow, zoom_->yHigh);
    return;
  }
  std::optional<Curve::Bounds> x, y;
  const auto join = [](std::optional<Curve::Bounds>& all, double low, double high) {
    all = all ? Curve::Bounds{std::min(all->low, low), std::max(all->high, high)} : Curve::Bounds{low, high};
  };
  const auto take = [&](const Line& line) {
    if (line.raw.size() == 0) return;
    const double first = line.raw.x(0), last = line.raw.x(line.raw.size() - 1);
    // Step 0 has no logarithm; the axis begins at 1 then.
    join(x, look_.logX ? std::max(first, 1.0) : first, look_.logX ? std::max(last, 1.0) : last);
    const Curve& curve = look_.halfLife > 0.0 ? line.smooth : line.raw;
    if (const auto bounds = curve.bounds(first, last, look_.logY)) join(y, bounds->low, bounds->high);
  };
  for (const auto& [name, line] : lines_) {
    if (line.shown) take(line);
  }
  for (const Over& over : overlays_) {
    const auto base = lines_.find(over.curve);
    if (base != lines_.end() && base->second.shown) take(over.line);
  }
  if (x) x->low = std::min(x->low, x->high - leastX_);
  if (y && leastY_) join(y, leastY_->low, leastY_->high);
  if (x) plot_->xAxis->setRange(aired(x->low, x->high, look_.logX));
  if (y) plot_->yAxis->setRange(aired(y->low, y->high, look_.logY));
}

void CurvePlot::fill(QCPGraph* graph, const Curve& curve, const QColor& colour, Qt::PenStyle pattern) const {
  const QCPRange range = plot_->xAxis->range();
  const auto columns = static_cast<std::size_t>(std::max(1, plot_->axisRect()->width()));
  const std::vector<Span> spans = curve.spans(range.lower, range.upper, columns, look_.logX);
  const auto wide = std::count_if(spans.begin(), spans.end(), [](const Span& span) { return span.low != span.high; });
  // Where most columns have two extremes a curve is a band: thin lines without smooth edges, from column to column by
  // the nearer extreme, draw it many times faster and look the same.
  const bool dense = 2 * static_cast<std::size_t>(wide) > columns;
  QVector<QCPGraphData> points;
  points.reserve(static_cast<qsizetype>((dense ? 2 : 4) * spans.size()));
  for (const Span& span : spans) {
    if (dense) {
      const bool downwards =
          !points.isEmpty() && std::abs(points.back().value - span.high) < std::abs(points.back().value - span.low);
      points.append({span.x, downwards ? span.high : span.low});
      if (span.high != span.low) points.append({span.x, downwards ? span.low : span.high});
      continue;
    }
    points.append({span.x, span.first});
    if (span.low != span.first) points.append({span.x, span.low});
    if (span.high != span.low) points.append({span.x, span.high});
    if (span.last != points.back().value) points.append({span.x, span.last});
  }
  graph->setPen(QPen(colour, dense ? 1.0 : 1.5, pattern));
  graph->setAntialiased(!dense);
  // A single point draws no line.
  graph->setScatterStyle(curve.size() <= 20 ? QCPScatterStyle(QCPScatterStyle::ssDisc, 5) : QCPScatterStyle());
  graph->setAdaptiveSampling(false);
  graph->data()->set(points, true);
}

}  // namespace ecumene::ui::plots
