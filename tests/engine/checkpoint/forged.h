// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "engine/checkpoint/safetensors.h"
#include "tests/support/temp_folder.h"

namespace ecumene::test {

inline constexpr const char* kReference = "tests/oracles/reference/safetensors/python.safetensors";

/// Reads files that nobody wrote.
class Forged : public ::testing::Test {
 protected:
  /// Reads a file of these bytes; the message of its refusal, or none where it was read. No read may give more than the
  /// file has, nor fail for want of memory.
  std::optional<std::string> refusal(const std::string& bytes) {
    const std::filesystem::path file = folder_ / "forged.safetensors";
    std::filesystem::remove(file);  // Cutting one short instead has it flushed to the disk.
    std::ofstream(file, std::ios::binary) << bytes;
    try {
      std::size_t total = 0;
      for (const auto& [name, tensor] : engine::checkpoint::readSafetensors(file)) total += tensor.nbytes();
      EXPECT_LE(total, bytes.size());
      return std::nullopt;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput) << error.what();
      EXPECT_NE(std::string(error.what()).find("forged.safetensors"), std::string::npos) << error.what();
      return error.what();
    }
  }
  std::optional<std::string> headerRefusal(const std::string& header,
                                           const std::vector<char>& data = std::vector<char>(16, '\0')) {
    const std::uint64_t length = header.size();
    std::string bytes(reinterpret_cast<const char*>(&length), sizeof(length));
    bytes += header;
    bytes.append(data.begin(), data.end());
    return refusal(bytes);
  }

 private:
  TempFolder folder_;
};

}  // namespace ecumene::test
