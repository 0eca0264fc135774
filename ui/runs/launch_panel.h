// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QSet>
#include <QStringList>
#include <QTimer>
#include <QWidget>
#include <chrono>

#include "engine/config/run_spec.h"
#include "ui/client/client.h"
#include "ui/runs/spent.h"

class QComboBox;
class QLabel;
class QLayout;
class QLineEdit;
class QListWidget;
class QPushButton;
class QTabWidget;

namespace ecumene::ui::forms {
class OptionForm;
}

namespace ecumene::ui::runs {

class PlanPanel;

/// A new run from a preset: name, place, runs to begin with and its plan on one page, options (the form of the option
/// table) on another. What would be launched, why it cannot be and the button stand below both, in any height.
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
  /// Runs of the daemon as they are now: those whose trained parts another can begin with are offered, and places that
  /// others have taken or left are asked for again.
  void takeRuns(const std::vector<wire::Run>& runs);
  /// Where the daemon trains now. A place that was chosen and is gone stays the choice, as one to be replaced.
  void takePlaces(const wire::PlacesReply& reply);
  void setPrice(const Price& price);
  /// The plan of what the form says is there, or why there is none.
  [[nodiscard]] bool isPlanned() const;

 signals:
  void launched(const QString& run);
  void failed(const ecumene::Error& error);
  void planned();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeRunPage();
  QLayout* makeFoot();
  void takePreset(const QString& name);
  void takeDaemon();
  void askPlaces();
  void followPlaces(const std::vector<wire::Run>& runs);
  void offerBeginnings(const std::vector<wire::Run>& runs);
  /// Runs that are ticked.
  [[nodiscard]] std::vector<std::string> beginnings() const;
  /// "KEY=VALUE" of what differs from the preset.
  [[nodiscard]] std::vector<std::string> settings() const;
  void check();
  void plan();
  void launch();
  void sayLaunching();
  void sayPlan();

  client::Client* client_;
  engine::config::RunSpec edited_, defaults_;
  QTabWidget* pages_ = nullptr;
  QComboBox* preset_ = nullptr;
  QComboBox *store_ = nullptr, *slot_ = nullptr;
  QLineEdit* name_ = nullptr;
  forms::OptionForm* form_ = nullptr;
  PlanPanel* plan_ = nullptr;
  QListWidget* beginnings_ = nullptr;
  QStringList offered_;  ///< runs to begin with, each with what is said of it
  QLabel *summary_ = nullptr, *problem_ = nullptr, *progress_ = nullptr;
  QPushButton* launch_ = nullptr;
  QTimer planTimer_, progressTimer_;
  QElapsedTimer sinceLaunch_;
  bool launching_ = false;
  bool placesKnown_ = false;  ///< of this daemon
  bool placesDue_ = false;    ///< a run has come, begun or ended since they were asked for
  QStringList conditions_;    ///< of the runs, by which that is seen
  QSet<QString> takers_;      ///< runs that have a place
};

}  // namespace ecumene::ui::runs
