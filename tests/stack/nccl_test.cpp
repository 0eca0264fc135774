// SPDX-License-Identifier: Apache-2.0
// NCCL's process group compiles and links; without a GPU it says so, with one it works.
#include <ATen/cuda/CUDAContext.h>
#include <gtest/gtest.h>

#include <string>
#include <torch/csrc/distributed/c10d/HashStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#include <vector>

namespace {

TEST(StackNccl, WithoutGpuTheGroupSaysThatThereIsNone) {
  if (at::cuda::device_count() > 0) GTEST_SKIP() << "this machine has a GPU";
  const auto store = c10::make_intrusive<c10d::HashStore>();
  try {
    const c10d::ProcessGroupNCCL group(store, 0, 1);
    FAIL() << "a process group for GPUs was made on a machine without one";
  } catch (const c10::Error& error) {
    EXPECT_NE(std::string(error.what()).find("no GPUs found"), std::string::npos) << error.what();
  }
}

TEST(StackNccl, OneGpuReducesItsOwnTensorUnchanged) {
  if (at::cuda::device_count() == 0) GTEST_SKIP() << "no GPU on this machine";
  const auto store = c10::make_intrusive<c10d::HashStore>();
  c10d::ProcessGroupNCCL group(store, 0, 1);
  std::vector<at::Tensor> tensors{at::arange(1, 6, at::TensorOptions().dtype(at::kDouble).device(at::kCUDA, 0))};
  group.allreduce(tensors)->wait();
  EXPECT_EQ(tensors[0].sum().item<double>(), 15.0);
}

}  // namespace
