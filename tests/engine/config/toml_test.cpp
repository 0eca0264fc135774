// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "data/base/error.h"
#include "engine/config/run_spec.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::config {
namespace {

using test::errorOf;

using models::spec::Option;
using models::spec::Options;
using models::spec::OptionValue;

/// A value of the row's range that is not its present one.
OptionValue another(const Option& row) {
  const OptionValue now = row.get();
  if (const auto* flag = std::get_if<bool>(&now)) return !*flag;
  if (const auto* text = std::get_if<std::string>(&now)) {
    for (const std::string& choice : row.choiceList) {
      if (choice != *text) return choice;
    }
    return *text + "/a \"quoted\" \\ folder";
  }
  if (const auto* whole = std::get_if<std::int64_t>(&now)) {
    return static_cast<double>(*whole) < row.high ? *whole + 1 : *whole - 1;
  }
  const double real = std::get<double>(now), middle = row.low + (row.high - row.low) / 3.0;
  return real == middle ? row.low : middle;
}

TEST(RunSpecToml, EveryOptionChangesTheSpecAndComesBack) {
  const RunSpec before;
  const std::string text = toToml(before);
  RunSpec counted;
  Options table;
  describe(table, counted);
  for (std::size_t i = 0; i < table.rows().size(); ++i) {
    SCOPED_TRACE(table.rows()[i].key);
    RunSpec spec;
    Options options;
    describe(options, spec);
    options.find(table.rows()[i].key).set(another(table.rows()[i]));
    EXPECT_FALSE(spec == before);
    const std::string changed = toToml(spec);
    EXPECT_NE(changed, text);
    const RunSpec back = fromToml(changed, "changed.toml");
    EXPECT_TRUE(back == spec);
    EXPECT_EQ(toToml(back), changed);
  }
}

TEST(RunSpecToml, RowsOfATableStandTogetherAndOnce) {
  RunSpec spec;
  Options options;
  describe(options, spec);
  std::set<std::string> keys, tables;
  std::string table;
  for (const Option& row : options.rows()) {
    EXPECT_TRUE(keys.insert(row.key).second) << row.key;
    const std::string name = row.key.substr(0, row.key.rfind('.'));
    if (name != table) {
      EXPECT_TRUE(tables.insert(name).second) << name;
    }
    table = name;
  }
}

TEST(RunSpecToml, KeysThatAreNotSaidKeepTheDefault) {
  const RunSpec spec = fromToml("[train]\nlr = 1\n[model.fusion]\nlayers = 5\n", "a.toml");
  RunSpec expected;
  expected.train.learningRate = 1.0;
  expected.model.fusion.layers = 5;
  EXPECT_TRUE(spec == expected);
}

struct Bad {
  const char *text, *object, *expected, *found, *next;
};

TEST(RunSpecToml, ErrorsNameFileLineKeyAndWhatWasMeant) {
  const Bad cases[] = {
      {"[train]\n\nlrr = 1.0\n", "run.toml:3: train.lrr", "", "", "train.lr?"},
      {"[trian]\nlr = 1.0\n", "run.toml:1: trian", "", "", "train?"},
      {"train.lr = 11\n", "run.toml:1: train.lr", "a number from 0 to 10", "11", ""},
      {"[train]\nlr = nan\n", "run.toml:2: train.lr", "a number from 0 to 10", "nan", ""},
      {"[train]\nlr = \"fast\"\n", "run.toml:2: train.lr", "a number from 0 to 10", "\"fast\"", ""},
      {"[train]\nlr = [1, 2]\n", "run.toml:2: train.lr", "a number from 0 to 10", "an array", ""},
      {"[train]\nlr = 1979-05-27\n", "run.toml:2: train.lr", "a number from 0 to 10", "a date or time", ""},
      {"[train.lr]\na = 1\n", "run.toml:1: train.lr", "a number from 0 to 10", "a table", ""},
      {"train = 3\n", "run.toml:1: train", "a table", "a single value", ""},
      {"[train]\nmicro_batch = 2.0\n", "run.toml:2: train.micro_batch", "a whole number from 1 to 4096", "2.0", ""},
      {"[train]\nschedule = \"cosin\"\n", "run.toml:2: train.schedule", "one of constant, cosine, restarts, onecycle",
       "\"cosin\"", "cosine?"},
      {"[model.language]\nlayers = 4\ntied_head = 1\n", "run.toml:3: model.language.tied_head", "true or false", "1",
       ""},
      {"[model.languge]\nlayers = 4\n", "run.toml:1: model.languge", "", "", "model.language?"},
      {"lr = 1\n", "run.toml:1: lr", "", "", ""},
      {"[train]\nlr = 1\nlr = 2\n", "run.toml:3", "", "", ""},
      {"[train]\nlr = \n", "run.toml:2", "", "", ""},
  };
  for (const Bad& bad : cases) {
    SCOPED_TRACE(bad.text);
    const Error error = errorOf([&] { (void)fromToml(bad.text, "run.toml"); });
    EXPECT_EQ(error.object(), bad.object) << error.what();
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    if (*bad.expected != '\0') {
      EXPECT_EQ(error.expectation(), bad.expected);
    }
    if (*bad.found != '\0') {
      EXPECT_EQ(error.finding(), bad.found);
    }
    EXPECT_NE(error.nextStep().find(bad.next), std::string::npos) << error.what();
  }
}

TEST(RunSpecSet, ChangesOneOption) {
  RunSpec spec, expected;
  set(spec, "train.lr=2e-4");
  expected.train.learningRate = 2e-4;
  EXPECT_TRUE(spec == expected);
  set(spec, "data.store=/a=b c");
  expected.data.store = "/a=b c";
  EXPECT_TRUE(spec == expected);
  set(spec, "data.store=");
  expected.data.store = "";
  EXPECT_TRUE(spec == expected);
}

TEST(RunSpecSet, RefusesWhatIsNoAssignment) {
  RunSpec spec;
  for (const char* bad : {"", "=", "train.lr", "=3"}) EXPECT_THROW(set(spec, bad), Error) << bad;
  const Error unknown = errorOf([&] { set(spec, "train.epoch=1"); });
  EXPECT_EQ(unknown.object(), "train.epoch");
  EXPECT_EQ(unknown.nextStep(), "did you mean train.epochs?");
  // The last word of one key alone; what is near none.
  EXPECT_EQ(errorOf([&] { set(spec, "micro_batch=1"); }).nextStep(), "did you mean train.micro_batch?");
  EXPECT_EQ(errorOf([&] { set(spec, "foo.bar=1"); }).nextStep(), "see `ecumene-train options`");
  EXPECT_EQ(errorOf([&] { set(spec, "train.schedule=zigzag"); }).nextStep(), "");
  EXPECT_EQ(errorOf([&] { set(spec, "train.lr=fast"); }).object(), "train.lr");
  // The command is wrong, not a file.
  for (const char* bad : {"train.epoch=1", "train.lr=fast", "train.lr=11", "train.schedule=zigzag", "train.lr"}) {
    EXPECT_EQ(errorOf([&] { set(spec, bad); }).kind(), ErrorKind::kUsage) << bad;
  }
  EXPECT_THROW(set(spec, " train.lr=1"), Error);
  EXPECT_TRUE(spec == RunSpec{});
}

TEST(RunSpec, OptionsThatContradictEachOtherAreRefused) {
  RunSpec spec;
  EXPECT_NO_THROW(validate(spec));
  spec.loss.supervised = spec.loss.language = spec.loss.graph = spec.loss.physics = spec.loss.contrastive = 0.0;
  EXPECT_NO_THROW(validate(spec));
  spec.loss.reasoning = 0.0;
  EXPECT_EQ(errorOf([&] { validate(spec); }).object(), "loss");
  spec = RunSpec{};
  spec.model.language.contextLength = spec.data.textLength - 1;
  EXPECT_EQ(errorOf([&] { validate(spec); }).object(), "data.text_length");
  spec = RunSpec{};
  spec.model.climate.heads = 7;
  EXPECT_EQ(errorOf([&] { validate(spec); }).object(), "model.climate.heads");
  spec = RunSpec{};
  spec.train.parts = "fusion,climat";
  const Error part = errorOf([&] { validate(spec); });
  EXPECT_EQ(part.kind(), ErrorKind::kUsage);
  EXPECT_EQ(part.object(), "train.parts");
  EXPECT_EQ(part.finding(), "climat");
  spec.train.parts = "fusion,climate,fusion";
  EXPECT_EQ(errorOf([&] { validate(spec); }).finding(), "fusion");
  spec = RunSpec{};
  spec.train.hide = {1.0, 1.0, 1.0, 1.0, 1.0};
  EXPECT_EQ(errorOf([&] { validate(spec); }).object(), "train.hide");
}

TEST(RunSpec, PartsThatLearnAreNamed) {
  const auto all = learningParts("all");
  EXPECT_EQ(std::count(all.begin(), all.end(), true), 7);
  EXPECT_EQ(learningParts("graph,language"), (std::array<bool, 7>{false, true, false, false, true, false, false}));
  EXPECT_THROW(learningParts(""), Error);
  EXPECT_THROW(learningParts("graph,"), Error);
}

}  // namespace
}  // namespace ecumene::engine::config
