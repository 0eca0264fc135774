// SPDX-License-Identifier: Apache-2.0
#include "data/base/kernel_file.h"

#include <gtest/gtest.h>

#include "data/base/files.h"
#include "tests/support/temp_folder.h"

namespace ecumene {
namespace {

TEST(KernelFile, GivesBytesOfALine) {
  const test::TempFolder folder;
  const std::string file = (folder / "status").string();
  writeFileAtomically(file, "Name:\tx\nMemTotalHuge:  9 kB\nThreads:\t4\nMemTotal:      123 kB\nVmSize:\t 7 kB\n");
  EXPECT_EQ(kernelBytes(file, "MemTotal"), 123 * 1024);
  EXPECT_EQ(kernelBytes(file, "VmSize"), 7 * 1024);
  EXPECT_EQ(kernelBytes(file, "Threads"), std::nullopt);  // no size
  EXPECT_EQ(kernelBytes(file, "Mem"), std::nullopt);
  EXPECT_EQ(kernelBytes((folder / "none").string(), "MemTotal"), std::nullopt);
}

TEST(KernelFile, KnowsThisMachine) {
  const std::int64_t total = kernelBytes("/proc/meminfo", "MemTotal").value_or(0);
  EXPECT_GT(total, std::int64_t{64} << 20);
  EXPECT_LT(kernelBytes("/proc/self/status", "VmRSS").value_or(total), total);
}

}  // namespace
}  // namespace ecumene
