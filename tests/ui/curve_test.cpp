// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve.h"

#include <gtest/gtest.h>
#include <qcustomplot.h>

#include <QTest>
#include <cmath>
#include <cstdio>
#include <limits>

#include "tests/ui/window.h"
#include "ui/plots/curve_plot.h"

namespace ecumene::ui::plots {
namespace {

std::vector<double> noise(std::size_t count) {
  std::vector<double> values;
  double value = 1.0;
  for (std::size_t i = 0; i < count; ++i) {
    // A walk by a fixed congruence; only its unevenness matters.
    value += std::sin(static_cast<double>(i * i % 1009)) * 0.01;
    values.push_back(static_cast<double>(static_cast<float>(value)));
  }
  return values;
}

TEST(Curve, SpansHoldTheExtremesOfTheirColumn) {
  const std::vector<double> values = noise(10007);
  Curve curve;
  for (std::size_t i = 0; i < values.size(); ++i) curve.append(static_cast<double>(i), values[i]);
  constexpr std::size_t kColumns = 97;
  const double low = 100.0, high = 9900.0;
  const auto spans = curve.spans(low, high, kColumns, false);
  ASSERT_EQ(spans.size(), kColumns + 2);
  for (std::size_t column = 0; column < kColumns; ++column) {
    const double from = low + (high - low) * static_cast<double>(column) / kColumns;
    const double to = low + (high - low) * static_cast<double>(column + 1) / kColumns;
    double least = 1e300, most = -1e300;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double x = static_cast<double>(i);
      if (x < from || (column + 1 < kColumns ? x >= to : x > to)) continue;
      least = std::min(least, values[i]);
      most = std::max(most, values[i]);
    }
    EXPECT_EQ(spans[column + 1].low, least) << column;
    EXPECT_EQ(spans[column + 1].high, most) << column;
  }
  // A point beyond either end, so that the line leaves the picture.
  EXPECT_EQ(spans.front().x, 99.0);
  EXPECT_EQ(spans.back().x, 9901.0);
}

TEST(NumberTable, TimesKeepTheirSeconds) {
  EXPECT_EQ(cellText(1763812345.25), "1763812345.25");
  EXPECT_EQ(cellText(1763812345.0), "1763812345");
  EXPECT_EQ(cellText(-12345678.5), "-12345678.5");
  // Of a float no digits that it does not have.
  EXPECT_EQ(cellText(static_cast<double>(0.1F)), "0.1");
  EXPECT_EQ(cellText(static_cast<double>(1e20F)), "1e+20");
  EXPECT_EQ(cellText(std::numeric_limits<double>::quiet_NaN()), "");
}

TEST(Curve, ASinglePeakAmongAMillionPointsIsKept) {
  Curve curve;
  for (int i = 0; i < 1000000; ++i) curve.append(i, i == 654321 ? 5.0 : 0.0);
  double most = 0.0;
  for (const Span& span : curve.spans(0, 1e6, 800, false)) most = std::max(most, span.high);
  EXPECT_EQ(most, 5.0);
  EXPECT_EQ(curve.bounds(654321, 654321, false)->low, 5.0);
  EXPECT_EQ(curve.bounds(0, 1e6, false)->high, 5.0);
}

TEST(Curve, LogarithmicColumnsAreEquallyWideInDecades) {
  Curve curve;
  for (int i = 1; i <= 10000; ++i) curve.append(i, i);
  const auto spans = curve.spans(1.0, 10000.0, 4, true);
  ASSERT_EQ(spans.size(), 4U);
  for (int decade = 0; decade < 4; ++decade)
    EXPECT_EQ(spans[static_cast<std::size_t>(decade)].x, std::pow(10.0, decade));
}

TEST(Curve, ValuesThatAreNotFiniteAreLeftOut) {
  Curve curve;
  for (int i = 0; i < 100; ++i) {
    curve.append(i, i % 3 == 0   ? std::numeric_limits<double>::quiet_NaN()
                    : i % 3 == 1 ? std::numeric_limits<double>::infinity()
                                 : 2.0);
  }
  for (const Span& span : curve.spans(0, 99, 5, false)) {
    EXPECT_EQ(span.low, 2.0);
    EXPECT_EQ(span.high, 2.0);
    EXPECT_EQ(span.first, 2.0);
  }
  EXPECT_EQ(curve.bounds(0, 99, false)->high, 2.0);
}

TEST(Curve, BoundsOfALogarithmicAxisArePositive) {
  Curve curve;
  for (int i = -5; i <= 50; ++i) curve.append(i, i);
  EXPECT_EQ(curve.bounds(-5, 50, true)->low, 1.0);
  EXPECT_FALSE(curve.bounds(-5, -1, true).has_value());
}

TEST(Curve, RemovedPointsComeAgain) {
  Curve curve, straight;
  for (int i = 0; i < 1000; ++i) {
    curve.append(i, i < 500 ? 1.0 : 9.0);
    straight.append(i, 1.0);
  }
  curve.removeAfter(499.0);
  EXPECT_EQ(curve.size(), 500U);
  for (int i = 500; i < 1000; ++i) curve.append(i, 1.0);
  EXPECT_EQ(curve.bounds(0, 1000, false)->high, 1.0);
  EXPECT_EQ(curve.spans(0, 999, 10, false).size(), straight.spans(0, 999, 10, false).size());
}

TEST(Curve, NearestPointIsFoundOnBothSides) {
  Curve curve;
  for (const double x : {0.0, 10.0, 30.0}) curve.append(x, x);
  EXPECT_EQ(curve.nearest(-5.0), 0U);
  EXPECT_EQ(curve.nearest(19.0), 1U);
  EXPECT_EQ(curve.nearest(21.0), 2U);
  EXPECT_EQ(curve.nearest(99.0), 2U);
  EXPECT_FALSE(Curve{}.nearest(1.0).has_value());
}

TEST(Smoother, HalfOfTheWeightIsOnTheLastHalfLife) {
  // A step from 0 to 1 is half-way after one half-life, but for the correction of the start, gone after 1000 zeros.
  Smoother smoother(8.0);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(smoother.next(0.0), 0.0);
  double value = 0.0;
  for (int i = 0; i < 8; ++i) value = smoother.next(1.0);
  EXPECT_NEAR(value, 0.5, 1e-12);
}

TEST(Smoother, AConstantIsAConstantFromItsFirstValue) {
  Smoother smoother(50.0);
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(smoother.next(3.0), 3.0, 1e-12);
  EXPECT_TRUE(std::isnan(smoother.next(std::nan(""))));
  EXPECT_NEAR(smoother.next(3.0), 3.0, 1e-12);
}

TEST(CurvePlot, DrawsAtMostTwentyTimesASecondAndOnlyWhileSeen) {
  CurvePlot plot("step");
  QTest::qWait(100);
  const int unseen = plot.replots();
  for (int i = 0; i < 100; ++i) plot.append("loss", i, 1.0 / (i + 1));
  QTest::qWait(200);
  EXPECT_EQ(plot.replots(), unseen);
  plot.resize(500, 300);
  plot.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&plot));
  QTest::qWait(200);
  const int before = plot.replots();
  EXPECT_GT(before, unseen);
  QElapsedTimer timer;
  timer.start();
  for (int i = 100; timer.elapsed() < 1000; ++i) {
    plot.append("loss", i, 1.0);
    QTest::qWait(1);
  }
  EXPECT_LE(plot.replots() - before, static_cast<int>(timer.elapsed() / CurvePlot::kReplotMs) + 1);
  EXPECT_GE(plot.replots() - before, 3);
  plot.hide();
  QTest::qWait(100);
  const int hidden = plot.replots();
  plot.append("loss", 1e6, 1.0);
  QTest::qWait(200);
  EXPECT_EQ(plot.replots(), hidden);
}

