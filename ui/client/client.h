// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QObject>
#include <QPointer>
#include <QThread>
#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "data/base/error.h"
#include "ui/client/source.h"

namespace ecumene::ui::client {

/// Asks a Source on a worker thread, so that the window never waits. Of questions with one topic the newest wins: an
/// older one that has not begun is dropped, and an older answer is not delivered. Answers come in the window's thread,
/// and only while the receiver lives. Used from the window's thread alone.
class Client : public QObject {
  Q_OBJECT
 public:
  explicit Client(QObject* parent = nullptr);
  /// Waits for the question that is being answered.
  ~Client() override;

  /// Asks another source from now on; questions to the old one are dropped. Null: none.
  void setSource(std::shared_ptr<Source> source);
  [[nodiscard]] bool hasSource() const { return source_ != nullptr; }

  /// `question` runs on the worker; then `done` gets its result, or `failed` the Error. Without a source neither.
  template <class Question, class Done>
  void ask(const QString& topic, QObject* receiver, Question question, Done done,
           std::function<void(const Error&)> failed) {
    using Result = std::invoke_result_t<Question, Source&>;
    if (!source_) return;
    const std::shared_ptr<std::atomic<std::uint64_t>> newest = topicOf(topic);
    const std::uint64_t mine = ++*newest;
    const QPointer<QObject> alive(receiver);
    post([this, newest, mine, alive, source = source_, question = std::move(question), done = std::move(done),
          failed = std::move(failed)]() mutable {
      if (*newest != mine) return;
      std::function<void()> deliver;
      try {
        if constexpr (std::is_void_v<Result>) {
          question(*source);
          deliver = [done = std::move(done)] { done(); };
        } else {
          auto result = std::make_shared<Result>(question(*source));
          deliver = [done = std::move(done), result] { done(std::move(*result)); };
        }
      } catch (const Error& error) {
        deliver = [failed = std::move(failed), error] { failed(error); };
      } catch (const std::exception& error) {
        deliver = [failed = std::move(failed), text = std::string(error.what())] { failed(internalError(text)); };
      }
      toWindow([newest, mine, alive, deliver = std::move(deliver)] {
        if (alive && *newest == mine) deliver();
      });
    });
  }

 signals:
  void sourceChanged();

 private:
  std::shared_ptr<std::atomic<std::uint64_t>> topicOf(const QString& topic);
  void post(std::function<void()> work);
  void toWindow(std::function<void()> work);

  QThread thread_;
  QObject* worker_ = nullptr;
  std::shared_ptr<Source> source_;
  QMap<QString, std::shared_ptr<std::atomic<std::uint64_t>>> topics_;
};

}  // namespace ecumene::ui::client
