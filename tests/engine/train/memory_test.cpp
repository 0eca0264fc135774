// SPDX-License-Identifier: Apache-2.0
#include "engine/train/memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <torch/torch.h>

#include <map>
#include <new>
#include <stdexcept>
#include <vector>

#include "engine/train/model_memory.h"
#include "models/unified/parameter_count.h"
#include "tests/engine/train/small_run.h"

namespace ecumene::engine::train {
namespace {

TEST(OutOfMemory, IsToldFromOtherErrors) {
  EXPECT_TRUE(isOutOfMemory(std::bad_alloc()));
  EXPECT_FALSE(isOutOfMemory(std::runtime_error("not enough cheese")));
  // What oneDNN says: of memory, and of a shape that it cannot do.
  EXPECT_TRUE(isOutOfMemory(std::runtime_error("could not create a primitive")));
  EXPECT_FALSE(isOutOfMemory(std::runtime_error("could not create a primitive descriptor for the matmul primitive.")));
  try {
    (void)torch::empty({std::int64_t{1} << 55});
    FAIL() << "128 PiB were allocated";
  } catch (const std::exception& error) {
    EXPECT_TRUE(isOutOfMemory(error)) << error.what();
  }
  try {
    (void)torch::ones({2}).reshape({3});
    FAIL();
  } catch (const std::exception& error) {
    EXPECT_FALSE(isOutOfMemory(error));
  }
}

TEST(ModelMemory, IsWeightsOptimiserAndAveragesTwice) {
  config::RunSpec spec = config::preset("nano");
  std::int64_t values = 0, language = 0;
  for (const auto& part : models::unified::countParameters(spec.model)) {
    values += part.parameters;
    if (part.part == "language") language = part.parameters;
  }
  const auto needed = [&](const std::vector<std::string>& settings) {
    config::RunSpec changed = spec;
    for (const std::string& setting : settings) config::set(changed, setting);
    return bytesNeeded(changed);
  };
  // A checkpoint's copy doubles 4 bytes a value: the weight, AdamW's two averages or Lion's one, the averaged weight.
  EXPECT_EQ(needed({"train.ema=0", "train.optimiser=adamw"}), 8 * 3 * values);
  EXPECT_EQ(needed({"train.ema=0.9", "train.optimiser=adamw"}), 8 * 4 * values);
  EXPECT_EQ(needed({"train.ema=0", "train.optimiser=lion"}), 8 * 2 * values);
  EXPECT_EQ(needed({"train.ema=0", "train.parts=language"}), 8 * (values + 2 * language));
  EXPECT_EQ(needed({"train.ema=0", "train.parts=language", "data.corpus=texts.txt"}), 8 * 3 * language);
}

TEST(ModelMemory, NamesWhatFits) {
  config::RunSpec spec = config::preset("base");
  spec.train.ema = 0.9;
  spec.train.optimiser = "adamw";
  config::RunSpec without = spec;
  without.train.ema = 0.0;
  const Error ema = modelTooLarge(spec, bytesNeeded(without), "");
  EXPECT_TRUE(ema.nextStep().starts_with("train.ema=0 needs ")) << ema.what();
  without.train.optimiser = "lion";
  const Error lion = modelTooLarge(spec, bytesNeeded(without), "");
  EXPECT_TRUE(lion.nextStep().starts_with("train.ema=0 and train.optimiser=lion needs ")) << lion.what();
  const Error preset = modelTooLarge(spec, bytesNeeded(config::preset("demo")), "so many bytes");
  EXPECT_TRUE(preset.nextStep().starts_with("the preset demo needs ")) << preset.what();
  EXPECT_NE(preset.finding().find("so many bytes"), std::string::npos);
  EXPECT_EQ(preset.kind(), ErrorKind::kEnvironment);
  const Error begun = modelTooLarge(spec, bytesNeeded(without), "", true);
  EXPECT_NE(begun.nextStep().find("more memory"), std::string::npos) << begun.what();
  const Error none = modelTooLarge(spec, 1000, "");
  EXPECT_NE(none.nextStep().find("more memory"), std::string::npos) << none.what();
}

/// A limit on the address space of programs that this process starts, as long as it lives.
class LimitedMemory {
 public:
  explicit LimitedMemory(rlim_t bytes) {
    EXPECT_EQ(::getrlimit(RLIMIT_AS, &before_), 0);
    const rlimit limit{bytes, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_AS, &limit), 0);
  }
  ~LimitedMemory() { (void)::setrlimit(RLIMIT_AS, &before_); }
  LimitedMemory(const LimitedMemory&) = delete;
  LimitedMemory& operator=(const LimitedMemory&) = delete;

