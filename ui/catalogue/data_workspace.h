// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/catalogue/planet_table.h"
#include "ui/client/client.h"
#include "ui/shell/workspace.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QTableView;

namespace ecumene::ui::catalogue {

class JobPanel;
class PlanetDetails;

/// The catalogue of a store: planets with filters, where each of their parts comes from, what quality checks say; and
/// the imports that bring more.
class DataWorkspace : public shell::Workspace {
  Q_OBJECT
 public:
  /// The client must outlive the workspace.
  explicit DataWorkspace(client::Client* client, QObject* parent = nullptr);
  ~DataWorkspace() override;

  [[nodiscard]] QString id() const override { return "data"; }
  [[nodiscard]] QString title() const override { return tr("Data"); }
  [[nodiscard]] look::Icon sign() const override { return look::Icon::kData; }
  QWidget* centre() override { return page_; }
  std::vector<Dock> docks() override;
  [[nodiscard]] QJsonObject viewState() const override;
  void setViewState(const QJsonObject& state) override;

  /// Files and folders of this machine, sent to the daemon.
  void import(const QStringList& paths);

 signals:
  /// A planet is to be shown by other workspaces.
  void planetOpened(const QString& id);
  void importsShown();
  /// Planets have come, or are gone.
  void storeChanged();
  void planetCount(int count);

 private:
  struct State {
    QString planet;
    PlanetFilter filter;
    int sort = PlanetTable::kId;
    bool descending = false;
  };
  QWidget* makePage();
  void makeActions();
  void chooseFiles();
  void drawingAwaited() override;
  static QJsonObject written(const State& state);
  void change(const QString& words, const std::function<void(State&)>& how);
  void apply();
  void askPlanets();
  void takePlanets(std::vector<wire::PlanetRow> rows);
  void askPlanet();
  void showCount();
  /// The shown rows.
  [[nodiscard]] QString csv() const;

  client::Client* client_;
  State state_;
  QString opened_;    ///< whose details are asked for
  QString detailed_;  ///< whose are shown
  bool listed_ = false;

  QWidget* page_ = nullptr;
  PlanetTable* table_ = nullptr;
  FilteredPlanets* filtered_ = nullptr;
  QTableView* view_ = nullptr;
  QStackedWidget* stack_ = nullptr;
  QLabel *message_ = nullptr, *count_ = nullptr;
  QLineEdit* text_ = nullptr;
  QComboBox *store_ = nullptr, *origin_ = nullptr, *split_ = nullptr, *regime_ = nullptr;
  QCheckBox *climate_ = nullptr, *spectrum_ = nullptr, *network_ = nullptr, *marked_ = nullptr;
  PlanetDetails* details_ = nullptr;
  JobPanel* jobs_ = nullptr;
  QAction* openPlanet_ = nullptr;
  bool quiet_ = false;
};

}  // namespace ecumene::ui::catalogue
