// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/launch_panel.h"

#include <QComboBox>
#include <QDateTime>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "data/base/error.h"
#include "engine/daemon/ids.h"
#include "ui/forms/option_form.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"
#include "ui/runs/plan_panel.h"

namespace ecumene::ui::runs {
namespace {

constexpr int kPlanMs = 600;                     // after the last key
constexpr std::chrono::seconds kPlacesTime{60};  // Slurm may be asked
constexpr int kShownBeginnings = 3;              // rows
constexpr int kProgressMs = 1000;
constexpr int kGoneRole = Qt::UserRole + 1;  // of a place that was chosen and is not there any more
const char* const kPlaces = "places";        // topic
/// What the fields above the form, or the daemon, decide.
const char* const kDecidedElsewhere[] = {"data.store", "data.tokeniser", "train.begin", "train.device"};

/// States of runs that train no more.
const QStringList kEnded = {"finished", "stopped", "failed", "killed"};

models::spec::Options optionsOf(engine::config::RunSpec& spec) {
  models::spec::Options options;
  describe(options, spec);
  return options;
}

}  // namespace

LaunchPanel::LaunchPanel(client::Client* client, QWidget* parent) : QWidget(parent), client_(client) {
  setObjectName("launchPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  pages_ = new QTabWidget(this);
  pages_->setObjectName("launchPages");
  pages_->setDocumentMode(true);
  pages_->tabBar()->setObjectName("launchTabs");
  pages_->addTab(makeRunPage(), tr("Run"));
  edited_ = defaults_ = engine::config::preset(engine::config::presets().front());
  form_ = new forms::OptionForm(optionsOf(edited_), optionsOf(defaults_), pages_);
  form_->setObjectName("launchForm");
  form_->setContentsMargins(8, 8, 8, 8);
  for (const char* key : kDecidedElsewhere) form_->hideKey(key);
  pages_->addTab(form_, tr("Options"));
  column->addWidget(pages_, 1);
  column->addLayout(makeFoot());
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  connect(plan_, &PlanPanel::answered, this, [this] {
    sayPlan();
    emit planned();
  });
  planTimer_.setSingleShot(true);
  planTimer_.setInterval(kPlanMs);
  connect(&planTimer_, &QTimer::timeout, this, &LaunchPanel::plan);
  progressTimer_.setInterval(kProgressMs);
  connect(&progressTimer_, &QTimer::timeout, this, &LaunchPanel::sayLaunching);
  connect(preset_, &QComboBox::currentTextChanged, this, &LaunchPanel::takePreset);
  connect(name_, &QLineEdit::textChanged, this, &LaunchPanel::check);
  connect(form_, &forms::OptionForm::changed, this, &LaunchPanel::check);
  connect(store_, &QComboBox::currentTextChanged, this, &LaunchPanel::check);
  connect(slot_, &QComboBox::currentTextChanged, this, &LaunchPanel::check);
  connect(launch_, &QPushButton::clicked, this, &LaunchPanel::launch);
  connect(client_, &client::Client::daemonChanged, this, &LaunchPanel::takeDaemon);
  connect(client_, &client::Client::sourceChanged, this,
          [this] { store_->setCurrentText(QString::fromStdString(client_->store())); });
  connect(client_, &client::Client::linkChanged, this, &LaunchPanel::check);
  takePreset(preset_->currentText());
  takeDaemon();
}

QWidget* LaunchPanel::makeRunPage() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(12);
  auto* head = new QFormLayout;
  head->setRowWrapPolicy(QFormLayout::WrapLongRows);
  head->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  preset_ = new QComboBox(page);
  preset_->setObjectName("preset");
  for (const std::string& name : engine::config::presets()) preset_->addItem(QString::fromStdString(name));
  name_ = new QLineEdit(page);
  name_->setObjectName("runName");
  store_ = new QComboBox(page);
  store_->setObjectName("launchStore");
  slot_ = new QComboBox(page);
  slot_->setObjectName("slot");
  slot_->setToolTip(tr(
      "Where it trains: a run computes on the CPU or on one GPU. It waits in the queue while another has its place."));
  head->addRow(tr("Preset"), preset_);
  head->addRow(tr("Name"), name_);
  head->addRow(tr("Planets"), store_);
  head->addRow(tr("Trains on"), slot_);
  beginnings_ = new QListWidget(page);
  beginnings_->setObjectName("beginnings");
  beginnings_->setAccessibleName(tr("Runs whose trained parts this one begins with"));
  beginnings_->setToolTip(tr(
      "Tick runs whose trained parts this one begins with (space bar): the best weights that they have so far; none: "
      "from random weights"));
  beginnings_->setTabKeyNavigation(false);
  beginnings_->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  head->addRow(tr("Begins with"), beginnings_);
  column->addLayout(head);
  plan_ = new PlanPanel(client_, page);
  column->addWidget(plan_);
  column->addStretch(1);
  auto* area = new QScrollArea;
  area->setWidget(page);
  area->setWidgetResizable(true);
  return area;
}

QLayout* LaunchPanel::makeFoot() {
  auto* foot = new QVBoxLayout;
  foot->setContentsMargins(8, 8, 8, 8);
  foot->setSpacing(8);
  const auto addLine = [&](const char* name, QPalette::ColorRole ink) {
    auto* label = new QLabel(this);
    label->setObjectName(QString::fromLatin1(name));
    label->setWordWrap(true);
    label->setForegroundRole(ink);
    label->hide();
    foot->addWidget(label);
    return label;
  };
  summary_ = addLine("planSummary", QPalette::PlaceholderText);
  problem_ = addLine("launchProblem", QPalette::BrightText);
  progress_ = addLine("launchProgress", QPalette::PlaceholderText);
  launch_ = new QPushButton(look::icon(look::Icon::kPlay), tr("Launch"), this);
  launch_->setObjectName("launch");
  foot->addWidget(launch_);
  return foot;
}

void LaunchPanel::takeDaemon() {
  if (!client_->isUp()) launching_ = false;  // the answer of a daemon that is left never comes
  sayLaunching();
  store_->clear();
  for (const std::string& id : client_->hello().stores()) store_->addItem(QString::fromStdString(id));
  store_->setCurrentText(QString::fromStdString(client_->store()));
  placesKnown_ = false;
  slot_->clear();
  slot_->addItem(tr("CPU"), "cpu");
  takeRuns({});
  askPlaces();
  check();
}

void LaunchPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  askPlaces();
}

