// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QTimer>
#include <QWidget>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "ui/plots/curve.h"
#include "ui/plots/number_table.h"

class QCPGraph;
class QCPItemStraightLine;
class QCustomPlot;
class QImage;
class QLabel;
class QPaintDevice;

namespace ecumene::ui::plots {

/// A curve of another run, drawn while the curve of the same name is shown.
struct Overlay {
  QString curve;
  QString of;              ///< whose it is, for legends
  std::size_t colour = 0;  ///< curveColour() of it
  std::size_t run = 1;     ///< runPattern() of it
  Curve points;
};

/// Growing curves over a common x axis (steps), with marked events. Follows the newest points until somebody zooms:
/// wheel (Shift: y alone, Ctrl: x alone), drag, double click or 0 for everything. A line under the pointer reads all
/// curves out. Replots at most 20 times a second, and only while it is seen.
class CurvePlot : public QWidget {
  Q_OBJECT
 public:
  static constexpr int kReplotMs = 50;
  /// What x counts: steps, or seconds since 1970, shown as times of day.
  enum class Along { kSteps, kTime };
  explicit CurvePlot(const QString& xLabel, QWidget* parent = nullptr, Along along = Along::kSteps);
  ~CurvePlot() override;

  void append(const QString& curve, double x, double y);
  void append(const QString& curve, double x, const Bucket& bucket);
  /// A curve once more with all its points of [low, high]: what is drawn while the zoom lies within. The smoothed curve
  /// stays as it is.
  void setDetail(const QString& curve, double low, double high, Curve points);
  /// The points of all curves beyond x are gone: they will come again.
  void removeAfter(double x);
  /// In place of those that were there.
  void setOverlays(std::vector<Overlay> overlays);
  void addEvent(double x, const QString& text);
  void clear();
  /// What all shown curves are; empty: nothing that they have in common.
  void setYLabel(const QString& label);
  /// What stands in place of the curves while there are none; empty: nothing.
  void setEmptyText(const QString& text);
  /// What y shows at least while nobody has zoomed: 0 to 100 of per cent.
  void setLeastY(double low, double high);
  [[nodiscard]] QStringList curves() const;
  /// Points that are kept of a curve, buckets counted once.
  [[nodiscard]] std::size_t size(const QString& curve) const;
  /// All are shown at first.
  void setShown(const QStringList& curves);
  void setColour(const QString& curve, const QColor& colour);
  /// Invalid: there is no such curve.
  [[nodiscard]] QColor colour(const QString& curve) const;

  struct Look {
    bool logX = false, logY = false;
    double halfLife = 0.0;  ///< of the smoothing, in points; 0: none
    bool operator==(const Look&) const = default;
  };
  void setLook(const Look& look);

  struct Range {
    double xLow = 0.0, xHigh = 1.0, yLow = 0.0, yHigh = 1.0;
    bool operator==(const Range&) const = default;
  };
  /// None: everything, growing.
  [[nodiscard]] std::optional<Range> zoom() const { return zoom_; }
  void setZoom(const std::optional<Range>& range);
  /// Values at the line under the pointer, else the newest ones.
  [[nodiscard]] QMap<QString, double> readOut() const;
  [[nodiscard]] std::optional<double> pointerX() const { return pointerX_; }
  /// How often it has been drawn; for tests.
  [[nodiscard]] int replots() const { return replots_; }
  [[nodiscard]] QCustomPlot& plot() { return *plot_; }
  void replotNow();

  /// The numbers of the shown curves, overlays among them, in the x range that is shown: a row for each x, each curve
  /// in its column (of points that stand for several their mean), as finely as the plot has them.
  [[nodiscard]] NumberTable table();
  /// The plot with a legend and a title: as it stands in the window, in two points a pixel; as lines on a device of its
  /// size.
  [[nodiscard]] QImage image(const QString& title);
  void drawOn(QPaintDevice& device, const QString& title);

 signals:
  void zoomChanged(const std::optional<ecumene::ui::plots::CurvePlot::Range>& before);
  void readOutChanged();
  /// Light has become dark, or the other way round: colours that were set are those of before.
  void themed();

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Line {
    Curve raw, smooth;
    struct Detail {
      double low = 0.0, high = 0.0;
      Curve points;
    };
    std::optional<Detail> detail;
    Smoother smoother{0.0};
    QCPGraph* graph = nullptr;  ///< smooth, or raw without smoothing
    QCPGraph* faint = nullptr;  ///< raw behind the smooth one
    QColor colour;
    bool coloured = false;  ///< by setColour()
    bool shown = true;
  };
  struct Mark {
    double x;
    QString text;
    QCPItemStraightLine* line;
  };
  Line& lineOf(const QString& curve);
  /// The raw curve, as fine as it is known where the axis is.
  [[nodiscard]] const Curve& finest(const Line& line) const;
  void later();
  /// Axes and graphs as the next picture has them.
  void prepare();
  void withLegend(const std::function<void()>& draw);
  void takeTheme();
  void fitAxes();
  void fill(QCPGraph* graph, const Curve& curve, const QColor& colour, Qt::PenStyle pattern = Qt::SolidLine) const;
  void smoothAnew(Line& line) const;
  void userZoom();
  void zoomBy(double factor, const QPointF& at, bool x, bool y);

  QCustomPlot* plot_ = nullptr;
  QLabel *eventText_ = nullptr, *empty_ = nullptr;
  struct Over {
    QString curve, of;
    std::size_t colour, run;
    Line line;
  };
  std::map<QString, Line> lines_;
  std::vector<Over> overlays_;
  std::vector<Mark> marks_;
  QCPItemStraightLine* pointer_ = nullptr;
  Look look_;
  std::optional<Range> zoom_;
  std::optional<Curve::Bounds> leastY_;
  double leastX_ = 0.0;  ///< how long the x axis is at least
  std::optional<double> pointerX_;
  QTimer timer_;
  bool due_ = false;
  int replots_ = 0;
  QPointF last_;
  bool dragging_ = false;
};

}  // namespace ecumene::ui::plots
