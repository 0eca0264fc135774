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
  head->addRow(tr("Preset"), preset_);
  head->addRow(tr("Name"), name_);
  column->addLayout(head);
  edited_ = defaults_ = engine::config::preset(engine::config::presets().front());
  form_ = new forms::OptionForm(optionsOf(edited_), optionsOf(defaults_), this);
  form_->setObjectName("launchForm");
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
  connect(client_, &client::Client::sourceChanged, this, &LaunchPanel::check);
  takePreset(preset_->currentText());
}

void LaunchPanel::setStore(const std::string& folder) {
  store_ = folder;
  takePreset(preset_->currentText());
}

void LaunchPanel::takePreset(const QString& name) {
  defaults_ = engine::config::preset(name.toStdString());
  if (defaults_.data.store.empty()) defaults_.data.store = store_;
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
  } else if (edited_.data.store.empty()) {
    problem = tr("data.store is empty: a run needs a folder of planets.");
  } else {
    try {
      engine::config::validate(edited_);
    } catch (const Error& error) {
      problem = QString::fromUtf8(error.what());
    }
  }
  if (problem.isEmpty() && !client_->hasSource()) problem = tr("Open a folder of runs first (Ctrl+Shift+O).");
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  launch_->setEnabled(problem.isEmpty() && !launching_);
  planTimer_.start();
}

void LaunchPanel::plan() {
  if (!client_->hasSource() || !form_->valid()) {
    plan_->setText({});
    return;
  }
  plan_->setText(tr("Counting parameters…"));
  client_->ask(
      "plan", this, [spec = edited_](client::Source& source) { return source.sizeOf(spec); },
      [this](const client::ModelSize& size) {
        const QLocale c = QLocale::c();
        QStringList parts;
        for (const auto& [part, count] : size.parts) {
          parts << QStringLiteral("%1 %2").arg(QString::fromStdString(part).replace('_', ' '), c.toString(count));
        }
        // Weights alone: 4 bytes each in float32.
        const double mebibytes = static_cast<double>(size.total) * 4.0 / 1048576.0;
        plan_->setText(tr("%1 parameters, %2 MiB of weights in float32. %3 samples a step, %4 epochs.\n%5")
                           .arg(c.toString(size.total))
                           .arg(mebibytes, 0, 'f', 1)
                           .arg(edited_.train.microBatch * edited_.train.accumulate)
                           .arg(edited_.train.epochs)
                           .arg(parts.join(", ")));
      },
      [this](const Error& error) { plan_->setText(tr("No plan: %1").arg(QString::fromUtf8(error.what()))); });
}

void LaunchPanel::launch() {
  launching_ = true;
  check();
  const std::string id = name_->text().trimmed().toStdString();
  client_->ask(
      "launch", this, [id, spec = edited_](client::Source& source) { return source.launch(id, spec); },
      [this](const std::string& run) {
        launching_ = false;
        takePreset(preset_->currentText());
        emit launched(QString::fromStdString(run));
      },
      [this](const Error& error) {
        launching_ = false;
        check();
        emit failed(error);
      });
}

}  // namespace ecumene::ui::runs
