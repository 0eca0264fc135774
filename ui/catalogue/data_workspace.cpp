// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalogue/data_workspace.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "data/planet/planet.h"
#include "ui/catalogue/job_panel.h"
#include "ui/catalogue/planet_details.h"
#include "ui/client/planets.h"
#include "ui/client/why_nothing.h"
#include "ui/look/flow_layout.h"
#include "ui/look/plural.h"
#include "ui/look/tables.h"
#include "ui/look/theme.h"
#include "ui/plots/number_table.h"

namespace ecumene::ui::catalogue {
namespace {

namespace planet = data::planet;

/// A choice of all words of an enum, the first of them "any".
template <class Enum>
QComboBox* choice(const char* objectName, const QString& any, Enum last, QWidget* parent) {
  auto* box = new QComboBox(parent);
  box->setObjectName(QString::fromLatin1(objectName));
  box->setAccessibleName(any);
  box->addItem(any, QString());
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const QString word = QString::fromUtf8(name(static_cast<Enum>(i)));
    box->addItem(QString(word).replace('_', ' '), word);
  }
  return box;
}

void select(QComboBox* box, const QString& word) {
  const QSignalBlocker blocker(box);
  box->setCurrentIndex(std::max(0, box->findData(word)));
}

}  // namespace

DataWorkspace::DataWorkspace(client::Client* client, QObject* parent) : Workspace(parent), client_(client) {
  details_ = new PlanetDetails;
  jobs_ = new JobPanel(client);
  page_ = makePage();
  makeActions();
  addFigure({"catalogue", tr("catalogue"), view_, nullptr, nullptr, [this] { return csv(); }});
  connect(jobs_, &JobPanel::storeChanged, this, [this] {
    client_->forgetPlanets();
    askPlanets();
    emit storeChanged();
  });
  connect(jobs_, &JobPanel::failed, this, [this](const Error& error) { emit noted(shell::noteOf(error)); });
  connect(client_, &client::Client::sourceChanged, this, [this] {
    opened_.clear();
    detailed_.clear();
    listed_ = false;
    askPlanets();
    askPlanet();
  });
  connect(client_, &client::Client::linkChanged, this, [this] {
    if (!client_->problem().isEmpty()) finishWaiting(client_->problem());
    if (!listed_) askPlanets();
  });
  askPlanets();
}

DataWorkspace::~DataWorkspace() = default;

std::vector<shell::Workspace::Dock> DataWorkspace::docks() {
  return {{"dataPlanet", tr("Planet"), details_, Qt::RightDockWidgetArea, 52},
          {"dataJobs", tr("Imports"), jobs_, Qt::RightDockWidgetArea, 52, true}};
}

