// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/machine_watch.h"

#include <algorithm>

namespace ecumene::ui::client {
namespace {

constexpr int kMostAtOnce = 1000;        ///< AlertsReply
constexpr int kMostReadings = 2000;      ///< PastReadingsRequest
const char* const kMachine = "machine";  // topic

struct Look {
  wire::ReadingsReply readings;
  wire::AlertsReply alerts;
};

}  // namespace

MachineWatch::MachineWatch(Client* client, QObject* parent) : QObject(parent), client_(client) {
  connect(client_, &Client::daemonChanged, this, [this] {
    forget();
    askRules();
    askPast();
    ask();
  });
  connect(client_, &Client::linkChanged, this, [this] {
    if (client_->isUp()) return askPast();
    // Old readings would look like new ones.
    readings_.Clear();
    emit read();
  });
  timer_.setInterval(kPauseMs);
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (!client_->awaits(kMachine)) ask();
  });
  timer_.start();
  askRules();
  askPast();
  ask();
}

QString MachineWatch::sentenceOf(const std::string& rule) const {
  for (const wire::Rule& row : rules_) {
    if (row.name() == rule) return QString::fromStdString(row.sentence());
  }
  return {};
}

void MachineWatch::forget() {
  readings_.Clear();
  alerts_.clear();
  rules_.clear();
  last_ = 0;
  seen_ = 0.0;
  first_ = true;
  emit read();
  emit alertsChanged();
}

void MachineWatch::askRules() {
  client_->ask(
      "rules", this, [](Daemon& daemon) { return daemon.call(&wire::System::Stub::Rules, wire::RulesRequest()); },
      [this](const wire::RulesReply& reply) {
        rules_.assign(reply.rules().begin(), reply.rules().end());
        emit alertsChanged();
      },
      [](const Error&) {});
}

void MachineWatch::askPast() {
  client_->ask(
      "past readings", this,
      [after = seen_](Daemon& daemon) {
        wire::PastReadingsRequest request;
        request.set_after(after);
        request.set_most(kMostReadings);
        return daemon.call(&wire::System::Stub::PastReadings, request);
      },
      [this](const wire::PastReadingsReply& reply) {
        emit past({reply.readings().begin(), reply.readings().end()});
      },
      [](const Error&) {});
}

void MachineWatch::ask() {
  client_->ask(
      kMachine, this,
      [after = last_](Daemon& daemon) {
        wire::AlertsRequest request;
        request.set_after(after);
        return Look{daemon.call(&wire::System::Stub::Readings, wire::ReadingsRequest()),
                    daemon.call(&wire::System::Stub::Alerts, request)};
      },
      [this](const Look& look) {
        readings_ = look.readings;
        seen_ = readings_.time();
        emit read();
        take(look.alerts);
      },
      [](const Error&) {});
}

void MachineWatch::take(const wire::AlertsReply& reply) {
  bool changed = false;
  // One that held before and is not among those that hold has come to its end.
  const auto inReply = [&](std::int64_t id) {
    return std::any_of(reply.alerts().begin(), reply.alerts().end(),
                       [&](const auto& other) { return other.id() == id; });
  };
  for (wire::Alert& alert : alerts_) {
    if (alert.until() > 0.0 || inReply(alert.id())) continue;
    alert.set_until(readings_.time());
    changed = true;
  }
  for (const wire::Alert& alert : reply.alerts()) {
    if (alert.id() <= last_) continue;
    last_ = alert.id();
    changed = true;
    alerts_.insert(alerts_.begin(), alert);
    const bool old = first_ && (alert.until() > 0.0 || alert.rule() == "ended");
    if (!old) emit raised(alert);
  }
  // A daemon that has more than it says at once says the rest next time.
  first_ = first_ && reply.alerts_size() >= kMostAtOnce;
  if (alerts_.size() > kKept) alerts_.resize(kKept);
  if (changed) emit alertsChanged();
}

}  // namespace ecumene::ui::client
