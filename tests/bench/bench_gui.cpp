// SPDX-License-Identifier: GPL-3.0-or-later
// What `tools/bench gui` measures inside of a window, on the display of the environment. Prints one line of JSON, times
// in milliseconds, memory in bytes.
//   bench_gui replot CURVES POINTS ROUNDS       the plot alone, all points in its memory
//   bench_gui planets SOCKET ROUNDS PLANET...   from the choice of a planet to its picture on the display
//   bench_gui planets-ssh STORE ROUNDS PLANET...   the same through ssh to a daemon over this store
//   bench_gui launch SOCKET ROUNDS              from the click on Launch (preset nano) to the first value of a curve in
//   the window
//   bench_gui run SOCKET RUN CURVES ROUNDS      from the choice of a run to all of its curves in the window; dragging
//   them
#include <qcustomplot.h>

#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QWheelEvent>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/bench/far_host.h"
#include "tests/ui/window.h"
#include "ui/client/there.h"
#include "ui/climate/planet_view.h"
#include "ui/forms/option_form.h"
#include "ui/runs/launch_panel.h"

namespace {

using namespace ecumene;
using nlohmann::json;

constexpr int kMostMs = 300000;  ///< for one thing; then the program ends
constexpr int kDragMoves = 100;

class Stopwatch {
 public:
  Stopwatch() { timer_.start(); }
  [[nodiscard]] double milliseconds() const { return static_cast<double>(timer_.nsecsElapsed()) * 1e-6; }

 private:
  QElapsedTimer timer_;
};

/// Lets events run until the condition holds, which is looked at after each of them.
void until(const char* what, const std::function<bool()>& condition) {
  const Stopwatch watch;
  QTimer ticks;  // an end to the waiting for events, where none come
  ticks.start(100);
  while (!condition()) {
    if (watch.milliseconds() > kMostMs) throw std::runtime_error(std::string("still waiting: ") + what);
    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
  }
}

void pause(int milliseconds) {
  const Stopwatch watch;
  until("a pause", [&] { return watch.milliseconds() >= milliseconds; });
}

std::int64_t residentBytes() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) return std::stoll(line.substr(6)) * 1024;
  }
  throw std::runtime_error("/proc/self/status does not say VmRSS");
}

json replot(int curves, int points, int rounds) {
  ui::plots::CurvePlot plot("step");
  plot.resize(1200, 700);
  for (int curve = 0; curve < curves; ++curve) {
    const QString name = QString::number(curve);
    double value = curve;
    for (int i = 0; i < points; ++i) {
      // A walk by a fixed congruence; only its unevenness matters.
      value += 0.01 * std::sin(static_cast<double>(std::int64_t{i} * i % 1009));
      plot.append(name, i, value);
    }
  }
  plot.show();
  until("the plot", [&] { return plot.replots() > 0; });
  std::vector<double> drawn, painted;
  for (int i = 0; i < rounds; ++i) {
    const Stopwatch watch;
    plot.replotNow();
    drawn.push_back(watch.milliseconds());
    plot.plot().repaint();
    painted.push_back(watch.milliseconds());
  }
  return {{"replot", drawn}, {"painted", painted}, {"bytes", residentBytes()}};
}

/// The workstation's window over a daemon, idle.
struct Window {
  explicit Window(ui::client::Client::Dial dial) : station(folder / "memory") {
    if (!station.show()) throw std::runtime_error("the window was not shown");
    station.client.connectTo("bench", std::move(dial));
    until("the daemon", [this] {
      if (!station.client.problem().isEmpty()) throw std::runtime_error(station.client.problem().toStdString());
      return station.client.isUp();
    });
    pause(2000);
  }
  test::TempFolder folder;
  test::Workstation station;
};

ui::client::Client::Dial dialOf(const char* socket) {
  return [path = std::filesystem::path(socket)](const std::stop_token& stop) {
    return std::make_shared<ui::client::Daemon>(path, "bench", stop);
  };
}

