// SPDX-License-Identifier: Apache-2.0
#include "engine/train/memory.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <new>
#include <stdexcept>
#include <vector>

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
  // Steps keep their 60 samples.
  EXPECT_NE(error.nextStep().find("train.micro_batch=5 with train.accumulate=12"), std::string::npos) << error.what();
  const Error none = outOfMemory(std::bad_alloc(), spec, [](std::int64_t) { return false; });
  EXPECT_NE(none.nextStep().find("not even one sample"), std::string::npos);
}

}  // namespace
}  // namespace ecumene::engine::train
