// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <deque>
#include <functional>
#include <optional>

class QLabel;
class QLineEdit;

namespace ecumene::ui::shell {

/// Questions of other programs (ssh: a new host key, a passphrase) above the workspace, one after the other. It stays
/// until it is answered or left, and never takes the focus from somebody who types elsewhere.
class QuestionBar : public QFrame {
  Q_OBJECT
 public:
  explicit QuestionBar(QWidget* parent = nullptr);
  /// `done` gets the answer; none: the person would not say. A secret is not shown while it is typed. The question is
  /// withdrawn where its asker ends before.
  void ask(const QString& question, bool secret, QObject* asker,
           std::function<void(const std::optional<QString>&)> done);
  [[nodiscard]] int waiting() const { return static_cast<int>(questions_.size()); }

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  struct Question {
    QString text;
    bool secret;
    const QObject* asker;
    std::function<void(const std::optional<QString>&)> done;
  };
  void showFirst();
  void finish(const std::optional<QString>& answer);

  std::deque<Question> questions_;
  QLabel* text_ = nullptr;
  QLineEdit* line_ = nullptr;
};

}  // namespace ecumene::ui::shell
