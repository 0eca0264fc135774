// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/plan_panel.h"

#include <QDateTime>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>

#include "data/base/error.h"
#include "ui/look/icons.h"
#include "ui/look/plural.h"
#include "ui/look/theme.h"
#include "ui/runs/run_list.h"
#include "ui/runs/size_text.h"

namespace ecumene::ui::runs {
namespace {

constexpr std::chrono::seconds kPlanTime{60};
constexpr int kPollMs = 400;
const char* const kMeasuring = "measuring";  // topic

QString counted(std::int64_t number) {
  return QLocale(QLocale::English).toString(qlonglong{number});
}

std::int64_t stepsOf(const wire::PlanReply& plan) {
  return plan.steps_per_epoch() * plan.epochs();
}

QLabel* line(const char* name, QWidget* parent) {
  auto* label = new QLabel(parent);
  label->setObjectName(name);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

QString durationText(double seconds) {
  const auto whole = static_cast<qlonglong>(std::llround(seconds));
  if (whole < 60) return QObject::tr("%1 s").arg(seconds, 0, 'g', 3);
  if (whole < 3600) return QObject::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
  if (whole < 86400) return QObject::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
  return QObject::tr("%1 d %2 h").arg(whole / 86400).arg(whole % 86400 / 3600);
}

PlanPanel::PlanPanel(client::Client* client, QWidget* parent) : QWidget(parent), client_(client) {
  setObjectName("planPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* rows = new QGridLayout;  // a form cuts what needs more than two lines
  rows->setHorizontalSpacing(8);
  rows->setVerticalSpacing(4);
  rows->setColumnStretch(1, 1);
  const auto addRow = [&](const QString& name, QLabel* label) {
    const int row = rows->rowCount();
    rows->addWidget(new QLabel(name, this), row, 0, Qt::AlignTop | Qt::AlignLeft);
    rows->addWidget(label, row, 1, Qt::AlignTop);
  };
  model_ = line("plan", this);
  memory_ = line("planMemory", this);
  steps_ = line("planSteps", this);
  time_ = line("planTime", this);
  cost_ = line("planCost", this);
  machine_ = line("planMachine", this);
  addRow(tr("Model"), model_);
  addRow(tr("Memory"), memory_);
  addRow(tr("Machine"), machine_);
  addRow(tr("Steps"), steps_);
  addRow(tr("Time"), time_);
  addRow(tr("Cost"), cost_);
  column->addLayout(rows);
  warning_ = line("planWarning", this);
  warning_->setForegroundRole(QPalette::BrightText);
  warning_->hide();
  column->addWidget(warning_);
  auto* deeds = new QHBoxLayout;
  measure_ = new QPushButton(look::icon(look::Icon::kRecent), tr("Measure a few steps"), this);
  measure_->setObjectName("measure");
  measure_->setToolTip(tr("Makes a few real steps of this where it would train, and says how long one takes"));
  measure_->setEnabled(false);
  bar_ = new QProgressBar(this);
  bar_->setObjectName("measureBar");
  bar_->setTextVisible(false);
  bar_->hide();
  deeds->addWidget(measure_);
  deeds->addWidget(bar_, 1);
  column->addLayout(deeds);
  poll_.setInterval(kPollMs);
  connect(&poll_, &QTimer::timeout, this, &PlanPanel::poll);
  connect(measure_, &QPushButton::clicked, this, [this] { job_ == 0 ? measure() : cancel(); });
  connect(client_, &client::Client::daemonChanged, this, [this] {
    measurable_ = false;
    endMeasurement({});
  });
}

void PlanPanel::clear() {
  for (QLabel* label : {model_, memory_, steps_, time_, cost_, machine_}) label->clear();
  plan_.Clear();
  answered_ = true;  // there is nothing to wait for
  warning_->hide();
  measurable_ = false;
  measure_->setEnabled(job_ != 0);
}

void PlanPanel::ask(const wire::PlanRequest& request) {
  request_ = request;
  answered_ = false;
  if (model_->text().isEmpty()) model_->setText(tr("Counting parameters…"));
  client_->ask(
      "plan", this,
      [request](client::Daemon& daemon) { return daemon.call(&wire::Runs::Stub::Plan, request, kPlanTime); },
      [this](const wire::PlanReply& plan) {
        show(plan);
        emit answered();
      },
      [this](const Error& error) {
        clear();
        model_->setText(tr("No plan: %1").arg(QString::fromUtf8(error.what())));
        emit answered();
      },
      client::Client::Lane::kSlow);
}

QString PlanPanel::summary() const {
  if (plan_.parameters() == 0) return model_->text();
  QStringList parts = {model_->text()};
  const std::int64_t steps = stepsOf(plan_);
  parts << look::plural(steps, tr("%1 step"), tr("%1 steps")).arg(counted(steps));
  if (!plan_.rates().empty()) {
    parts << durationText(static_cast<double>(steps) * plan_.rates(0).seconds_per_step());
  }
  if (const int warnings = plan_.warnings_size(); warnings > 0) {
    parts << look::plural(warnings, tr("%1 warning"), tr("%1 warnings")).arg(warnings);
  }
  return parts.join(", ");
}

void PlanPanel::setPrice(const Price& price) {
  price_ = price;
  if (plan_.parameters() > 0) showCost();
}

void PlanPanel::show(const wire::PlanReply& plan) {
  plan_ = plan;
  answered_ = true;
  QStringList parts;
  for (const wire::PartSize& part : plan.parts()) {
    parts << QStringLiteral("%1 %2").arg(QString::fromStdString(part.part()).replace('_', ' '),
                                         counted(part.parameters()));
  }
  model_->setText(tr("%1 parameters").arg(counted(plan.parameters())));
  model_->setToolTip(parts.join("\n"));
  QStringList memory = {tr("weights %1").arg(sizeText(static_cast<double>(plan.weight_bytes()))),
                        tr("gradients %1").arg(sizeText(static_cast<double>(plan.gradient_bytes()))),
                        tr("optimiser %1").arg(sizeText(static_cast<double>(plan.optimiser_bytes())))};
  if (plan.average_bytes() > 0) memory << tr("averages %1").arg(sizeText(static_cast<double>(plan.average_bytes())));
  memory << tr("a checkpoint's copy %1").arg(sizeText(static_cast<double>(plan.checkpoint_bytes())));
  const wire::MeasuredRate* rate = plan.rates().empty() ? nullptr : &plan.rates(0);
  QString whole = tr("activations are not known before steps are measured");
  if (rate != nullptr && rate->peak_bytes() > 0) {
    whole =
        tr("at most %1 in all, activations too, as measured").arg(sizeText(static_cast<double>(rate->peak_bytes())));
    if (rate->gpu_peak_bytes() > 0)
      whole += tr("; %1 of the GPU's").arg(sizeText(static_cast<double>(rate->gpu_peak_bytes())));
  }
  memory_->setText(memory.join(", ") + ";\n" + whole);
  QString machine = QString::fromStdString(plan.device());
  if (plan.device_bytes() > 0)
    machine += tr(", %1 of its memory free").arg(sizeText(static_cast<double>(plan.device_bytes())));
  machine_->setText(
      tr("%1; %2 of main memory available").arg(machine, sizeText(static_cast<double>(plan.machine_bytes()))));
  const QString epochs = look::plural(plan.epochs(), tr("%1 epoch"), tr("%1 epochs")).arg(counted(plan.epochs()));
  const QString samples = look::plural(plan.samples(), tr("%1 sample"), tr("%1 samples")).arg(counted(plan.samples()));
  steps_->setText(plan.samples() == 0
                      ? tr("no samples to train on")
                      : tr("%1 in all: %2 an epoch, %3 of %4")
                            .arg(counted(stepsOf(plan)), counted(plan.steps_per_epoch()), epochs, samples));
  if (job_ == 0) showTime();
  showCost();
  QStringList warnings;
  for (const std::string& warning : plan.warnings()) {
    warnings << tr("Warning: %1").arg(QString::fromStdString(warning));
  }
  warning_->setText(warnings.join("\n"));
  warning_->setVisible(!warnings.isEmpty());
  measurable_ = plan.samples() > 0 && !QString::fromStdString(plan.slot()).startsWith("slurm");
  measure_->setEnabled(job_ != 0 || measurable_);
}

void PlanPanel::showCost() {
  if (price_.perHour <= 0.0) {
    cost_->setText(tr("not known: the price of an hour of this machine is set in Settings (Ctrl+,)"));
    return;
  }
  const QString rate = tr("%1 an hour").arg(costText(price_, 3600.0));
  if (plan_.rates().empty()) {
    cost_->setText(tr("not known without the time; %1").arg(rate));
    return;
  }
  const auto steps = static_cast<double>(stepsOf(plan_));
  cost_->setText(tr("%1 for all steps, at %2").arg(costText(price_, steps * plan_.rates(0).seconds_per_step()), rate));
}

void PlanPanel::showTime() {
  const wire::PlanReply& plan = plan_;
  if (plan.rates().empty()) {
    time_->setText(QString::fromStdString(plan.slot()).startsWith("slurm")
                       ? tr("not known: what Slurm gives is seen when it trains")
                       : tr("not known: no steps like these were measured on this machine"));
    return;
  }
  const wire::MeasuredRate& rate = plan.rates(0);
  const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0;
  const auto steps = static_cast<double>(stepsOf(plan));
  time_->setText(tr("%1 for all steps, evaluations apart: %2 a step, %3 samples/s (%4, %5 ago)")
                     .arg(durationText(steps * rate.seconds_per_step()), durationText(rate.seconds_per_step()))
                     .arg(rate.samples_per_second(), 0, 'g', 3)
                     .arg(QString::fromStdString(rate.from()), ageText(now - rate.time())));
}

void PlanPanel::measure() {
  measure_->setEnabled(false);
  client_->ask(
      "measure", this,
      [request = request_](client::Daemon& daemon) { return daemon.call(&wire::Runs::Stub::Measure, request); },
      [this](const wire::Job& job) {
        job_ = job.id();
        measure_->setEnabled(true);
        measure_->setText(tr("Cancel"));
        measure_->setIcon(look::icon(look::Icon::kStop));
        bar_->setRange(0, 0);
        bar_->show();
        time_->setText(tr("the run is made, then a few steps…"));
        poll_.start();
      },
      [this](const Error& error) {
        measure_->setEnabled(true);
        time_->setText(tr("Not measured: %1").arg(QString::fromUtf8(error.what())));
      });
}

void PlanPanel::poll() {
  if (client_->awaits(kMeasuring)) return;
  client_->ask(
      kMeasuring, this,
      [id = job_](client::Daemon& daemon) {
        wire::JobRequest request;
        request.set_job(id);
        return daemon.call(&wire::Jobs::Stub::Show, request).job();
      },
      [this](const wire::Job& job) {
        if (job.id() == job_) takeJob(job);
      },
      [](const Error&) {});
}

void PlanPanel::takeJob(const wire::Job& job) {
  if (job.state() == "queued" || job.state() == "running") {
    if (job.total() > 0) {
      bar_->setRange(0, static_cast<int>(job.total()));
      bar_->setValue(static_cast<int>(job.done()));
      time_->setText(tr("%1 of %2 steps are timed…").arg(job.done()).arg(job.total()));
    } else if (job.state() == "queued") {
      time_->setText(job.what().empty() ? tr("waits for its turn…") : QString::fromStdString(job.what()) + "…");
    }
    return;
  }
  const QString reason = QString::fromStdString(job.reason());
  endMeasurement(job.state() == "done" ? tr("measured")
                 : job.state() == "cancelled"
                     ? tr("not measured: cancelled")
                     : tr("Not measured: %1").arg(reason.isEmpty() ? QString::fromStdString(job.state()) : reason));
  if (job.state() == "done") ask(request_);
}

void PlanPanel::cancel() {
  measure_->setEnabled(false);
  client_->ask(
      "cancel measure", this,
      [id = job_](client::Daemon& daemon) {
        wire::JobRequest request;
        request.set_job(id);
        return daemon.call(&wire::Jobs::Stub::Cancel, request);
      },
      [this](const wire::Job&) { time_->setText(tr("ending…")); }, [](const Error&) {});
}

void PlanPanel::endMeasurement(const QString& text) {
  poll_.stop();
  job_ = 0;
  bar_->hide();
  measure_->setText(tr("Measure a few steps"));
  measure_->setIcon(look::icon(look::Icon::kRecent));
  measure_->setEnabled(measurable_);
  if (!text.isEmpty()) time_->setText(text);
}

}  // namespace ecumene::ui::runs