void LaunchPanel::askPlaces() {
  placesDue_ = false;
  client_->ask(
      kPlaces, this,
      [](client::Daemon& daemon) { return daemon.call(&wire::Runs::Stub::Places, wire::PlacesRequest(), kPlacesTime); },
      [this](const wire::PlacesReply& reply) { takePlaces(reply); }, [](const Error&) {}, client::Client::Lane::kSlow);
}

void LaunchPanel::followPlaces(const std::vector<wire::Run>& runs) {
  QStringList conditions;
  bool isHeld = false;  // by a run that has ended: its process is seen to be gone a moment later
  for (const wire::Run& run : runs) {
    const QString id = QString::fromStdString(run.id()), state = QString::fromStdString(run.state());
    conditions << id + ' ' + state + ' ' + QString::fromStdString(run.slot());
    isHeld = isHeld || (kEnded.contains(state) && takers_.contains(id));
  }
  placesDue_ = placesDue_ || isHeld || conditions != conditions_;
  conditions_ = conditions;
  // A dock that comes in front of others is not shown anew, so there is no event to wait for.
  if (placesDue_ && !visibleRegion().isEmpty() && !client_->awaits(kPlaces)) askPlaces();
}

void LaunchPanel::takePlaces(const wire::PlacesReply& reply) {
  const QVariant chosen = slot_->currentData();
  takers_.clear();
  QList<std::pair<QString, QString>> rows, shown;  // words, slot
  for (const wire::LaunchPlace& place : reply.places()) {
    QString words = QString::fromStdString(place.words());
    const QString taker = QString::fromStdString(place.taken_by());
    if (!taker.isEmpty()) {
      words += tr(", taken by %1").arg(taker);
      takers_.insert(taker);
    }
    rows.append({words, QString::fromStdString(place.slot())});
  }
  for (int i = 0; i < slot_->count(); ++i) shown.append({slot_->itemText(i), slot_->itemData(i).toString()});
  // Whoever chooses is not disturbed.
  if (placesKnown_ && rows == shown) return;
  const QSignalBlocker blocker(slot_);
  slot_->clear();
  for (const auto& [words, place] : rows) slot_->addItem(words, place);
  // At first as the daemon chooses where nothing is said: the first GPU.
  const int gpu = slot_->findData("gpu:", Qt::UserRole, Qt::MatchStartsWith);
  int row = slot_->findData(chosen);
  if (!std::exchange(placesKnown_, true)) {
    row = gpu >= 0 ? gpu : std::max(0, row);
  } else if (row < 0) {
    row = slot_->count();
    slot_->addItem(tr("%1, not there any more").arg(chosen.toString()), chosen);
    slot_->setItemData(row, true, kGoneRole);
  }
  slot_->setCurrentIndex(row);
  check();
}

void LaunchPanel::takeRuns(const std::vector<wire::Run>& runs) {
  followPlaces(runs);
  offerBeginnings(runs);
}