QWidget* DataWorkspace::makePage() {
  auto* page = new QWidget;
  page->setObjectName("dataPage");
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* head = new QWidget(page);
  auto* row = new look::FlowLayout(head);
  row->setContentsMargins(16, 8, 16, 8);
  store_ = new QComboBox(head);
  store_->setObjectName("dataStore");
  store_->setAccessibleName(tr("Store of planets"));
  text_ = new QLineEdit(head);
  text_->setObjectName("dataFilter");
  text_->setPlaceholderText(tr("Name or id"));
  text_->setAccessibleName(tr("Part of a name or id"));
  text_->setClearButtonEnabled(true);
  text_->setFixedWidth(text_->fontMetrics().averageCharWidth() * 24);
  text_->addAction(look::icon(look::Icon::kSearch), QLineEdit::LeadingPosition);
  origin_ = choice("dataOrigin", tr("any origin"), planet::Origin::kOther, head);
  split_ = choice("dataSplit", tr("any split"), planet::Split::kParts, head);
  regime_ = choice("dataRegime", tr("any regime"), planet::Regime::kCaps, head);
  climate_ = new QCheckBox(tr("with climate"), head);
  spectrum_ = new QCheckBox(tr("with spectrum"), head);
  network_ = new QCheckBox(tr("with network"), head);
  marked_ = new QCheckBox(tr("marked"), head);
  marked_->setObjectName("dataMarked");
  marked_->setToolTip(tr("Planets that a quality check marks"));
  for (QWidget* widget : std::initializer_list<QWidget*>{store_, text_, origin_, split_, regime_, climate_, spectrum_,
                                                         network_, marked_}) {
    row->addWidget(widget);
  }
  column->addWidget(head);
  stack_ = new QStackedWidget(page);
  message_ = look::emptyMessage({}, look::Place::kMiddle, stack_);
  stack_->addWidget(message_);
  table_ = new PlanetTable(this);
  filtered_ = new FilteredPlanets(table_, this);
  view_ = new QTableView(stack_);
  view_->setObjectName("dataTable");
  view_->setModel(filtered_);
  look::dressTable(*view_);
  view_->horizontalHeader()->setSortIndicatorShown(true);
  view_->horizontalHeader()->setSectionsClickable(true);
  stack_->addWidget(view_);
  column->addWidget(stack_, 1);
  count_ = new QLabel(page);
  count_->setObjectName("dataCount");
  count_->setContentsMargins(16, 4, 16, 8);
  count_->setForegroundRole(QPalette::PlaceholderText);
  column->addWidget(count_);

  connect(store_, &QComboBox::textActivated, this,
          [this](const QString& id) { client_->chooseStore(id.toStdString()); });
  connect(text_, &QLineEdit::textEdited, this, [this](const QString& text) {
    change(tr("Filter"), [&](DataWorkspace::State& state) { state.filter.text = text; });
  });
  const auto bind = [this](QComboBox* box, QString PlanetFilter::*word) {
    connect(box, &QComboBox::activated, this, [this, box, word] {
      change(tr("Filter"), [&](DataWorkspace::State& state) { state.filter.*word = box->currentData().toString(); });
    });
  };
  bind(origin_, &PlanetFilter::origin);
  bind(split_, &PlanetFilter::split);
  bind(regime_, &PlanetFilter::regime);
  const auto tick = [this](QCheckBox* box, bool PlanetFilter::*flag) {
    connect(box, &QCheckBox::clicked, this, [this, flag](bool on) {
      change(tr("Filter"), [&](DataWorkspace::State& state) { state.filter.*flag = on; });
    });
  };
  tick(climate_, &PlanetFilter::climate);
  tick(spectrum_, &PlanetFilter::spectrum);
  tick(network_, &PlanetFilter::network);
  tick(marked_, &PlanetFilter::marked);
  connect(view_->horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int section) {
    change(tr("Sort"), [&](DataWorkspace::State& state) {
      state.descending = state.sort == section && !state.descending;
      state.sort = section;
    });
  });
  connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
    if (quiet_ || !index.isValid()) return;
    const QString id = QString::fromStdString(table_->row(filtered_->mapToSource(index).row()).id());
    change(tr("Planet"), [&](DataWorkspace::State& state) { state.planet = id; });
  });
  connect(view_, &QTableView::activated, this, [this] { emit planetOpened(state_.planet); });
  return page;
}

void DataWorkspace::makeActions() {
  openPlanet_ = addAction("openPlanet", tr("Show this planet's climate"), look::Icon::kClimate, {},
                          [this] { emit planetOpened(state_.planet); });
  openPlanet_->setEnabled(false);
  addAction("importFiles", tr("Import files…"), look::Icon::kAdd, QKeySequence("Ctrl+I"), [this] { chooseFiles(); });
  addAction(
      "importPath", tr("Import a folder or file by its path…"), look::Icon::kAdd, QKeySequence("Ctrl+Shift+I"),
      [this] { emit lineWanted(tr("File or folder to import"), {}, [this](const QString& path) { import({path}); }); });
  addAction("generatePlanets", tr("Generate planets…"), look::Icon::kAdd, {}, [this] {
    emit lineWanted(tr("How many planets, and of which seed"), "512 seed 42", [this](const QString& words) {
      emit importsShown();
      jobs_->generate(words);
    });
  });
  addAction("refreshData", tr("Read the catalogue again"), look::Icon::kRefresh, QKeySequence("F5"),
            [this] { askPlanets(); });
}

