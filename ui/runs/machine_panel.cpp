// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/machine_panel.h"

#include <QDateTime>
#include <QGridLayout>
#include <QHeaderView>
#include <QProgressBar>
#include <QStyle>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <cmath>

#include "ui/look/plural.h"
#include "ui/look/tables.h"
#include "ui/look/theme.h"
#include "ui/runs/machine_curves.h"
#include "ui/runs/run_list.h"
#include "ui/runs/size_text.h"

namespace ecumene::ui::runs {
namespace {

/// One line of the readings: a bar, and what it stands for in numbers.
struct Reading {
  QString name, text;
  double share = 0.0;  ///< 0 to 1; NaN: not known
};

std::vector<Reading> linesOf(const wire::ReadingsReply& machine) {
  const auto share = [](double part, double whole) { return whole > 0.0 ? part / whole : std::nan(""); };
  const auto percent = [](double value) {
    return std::isnan(value) ? QObject::tr("not known yet") : QObject::tr("%1 %").arg(std::lround(100.0 * value));
  };
  const auto used = [](double total, double left) {
    return QObject::tr("%1 of %2").arg(sizeText(total - left), sizeText(total));
  };
  const auto total = static_cast<double>(machine.memory_total());
  const auto available = static_cast<double>(machine.memory_available());
  const auto disk = static_cast<double>(machine.disk_total());
  const auto free = static_cast<double>(machine.disk_free());
  std::vector<Reading> lines = {
      {QObject::tr("CPU"),
       (std::isnan(machine.cpu_busy()) ? QObject::tr("%1, %2") : QObject::tr("%1 of %2"))
           .arg(percent(machine.cpu_busy()),
                look::plural(machine.cores(), QObject::tr("%1 core"), QObject::tr("%1 cores")).arg(machine.cores())),
       machine.cpu_busy()},
      {QObject::tr("Memory"), used(total, available), share(total - available, total)},
      {QObject::tr("Disk of runs"), QObject::tr("%1 free of %2").arg(sizeText(free), sizeText(disk)),
       share(disk - free, disk)}};
  for (const wire::Gpu& gpu : machine.gpus()) {
    QString heat;
    if (!std::isnan(gpu.temperature_c())) heat += QObject::tr(", %1 °C").arg(std::lround(gpu.temperature_c()));
    if (!std::isnan(gpu.power_w())) heat += QObject::tr(", %1 W").arg(std::lround(gpu.power_w()));
    const QString name = QString::fromStdString(gpu.name());
    lines.push_back({QObject::tr("GPU %1").arg(gpu.index()),
                     QObject::tr("%1 busy%2. %3").arg(percent(gpu.busy()), heat, name).trimmed(), gpu.busy()});
    const auto all = static_cast<double>(gpu.memory_total());
    const auto taken = static_cast<double>(gpu.memory_used());
    lines.push_back({QObject::tr("its memory"), used(all, all - taken), share(taken, all)});
  }
  return lines;
}

QTreeWidget* table(const char* name, const QStringList& titles, QWidget* parent) {
  auto* tree = new QTreeWidget(parent);
  tree->setObjectName(name);
  tree->setRootIsDecorated(false);
  tree->setHeaderLabels(titles);
  tree->setTabKeyNavigation(false);
  tree->setAlternatingRowColors(true);
  look::wrapLastColumn(*tree);
  tree->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  return tree;
}

QLabel* heading(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setFont(look::headingFont(1.0));
  return label;
}

}  // namespace

QString objectText(const wire::Alert& alert) {
  const QString object = QString::fromStdString(alert.object());
  if (alert.rule() == "disk") return QObject::tr("Disk");
  if (alert.rule() == "gpu memory") return QObject::tr("GPU %1").arg(object.section(':', 1));
  return QObject::tr("Run %1").arg(object);
}

shell::Note noteOf(const wire::Alert& alert, const QString& sentence) {
  const QString text = QString::fromStdString(alert.text());
  const bool fine = alert.rule() == "ended" && (text.startsWith("finished") || text.startsWith("stopped"));
  return {fine ? shell::Severity::kInformation : shell::Severity::kWarning,
          QObject::tr("%1: %2").arg(objectText(alert), text), sentence};
}

MachineLabel::MachineLabel(client::MachineWatch* watch, QWidget* parent) : look::ElidedLabel(parent) {
  setObjectName("machineLabel");
  setContentsMargins(8, 0, 8, 0);
  setForegroundRole(QPalette::PlaceholderText);
  connect(watch, &client::MachineWatch::read, this, [this, watch] { show(watch->readings()); });
  show(watch->readings());
}

void MachineLabel::show(const wire::ReadingsReply& readings) {
  if (readings.time() == 0.0) {
    clear();
    setToolTip({});
    return;
  }
  QStringList parts;
  const auto percent = [](double share) { return std::isnan(share) ? 0L : std::lround(100.0 * share); };
  parts << tr("CPU %1 %").arg(percent(readings.cpu_busy()));
  parts << tr("memory %1 free").arg(sizeText(static_cast<double>(readings.memory_available())));
  parts << tr("disk %1 free").arg(sizeText(static_cast<double>(readings.disk_free())));
  double busy = 0.0;
  for (const wire::Gpu& gpu : readings.gpus()) busy += std::isnan(gpu.busy()) ? 0.0 : gpu.busy();
  if (readings.gpus_size() > 0) {
    const double mean = busy / readings.gpus_size();
    parts << (readings.gpus_size() == 1 ? tr("GPU %1 %").arg(percent(mean))
                                        : tr("%1 GPUs %2 %").arg(readings.gpus_size()).arg(percent(mean)));
  }
  setText(parts.join("  "));
  QStringList lines;
  for (const Reading& line : linesOf(readings)) lines << line.name + ": " + line.text;
  if (!readings.gpu_absence().empty()) lines << QString::fromStdString(readings.gpu_absence());
  setToolTip(lines.join("\n"));
}

MachinePanel::MachinePanel(client::MachineWatch* watch, QWidget* parent) : QWidget(parent), watch_(watch) {
  setObjectName("machinePanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  grid_ = new QGridLayout;
  grid_->setColumnStretch(1, 1);
  grid_->setHorizontalSpacing(8);
  grid_->setVerticalSpacing(4);
  column->addLayout(grid_);
  absence_ = new QLabel(this);
  absence_->setObjectName("gpuAbsence");
  absence_->setWordWrap(true);
  absence_->setForegroundRole(QPalette::PlaceholderText);
  column->addWidget(absence_);
  curves_ = new MachineCurves(this);
  column->addWidget(curves_, 2);
  key_ = new QLabel(this);
  key_->setObjectName("machineKey");
  key_->setWordWrap(true);
  key_->setTextFormat(Qt::RichText);
  column->addWidget(key_);
  column->addWidget(heading(tr("Alerts"), this));
  alerts_ = table("alertTree", {tr("About"), tr("Since"), tr("What")}, this);
  alerts_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  none_ = look::emptyMessage(tr("No alerts. What is looked for stands below."), look::Place::kTop, this);
  column->addWidget(none_);
  column->addWidget(alerts_, 2);
  column->addWidget(heading(tr("What is looked for"), this));
  rules_ = table("ruleTree", {tr("Rule"), tr("It comes up where")}, this);
  // All of them: the panel is what scrolls.
  rules_->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
  rules_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  rules_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
  column->addWidget(rules_);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  connect(watch_, &client::MachineWatch::read, this, &MachinePanel::showReadings);
  connect(watch_, &client::MachineWatch::past, curves_, &MachineCurves::takePast);
  connect(watch_, &client::MachineWatch::alertsChanged, this, &MachinePanel::showAlerts);
  connect(alerts_, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
    const QString run = item->data(0, Qt::UserRole).toString();
    if (!run.isEmpty()) emit runWanted(run);
  });
  connect(curves_, &plots::CurvePlot::readOutChanged, this, &MachinePanel::showKey);
  showReadings();
  showAlerts();
}

void MachinePanel::showKey() {
  QStringList parts;
  const QMap<QString, double> values = curves_->readOut();
  for (const QString& name : curves_->curves()) {
    // The curve's colour, its name and its value where the pointer is.
    parts << QStringLiteral("<span style='color:%1'>━</span>&nbsp;%2&nbsp;%3")
                 .arg(curves_->colour(name).name(), QString(name).toHtmlEscaped().replace(' ', "&nbsp;"))
                 .arg(std::lround(values.value(name)));
  }
  key_->setText(parts.join(QStringLiteral("&ensp; ")));
}

void MachinePanel::showReadings() {
  const wire::ReadingsReply& machine = watch_->readings();
  curves_->take(machine);
  const std::vector<Reading> lines = machine.time() > 0.0 ? linesOf(machine) : std::vector<Reading>();
  absence_->setText(machine.time() > 0.0 ? QString::fromStdString(machine.gpu_absence())
                                         : tr("No readings: no daemon answers."));
  absence_->setVisible(!absence_->text().isEmpty());
  // A line has three widgets, made once and filled anew.
  const int rows = static_cast<int>(lines.size());
  for (int row = 0; row < std::max(rows, grid_->rowCount()); ++row) {
    const bool there = row < rows;
    if (there && grid_->itemAtPosition(row, 0) == nullptr) {
      auto* bar = new QProgressBar(this);
      bar->setTextVisible(false);
      bar->setRange(0, 100);
      bar->setMinimumWidth(fontMetrics().averageCharWidth() * 6);
      bar->setFixedHeight(fontMetrics().height() / 2);
      auto* text = new QLabel(this);
      text->setWordWrap(true);
      grid_->addWidget(new QLabel(this), row, 0);
      grid_->addWidget(bar, row, 1);
      grid_->addWidget(text, row, 2);
      grid_->setColumnStretch(2, 2);
    }
    for (int place = 0; place < 3; ++place) {
      if (QLayoutItem* item = grid_->itemAtPosition(row, place)) item->widget()->setVisible(there);
    }
    if (!there) continue;
    const Reading& line = lines[static_cast<std::size_t>(row)];
    auto* name = qobject_cast<QLabel*>(grid_->itemAtPosition(row, 0)->widget());
    auto* bar = qobject_cast<QProgressBar*>(grid_->itemAtPosition(row, 1)->widget());
    name->setText(line.name);
    bar->setValue(std::isnan(line.share) ? 0 : static_cast<int>(std::lround(100.0 * line.share)));
    bar->setAccessibleName(line.name);
    qobject_cast<QLabel*>(grid_->itemAtPosition(row, 2)->widget())->setText(line.text);
  }
}

void MachinePanel::showAlerts() {
  alerts_->clear();
  const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0;
  for (const wire::Alert& alert : watch_->alerts()) {
    const bool over = alert.until() > 0.0;
    const QString text = QString::fromStdString(alert.text());
    auto* item =
        new QTreeWidgetItem({objectText(alert), ageText(now - alert.since()), over ? tr("%1 (over)").arg(text) : text});
    for (int column = 0; column < 3; ++column) {
      item->setToolTip(column, watch_->sentenceOf(alert.rule()));
      if (over) item->setForeground(column, look::currentTheme().muted);
    }
    item->setFont(1, look::numberFont());
    if (alert.rule() != "disk" && alert.rule() != "gpu memory") {
      item->setData(0, Qt::UserRole, QString::fromStdString(alert.object()));
    }
    alerts_->addTopLevelItem(item);
  }
  alerts_->setVisible(alerts_->topLevelItemCount() > 0);
  none_->setVisible(alerts_->topLevelItemCount() == 0);
  rules_->clear();
  for (const wire::Rule& rule : watch_->rules()) {
    rules_->addTopLevelItem(
        new QTreeWidgetItem({QString::fromStdString(rule.name()), QString::fromStdString(rule.sentence())}));
  }
}

}  // namespace ecumene::ui::runs