 private:
  rlimit before_{};
};

TEST(ModelMemory, AModelThatCannotFitIsRefusedBeforeItTakesAny) {
  const test::TempFolder folder;
  const std::string run = (folder / "run").string();
  const test::Finished made =
      test::runProgram({"ecumene-train", "new", "--preset", "full", "--data", test::smallStore().string(), "--out", run,
                        "--set", "train.device=cpu"});
  ASSERT_EQ(made.code, 0) << made.err;
  test::Finished refused;
  {
    // The weights alone are 67 GB.
    const LimitedMemory limited(rlim_t{40} << 30);
    refused = test::runProgram({"ecumene-train", "run", run, "--plain", "--no-eval"});
  }
  EXPECT_EQ(refused.code, 3) << refused.err;
  EXPECT_NE(refused.err.find("not enough memory for the model"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("the preset "), std::string::npos) << refused.err;
  const auto left = run::RunDirectory::open(run);
  EXPECT_EQ(left.state(), run::State::kFailed);
  EXPECT_NE(left.status().reason.find("not enough memory"), std::string::npos);
}

TEST(FullPreset, IsCountedInASmallPartOfItsMemory) {
  const test::Finished finished = test::runProgram({"ecumene-train", "params", "--preset", "full", "--json"});
  const auto counted = test::parsed(finished);
  for (const auto& [part, billions] :
       std::map<std::string, double>{{"language", 13.13}, {"climate", 2.5}, {"graph", 1.2}}) {
    EXPECT_NEAR(counted.at("parts").at(part).get<double>(), billions * 1e9, 0.02 * billions * 1e9) << part;
  }
  EXPECT_NEAR(counted.at("total").get<double>(), 16.83e9, 0.02 * 16.83e9);
  RecordProperty("kibibytes", std::to_string(finished.peakKibibytes));
  EXPECT_GT(finished.peakKibibytes, 10'000);  // of a program that has loaded Torch
  EXPECT_LT(finished.peakKibibytes, 1'000'000'000 / 1024);
}

TEST(OutOfMemory, NamesTheLargestSettingThatWasTriedAndFits) {
  config::TrainSpec spec;
  spec.microBatch = 20;
  spec.accumulate = 3;
  std::vector<std::int64_t> tried;
  const Error error = outOfMemory(std::bad_alloc(), spec, [&](std::int64_t samples) {
    tried.push_back(samples);
    return samples <= 6;
  });
  EXPECT_EQ(tried, (std::vector<std::int64_t>{10, 5}));
  EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
  EXPECT_NE(error.object().find("20"), std::string::npos);
  EXPECT_NE(error.finding().find("std::bad_alloc; "), std::string::npos);
  EXPECT_NE(error.finding().find(" GB are free"), std::string::npos) << error.finding();
  try {
    (void)torch::empty({std::int64_t{1} << 55});
  } catch (const std::exception& refused) {
    const Error wanted = outOfMemory(refused, spec, [](std::int64_t) { return false; });
    EXPECT_NE(wanted.finding().find("allocate 144115188075855872 bytes"), std::string::npos) << wanted.finding();
  }
  // Steps keep their 60 samples.
  EXPECT_NE(error.nextStep().find("train.micro_batch=5 with train.accumulate=12"), std::string::npos) << error.what();
  const Error none = outOfMemory(std::bad_alloc(), spec, [](std::int64_t) { return false; });
  EXPECT_NE(none.nextStep().find("not even one sample"), std::string::npos);
}

}  // namespace
}  // namespace ecumene::engine::train
