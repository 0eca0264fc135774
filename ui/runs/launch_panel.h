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
class QPushButton;

namespace ecumene::ui::forms {
class OptionForm;
}

namespace ecumene::ui::runs {

/// A new run from a preset: name, options (the form of the option table), and a plan that says how large the model
/// gets.
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

 private:
  void takePreset(const QString& name);
  void takeDaemon();
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
  QLabel* plan_ = nullptr;
  QLabel* problem_ = nullptr;
  QPushButton* launch_ = nullptr;
  QTimer planTimer_;
  bool launching_ = false;
};

}  // namespace ecumene::ui::runs
