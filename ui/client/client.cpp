// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/client.h"

#include <QElapsedTimer>
#include <algorithm>

#include "ui/client/planets.h"

namespace ecumene::ui::client {
namespace {

/// What decides about what is shown: stores and runs.
bool servesTheSame(const wire::HelloReply& a, const wire::HelloReply& b) {
  return a.runs() == b.runs() &&
         std::equal(a.stores().begin(), a.stores().end(), b.stores().begin(), b.stores().end()) &&
         std::equal(a.store_folders().begin(), a.store_folders().end(), b.store_folders().begin(),
                    b.store_folders().end());
}

}  // namespace

Client::Client(QObject* parent) : QObject(parent), planets_(std::make_shared<PlanetCache>()) {
  static const char* const kNames[] = {"client", "client-history", "client-slow", "client-transfer", "client-dial"};
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    Worker& worker = workers_[i];
    worker.object = new QObject;
    worker.thread.setObjectName(QString::fromLatin1(kNames[i]));
    worker.object->moveToThread(&worker.thread);
    connect(&worker.thread, &QThread::finished, worker.object, &QObject::deleteLater);
    worker.thread.start();
  }
  redial_.setSingleShot(true);
  connect(&redial_, &QTimer::timeout, this, &Client::dial);
}

Client::~Client() {
  redial_.stop();
  giveUp();
  for (Worker& worker : workers_) worker.thread.quit();
  for (Worker& worker : workers_) worker.thread.wait();
}

void Client::connectTo(const QString& name, Dial dial) {
  giveUp();
  daemon_.reset();
  hello_.Clear();
  store_.clear();
  name_ = name;
  problem_.clear();
  // The old one may end a process as it goes.
  post(kDialling, [old = std::move(dial_)] {});
  dial_ = std::move(dial);
  redial_.setInterval(kFirstPauseMs);
  setLink(dial_ ? Link::kConnecting : Link::kNone);
  emit daemonChanged();
  emit sourceChanged();
  if (dial_) this->dial();
}

void Client::disconnectFrom() {
  connectTo({}, nullptr);
}

void Client::dialAgain() {
  if (dial_ && !isUp() && !isDialling_) dial();
}

void Client::ping(QObject* receiver, const std::function<void(qint64)>& answered) {
  const QString topic = QStringLiteral("ping");
  if (awaits(topic)) return;
  struct Answer {
    bool another = false;
    qint64 milliseconds = 0;
  };
  ask(
      topic, receiver,
      [](Daemon& daemon) {
        QElapsedTimer timer;
        timer.start();
        const bool another = daemon.isAnother();
        return Answer{another, timer.elapsed()};
      },
      [this, answered](const Answer& answer) {
        if (!answer.another) return answered(answer.milliseconds);
        if (!isUp()) return;
        setLink(Link::kConnecting);
        dial();
      },
      [](const Error&) {});
}

bool Client::isStoreChosen() const {
  return std::find(hello_.stores().begin(), hello_.stores().end(), store_) != hello_.stores().end();
}

std::string Client::store() const {
  if (isStoreChosen()) return store_;
  return hello_.stores().empty() ? std::string() : hello_.stores(0);
}

void Client::chooseStore(const std::string& id) {
  const std::string before = store();
  store_ = id;
  if (store() != before) emit sourceChanged();
}

void Client::forgetPlanets() {
  planets_ = std::make_shared<PlanetCache>();
}

void Client::dial() {
  redial_.stop();
  isDialling_ = true;
  post(kDialling, [this, mine = ++dialled_, dial = dial_, stop = dialling_.get_token()] {
    std::shared_ptr<Daemon> daemon;
    QString problem;
    std::optional<Error> refusal;
    try {
      daemon = dial(stop);
    } catch (const Error& error) {
      problem = QString::fromUtf8(error.what());
      if (error.kind() == ErrorKind::kInput || error.kind() == ErrorKind::kUsage) refusal = error;
    } catch (const std::exception& error) {
      problem = QString::fromUtf8(error.what());
    }
    toWindow([this, mine, daemon, problem, refusal] {
      if (mine != dialled_ || !dial_) return;
      isDialling_ = false;
      if (daemon) return reached(daemon);
      problem_ = problem;
      emit linkChanged();
      if (refusal) {
        emit refused(*refusal);
        return;
      }
      redial_.start();
      redial_.setInterval(std::min(2 * redial_.interval(), kLongestPauseMs));
    });
  });
}

void Client::reached(std::shared_ptr<Daemon> daemon) {
  const bool first = hello_.pid() == 0;
  const bool same = servesTheSame(hello_, daemon->daemon());
  daemon_ = std::move(daemon);
  hello_ = daemon_->daemon();
  forgetPlanets();
  problem_.clear();
  redial_.setInterval(kFirstPauseMs);
  setLink(Link::kUp);
  if (!first && same) return;
  emit daemonChanged();
  emit sourceChanged();
}

void Client::lose(const Daemon* daemon) {
  if (daemon != daemon_.get() || !isUp()) return;
  setLink(Link::kLost);
  dial();
}

void Client::setLink(Link link) {
  if (link_ == link) return;
  link_ = link;
  emit linkChanged();
}

std::shared_ptr<Client::Topic> Client::topicOf(const QString& topic) {
  if (!topics_.contains(topic)) topics_[topic] = std::make_shared<Topic>();
  return topics_[topic];
}

bool Client::awaits(const QString& topic) const {
  const auto asked = topics_.value(topic);
  return asked && asked->awaited != 0;
}

void Client::giveUp() {
  for (const auto& topic : topics_) {
    ++topic->newest;
    topic->awaited = 0;
  }
  if (daemon_) daemon_->abandon();
  ++dialled_;
  isDialling_ = false;
  dialling_.request_stop();
  dialling_ = std::stop_source();
}

void Client::post(std::size_t worker, std::function<void()> work) {
  QMetaObject::invokeMethod(workers_[worker].object, std::move(work), Qt::QueuedConnection);
}

void Client::toWindow(std::function<void()> work) {
  QMetaObject::invokeMethod(this, std::move(work), Qt::QueuedConnection);
}

}  // namespace ecumene::ui::client
