// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalogue/job_panel.h"

#include <QDirIterator>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "engine/protocol/upload.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"

namespace ecumene::ui::catalogue {
namespace {

constexpr int kPollMs = 700;
constexpr int kProgressSteps = 1000;
constexpr int kMostFiles = 2000;  ///< of one folder

bool hasEnded(const wire::Job& job) {
  return job.state() != "queued" && job.state() != "running";
}

QString stateOf(const wire::Job& job) {
  QString text = QString::fromStdString(job.state());
  if (!hasEnded(job) && job.total() > 0) text += QObject::tr(", %1 of %2").arg(job.done()).arg(job.total());
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

JobPanel::JobPanel(client::Client* client, QWidget* parent) : QWidget(parent), client_(client) {
  setObjectName("jobPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  auto* hint =
      new QLabel(tr("Drop files or folders on the window: climate models, networks, spectra, tables, texts."), this);
  hint->setWordWrap(true);
  hint->setForegroundRole(QPalette::PlaceholderText);
  column->addWidget(hint);
  settings_ = new QLineEdit(this);
  settings_->setObjectName("importSettings");
  settings_->setPlaceholderText(tr("What files do not say: planet=NAME units.depth=ppm"));
  settings_->setAccessibleName(tr("Settings of the next import: KEY=VALUE"));
  settings_->setClearButtonEnabled(true);
  column->addWidget(settings_);
  sendingText_ = new QLabel(this);
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
  tree_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  tree_->setAlternatingRowColors(true);
  stack_->addWidget(tree_);
  auto* none = new QLabel(tr("No imports yet."), stack_);
  none->setAlignment(Qt::AlignTop);
  none->setForegroundRole(QPalette::PlaceholderText);
  stack_->addWidget(none);
  stack_->setCurrentIndex(1);
  column->addWidget(stack_, 1);
  cancel_ = new QPushButton(look::icon(look::Icon::kStop), tr("Cancel"), this);
  cancel_->setObjectName("cancelJob");
  cancel_->setToolTip(tr("What the store has taken by then stays"));
  cancel_->setEnabled(false);
  column->addWidget(cancel_);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  connect(cancel_, &QPushButton::clicked, this, &JobPanel::cancelChosen);
  connect(client_, &client::Client::sourceChanged, this, [this] {
    tree_->clear();
    items_.clear();
    states_.clear();
    first_ = true;
    if (!client_->isUp()) giveUpSending();
    poll();
  });
  poll_.setInterval(kPollMs);
  connect(&poll_, &QTimer::timeout, this, [this] {
    showSending();
    poll();
  });
  poll_.start();
}

JobPanel::~JobPanel() {
  if (sending_) sending_->stop = true;
}

void JobPanel::import(const QStringList& paths) {
  Batch single;
  for (const QString& path : paths) {
    const QFileInfo info(path);
    if (!info.isDir()) {
      single.files << path;
      continue;
    }
    // Climate models name their files alike; the folder says which planet it is.
    QMap<QString, QStringList> folders;
    int files = 0;
    for (QDirIterator it(path, QDir::Files, QDirIterator::Subdirectories); it.hasNext() && files < kMostFiles;
         ++files) {
      const QFileInfo file(it.next());
      folders[file.absolutePath()] << file.absoluteFilePath();
    }
    for (auto it = folders.begin(); it != folders.end(); ++it) {
      batches_.append({it.value(), QFileInfo(it.key()).fileName()});
    }
    if (files == 0) emit failed(Error("the folder has no files").on(path.toStdString()));
  }
  if (!single.files.isEmpty()) batches_.append(single);
  if (!sending_ && !batches_.isEmpty()) send(batches_.takeFirst());
}

void JobPanel::send(const Batch& batch) {
  auto sending = std::make_shared<Sending>();
  sending_ = sending;
  QStringList settings = settings_->text().split(' ', Qt::SkipEmptyParts);
  const bool named =
      std::any_of(settings.begin(), settings.end(), [](const QString& s) { return s.startsWith("planet="); });
  if (!batch.planet.isEmpty() && !named) settings << "planet=" + batch.planet;
  wire::ImportRequest request;
  request.set_store(client_->store());
  for (const QString& setting : settings) request.add_settings(setting.toStdString());
  const auto next = [this, sending] {
    if (sending_ != sending) return;  // given up
    sending_.reset();
    showSending();
    if (!batches_.isEmpty()) send(batches_.takeFirst());
  };
  if (!client_->isUp() || request.store().empty()) {
    emit failed(Error("there is no store to import into").next("open a folder of planets (Ctrl+O)"));
    batches_.clear();
    return next();
  }
  sendingText_->setText(tr("Sending %1 to the daemon")
                            .arg(batch.files.size() == 1 ? QFileInfo(batch.files.first()).fileName()
                                                         : tr("%1 files").arg(batch.files.size())));
  client_->ask(
      "import", this,
      [files = batch.files, request, sending](client::Daemon& daemon) mutable {
        for (const QString& file : files) sending->total += static_cast<std::uint64_t>(QFileInfo(file).size());
        std::uint64_t before = 0;
        for (const QString& file : files) {
          request.add_uploads(
              engine::protocol::upload(daemon, file.toStdString(), [&](std::uint64_t sent, std::uint64_t) {
                sending->sent = before + sent;
                return !sending->stop;
              }));
          before += static_cast<std::uint64_t>(QFileInfo(file).size());
        }
        return daemon.call(&wire::Jobs::Stub::Import, request);
      },
      [this, next](const wire::Job&) {
        poll();
        next();
      },
      [this, next](const Error& error) {
        if (error.kind() != ErrorKind::kCancelled) emit failed(error);
        next();
      },
      client::Client::Lane::kSlow);
  showSending();
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

void JobPanel::giveUpSending() {
  if (!sending_) return;
  // The answer of a daemon that is left never comes.
  sending_->stop = true;
  sending_.reset();
  batches_.clear();
  showSending();
  emit failed(Error("sending was given up: another machine or folder is shown now", ErrorKind::kCancelled)
                  .next("import the files again where they shall be"));
}

void JobPanel::showSending() {
  const bool there = sending_ != nullptr;
  sendingText_->setVisible(there);
  bar_->setVisible(there);
  if (there) {
    const std::uint64_t total = sending_->total;
    bar_->setValue(total == 0 ? 0 : static_cast<int>(kProgressSteps * sending_->sent / total));
    cancel_->setEnabled(true);
  }
}

void JobPanel::poll() {
  client_->ask(
      "jobs", this,
      [](client::Daemon& daemon) { return daemon.call(&wire::Jobs::Stub::List, wire::ListJobsRequest()); },
      [this](const wire::ListJobsReply& jobs) { take(jobs); }, [](const Error&) {});
}

void JobPanel::take(const wire::ListJobsReply& jobs) {
  bool running = sending_ != nullptr;
  // The newest first, as they come; those that are here keep their places.
  for (int i = jobs.jobs_size() - 1; i >= 0; --i) {
    const wire::Job& job = jobs.jobs(i);
    running |= !hasEnded(job);
    QTreeWidgetItem*& item = items_[job.id()];
    if (item == nullptr) {
      item = new QTreeWidgetItem;
      item->setText(0, tr("%1, %2 into %3")
                           .arg(job.id())
                           .arg(QString::fromStdString(job.kind()), QString::fromStdString(job.store())));
      item->setData(0, Qt::UserRole, static_cast<qlonglong>(job.id()));
      tree_->insertTopLevelItem(0, item);
    }
    const QString state = stateOf(job);
    item->setText(1, hasEnded(job) || job.what().empty() ? state : state + "  " + QString::fromStdString(job.what()));
    item->setToolTip(1, item->text(1));
    const QString before = states_.value(job.id());
    states_[job.id()] = QString::fromStdString(job.state());
    if (!hasEnded(job) || before == states_[job.id()]) continue;
    item->setForeground(1, job.state() == "done"        ? look::currentTheme().good
                           : job.state() == "cancelled" ? look::currentTheme().text
                                                        : look::currentTheme().warning);
    if (!first_) emit storeChanged();
    wire::JobRequest request;
    request.set_job(job.id());
    client_->ask(
        QStringLiteral("job %1").arg(job.id()), this,
        [request](client::Daemon& daemon) { return daemon.call(&wire::Jobs::Stub::Show, request); },
        [this](const wire::ShowJobReply& reply) { takeResult(reply); }, [](const Error&) {});
  }
  first_ = false;
  stack_->setCurrentIndex(items_.isEmpty() ? 1 : 0);
  cancel_->setEnabled(running);
}

void JobPanel::takeResult(const wire::ShowJobReply& reply) {
  QTreeWidgetItem* item = items_.value(reply.job().id());
  if (item == nullptr || item->childCount() > 0) return;
  const QJsonArray files = QJsonDocument::fromJson(QByteArray::fromStdString(reply.result())).array();
  for (const auto& value : files) {
    const QJsonObject file = value.toObject();
    auto* line = new QTreeWidgetItem(item, {QFileInfo(file["path"].toString()).fileName(), saidOf(file)});
    line->setToolTip(1, line->text(1));
    if (file["status"].toString() == "refused") {
      line->setForeground(1, look::currentTheme().warning);
      item->setExpanded(true);
    }
    for (const auto& assumption : file["assumptions"].toArray()) {
      auto* assumed = new QTreeWidgetItem(line, {tr("assumed"), assumption.toString()});
      assumed->setToolTip(1, assumption.toString());
    }
  }
}

void JobPanel::cancelChosen() {
  batches_.clear();
  if (sending_) {
    sending_->stop = true;
    return;
  }
  // The chosen job, else the one that runs.
  qint64 id = 0;
  const QTreeWidgetItem* chosen = tree_->currentItem();
  while (chosen != nullptr && chosen->parent() != nullptr) chosen = chosen->parent();
  if (chosen != nullptr) id = chosen->data(0, Qt::UserRole).toLongLong();
  const auto runs = [this](qint64 job) { return states_.value(job) == "queued" || states_.value(job) == "running"; };
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
