// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "app/ecumenectl/metric_log.h"
#include "app/ecumenectl/tensorboard.h"
#include "app/ecumenectl/wandb.h"
#include "data/base/files.h"
#include "engine/run/run_directory.h"
#include "tests/app/machine.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::ecumenectl {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned char>(byte));
    text += digits.data();
  }
  return text;
}

TEST(Crc32c, IsThatOfTheStandard) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  // RFC 3720, B.4.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(TensorBoard, RecordsAreThoseOfItsOwnWriter) {
  // Made by tensorboard 2.21's own EventFileWriter: tests/oracles/tensorboard_events.py.
  const std::string reference = readFile("tests/oracles/reference/tensorboard_events.hex");
  EXPECT_EQ(hex(fileVersionRecord(1000.5) + scalarRecord(1001.25, 7, "loss.total", 0.75) +
                scalarRecord(1002.0, 300000, "gradient.norm", std::numeric_limits<double>::infinity()) +
                scalarRecord(1003.0, 8, "train/lr", 1e-4)) +
                "\n",
            reference);
}

wire::News news(std::int64_t sequence, std::int64_t step, double value) {
  wire::News news;
  news.add_sequence(sequence);
  news.add_step(step);
  news.add_time(0.0);
  news.add_name(4);
  news.add_value(value);
  return news;
}

TEST(Wandb, GetsEachStepOnceInOrderThroughTheUsersOwnModule) {
  const test::TempFolder folder;
  // Stands in for the user's wandb: it writes down what it is given.
  writeFileAtomically(folder / "wandb.py", R"(
import json, os
def note(what):
    with open(os.environ["WANDB_NOTES"], "a") as file:
        file.write(json.dumps(what) + "\n")
class Run:
    url = "https://wandb.example/run"
    def finish(self):
        note(["finish"])
def init(project, name):
    note([project, name])
    return Run()
def log(values, step):
    note([step, values])
)");
  MetricLog log;
  wire::News first = news(1, 2, 0.5);
  wire::MetricName& name = *first.add_names();
  name.set_number(4);
  name.set_name("loss.total");
  log.take(first);
  log.take(news(2, 1, std::numeric_limits<double>::quiet_NaN()));
  ::setenv("PYTHONPATH", folder.path().c_str(), 1);
  ::setenv("WANDB_NOTES", (folder / "notes").c_str(), 1);
  EXPECT_EQ(sendToWandb(log, "alpha", "habitability"), "https://wandb.example/run");
  EXPECT_EQ(readFile(folder / "notes"),
            "[\"habitability\", \"alpha\"]\n[1, {\"loss.total\": null}]\n[2, {\"loss.total\": 0.5}]\n[\"finish\"]\n");
  writeFileAtomically(folder / "wandb.py", "raise ImportError\n");
  EXPECT_EQ(test::errorOf([&] { static_cast<void>(sendToWandb(log, "alpha", "p")); }).failure(), "there is no wandb");
  writeFileAtomically(folder / "wandb.py", "def init(**words):\n    raise SystemExit('not logged in')\n");
  const Error refused = test::errorOf([&] { static_cast<void>(sendToWandb(log, "alpha", "p")); });
  EXPECT_NE(refused.finding().find("not logged in"), std::string::npos) << refused.what();
  ::unsetenv("PYTHONPATH");
}

TEST(MetricLog, ForgetsWhatARewindTookBack) {
  MetricLog log;
  wire::News first = news(1, 1, 1.0);
  wire::MetricName& name = *first.add_names();
  name.set_number(4);
  name.set_name("loss");
  log.take(first);
  log.take(news(2, 2, 2.0));
  log.take(news(3, 3, 3.0));
  wire::News rewound = news(4, 2, 20.0);
  wire::Event& event = *rewound.add_events();
  event.set_sequence(9);
  event.set_kind("rewound");
  event.set_step(1);
  log.take(rewound);
  ASSERT_EQ(log.points().size(), 2U);
  EXPECT_EQ(log.points()[0].value, 1.0);
  EXPECT_EQ(log.points()[1].value, 20.0);
  EXPECT_EQ(log.points()[1].name, "loss");
  EXPECT_EQ(log.lastMetric(), 4);
  EXPECT_EQ(log.lastEvent(), 9);
}

TEST(ExportMetrics, WritesEveryPoint) {
  const test::Machine machine;
  ASSERT_EQ(machine.start().code, 0);
  engine::run::RunDirectory run =
      engine::run::RunDirectory::create(machine.runs() / "r", engine::config::preset("nano"));
  for (int step = 1; step <= 6000; ++step) run.metrics(step, {{"a", step * 0.1}, {"b", 1e-9}});
  run.flush();
  const std::string csv = (machine.folder() / "r.csv").string();
  EXPECT_EQ(machine.json({"export-metrics", "r", "--out", csv}).at("points"), 12000);
  const std::string text = readFile(csv);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 12001);
  EXPECT_TRUE(text.starts_with("step,time,name,value\n1,"));
  EXPECT_NE(text.find(",a,600\n"), std::string::npos);
  const std::string events = (machine.folder() / "tb").string();
  EXPECT_EQ(machine.json({"export-metrics", "r", "--format", "tensorboard", "--out", events}).at("points"), 12000);
  const auto file = *std::filesystem::directory_iterator(events);
  EXPECT_NE(file.path().filename().string().find("tfevents"), std::string::npos);
  EXPECT_GT(file.file_size(), 12000U * 36);
}

}  // namespace
}  // namespace ecumene::ecumenectl