void DataWorkspace::chooseFiles() {
  auto* chooser = new QFileDialog(page_, tr("Files to import"));
  chooser->setObjectName("importChooser");
  chooser->setAttribute(Qt::WA_DeleteOnClose);
  chooser->setFileMode(QFileDialog::ExistingFiles);
  // One look and one set of keys everywhere, and nothing is blocked meanwhile.
  chooser->setOption(QFileDialog::DontUseNativeDialog);
  chooser->setModal(false);
  auto* formats = new QLabel(tr("What can be imported:") + '\n' + acceptedFormats(), chooser);
  formats->setObjectName("importFormats");
  formats->setWordWrap(true);
  if (auto* grid = qobject_cast<QGridLayout*>(chooser->layout()); grid != nullptr)
    grid->addWidget(formats, grid->rowCount(), 0, 1, -1);
  connect(chooser, &QFileDialog::filesSelected, this, &DataWorkspace::import);
  chooser->show();
}

void DataWorkspace::import(const QStringList& paths) {
  emit importsShown();
  jobs_->import(paths);
}

void DataWorkspace::change(const QString& words, const std::function<void(State&)>& how) {
  const QJsonObject before = viewState();
  how(state_);
  apply();
  emit viewChanged(words, before);
}

QJsonObject DataWorkspace::written(const State& state) {
  return {{"planet", state.planet},
          {"text", state.filter.text},
          {"origin", state.filter.origin},
          {"split", state.filter.split},
          {"regime", state.filter.regime},
          {"climate", state.filter.climate},
          {"spectrum", state.filter.spectrum},
          {"network", state.filter.network},
          {"marked", state.filter.marked},
          {"sort", state.sort},
          {"descending", state.descending}};
}

QJsonObject DataWorkspace::viewState() const {
  return written(state_);
}

void DataWorkspace::setViewState(const QJsonObject& object) {
  PlanetFilter& filter = state_.filter;
  state_.planet = object["planet"].toString(state_.planet);
  filter.text = object["text"].toString(filter.text);
  filter.origin = object["origin"].toString(filter.origin);
  filter.split = object["split"].toString(filter.split);
  filter.regime = object["regime"].toString(filter.regime);
  filter.climate = object["climate"].toBool(filter.climate);
  filter.spectrum = object["spectrum"].toBool(filter.spectrum);
  filter.network = object["network"].toBool(filter.network);
  filter.marked = object["marked"].toBool(filter.marked);
  state_.sort = std::clamp(object["sort"].toInt(state_.sort), 0, PlanetTable::kColumns - 1);
  state_.descending = object["descending"].toBool(state_.descending);
  apply();
}

void DataWorkspace::apply() {
  quiet_ = true;
  openPlanet_->setEnabled(!state_.planet.isEmpty());
  if (text_->text() != state_.filter.text) text_->setText(state_.filter.text);
  select(origin_, state_.filter.origin);
  select(split_, state_.filter.split);
  select(regime_, state_.filter.regime);
  climate_->setChecked(state_.filter.climate);
  spectrum_->setChecked(state_.filter.spectrum);
  network_->setChecked(state_.filter.network);
  marked_->setChecked(state_.filter.marked);
  filtered_->setFilter(state_.filter);
  const Qt::SortOrder order = state_.descending ? Qt::DescendingOrder : Qt::AscendingOrder;
  view_->horizontalHeader()->setSortIndicator(state_.sort, order);
  filtered_->sort(state_.sort, order);
  const int row = table_->indexOf(state_.planet);
  const QModelIndex shown = row < 0 ? QModelIndex() : filtered_->mapFromSource(table_->index(row, 0));
  if (!shown.isValid()) {
    view_->clearSelection();
  } else if (view_->currentIndex().row() != shown.row()) {
    view_->selectRow(shown.row());
    view_->scrollTo(shown);
  }
  quiet_ = false;
  showCount();
  if (state_.planet != opened_) askPlanet();
}

