// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QObject>
#include <QPointer>
#include <QThread>
#include <QTimer>
#include <array>
#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "data/base/error.h"
#include "engine/protocol/client.h"

namespace ecumene::ui::client {

class PlanetCache;

/// A daemon and its calls, as questions see it. Any thread.
using Daemon = engine::protocol::Client;

/// Asks a daemon on worker threads, so that the window never waits. Of questions with one topic the newest wins: an
/// older one that has not begun is dropped, and an older answer is not delivered. Answers come in the window's thread,
/// and only while the receiver lives. When nobody answers any more it dials again until somebody does, or a
/// dial is refused (an Error of kind kInput). Used from the window's thread alone.
class Client : public QObject {
  Q_OBJECT
 public:
  /// Reaches the daemon: starts it or the way to it where that is needed. Runs on a worker of its own and may wait,
  /// until a stop is requested; throws Error.
  using Dial = std::function<std::shared_ptr<Daemon>(const std::stop_token&)>;
  enum class Link { kNone, kConnecting, kUp, kLost };
  /// Each has a thread. Questions for the curves of long runs go to kHistory, those that wait for other programs to
  /// kSlow, those that move or read files to kTransfer, so that the others do not wait behind them.
  enum class Lane { kQuick, kHistory, kSlow, kTransfer };
  static constexpr int kFirstPauseMs = 250, kLongestPauseMs = 3000;  ///< between two dials, doubled each time

  explicit Client(QObject* parent = nullptr);
  /// Gives up the questions that are being answered.
  ~Client() override;

  /// Asks another daemon from now on; questions to the old one are given up. `name` is for people: "this machine".
  void connectTo(const QString& name, Dial dial);
  /// Asks nobody.
  void disconnectFrom();
  /// Dials at once, where the link is not up and no dial is under way.
  void dialAgain();
  /// Asks whether the daemon is still the one that was reached, and dials where it is not: one may take another's place
  /// so quickly that no question fails. `answered` gets the time there and back. Nothing while an answer is to come.
  void ping(QObject* receiver, const std::function<void(qint64 milliseconds)>& answered);
  [[nodiscard]] Link link() const { return link_; }
  [[nodiscard]] bool isUp() const { return link_ == Link::kUp; }
  [[nodiscard]] QString name() const { return name_; }
  /// Why the last dial failed; empty: it did not.
  [[nodiscard]] QString problem() const { return problem_; }
  /// What the daemon said of itself when it was last reached.
  [[nodiscard]] const wire::HelloReply& hello() const { return hello_; }
  /// Id of the store that is shown: the one chosen, else the daemon's first. Empty: it has none.
  [[nodiscard]] std::string store() const;
  /// One was chosen, and the daemon has it.
  [[nodiscard]] bool isStoreChosen() const;
  void chooseStore(const std::string& id);
  /// Of this daemon's planets (planets.h).
  [[nodiscard]] std::shared_ptr<PlanetCache> planets() const { return planets_; }
  /// A store has others by now, or has others under the same names.
  void forgetPlanets();

  /// `question(Daemon&)` runs on a worker; then `done` gets its result, or `failed` the Error. While the link is not up
  /// neither.
  template <class Question, class Done>
  void ask(const QString& topic, QObject* receiver, Question question, Done done,
           std::function<void(const Error&)> failed, Lane lane = Lane::kQuick) {
    using Result = std::invoke_result_t<Question, Daemon&>;
    if (!isUp()) return;
    const std::shared_ptr<Topic> asked = topicOf(topic);
    const std::uint64_t mine = ++asked->newest;
    asked->awaited = mine;
    const QPointer<QObject> alive(receiver);
    post(static_cast<std::size_t>(lane), [this, asked, mine, alive, daemon = daemon_, question = std::move(question),
                                          done = std::move(done), failed = std::move(failed)]() mutable {
      if (asked->newest != mine) return;
      std::function<void()> deliver;
      bool lost = false;
      try {
        if constexpr (std::is_void_v<Result>) {
          question(*daemon);
          deliver = [done = std::move(done)] { done(); };
        } else {
          auto result = std::make_shared<Result>(question(*daemon));
          deliver = [done = std::move(done), result] { done(std::move(*result)); };
        }
      } catch (const Error& error) {
        lost = engine::protocol::isUnreachable(error);
        deliver = [failed = std::move(failed), error] { failed(error); };
      } catch (const std::exception& error) {
        deliver = [failed = std::move(failed), text = std::string(error.what())] { failed(internalError(text)); };
      }
      toWindow([this, asked, mine, alive, lost, from = daemon.get(), deliver = std::move(deliver)] {
        if (lost) lose(from);
        if (asked->newest != mine) return;
        asked->awaited = 0;
        if (alive) deliver();
      });
    });
  }
  /// The answer to a question of this topic is still to come. Who asks every now and then lets it come before asking
  /// anew: on a slow way no answer would come otherwise.
  [[nodiscard]] bool awaits(const QString& topic) const;

 signals:
  /// Another daemon: its runs and its machine are others too. sourceChanged() follows.
  void daemonChanged();
  /// Another daemon, or another store of it: the planets that are shown are not its any more.
  void sourceChanged();
  void linkChanged();
  /// A dial was refused: it is not tried again until dialAgain().
  void refused(const ecumene::Error& error);

 private:
  struct Topic {
    std::atomic<std::uint64_t> newest = 0;  ///< number of the newest question
    std::uint64_t awaited = 0;              ///< of the one whose answer is to come; 0: none
  };
  std::shared_ptr<Topic> topicOf(const QString& topic);
  void post(std::size_t worker, std::function<void()> work);
  /// What is under way to the daemon, or on its way to one, ends at once.
  void giveUp();
  void toWindow(std::function<void()> work);
  void dial();
  void reached(std::shared_ptr<Daemon> daemon);
  /// The daemon of this address did not answer.
  void lose(const Daemon* daemon);
  void setLink(Link link);

  struct Worker {
    QThread thread;
    QObject* object = nullptr;
  };
  static constexpr std::size_t kDialling = 4;
  std::array<Worker, 5> workers_;  ///< by Lane, and kDialling
  Dial dial_;
  std::stop_source dialling_;
  QString name_, problem_;
  std::shared_ptr<Daemon> daemon_;
  wire::HelloReply hello_;
  std::string store_;
  std::shared_ptr<PlanetCache> planets_;
  Link link_ = Link::kNone;
  QTimer redial_;
  std::uint64_t dialled_ = 0;  ///< number of the newest dial
  bool isDialling_ = false;    ///< it is under way
  QMap<QString, std::shared_ptr<Topic>> topics_;
};

}  // namespace ecumene::ui::client
