// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/client.h"

namespace ecumene::ui::client {

Client::Client(QObject* parent) : QObject(parent), worker_(new QObject) {
  thread_.setObjectName("client");
  worker_->moveToThread(&thread_);
  connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
  thread_.start();
}

Client::~Client() {
  setSource(nullptr);
  thread_.quit();
  thread_.wait();
}

void Client::setSource(std::shared_ptr<Source> source) {
  for (const auto& topic : topics_) ++*topic;
  source_ = std::move(source);
  emit sourceChanged();
}

std::shared_ptr<std::atomic<std::uint64_t>> Client::topicOf(const QString& topic) {
  if (!topics_.contains(topic)) topics_[topic] = std::make_shared<std::atomic<std::uint64_t>>(0);
  return topics_[topic];
}

void Client::post(std::function<void()> work) {
  QMetaObject::invokeMethod(worker_, std::move(work), Qt::QueuedConnection);
}

void Client::toWindow(std::function<void()> work) {
  QMetaObject::invokeMethod(this, std::move(work), Qt::QueuedConnection);
}

}  // namespace ecumene::ui::client