json planets(ui::client::Client::Dial dial, int rounds, const std::vector<std::string>& ids) {
  Window window(std::move(dial));
  json said = {{"idle_bytes", residentBytes()}};
  ui::climate::ClimateWorkspace& climate = *window.station.climate;
  window.station.window->showWorkspace("climate");
  pause(1000);
  QSignalSpy frames(climate.planetView()->canvas(), SIGNAL(frameSwapped()));
  std::vector<double> fetched, kept;
  // In the last round the window has them all; before each other one it forgets them.
  for (int round = 0; round <= rounds; ++round) {
    if (round < rounds) window.station.client.forgetPlanets();
    for (const std::string& id : ids) {
      bool there = false;
      std::string problem;
      qsizetype before = 0;
      const Stopwatch watch;
      climate.setViewState({{"planet", QString::fromStdString(id)}});
      climate.whenDrawn([&](const QString& failure) {
        there = true;
        problem = failure.toStdString();
        before = frames.count();
      });
      until("a picture", [&] { return there && (!problem.empty() || frames.count() > before); });
      (round < rounds ? fetched : kept).push_back(watch.milliseconds());
      if (!problem.empty()) throw std::runtime_error(id + ": " + problem);
      pause(50);
    }
    if (round == 0) said["opened_bytes"] = residentBytes();
  }
  said["open"] = fetched;
  said["again"] = kept;
  said["width"] = climate.planetView()->canvas()->width();
  said["height"] = climate.planetView()->canvas()->height();
  return said;
}

/// What the daemon sends of each of them.
std::vector<std::uint64_t> sizesOf(const char* socket, const std::vector<std::string>& ids) {
  ui::client::Daemon daemon(socket, "bench");
  std::vector<std::uint64_t> sizes;
  for (const std::string& id : ids) {
    wire::PlanetRequest request;
    request.set_store(daemon.daemon().stores(0));
    request.set_planet(id);
    sizes.push_back(0);
    daemon.stream(&wire::Data::Stub::Planet, request, [&](const wire::Chunk& chunk) {
      sizes.back() += chunk.data().size();
      return true;
    });
  }
  return sizes;
}

/// A tenth of the run by the wheel, finer points awaited; then it is dragged through the window. Time of each frame.
std::vector<double> drag(ui::plots::CurvePlot& plot) {
  QCustomPlot& inner = plot.plot();
  const QRect box = inner.axisRect()->rect();
  const QPoint middle = box.center();
  const double whole = inner.xAxis->range().size();
  while (inner.xAxis->range().size() > whole / 10.0) {
    QWheelEvent wheel(middle, inner.mapToGlobal(middle), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(&inner, &wheel);
    plot.replotNow();
  }
  pause(2000);
  std::vector<double> frames;
  QTest::mousePress(&inner, Qt::LeftButton, {}, middle);
  for (int i = 1; i <= kDragMoves; ++i) {
    const QPoint at = middle - QPoint(i % box.width(), 0);
    const Stopwatch watch;
    QMouseEvent move(QEvent::MouseMove, at, inner.mapToGlobal(at), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&inner, &move);
    plot.replotNow();
    inner.repaint();
    frames.push_back(watch.milliseconds());
    QCoreApplication::processEvents();
  }
  QTest::mouseRelease(&inner, Qt::LeftButton, {}, middle);
  return frames;
}

json run(const char* socket, const char* id, int curves, int rounds) {
  Window window(dialOf(socket));
  ui::runs::RunsWorkspace& runs = *window.station.runs;
  window.station.window->showWorkspace("runs");
  pause(1000);
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    bool there = false;
    const auto whole = QObject::connect(&runs.curves()->plot(), &QCustomPlot::afterReplot, runs.curves(), [&] {
      there = runs.curves()->curves().size() == curves && runs.curves()->size("metric.0") > 0;
    });
    const Stopwatch watch;
    runs.setViewState({{"run", id}});
    until("the curves", [&] { return there; });
    times.push_back(watch.milliseconds());
    QObject::disconnect(whole);
    if (round + 1 == rounds) break;
    runs.setViewState({{"run", ""}});
    pause(1000);
  }
  const std::size_t points = runs.curves()->size("metric.0");
  return {{"open", times}, {"drag", drag(*runs.curves())}, {"points", points}, {"bytes", residentBytes()}};
}

