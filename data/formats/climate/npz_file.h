// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/formats/climate/npy_header.h"

namespace ecumene::data::formats {

/// A NumPy archive (.npz: a zip of .npy) opened for reading. Arrays are stored or deflated; their checksums are
/// checked. Every failure is an Error that names file and array.
class NpzFile {
 public:
  explicit NpzFile(const std::filesystem::path& path);
  ~NpzFile();
  NpzFile(const NpzFile&) = delete;
  NpzFile& operator=(const NpzFile&) = delete;

  /// Names of its arrays, without ".npy".
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool has(const std::string& name) const;
  [[nodiscard]] NpyHeader header(const std::string& name) const;
  /// A whole array of numbers. Throws Error if it is of texts or holds more than `most`.
  [[nodiscard]] std::vector<double> numbers(const std::string& name, std::size_t most) const;
  /// A whole array of texts.
  [[nodiscard]] std::vector<std::string> texts(const std::string& name, std::size_t most) const;
  /// Calls `take` with the numbers of each wanted index (rising) of the first dimension: an array [n][...] holds n of
  /// them, each of at most `most` numbers. The array streams by once; its checksum is known at the end only.
  void slices(const std::string& name, std::span<const std::size_t> wanted, std::size_t most,
              const std::function<void(std::size_t index, std::vector<double> numbers)>& take) const;
  /// Reads an array of numbers to its end. Throws Error if it is not whole or its checksum is wrong.
  void verify(const std::string& name) const;

 private:
  /// Calls `take` with each piece of the array's bytes after the header and its place among them, to the end.
  NpyHeader stream(
      const std::string& name,
      const std::function<void(std::span<const std::byte> piece, std::size_t at, const NpyHeader&)>& take) const;
  [[nodiscard]] std::vector<std::byte> bytesOf(const std::string& name, std::size_t count) const;
  [[nodiscard]] std::string place(const std::string& name) const { return file_ + ": " + name; }

  struct Zip;
  std::unique_ptr<Zip> zip_;
  std::string file_;
  std::vector<std::string> names_;
};

/// True if the first bytes are those of a zip archive.
bool looksLikeZip(std::string_view head);

}  // namespace ecumene::data::formats
