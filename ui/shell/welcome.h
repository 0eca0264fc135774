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
  /// Actions with a button each, beside which stands what QAction::whatsThis() says; invisible ones have none.
  explicit WelcomeWorkspace(const QList<QAction*>& offers, QObject* parent = nullptr);

  [[nodiscard]] QString id() const override { return "welcome"; }
  [[nodiscard]] QString title() const override { return tr("Welcome"); }
  [[nodiscard]] look::Icon sign() const override { return look::Icon::kHome; }
  QWidget* centre() override { return page_; }
  void setSessions(const std::vector<SessionFile>& sessions);
  /// Other machines that have been reached, the latest first.
  void setMachines(const QStringList& hosts);

 signals:
  void sessionChosen(const std::filesystem::path& file);
  void machineChosen(const QString& host);

 private:
  QWidget* page_ = nullptr;
  QVBoxLayout *sessions_ = nullptr, *machines_ = nullptr;
  QWidget* machineBlock_ = nullptr;
};

}  // namespace ecumene::ui::shell
