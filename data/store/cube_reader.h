// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "data/planet/planet.h"

namespace ecumene::data::store {

/// Where the climate variables of one planet lie. Plain values: copy and share between threads.
struct CubeIndex {
  struct Place {
    bool packed = false;       ///< int16 codes, else float32
    bool logarithmic = false;  ///< codes of log10
    double scale = 1.0, offset = 0.0;
    std::uint64_t position = 0;
    std::uint32_t storedBytes = 0, crc32 = 0;
    std::size_t count = 0;  ///< values
  };
  std::string id;
  std::string systemKey;
  planet::Split split{};
  std::filesystem::path file;
  std::array<std::optional<Place>, planet::kVariableCount> variables;

  /// Values of all present variables together: the flat length of a sample.
  [[nodiscard]] std::size_t count() const;
};

/// Reads cubes as fast as the machine allows: one read of the file, then each chunk is verified (CRC-32), inflated and
/// unpacked. No lock and no HDF5 library. One reader for each thread.
class CubeReader {
 public:
  CubeReader();
  ~CubeReader();
  CubeReader(CubeReader&&) noexcept;
  CubeReader& operator=(CubeReader&&) noexcept;

  /// The present variables in canonical order, each flat as in planet::Field, one after another. `flat` must hold
  /// index.count() values. Throws Error naming file and variable if a checksum differs.
  void read(const CubeIndex& index, std::span<float> flat);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ecumene::data::store
