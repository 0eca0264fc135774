// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalogue/job_panel.h"

#include <QDir>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <optional>

#include "data/formats/registry.h"
#include "ui/catalogue/sending.h"
#include "ui/catalogue/settings_line.h"
#include "ui/look/flow_layout.h"
#include "ui/look/icons.h"
#include "ui/look/plural.h"
#include "ui/look/tables.h"
#include "ui/look/theme.h"

namespace ecumene::ui::catalogue {
namespace {

constexpr int kPollMs = 700;
const char* const kJobs = "jobs";  ///< topic
constexpr int kProgressSteps = 1000;
constexpr int kMostAlso = 1000;              ///< jobs that a daemon takes beside those after one
constexpr int kPathRole = Qt::UserRole + 1;  ///< of a file's row: its path in the job

bool hasEnded(const QString& state) {
  return state != "queued" && state != "running";
}
bool hasEnded(const wire::Job& job) {
  return hasEnded(QString::fromStdString(job.state()));
}

QString stateOf(const wire::Job& job) {
  QString text = QString::fromStdString(job.state());
  if (!hasEnded(job) && job.total() > 0) text += QObject::tr(", %1 of %2").arg(job.done()).arg(job.total());
  if (!hasEnded(job) && !job.what().empty())
    text += (job.total() > 0 ? QStringLiteral("  ") : QStringLiteral(", ")) + QString::fromStdString(job.what());
  if (!job.reason().empty()) text += QStringLiteral(": ") + QString::fromStdString(job.reason());
  return text;
}

/// What stands in a file's row of the result.
QString saidOf(const QJsonObject& file) {
  const QString status = file["status"].toString();
  QString text = status;
  if (!file["id"].toString().isEmpty()) text += QObject::tr(" as %1").arg(file["id"].toString());
  if (!file["message"].toString().isEmpty()) text += QStringLiteral(": ") + file["message"].toString();
  return text;
}

}  // namespace

QString acceptedFormats() {
  QStringList lines;
  for (const data::formats::Format& format : data::formats::formats())
    lines << QString::fromUtf8(format.reads.data(), static_cast<qsizetype>(format.reads.size()));
  return lines.join('\n');
}

JobPanel::JobPanel(client::Client* client, QWidget* parent) : QWidget(parent), client_(client) {
  setObjectName("jobPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  auto* hint =
      new QLabel(tr("Drop files or folders on the window: climate models, networks, spectra, tables, texts."), this);
  hint->setWordWrap(true);
  hint->setForegroundRole(QPalette::PlaceholderText);
  hint->setToolTip(acceptedFormats());
  column->addWidget(hint);
  settings_ = new SettingsLine(this);
  column->addWidget(settings_);
  sendingText_ = new QLabel(this);
  sendingText_->setObjectName("sendingText");
  sendingText_->setWordWrap(true);
  sendingText_->hide();
  column->addWidget(sendingText_);
  bar_ = new QProgressBar(this);
  bar_->setRange(0, kProgressSteps);
  bar_->setTextVisible(false);
  bar_->hide();
  column->addWidget(bar_);
  stack_ = new QStackedWidget(this);
  tree_ = new QTreeWidget(stack_);
  tree_->setObjectName("jobTree");
  tree_->setColumnCount(2);
  tree_->setHeaderLabels({tr("Job"), tr("State")});
  // A state is read whole: it ends with what to do.
  look::wrapLastColumn(*tree_);
  tree_->header()->setSectionResizeMode(QHeaderView::Stretch);
  tree_->setTextElideMode(Qt::ElideMiddle);
  tree_->setAlternatingRowColors(true);
  stack_->addWidget(tree_);
  auto* none = new QLabel(tr("No imports yet."), stack_);
  none->setAlignment(Qt::AlignTop);
  none->setForegroundRole(QPalette::PlaceholderText);
  stack_->addWidget(none);
  stack_->setCurrentIndex(1);
  column->addWidget(stack_, 1);
  auto* buttons = new look::FlowLayout;
  again_ = new QPushButton(look::icon(look::Icon::kRefresh), tr("Import again"), this);
  again_->setObjectName("importAgain");
  again_->setToolTip(tr("The chosen file, with what the field above says of it"));
  again_->setEnabled(false);
  buttons->addWidget(again_);
  cancel_ = new QPushButton(look::icon(look::Icon::kStop), tr("Cancel"), this);
  cancel_->setObjectName("cancelJob");
  cancel_->setToolTip(tr("What the store has taken by then stays"));
  cancel_->setEnabled(false);
  buttons->addWidget(cancel_);
  column->addLayout(buttons);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  sending_ = new Sending(client_, this);
  connect(sending_, &Sending::changed, this, &JobPanel::showSending);
  connect(sending_, &Sending::failed, this, &JobPanel::failed);
  connect(sending_, &Sending::begun, this, [this](qint64 job, const QString& base) {
    bases_[job] = base;
    poll();
  });
  connect(cancel_, &QPushButton::clicked, this, &JobPanel::cancelChosen);
  connect(again_, &QPushButton::clicked, this, &JobPanel::importAgain);
  connect(settings_, &QLineEdit::returnPressed, this, &JobPanel::importAgain);
  connect(tree_, &QTreeWidget::currentItemChanged, this, [this] { again_->setEnabled(!chosenFile().isEmpty()); });
  connect(tree_, &QTreeWidget::itemExpanded, this, [this](const QTreeWidgetItem* item) {
    if (item->parent() == nullptr && item->childCount() == 0) askResult(item->data(0, Qt::UserRole).toLongLong());
  });
  connect(client_, &client::Client::daemonChanged, this, [this] {
    tree_->clear();
    items_.clear();
    states_.clear();
    bases_.clear();
    newest_ = 0;
    first_ = true;
    poll();
  });
  poll_.setInterval(kPollMs);
  connect(&poll_, &QTimer::timeout, this, [this] {
    showSending();
    if (!client_->awaits(kJobs)) poll();
  });
  poll_.start();
}

void JobPanel::import(const QStringList& paths) {
  sending_->send(paths, settings_->settings());
}

QString JobPanel::chosenFile() const {
  const QTreeWidgetItem* line = tree_->currentItem();
  while (line != nullptr && line->parent() != nullptr && line->parent()->parent() != nullptr) line = line->parent();
  if (line == nullptr || line->parent() == nullptr) return {};
  const qint64 job = line->parent()->data(0, Qt::UserRole).toLongLong();
  const QString path = line->data(0, kPathRole).toString();
  return bases_.contains(job) && !path.isEmpty() ? QDir(bases_[job]).filePath(path) : QString();
}

void JobPanel::importAgain() {
  const QString file = chosenFile();
  if (file.isEmpty()) return;
  const QTreeWidgetItem* line = tree_->currentItem();
  if (line->parent()->parent() != nullptr) line = line->parent();
  QString said = line->text(1);
  for (int i = 0; i < line->childCount(); ++i) said += '\n' + line->child(i)->text(1);
  if (settings_->takeAskedFor(said)) return;
  sending_->send({file}, settings_->settings(), true);
  settings_->clear();  // they were of this file alone
}

void JobPanel::generate(const QString& words) {
  static const QRegularExpression form(QStringLiteral("^\\s*(\\d{1,7})(?:\\s+seed\\s+(\\d{1,18}))?\\s*$"));
  const auto match = form.match(words);
  if (!match.hasMatch()) {
    emit failed(Error("this is no order for planets", ErrorKind::kUsage)
                    .expected("a number, or \"512 seed 42\"")
                    .found(words.toStdString()));
    return;
  }
  wire::GenerateRequest request;
  request.set_store(client_->store());
  request.set_planets(match.captured(1).toUInt());
  request.set_seed(match.captured(2).isEmpty() ? 42 : match.captured(2).toULongLong());
  client_->ask(
      "generate", this, [request](client::Daemon& daemon) { return daemon.call(&wire::Jobs::Stub::Generate, request); },
      [this](const wire::Job&) { poll(); }, [this](const Error& error) { emit failed(error); });
}

void JobPanel::showSending() {
  const std::optional<double> share = sending_->share();
  sendingText_->setVisible(sending_->isBusy());
  sendingText_->setText(sending_->words());
  bar_->setVisible(share.has_value());
  bar_->setValue(static_cast<int>(kProgressSteps * share.value_or(0.0)));
  if (sending_->isBusy()) cancel_->setEnabled(true);
}

void JobPanel::poll() {
  wire::ListJobsRequest request;
  request.set_after(newest_);
  // The oldest: they end first, and make place for the others.
  for (auto it = states_.begin(); it != states_.end() && request.also_size() < kMostAlso; ++it) {
    if (!hasEnded(it.value())) request.add_also(it.key());
  }
  client_->ask(
      kJobs, this, [request](client::Daemon& daemon) { return daemon.call(&wire::Jobs::Stub::List, request); },
      [this](const wire::ListJobsReply& jobs) { take(jobs); }, [](const Error&) {});
}

void JobPanel::take(const wire::ListJobsReply& jobs) {
  // The newest first, as they come; those that are here keep their places.
  for (int i = jobs.jobs_size() - 1; i >= 0; --i) {
    const wire::Job& job = jobs.jobs(i);
    newest_ = std::max<qint64>(newest_, job.id());
    QTreeWidgetItem*& item = items_[job.id()];
    if (item == nullptr) {
      item = new QTreeWidgetItem;
      item->setText(0, tr("%1, %2 into %3")
                           .arg(job.id())
                           .arg(QString::fromStdString(job.kind()), QString::fromStdString(job.store())));
      item->setData(0, Qt::UserRole, static_cast<qlonglong>(job.id()));
      tree_->insertTopLevelItem(0, item);
    }
    item->setText(1, stateOf(job));
    item->setToolTip(1, item->text(1));
    const QString before = states_.value(job.id());
    states_[job.id()] = QString::fromStdString(job.state());
    if (!hasEnded(job) || before == states_[job.id()]) continue;
    item->setForeground(1, job.state() == "done"        ? look::currentTheme().good
                           : job.state() == "cancelled" ? look::currentTheme().text
                                                        : look::currentTheme().warning);
    // What had ended before is asked for where somebody looks.
    item->setChildIndicatorPolicy(QTreeWidgetItem::ShowIndicator);
    if (first_) continue;
    emit storeChanged();
    askResult(job.id());
  }
  first_ = false;
  stack_->setCurrentIndex(items_.isEmpty() ? 1 : 0);
  const bool running =
      std::any_of(states_.begin(), states_.end(), [](const QString& state) { return !hasEnded(state); });
  cancel_->setEnabled(running || sending_->isBusy());
}

void JobPanel::askResult(qint64 job) {
  wire::JobRequest request;
  request.set_job(job);
  client_->ask(
      QStringLiteral("job %1").arg(job), this,
      [request](client::Daemon& daemon) { return daemon.call(&wire::Jobs::Stub::Show, request); },
      [this](const wire::ShowJobReply& reply) { takeResult(reply); }, [](const Error&) {});
}

void JobPanel::takeResult(const wire::ShowJobReply& reply) {
  QTreeWidgetItem* item = items_.value(reply.job().id());
  if (item == nullptr || item->childCount() > 0) return;
  item->setChildIndicatorPolicy(QTreeWidgetItem::DontShowIndicatorWhenChildless);
  const QJsonArray files = QJsonDocument::fromJson(QByteArray::fromStdString(reply.result())).array();
  // What was refused comes first: it is what somebody has to do something about.
  qsizetype refusals = 0;
  for (const bool refused : {true, false}) {
    for (const auto& value : files) {
      const QJsonObject file = value.toObject();
      if ((file["status"].toString() == "refused") != refused) continue;
      addLine(item, file, refused);
      if (refused) ++refusals;
    }
  }
  // Why stands beside each file, and in the tooltip.
  if (refusals > 0 && reply.left_out() == 0) {
    const QString all = look::plural(files.size(), tr("%1 file"), tr("%1 files")).arg(files.size());
    item->setText(1, tr("%1, %2 of %3").arg(QString::fromStdString(reply.job().state())).arg(refusals).arg(all));
  }
  if (reply.left_out() > 0) {
    new QTreeWidgetItem(item, {tr("%1 more").arg(reply.left_out()), tr("not listed: too many for one list")});
  }
}

void JobPanel::addLine(QTreeWidgetItem* job, const QJsonObject& file, bool refused) {
  const QString path = file["path"].toString();
  auto* line = new QTreeWidgetItem(job, {path, saidOf(file)});
  line->setToolTip(0, path);
  line->setToolTip(1, line->text(1));
  line->setData(0, kPathRole, path);
  if (refused) {
    line->setForeground(1, look::currentTheme().warning);
    job->setExpanded(true);
  }
  for (const auto& assumption : file["assumptions"].toArray()) {
    auto* assumed = new QTreeWidgetItem(line, {tr("assumed"), assumption.toString()});
    assumed->setToolTip(1, assumption.toString());
  }
}

void JobPanel::cancelChosen() {
  if (sending_->isBusy()) return sending_->cancel();
  // The chosen job, else the one that runs.
  qint64 id = 0;
  const QTreeWidgetItem* chosen = tree_->currentItem();
  while (chosen != nullptr && chosen->parent() != nullptr) chosen = chosen->parent();
  if (chosen != nullptr) id = chosen->data(0, Qt::UserRole).toLongLong();
  const auto runs = [this](qint64 job) { return states_.contains(job) && !hasEnded(states_.value(job)); };
  if (!runs(id)) {
    for (auto it = states_.begin(); it != states_.end(); ++it) {
      if (runs(it.key())) id = it.key();
    }
  }
  if (!runs(id)) return;
  wire::JobRequest request;
  request.set_job(id);
  client_->ask(
      QStringLiteral("cancel %1").arg(id), this,
      [request](client::Daemon& daemon) { return daemon.call(&wire::Jobs::Stub::Cancel, request); },
      [this](const wire::Job&) { poll(); }, [this](const Error& error) { emit failed(error); });
}

}  // namespace ecumene::ui::catalogue