void DataWorkspace::askPlanets() {
  if (!client_->isUp() || client_->store().empty()) {
    const QString none =
        tr("No planets are open.\nFile › Open planets (Ctrl+O) takes a folder; it is made where there is none.");
    table_->setRows({});
    message_->setText(client_->isUp() ? none : client::whyNothing(*client_, none));
    stack_->setCurrentWidget(message_);
    store_->hide();
    showCount();
    return;
  }
  store_->clear();
  for (const std::string& id : client_->hello().stores()) store_->addItem(QString::fromStdString(id));
  store_->setCurrentText(QString::fromStdString(client_->store()));
  store_->setVisible(store_->count() > 1);
  client_->ask(
      "catalogue", this,
      [store = client_->store()](client::Daemon& daemon) {
        wire::PlanetsRequest request;
        request.set_store(store);
        return client::planetsOf(daemon, request);
      },
      [this](std::vector<wire::PlanetRow> rows) { takePlanets(std::move(rows)); },
      [this](const Error& error) {
        table_->setRows({});
        message_->setText(QString::fromUtf8(error.what()) + tr("\n\nDrop files here, choose some (Ctrl+I), or generate "
                                                               "planets (Ctrl+Shift+P, “generate”): they make the "
                                                               "store."));
        stack_->setCurrentWidget(message_);
        showCount();
        finishWaiting(QString::fromUtf8(error.what()));
      });
}

void DataWorkspace::takePlanets(std::vector<wire::PlanetRow> rows) {
  const bool first = !listed_;
  listed_ = true;
  quiet_ = true;
  table_->setRows(std::move(rows));
  quiet_ = false;
  if (table_->rowCount() == 0) {
    message_->setText(
        tr("No planet is here yet.\nDrop files here, choose some (Ctrl+I), or generate planets: Ctrl+Shift+P, "
           "“generate”."));
    stack_->setCurrentWidget(message_);
  } else {
    stack_->setCurrentWidget(view_);
    look::fitRows(*view_);
    if (first) look::fitColumns(*view_);
  }
  apply();
  emit planetCount(table_->rowCount());
  if (state_.planet.isEmpty()) finishWaiting({});
}

QString DataWorkspace::csv() const {
  QList<QStringList> rows(1);
  for (int column = 0; column < PlanetTable::kColumns; ++column) {
    rows[0] << table_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
  }
  for (int row = 0; row < filtered_->rowCount(); ++row) {
    QStringList cells;
    for (int column = 0; column < PlanetTable::kColumns; ++column)
      cells << filtered_->index(row, column).data().toString();
    rows << cells;
  }
  return plots::csvOf(rows);
}

void DataWorkspace::showCount() {
  const int all = table_->rowCount(), shown = filtered_->rowCount();
  const QString planets = look::plural(all, tr("%1 planet"), tr("%1 planets")).arg(all);
  count_->setText(all == shown ? planets : tr("%1 of %2").arg(shown).arg(planets));
}

void DataWorkspace::askPlanet() {
  opened_ = state_.planet;
  if (state_.planet.isEmpty() || !client_->isUp()) return;
  client::askPlanet(
      *client_, "details", this, state_.planet.toStdString(),
      [this](const client::SharedPlanet& planet) {
        details_->setPlanet(*planet);
        detailed_ = state_.planet;
        finishWaiting({});
      },
      [this](const Error& error) {
        details_->showMessage(QString::fromUtf8(error.what()));
        finishWaiting(QString::fromUtf8(error.what()));
      });
}

void DataWorkspace::drawingAwaited() {
  const bool there = state_.planet.isEmpty() ? listed_ : detailed_ == state_.planet;
  if (there || client_->link() == client::Client::Link::kNone) finishWaiting({});
}

}  // namespace ecumene::ui::catalogue
