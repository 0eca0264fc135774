// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "ui/shell/session.h"
#include "ui/shell/workspace.h"

class QLabel;
class QVBoxLayout;

namespace ecumene::ui::shell {

/// The first page: what can be opened, and where one left off.
class WelcomeWorkspace : public Workspace {
  Q_OBJECT
 public:
  /// An action with the sentence that stands under its button.
  struct Offer {
    QAction* action = nullptr;
    QString sentence;
  };
  explicit WelcomeWorkspace(const std::vector<Offer>& offers, QObject* parent = nullptr);

  [[nodiscard]] QString id() const override { return "welcome"; }
  [[nodiscard]] QString title() const override { return tr("Welcome"); }
  [[nodiscard]] look::Icon sign() const override { return look::Icon::kHome; }
  QWidget* centre() override { return page_; }
  void setSessions(const std::vector<SessionFile>& sessions);

 signals:
  void sessionChosen(const std::filesystem::path& file);

 private:
  QWidget* page_ = nullptr;
  QVBoxLayout* sessions_ = nullptr;
};

}  // namespace ecumene::ui::shell
