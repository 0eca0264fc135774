// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>

namespace ecumene::test {

/// A small file system of its own, in a folder that is made: needs root and the right to mount.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path place, std::size_t bytes) : place_(std::move(place)) {
    std::filesystem::create_directories(place_);
    const std::string options = "size=" + std::to_string(bytes) + ",mode=0755";
    mounted_ = mount("tmpfs", place_.c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(place_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  [[nodiscard]] bool mounted() const { return mounted_; }
  void resize(std::size_t bytes) const {
    const std::string options = "size=" + std::to_string(bytes);
    ASSERT_EQ(mount("tmpfs", place_.c_str(), "tmpfs", MS_REMOUNT, options.c_str()), 0);
  }

 private:
  std::filesystem::path place_;
  bool mounted_ = false;
};

}  // namespace ecumene::test
