// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ecumene/demo.h"

#include "data/base/error.h"
#include "ui/client/planets.h"

namespace ecumene::ecumene_app {
namespace {

constexpr int kPollMs = 700;
const char* const kJob = "demo job";  // topic

QString offer() {
  return QObject::tr(
             "There are no planets here yet. This generates %1 of them, as a job that goes on without the window, and "
             "then fills the form of a run that trains the demo model on them.")
      .arg(Demo::kPlanets);
}

}  // namespace

Demo::Demo(ui::client::Client* client, QObject* parent) : QObject(parent), client_(client) {
  poll_.setInterval(kPollMs);
  connect(&poll_, &QTimer::timeout, this, &Demo::ask);
  connect(client_, &ui::client::Client::sourceChanged, this, [this] {
    job_ = 0;
    poll_.stop();
    emit changed({}, false);
    look();
  });
}

void Demo::look() {
  if (job_ != 0 || client_->store().empty()) return;
  client_->ask(
      "demo store", this,
      [store = client_->store()](ui::client::Daemon& daemon) {
        wire::PlanetsRequest request;
        request.set_store(store);
        return ui::client::planetsOf(daemon, request).size();
      },
      [this](std::size_t count) { emit changed(count == 0 ? offer() : QString(), true); },
      // A store that is not there yet is made by what comes first.
      [this](const Error&) { emit changed(offer(), true); });
}

void Demo::begin() {
  emit changed(tr("Asking the daemon…"), false);
  wire::GenerateRequest request;
  request.set_store(client_->store());
  request.set_planets(kPlanets);
  request.set_seed(kSeed);
  client_->ask(
      "demo begin", this,
      [request](ui::client::Daemon& daemon) { return daemon.call(&wire::Jobs::Stub::Generate, request); },
      [this](const wire::Job& job) {
        job_ = job.id();
        take(job);
        poll_.start();
      },
      [this](const Error& error) {
        emit failed(error);
        emit changed(offer(), true);
      });
}

void Demo::ask() {
  if (client_->awaits(kJob)) return;
  wire::JobRequest request;
  request.set_job(job_);
  client_->ask(
      kJob, this, [request](ui::client::Daemon& daemon) { return daemon.call(&wire::Jobs::Stub::Show, request); },
      [this](const wire::ShowJobReply& reply) { take(reply.job()); },
      // A daemon that is gone comes back with its jobs.
      [](const Error&) {});
}

void Demo::take(const wire::Job& job) {
  if (job.state() == "queued" || job.state() == "running") {
    emit changed(tr("Generating planets: %1 of %2 are there. The Data workspace shows them, and can cancel.")
                     .arg(job.done())
                     .arg(kPlanets),
                 false);
    return;
  }
  poll_.stop();
  job_ = 0;
  if (job.state() == "done") {
    emit changed({}, false);
    emit planetsThere();
    return;
  }
  if (job.state() != "cancelled") emit failed(Error("the demo's planets were not made").found(job.reason()));
  look();
}

}  // namespace ecumene::ecumene_app
