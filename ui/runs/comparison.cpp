// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/comparison.h"

#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>
#include <cmath>

#include "ui/look/tables.h"
#include "ui/look/theme.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/plot_theme.h"
#include "ui/runs/curve_sample.h"
#include "ui/runs/histories.h"

namespace ecumene::ui::runs {
namespace {

constexpr int kCompareMs = 3000;
constexpr int kCompareBuckets = 1000;
const char* const kOverlays = "overlays";  // topics of what is asked
const char* const kTable = "compare";
constexpr int kSampleCharacters = 6;

}  // namespace

Comparison::Comparison(client::Client* client, plots::CurvePlot* plot, QWidget* parent)
    : QWidget(parent), client_(client), plot_(plot) {
  setObjectName("comparison");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  stack_ = new QStackedWidget(this);
  message_ = look::emptyMessage(
      tr("Tick runs in the list: their curves are drawn over those of the run that is shown, and the options in "
         "which they differ stand here."),
      look::Place::kTop, stack_);
  stack_->addWidget(message_);
  table_ = new QTableWidget(stack_);
  table_->setObjectName("comparisonTable");
  look::dressTable(*table_);
  table_->setIconSize({fontMetrics().averageCharWidth() * kSampleCharacters, fontMetrics().height()});
  stack_->addWidget(table_);
  column->addWidget(stack_, 1);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  refresh_.setInterval(kCompareMs);
  connect(&refresh_, &QTimer::timeout, this, [this] {
    if (!client_->awaits(kOverlays) && !client_->awaits(kTable)) ask();
  });
  connect(plot_, &plots::CurvePlot::themed, this, &Comparison::fill);
}

void Comparison::set(const QString& run, const QStringList& others, const QStringList& curves) {
  QStringList beside = others;
  beside.removeAll(run);
  if (run == run_ && beside == others_ && curves == curves_) return;
  const bool sameRuns = run == run_ && beside == others_;
  run_ = run;
  others_ = beside;
  curves_ = curves;
  if (!sameRuns) plot_->setOverlays({});
  drawn_ = run_.isEmpty() || others_.isEmpty();
  if (drawn_) {
    refresh_.stop();
    compared_.Clear();
    plot_->setOverlays({});
    stack_->setCurrentWidget(message_);
    return;
  }
  refresh_.start();
  ask();
}

void Comparison::ask() {
  askCurves();
  wire::CompareRequest request;
  request.add_runs(run_.toStdString());
  for (const QString& other : others_) request.add_runs(other.toStdString());
  client_->ask(
      kTable, this, [request](client::Daemon& daemon) { return daemon.call(&wire::Runs::Stub::Compare, request); },
      [this](const wire::CompareReply& reply) {
        compared_ = reply;
        fill();
        stack_->setCurrentWidget(table_);
      },
      [this](const Error& error) {
        message_->setText(QString::fromUtf8(error.what()));
        stack_->setCurrentWidget(message_);
      });
}

void Comparison::askCurves() {
  client_->ask(
      kOverlays, this,
      [others = others_, curves = curves_](client::Daemon& daemon) {
        std::vector<plots::Overlay> overlays;
        for (qsizetype i = 0; i < others.size(); ++i) {
          // All of its metrics are asked for: one that it lacks would refuse the question.
          wire::HistoryRequest request;
          request.set_run(others[i].toStdString());
          request.set_buckets(kCompareBuckets);
          const wire::HistoryReply history = historyOf(daemon, request);
          for (const wire::Curve& curve : history.curves()) {
            const QString name = QString::fromStdString(curve.name());
            const qsizetype place = curves.indexOf(name);
            if (place < 0) continue;
            overlays.push_back({name, others[i], colourOf(i + 1, place, curves.size()), static_cast<std::size_t>(i + 1),
                                pointsOf(curve)});
          }
        }
        return overlays;
      },
      [this](std::vector<plots::Overlay> overlays) {
        plot_->setOverlays(std::move(overlays));
        drawn_ = true;
        emit drawn();
      },
      // The table says why.
      [this](const Error&) {
        drawn_ = true;
        emit drawn();
      },
      client::Client::Lane::kHistory);
}

std::size_t Comparison::colourOf(qsizetype run, qsizetype curve, qsizetype shownCurves) {
  return static_cast<std::size_t>(run * shownCurves + curve);
}

void Comparison::curvesCame() {
  if (plot_->curves() != there_) fill();
}

void Comparison::fill() {
  if (compared_.runs().empty()) return;
  there_ = plot_->curves();
  QStringList heads = {tr("Option")};
  for (const wire::Run& run : compared_.runs()) heads << QString::fromStdString(run.id());
  QList<QStringList> rows;
  QList<qsizetype> drawn;  // places of the curves whose samples stand in the first rows
  for (qsizetype i = 0; i < curves_.size(); ++i) {
    if (!there_.contains(curves_[i])) continue;
    drawn << i;
    rows << QStringList(compared_.runs_size() + 1);
    rows.back()[0] = curves_[i];
  }
  rows << QStringList{tr("state")} << QStringList{tr("epoch")} << QStringList{tr("step")}
       << QStringList{tr("loss.total, newest")};
  const qsizetype facts = drawn.size();
  for (const wire::Run& run : compared_.runs()) {
    rows[facts] << QString::fromStdString(run.state());
    rows[facts + 1] << QString::number(run.epoch(), 'f', 2);
    rows[facts + 2] << QString::number(run.step());
    rows[facts + 3] << (std::isfinite(run.loss()) ? QString::number(run.loss(), 'g', 5) : QStringLiteral("–"));
  }
  for (const wire::OptionDifference& difference : compared_.differences()) {
    QStringList row = {QString::fromStdString(difference.key())};
    for (const std::string& value : difference.values()) row << QString::fromStdString(value);
    rows << row;
  }
  table_->setColumnCount(static_cast<int>(heads.size()));
  table_->setHorizontalHeaderLabels(heads);
  table_->setRowCount(static_cast<int>(rows.size()));
  for (int i = 0; i < rows.size(); ++i) {
    for (int j = 0; j < rows[i].size(); ++j) {
      auto* cell = new QTableWidgetItem(rows[i][j]);
      cell->setToolTip(rows[i][j]);
      if (j > 0) cell->setFont(look::numberFont());
      if (j > 0 && i < facts) {
        cell->setIcon(curveSample(plots::curveColour(colourOf(j - 1, drawn[i], curves_.size())),
                                  plots::runPattern(static_cast<std::size_t>(j - 1)), table_->iconSize()));
      }
      table_->setItem(i, j, cell);
    }
  }
  table_->resizeColumnsToContents();
}

QList<QStringList> Comparison::cells() const {
  QList<QStringList> rows;
  for (int i = 0; i < table_->rowCount(); ++i) {
    QStringList row;
    for (int j = 0; j < table_->columnCount(); ++j) row << table_->item(i, j)->text();
    rows << row;
  }
  return rows;
}

}  // namespace ecumene::ui::runs
