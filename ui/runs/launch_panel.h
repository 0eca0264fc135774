// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>
#include <chrono>

#include "engine/config/run_spec.h"
#include "ui/client/client.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace ecumene::ui::forms {
class OptionForm;
}

namespace ecumene::ui::runs {

class PlanPanel;

/// A new run from a preset: name, place, runs to begin with, options (the form of the option table), and its plan.
class LaunchPanel : public QWidget {
  Q_OBJECT
 public:
  /// Making a run reads the statistics of all its planets and trains a tokeniser.
  static constexpr std::chrono::minutes kMakeTime{10};
  explicit LaunchPanel(client::Client* client, QWidget* parent = nullptr);
  [[nodiscard]] const engine::config::RunSpec& spec() const { return edited_; }
  [[nodiscard]] forms::OptionForm* form() const { return form_; }
  /// Fills the form with a preset.
  void choosePreset(const QString& name);

 signals:
  void launched(const QString& run);
  void failed(const ecumene::Error& error);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void takePreset(const QString& name);
  void takeDaemon();
  void askPlaces();
  void askBeginnings();
  void takeBeginnings(const wire::ListRunsReply& reply);
  /// Runs that are ticked.
  [[nodiscard]] std::vector<std::string> beginnings() const;
  /// "KEY=VALUE" of what differs from the preset.
  [[nodiscard]] std::vector<std::string> settings() const;
  void check();
  void plan();
  void launch();

  client::Client* client_;
  engine::config::RunSpec edited_, defaults_;
  QComboBox* preset_ = nullptr;
  QComboBox *store_ = nullptr, *slot_ = nullptr;
  QLineEdit* name_ = nullptr;
  forms::OptionForm* form_ = nullptr;
  PlanPanel* plan_ = nullptr;
  QListWidget* beginnings_ = nullptr;
  QLabel* problem_ = nullptr;
  QPushButton* launch_ = nullptr;
  QTimer planTimer_;
  bool launching_ = false;
};

}  // namespace ecumene::ui::runs
