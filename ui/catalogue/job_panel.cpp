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
#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/protocol/upload.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"

namespace ecumene::ui::catalogue {
namespace {

constexpr int kPollMs = 700;
constexpr int kProgressSteps = 1000;
constexpr std::chrono::seconds kImportTime{60};  ///< for the daemon to look at each of many files
constexpr int kMostAlso = 1000;                  ///< jobs that a daemon takes beside those after one
constexpr qsizetype kMostFiles = 20000;          ///< of one job, of files that need not be together

bool hasEnded(const QString& state) {
  return state != "queued" && state != "running";
}
bool hasEnded(const wire::Job& job) {
  return hasEnded(QString::fromStdString(job.state()));
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

/// Climate models name their files alike (MOST.00001.nc), so a folder with one such file, and beside it at most what
/// describes it, says by its name which planet it is. Any other folder may hold files of several planets.
QString planetOf(const QString& folder, const QStringList& files) {
  static const QStringList kDescriptions{"json", "txt", "md", "license"};
  qsizetype climates = 0;
  for (const QString& file : files) {
    const QString suffix = QFileInfo(file).suffix();
    if (suffix == "nc")
      ++climates;
    else if (!kDescriptions.contains(suffix))
      return {};
  }
  return climates == 1 ? QFileInfo(folder).fileName() : QString();
}

/// Each folder goes by itself, single files together.
JobPanel::Found filesOf(const QStringList& paths, const std::atomic<bool>& stop) {
  JobPanel::Found found;
  QStringList single;
  for (const QString& path : paths) {
    if (!QFileInfo(path).isDir()) {
      single << path;
      continue;
    }
    QMap<QString, QStringList> folders;
    for (QDirIterator it(path, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
      if (stop) throw Error("looking for files was cancelled", ErrorKind::kCancelled);
      const QFileInfo file(it.next());
      folders[file.absolutePath()] << file.absoluteFilePath();
    }
    for (auto it = folders.begin(); it != folders.end(); ++it) {
      found.batches.append({it.value(), planetOf(it.key(), it.value())});
    }
    if (folders.isEmpty()) found.empty << path;
  }
  for (qsizetype i = 0; i < single.size(); i += kMostFiles) found.batches.append({single.mid(i, kMostFiles), {}});
  return found;
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
  connect(tree_, &QTreeWidget::itemExpanded, this, [this](const QTreeWidgetItem* item) {
    if (item->parent() == nullptr && item->childCount() == 0) askResult(item->data(0, Qt::UserRole).toLongLong());
  });
  connect(client_, &client::Client::sourceChanged, this, [this] {
    tree_->clear();
    items_.clear();
    states_.clear();
    newest_ = 0;
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
  *looking_ = true;
  if (sending_) sending_->stop = true;
}

void JobPanel::import(const QStringList& paths) {
  if (!client_->isUp() || client_->store().empty()) {
    emit failed(Error("there is no store to import into").next("open a folder of planets (Ctrl+O)"));
    return;
  }
  // Each drop is its own topic: none is forgotten for a newer one.
  static int number = 0;
  ++drops_;
  const auto looked = [this, looking = looking_] {
    if (looking_ == looking) --drops_;
    showSending();
  };
  client_->ask(
      QStringLiteral("drop %1").arg(++number), this,
      [paths, looking = looking_](client::Daemon&) { return filesOf(paths, *looking); },
      [this, looked](Found found) {
        looked();
        take(std::move(found));
      },
      [this, looked](const Error& error) {
        looked();
        if (error.kind() != ErrorKind::kCancelled) emit failed(error);
      },
      client::Client::Lane::kTransfer);
  showSending();
}

void JobPanel::take(Found found) {
  for (const QString& folder : found.empty) emit failed(Error("the folder has no files").on(folder.toStdString()));
  batches_ += found.batches;
  if (!sending_) sendNext();
}

void JobPanel::sendNext() {
  if (!batches_.isEmpty()) send(batches_.takeFirst());
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
    sendNext();
  };
  if (!client_->isUp() || request.store().empty()) {
    emit failed(Error("there is no store to import into").next("open a folder of planets (Ctrl+O)"));
    batches_.clear();
    return next();
  }
  sendingWords_ = tr("Sending %1 to the daemon")
                      .arg(batch.files.size() == 1 ? QFileInfo(batch.files.first()).fileName()
                                                   : tr("%1 files").arg(batch.files.size()));
  client_->ask(
      "import", this,
      [files = batch.files, request, sending](client::Daemon& daemon) mutable {
        for (const QString& file : files) {
          sending->total += static_cast<std::uint64_t>(QFileInfo(file).size());
          if (sending->stop) throw Error("the sending was cancelled", ErrorKind::kCancelled);
        }
        std::uint64_t before = 0;
        for (const QString& file : files) {
          request.add_uploads(
              engine::protocol::upload(daemon, file.toStdString(), [&](std::uint64_t sent, std::uint64_t) {
                sending->sent = before + sent;
                return !sending->stop;
              }));
          before += static_cast<std::uint64_t>(QFileInfo(file).size());
        }
        return daemon.call(&wire::Jobs::Stub::Import, request, kImportTime);
      },
      [this, next](const wire::Job&) {
        poll();
        next();
      },
      [this, next](const Error& error) {
        if (error.kind() != ErrorKind::kCancelled) emit failed(error);
        next();
      },
      client::Client::Lane::kTransfer);
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

void JobPanel::stopLooking() {
  *looking_ = true;
  looking_ = std::make_shared<std::atomic<bool>>(false);
  drops_ = 0;
  batches_.clear();
}

void JobPanel::giveUpSending() {
  if (!sending_ && drops_ == 0) return;
  // The answer of a daemon that is left never comes.
  stopLooking();
  if (sending_) sending_->stop = true;
  sending_.reset();
  showSending();
  emit failed(Error("sending was given up: another machine or folder is shown now", ErrorKind::kCancelled)
                  .next("import the files again where they shall be"));
}

void JobPanel::showSending() {
  const bool there = sending_ != nullptr, any = there || drops_ > 0;
  sendingText_->setVisible(any);
  sendingText_->setText(there ? sendingWords_ : tr("Looking for files in what was dropped"));
  bar_->setVisible(there);
  if (there) {
    const std::uint64_t total = sending_->total;
    bar_->setValue(total == 0 ? 0 : static_cast<int>(kProgressSteps * sending_->sent / total));
  }
  if (any) cancel_->setEnabled(true);
}

void JobPanel::poll() {
  wire::ListJobsRequest request;
  request.set_after(newest_);
  // The oldest: they end first, and make place for the others.
  for (auto it = states_.begin(); it != states_.end() && request.also_size() < kMostAlso; ++it) {
    if (!hasEnded(it.value())) request.add_also(it.key());
  }
  client_->ask(
      "jobs", this, [request](client::Daemon& daemon) { return daemon.call(&wire::Jobs::Stub::List, request); },
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
    const QString state = stateOf(job);
    item->setText(1, hasEnded(job) || job.what().empty() ? state : state + "  " + QString::fromStdString(job.what()));
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
  cancel_->setEnabled(running || sending_ != nullptr || drops_ > 0);
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
  const bool looking = drops_ > 0;
  stopLooking();
  if (sending_) sending_->stop = true;
  if (sending_ || looking) return showSending();
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
