// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ecumene::data::formats {

/// One variable's name and shape.
struct NetcdfVariable {
  int id = -1;
  std::string name;
  std::vector<std::string> dimensions;
  std::vector<std::size_t> shape;
};

/// A NetCDF file opened for reading, without the library's types. User-defined types and groups are left alone. Every
/// failure is an Error that names file and variable.
class NetcdfFile {
 public:
  explicit NetcdfFile(const std::filesystem::path& path);
  ~NetcdfFile();
  NetcdfFile(const NetcdfFile&) = delete;
  NetcdfFile& operator=(const NetcdfFile&) = delete;

  /// A variable of the root group; none if the file has no such variable.
  [[nodiscard]] std::optional<NetcdfVariable> find(const std::string& name) const;
  /// Text attribute of a variable; none if absent or not text.
  [[nodiscard]] std::optional<std::string> text(const NetcdfVariable& variable, const std::string& attribute) const;
  /// All values as double, C order, unpacked by scale_factor and add_offset. Throws Error at the first value that is a
  /// fill value, NaN or infinite, with its index, and if the shape holds more than `maxValues`.
  [[nodiscard]] std::vector<double> values(const NetcdfVariable& variable, std::size_t maxValues) const;

 private:
  [[nodiscard]] std::string place(const std::string& variable) const;
  [[nodiscard]] std::optional<double> number(const NetcdfVariable& variable, const char* attribute) const;

  std::string file_;
  int id_ = -1;
};

/// True if the first bytes are those of a classic NetCDF or an HDF5 file.
bool looksLikeNetcdf(std::string_view head);

}  // namespace ecumene::data::formats