struct ShownPlot {
  ShownPlot() : plot("step") {
    plot.resize(600, 400);
    for (int i = 1; i <= 1000; ++i) plot.append("loss", i, 1000.0 / i);
    plot.show();
    if (!QTest::qWaitForWindowExposed(&plot)) ADD_FAILURE() << "not exposed";
    plot.replotNow();
  }
  CurvePlot plot;
};

TEST(CurvePlot, WheelZoomsDoubleClickShowsEverythingAgain) {
  ShownPlot shown;
  const QCPRange whole = shown.plot.plot().xAxis->range();
  const QPoint middle = shown.plot.plot().axisRect()->center();
  QWheelEvent wheel(middle, shown.plot.plot().mapToGlobal(middle), {}, {0, 240}, Qt::NoButton, Qt::NoModifier,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(&shown.plot.plot(), &wheel);
  ASSERT_TRUE(shown.plot.zoom().has_value());
  shown.plot.replotNow();
  EXPECT_NEAR(shown.plot.plot().xAxis->range().size(), whole.size() / 1.44, whole.size() * 0.01);
  // What comes now does not move the picture.
  const QCPRange zoomed = shown.plot.plot().xAxis->range();
  shown.plot.append("loss", 5000, 1.0);
  shown.plot.replotNow();
  EXPECT_EQ(shown.plot.plot().xAxis->range(), zoomed);
  QTest::mouseDClick(&shown.plot.plot(), Qt::LeftButton, {}, middle);
  shown.plot.replotNow();
  EXPECT_FALSE(shown.plot.zoom().has_value());
  EXPECT_GT(shown.plot.plot().xAxis->range().upper, 4999.0);
}

TEST(CurvePlot, ReadsOutTheValueUnderThePointer) {
  ShownPlot shown;
  EXPECT_EQ(shown.plot.readOut()["loss"], 1.0);
  auto& inner = shown.plot.plot();
  const QPoint at(static_cast<int>(inner.xAxis->coordToPixel(250.0)), inner.axisRect()->center().y());
  QTest::mouseMove(&inner, at);
  QMouseEvent move(QEvent::MouseMove, at, inner.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
  QApplication::sendEvent(&inner, &move);
  EXPECT_NEAR(shown.plot.readOut()["loss"], 4.0, 0.05);
}

TEST(CurvePlot, LogarithmicAxesAndSmoothingShowWhatIsThere) {
  ShownPlot shown;
  shown.plot.addEvent(0, "made");
  shown.plot.addEvent(500, "checkpoint");
  shown.plot.setLook({true, true, 20.0});
  shown.plot.replotNow();
  const QCPRange y = shown.plot.plot().yAxis->range();
  EXPECT_GT(y.lower, 0.0);
  EXPECT_LT(y.lower, 1.1);
  // 1/x is a straight line on both logarithmic axes.
  EXPECT_LT(shown.plot.plot().xAxis->range().lower, 1.01);
  EXPECT_GT(shown.plot.plot().xAxis->range().lower, 0.0);
}

TEST(CurvePlot, TwentyMillionPointsBecomeAsManySpansAsPixels) {
  CurvePlot plot("step");
  plot.resize(1200, 700);
  const std::vector<double> values = noise(1000000);
  for (int curve = 0; curve < 20; ++curve) {
    const QString name = QString::number(curve);
    for (std::size_t i = 0; i < values.size(); ++i) plot.append(name, static_cast<double>(i), values[i] + curve);
  }
  plot.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&plot));
  plot.replotNow();
  QElapsedTimer timer;
  timer.start();
  for (int i = 0; i < 5; ++i) plot.replotNow();
  std::printf("a replot of 20 x 1,000,000 points: %.1f ms\n", static_cast<double>(timer.elapsed()) / 5.0);
  for (int i = 0; i < plot.plot().graphCount(); ++i) {
    EXPECT_LE(plot.plot().graph(i)->dataCount(), 4 * (plot.plot().axisRect()->width() + 2));
  }
}

TEST(CurvePlot, ARewoundRunLosesTheStepsThatComeAgain) {
  ShownPlot shown;
  shown.plot.removeAfter(100);
  EXPECT_EQ(shown.plot.readOut()["loss"], 10.0);
}

}  // namespace
}  // namespace ecumene::ui::plots
