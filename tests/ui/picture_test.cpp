// SPDX-License-Identifier: GPL-3.0-or-later
// Each workspace in light and dark: drawn twice it is one picture, of other content another one.
#include <gtest/gtest.h>

#include <QJsonArray>

#include "tests/ui/open_runs.h"
#include "ui/look/theme.h"

namespace ecumene::ui {
namespace {

constexpr double kSame = 0.995;  ///< ages in seconds may differ
constexpr double kOther = 0.98;  ///< most of a window is alike

struct Drawn {
  const char *name, *workspace;
  QJsonObject view, other;
  /// What else makes the other content; none: its view alone.
  void (*change)(shell::MainWindow&) = nullptr;
};

class Pictures : public testing::TestWithParam<Drawn> {
 protected:
  ~Pictures() override { look::applyTheme(*qApp, "light", 10.0); }

  /// The middle of a window that is made for it, without what changes from moment to moment around it.
  test::GreyPicture draw(const std::string& theme, bool other = false) {
    test::Workstation station(memory_ / std::to_string(++windows_));
    look::applyTheme(*qApp, QString::fromStdString(theme), 10.0);
    station.window->resize(1280, 800);
    if (!station.show() || !station.open(served_)) ADD_FAILURE() << "no window";
    if (other && GetParam().change != nullptr) GetParam().change(*station.window);
    const QJsonObject& view = other ? GetParam().other : GetParam().view;
    EXPECT_EQ(station.draw(station.window->workspace(GetParam().workspace), view), "");
    return test::greyOf(station.window->centralWidget()->grab().toImage());
  }

 private:
  static std::filesystem::path filled(const std::filesystem::path& store) {
    test::makeStore(store, 3);
    return store;
  }
  test::TempFolder memory_;
  int windows_ = 0;

 protected:
  test::Served served_{filled(memory_ / "store")};
};

TEST_P(Pictures, AreOfTheirContentAndTheme) {
  for (const auto& [run, slope] : {std::pair{"alpha", -0.1}, std::pair{"beta", 0.1}}) {
    engine::config::RunSpec spec = engine::config::preset("nano");
    spec.data.store = served_.settings.stores.at("main").string();
    auto journal = engine::run::RunDirectory::create(served_.runs() / run, spec);
    for (int step = 1; step <= 50; ++step) journal.metrics(step, {{"loss.total", 10.0 + slope * step}});
    journal.flush();
  }
  const auto light = draw("light"), dark = draw("dark");
  EXPECT_GT(test::similarity(light, draw("light")), kSame);
  EXPECT_GT(test::similarity(dark, draw("dark")), kSame);
  // Pairs that must fail.
  EXPECT_LT(test::similarity(light, dark), 0.9);
  EXPECT_LT(test::similarity(light, draw("light", true)), kOther);
  EXPECT_LT(test::similarity(dark, draw("dark", true)), kOther);
}

void offerTheDemo(shell::MainWindow& window) {
  window.offerDemo("There are no planets here yet. This generates some of them.", true);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Pictures,
    testing::Values(Drawn{"Welcome", "welcome", {}, {}, offerTheDemo},
                    Drawn{"Runs", "runs", {{"run", "alpha"}}, {{"run", "beta"}}},
                    Drawn{"Climate", "climate", {{"planet", "s0"}}, {{"planet", "s0"}, {"projection", "globe"}}},
                    Drawn{"Data", "data", {}, {{"text", "no such planet"}}}),
    [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace ecumene::ui
