// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/launch_panel.h"

#include <QComboBox>
#include <QDateTime>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "data/base/error.h"
#include "ui/forms/option_form.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"

namespace ecumene::ui::runs {
namespace {

constexpr int kPlanMs = 600;  // after the last key
constexpr std::chrono::seconds kPlanTime{30};
/// What the fields above the form, or the daemon, decide.
const char* const kDecidedElsewhere[] = {"data.store", "data.tokeniser", "train.begin", "train.device"};

models::spec::Options optionsOf(engine::config::RunSpec& spec) {
  models::spec::Options options;
  describe(options, spec);
  return options;
}

}  // namespace

LaunchPanel::LaunchPanel(client::Client* client, QWidget* parent) : QWidget(parent), client_(client) {
  setObjectName("launchPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  auto* head = new QFormLayout;
  head->setRowWrapPolicy(QFormLayout::WrapLongRows);
  head->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  preset_ = new QComboBox(this);
  preset_->setObjectName("preset");
  for (const std::string& name : engine::config::presets()) preset_->addItem(QString::fromStdString(name));
  name_ = new QLineEdit(this);
  name_->setObjectName("runName");
  store_ = new QComboBox(this);
  store_->setObjectName("launchStore");
  slot_ = new QComboBox(this);
  slot_->setObjectName("slot");
  slot_->setToolTip(tr("Where it trains. A run waits in the queue while another has its place."));
  head->addRow(tr("Preset"), preset_);
  head->addRow(tr("Name"), name_);
  head->addRow(tr("Planets"), store_);
  head->addRow(tr("Trains on"), slot_);
  column->addLayout(head);
  edited_ = defaults_ = engine::config::preset(engine::config::presets().front());
  form_ = new forms::OptionForm(optionsOf(edited_), optionsOf(defaults_), this);
  form_->setObjectName("launchForm");
  for (const char* key : kDecidedElsewhere) form_->hideKey(key);
  column->addWidget(form_, 1);
  plan_ = new QLabel(this);
  plan_->setObjectName("plan");
  plan_->setWordWrap(true);
  column->addWidget(plan_);
  problem_ = new QLabel(this);
  problem_->setObjectName("launchProblem");
  problem_->setWordWrap(true);
  problem_->setForegroundRole(QPalette::BrightText);
  problem_->hide();
  column->addWidget(problem_);
  launch_ = new QPushButton(look::icon(look::Icon::kPlay), tr("Launch"), this);
  launch_->setObjectName("launch");
  column->addWidget(launch_);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  planTimer_.setSingleShot(true);
  planTimer_.setInterval(kPlanMs);
  connect(&planTimer_, &QTimer::timeout, this, &LaunchPanel::plan);
  connect(preset_, &QComboBox::currentTextChanged, this, &LaunchPanel::takePreset);
  connect(name_, &QLineEdit::textChanged, this, &LaunchPanel::check);
  connect(form_, &forms::OptionForm::changed, this, &LaunchPanel::check);
  connect(launch_, &QPushButton::clicked, this, &LaunchPanel::launch);
  connect(client_, &client::Client::sourceChanged, this, &LaunchPanel::takeDaemon);
  connect(client_, &client::Client::linkChanged, this, &LaunchPanel::check);
  takePreset(preset_->currentText());
  takeDaemon();
}

void LaunchPanel::takeDaemon() {
  store_->clear();
  for (const std::string& id : client_->hello().stores()) store_->addItem(QString::fromStdString(id));
  store_->setCurrentText(QString::fromStdString(client_->store()));
  slot_->clear();
  slot_->addItem(tr("CPU"), "cpu");
  client_->ask(
      "slots", this,
      [](client::Daemon& daemon) { return daemon.call(&wire::System::Stub::Readings, wire::ReadingsRequest()); },
      [this](const wire::ReadingsReply& machine) {
        for (const wire::Gpu& gpu : machine.gpus()) {
          slot_->addItem(tr("GPU %1, %2").arg(gpu.index()).arg(QString::fromStdString(gpu.name())),
                         QStringLiteral("gpu:%1").arg(gpu.index()));
        }
        if (machine.gpus_size() > 0) slot_->setCurrentIndex(1);
      },
      [](const Error&) {});
  check();
}

void LaunchPanel::choosePreset(const QString& name) {
  preset_->setCurrentText(name);
}

void LaunchPanel::takePreset(const QString& name) {
  defaults_ = engine::config::preset(name.toStdString());
  // The daemon puts the folder of the chosen store in its place.
  defaults_.data.store.assign(1, '-');
  edited_ = defaults_;
  name_->setText(name + QDateTime::currentDateTime().toString("-yyyyMMdd-HHmmss"));
  form_->reload();
}

void LaunchPanel::check() {
  QString problem;
  if (!form_->valid()) {
    problem = tr("An option is not valid yet.");
  } else if (name_->text().trimmed().isEmpty() || name_->text().contains('/')) {
    problem = tr("A run needs a name without '/'.");
  } else {
    try {
      engine::config::validate(edited_);
    } catch (const Error& error) {
      problem = QString::fromUtf8(error.what());
    }
  }
  if (problem.isEmpty() && !client_->isUp()) problem = tr("There is no daemon that could launch it.");
  if (problem.isEmpty() && store_->count() == 0) problem = tr("The daemon has no planets: open some (Ctrl+O).");
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  launch_->setEnabled(problem.isEmpty() && !launching_);
  planTimer_.start();
}

void LaunchPanel::plan() {
  if (!client_->isUp() || !form_->valid()) {
    plan_->setText({});
    return;
  }
  plan_->setText(tr("Counting parameters…"));
  client_->ask(
      "plan", this,
      [preset = preset_->currentText().toStdString(), all = settings()](client::Daemon& daemon) {
        wire::PlanRequest request;
        request.set_preset(preset);
        request.mutable_settings()->Assign(all.begin(), all.end());
        return daemon.call(&wire::Runs::Stub::Plan, request, kPlanTime);
      },
      [this](const wire::PlanReply& size) {
        const QLocale c = QLocale::c();
        QStringList parts;
        for (const wire::PartSize& part : size.parts()) {
          parts << QStringLiteral("%1 %2").arg(QString::fromStdString(part.part()).replace('_', ' '),
                                               c.toString(qlonglong{part.parameters()}));
        }
        // Weights alone: 4 bytes each in float32.
        const double mebibytes = static_cast<double>(size.parameters()) * 4.0 / 1048576.0;
        plan_->setText(tr("%1 parameters, %2 MiB of weights in float32. %3 samples a step, %4 epochs.\n%5")
                           .arg(c.toString(qlonglong{size.parameters()}))
                           .arg(mebibytes, 0, 'f', 1)
                           .arg(edited_.train.microBatch * edited_.train.accumulate)
                           .arg(edited_.train.epochs)
                           .arg(parts.join(", ")));
      },
      [this](const Error& error) { plan_->setText(tr("No plan: %1").arg(QString::fromUtf8(error.what()))); },
      client::Client::Lane::kSlow);
}

std::vector<std::string> LaunchPanel::settings() const {
  engine::config::RunSpec spec = edited_;
  const models::spec::Options options = optionsOf(spec);
  std::vector<std::string> settings;
  for (const std::string& key : form_->changedKeys()) {
    for (const models::spec::Option& option : options.rows()) {
      if (option.key != key) continue;
      const models::spec::OptionValue value = option.get();
      const auto* text = std::get_if<std::string>(&value);
      settings.push_back(key + "=" + (text != nullptr ? *text : models::spec::written(value)));
    }
  }
  return settings;
}

void LaunchPanel::launch() {
  launching_ = true;
  check();
  wire::LaunchRequest request;
  request.set_run(name_->text().trimmed().toStdString());
  request.set_preset(preset_->currentText().toStdString());
  request.set_store(store_->currentText().toStdString());
  const std::vector<std::string> all = settings();
  request.mutable_settings()->Assign(all.begin(), all.end());
  request.set_slot(slot_->currentData().toString().toStdString());
  request.set_evaluate(true);
  client_->ask(
      "launch", this,
      [request](client::Daemon& daemon) { return daemon.call(&wire::Runs::Stub::Launch, request, kMakeTime); },
      [this](const wire::LaunchReply& reply) {
        launching_ = false;
        takePreset(preset_->currentText());
        emit launched(QString::fromStdString(reply.run().id()));
      },
      [this](const Error& error) {
        launching_ = false;
        check();
        emit failed(error);
      },
      client::Client::Lane::kSlow);
}

}  // namespace ecumene::ui::runs
