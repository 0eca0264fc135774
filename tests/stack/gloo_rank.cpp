// SPDX-License-Identifier: Apache-2.0
// One rank of a Gloo all-reduce: stack_gloo_rank STORE_FILE RANK WORLD_SIZE [HOW]
// Every rank contributes the vector (rank + 1) * (1, 2, ..., 5) and prints the element-wise sum over all ranks, one
// line. HOW "absent" ends before the collective, as a rank that died would.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <vector>

namespace {

void run(const std::string& storeFile, int rank, int worldSize, bool leaveEarly) {
  const auto store = c10::make_intrusive<c10d::FileStore>(storeFile, worldSize);
  auto options = c10d::ProcessGroupGloo::Options::create();
  options->timeout = std::chrono::seconds(5);
  options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForInterface("lo"));
  c10d::ProcessGroupGloo group(store, rank, worldSize, options);
  if (leaveEarly) return;
  std::vector<at::Tensor> tensors{at::arange(1, 6, at::kDouble) * (rank + 1)};
  group.allreduce(tensors)->wait();
  for (int i = 0; i < 5; ++i) std::printf("%g ", tensors[0][i].item<double>());
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: stack_gloo_rank STORE_FILE RANK WORLD_SIZE [absent]\n");
    return 2;
  }
  // A write to a peer that is gone shall be an error of the collective, not the end of this process.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    run(argv[1], std::stoi(argv[2]), std::stoi(argv[3]), argc > 4 && std::string(argv[4]) == "absent");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 3;
  }
}