void LaunchPanel::offerBeginnings(const std::vector<wire::Run>& runs) {
  std::vector<wire::Run> trained;
  for (const wire::Run& run : runs) {
    if (run.checkpoint_step() > 0) trained.push_back(run);
  }
  std::stable_sort(trained.begin(), trained.end(),
                   [](const wire::Run& a, const wire::Run& b) { return a.state_time() > b.state_time(); });
  QStringList offered;
  for (const wire::Run& run : trained) {
    offered << QString::fromStdString(run.id());
    offered << tr("%1, %2, checkpoint of step %3")
                   .arg(QString::fromStdString(run.preset()), QString::fromStdString(run.state()))
                   .arg(run.checkpoint_step());
  }
  // Whoever is in the list is not disturbed by a run that goes on elsewhere.
  if (offered == offered_ && beginnings_->count() > 0) return;
  offered_ = offered;
  const std::vector<std::string> ticked = beginnings();
  const QString current = beginnings_->currentItem() == nullptr ? QString() : beginnings_->currentItem()->text();
  beginnings_->clear();
  for (qsizetype i = 0; i < offered.size(); i += 2) {
    auto* item = new QListWidgetItem(offered[i], beginnings_);
    item->setToolTip(offered[i + 1]);
    const bool on = std::find(ticked.begin(), ticked.end(), offered[i].toStdString()) != ticked.end();
    item->setCheckState(on ? Qt::Checked : Qt::Unchecked);
    if (offered[i] == current) beginnings_->setCurrentItem(item);
  }
  if (trained.empty()) {
    auto* none = new QListWidgetItem(tr("No run has a checkpoint yet"), beginnings_);
    none->setFlags(Qt::NoItemFlags);
  }
  const int rows = std::clamp(static_cast<int>(trained.size()), 1, kShownBeginnings);
  beginnings_->setFixedHeight(rows * beginnings_->sizeHintForRow(0) + 2 * beginnings_->frameWidth());
}

std::vector<std::string> LaunchPanel::beginnings() const {
  std::vector<std::string> runs;
  for (int row = 0; row < beginnings_->count(); ++row) {
    const QListWidgetItem* item = beginnings_->item(row);
    if ((item->flags() & Qt::ItemIsUserCheckable) != 0 && item->checkState() == Qt::Checked) {
      runs.push_back(item->text().toStdString());
    }
  }
  return runs;
}

void LaunchPanel::setPrice(const Price& price) {
  plan_->setPrice(price);
}

bool LaunchPanel::isPlanned() const {
  return !planTimer_.isActive() && plan_->isAnswered();
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
  } else {
    try {
      engine::daemon::requireId("run", name_->text().trimmed().toStdString());
      engine::config::validate(edited_);
    } catch (const Error& error) {
      problem = QString::fromUtf8(error.what());
    }
  }
  if (problem.isEmpty() && !client_->isUp()) problem = tr("There is no daemon that could launch it.");
  if (problem.isEmpty() && store_->count() == 0) problem = tr("The daemon has no planets: open some (Ctrl+O).");
  if (problem.isEmpty() && slot_->currentData(kGoneRole).toBool()) {
    problem = tr("Nothing trains on %1 any more: choose another place.").arg(slot_->currentData().toString());
  }
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  launch_->setEnabled(problem.isEmpty() && !launching_);
  const std::size_t changed = form_->changedKeys().size();
  pages_->setTabText(pages_->indexOf(form_), changed == 0 ? tr("Options") : tr("Options (%1 changed)").arg(changed));
  planTimer_.start();
}

void LaunchPanel::plan() {
  if (!client_->isUp() || !form_->valid()) {
    plan_->clear();
    return sayPlan();
  }
  wire::PlanRequest request;
  request.set_preset(preset_->currentText().toStdString());
  const std::vector<std::string> all = settings();
  request.mutable_settings()->Assign(all.begin(), all.end());
  request.set_store(store_->currentText().toStdString());
  request.set_slot(slot_->currentData().toString().toStdString());
  plan_->ask(request);
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

void LaunchPanel::sayPlan() {
  summary_->setText(plan_->summary());
  summary_->setVisible(!summary_->text().isEmpty());
}

void LaunchPanel::sayLaunching() {
  progress_->setVisible(launching_);
  if (!launching_) return progressTimer_.stop();
  progress_->setText(
      tr("Launching, %1 s: the daemon reads the statistics of the planets, trains the tokeniser and starts "
         "the trainer. Its curves come by themselves.")
          .arg(sinceLaunch_.elapsed() / 1000));
}

void LaunchPanel::launch() {
  launching_ = true;
  sinceLaunch_.start();
  progressTimer_.start();
  sayLaunching();
  check();
  wire::LaunchRequest request;
  request.set_run(name_->text().trimmed().toStdString());
  request.set_preset(preset_->currentText().toStdString());
  request.set_store(store_->currentText().toStdString());
  const std::vector<std::string> all = settings();
  request.mutable_settings()->Assign(all.begin(), all.end());
  request.set_slot(slot_->currentData().toString().toStdString());
  const std::vector<std::string> from = beginnings();
  request.mutable_begin_with()->Assign(from.begin(), from.end());
  request.set_evaluate(true);
  client_->ask(
      "launch", this,
      [request](client::Daemon& daemon) { return daemon.call(&wire::Runs::Stub::Launch, request, kMakeTime); },
      [this](const wire::LaunchReply& reply) {
        launching_ = false;
        sayLaunching();
        takePreset(preset_->currentText());
        emit launched(QString::fromStdString(reply.run().id()));
      },
      [this](const Error& error) {
        launching_ = false;
        sayLaunching();
        check();
        emit failed(error);
      },
      client::Client::Lane::kSlow);
}

}  // namespace ecumene::ui::runs