/// From the click to what is said at once, to the run's page, and to the first drawn value of its loss.
json launch(const char* socket, int rounds) {
  Window window(dialOf(socket));
  ui::runs::RunsWorkspace& runs = *window.station.runs;
  window.station.window->showWorkspace("runs");
  auto* button = window.station.window->findChild<QPushButton*>("launch");
  auto* said = window.station.window->findChild<QLabel*>("launchProgress");
  auto* name = window.station.window->findChild<QLineEdit*>("runName");
  ui::forms::OptionForm& form = *runs.launchPanel()->form();
  std::vector<double> answers, pages, values;
  for (int round = 0; round < rounds; ++round) {
    const QString id = QStringLiteral("launched-%1").arg(round);
    name->setText(id);
    qobject_cast<QLineEdit*>(form.editorOf("train.threads"))->setText("1");
    qobject_cast<QLineEdit*>(form.editorOf("train.epochs"))->setText("500");
    until("the form", [&] { return button->isEnabled(); });
    pause(2000);  // the plan is counted, and the window is idle
    bool drawn = false;
    const auto first = QObject::connect(&runs.curves()->plot(), &QCustomPlot::afterReplot, runs.curves(), [&] {
      drawn = runs.viewState()["run"].toString() == id && runs.curves()->size("loss.total") > 0;
    });
    const Stopwatch watch;
    button->click();
    until("an answer to the click", [&] { return !said->isHidden() || !button->isEnabled(); });
    answers.push_back(watch.milliseconds());
    until("the run's page", [&] { return runs.viewState()["run"].toString() == id; });
    pages.push_back(watch.milliseconds());
    until("the first value", [&] { return drawn; });
    values.push_back(watch.milliseconds());
    QObject::disconnect(first);
    auto* stop = window.station.window->findChild<QPushButton*>("stop");
    until("a run that can be stopped", [&] { return stop->isEnabled(); });
    stop->click();
    auto* facts = window.station.window->findChild<QLabel*>("runFacts");
    until("its end", [&] { return facts->text().startsWith("stopped") || facts->text().startsWith("finished"); });
  }
  return {{"answer", answers}, {"page", pages}, {"value", values}};
}

json measured(const std::vector<std::string>& words) {
  const std::string what = words.empty() ? "" : words[0];
  const auto number = [&](std::size_t i) { return std::stoi(words.at(i)); };
  if (what == "replot" && words.size() == 4) return replot(number(1), number(2), number(3));
  if (what == "run" && words.size() == 5) return run(words[1].c_str(), words[2].c_str(), number(3), number(4));
  if (what == "launch" && words.size() == 3) return launch(words[1].c_str(), number(2));
  if (words.size() < 4)
    throw std::invalid_argument("bench_gui replot | planets | planets-ssh | launch | run, with its words");
  const std::vector<std::string> ids(words.begin() + 3, words.end());
  if (what == "planets") {
    json said = planets(dialOf(words[1].c_str()), number(2), ids);
    said["sizes"] = sizesOf(words[1].c_str(), ids);
    return said;
  }
  if (what == "planets-ssh") {
    const bench::FarHost host(words[1]);
    return planets(ui::client::dialThere(host.destination(), {}), number(2), ids);
  }
  throw std::invalid_argument("bench_gui does not know '" + what + "'");
}

}  // namespace

int main(int count, char** words) {
  ui::climate::prepareGraphics();
  const QApplication application(count, words);
  try {
    std::printf("%s\n", measured({words + 1, words + count}).dump().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_gui: %s\n", error.what());
    return 3;
  }
  return 0;
}
