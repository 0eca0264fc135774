// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
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

/// What a variable's elements are; user-defined types are kOther.
enum class NetcdfContent { kNumbers, kCharacters, kTexts, kOther };

/// How a variable's stored numbers become values (NetCDF User Guide, "Attribute Conventions"; CF 2.5.1, 8.1).
struct NetcdfPacking {
  double scale = 1.0, offset = 0.0;
  /// Stored numbers that stand for nothing: _FillValue (or the type's default), missing_value.
  std::vector<double> missing;
  std::optional<double> validMin, validMax;  ///< of stored numbers
  double wrap = 0.0;                         ///< added to negative stored numbers (_Unsigned); 0 if none

  /// The value of a stored number; NaN if it stands for nothing.
  [[nodiscard]] double value(double stored) const;
};

/// A NetCDF file opened for reading, without the library's types. User-defined types and groups are left alone. Every
/// failure is an Error that names file and variable.
class NetcdfFile {
 public:
  explicit NetcdfFile(const std::filesystem::path& path);
  ~NetcdfFile();
  NetcdfFile(const NetcdfFile&) = delete;
  NetcdfFile& operator=(const NetcdfFile&) = delete;

  /// Names of all variables of the root group, in the file's order.
  [[nodiscard]] std::vector<std::string> variables() const;
  /// A variable of the root group; none if the file has no such variable.
  [[nodiscard]] std::optional<NetcdfVariable> find(const std::string& name) const;
  /// Text attribute of a variable as shownText has it; none if absent or not text.
  [[nodiscard]] std::optional<std::string> text(const NetcdfVariable& variable, const std::string& attribute) const;
  /// Text attribute of the file, likewise.
  [[nodiscard]] std::optional<std::string> text(const std::string& attribute) const;
  /// Numbers of an attribute; empty if it is absent or no number.
  [[nodiscard]] std::vector<double> numbers(const NetcdfVariable& variable, const std::string& attribute) const;
  [[nodiscard]] NetcdfContent content(const NetcdfVariable& variable) const;
  /// A text, as shownText has it, for each index of the first dimension: of characters along one dimension, or along a
  /// second one of the letters of each, and of texts along one. Throws Error where these are more than `maxLetters`.
  [[nodiscard]] std::vector<std::string> words(const NetcdfVariable& variable, std::size_t maxLetters) const;
  [[nodiscard]] NetcdfPacking packing(const NetcdfVariable& variable) const;
  /// Makes the library keep the chunks of this variable that one step along `stepDimension` (its index in the shape)
  /// needs, up to `mostBytes`: parts are then read in any order within a step without unpacking a chunk twice. Gives
  /// the bytes that those chunks have, 0 of a variable without chunks.
  std::size_t keepChunks(const NetcdfVariable& variable, std::size_t stepDimension, std::size_t mostBytes) const;
  /// Makes the library let go of the chunks that it keeps of this variable.
  void dropChunks(const NetcdfVariable& variable) const noexcept;
  /// Length of the variable's chunks along each dimension; empty if it has none.
  [[nodiscard]] std::vector<std::size_t> chunks(const NetcdfVariable& variable) const;
  /// The part of a variable from `start` on with `count` values along each dimension, C order, as values of `packing`:
  /// what stands for nothing is NaN. `into` holds the product of `count`.
  void read(const NetcdfVariable& variable, const NetcdfPacking& packing, std::span<const std::size_t> start,
            std::span<const std::size_t> count, std::span<double> into) const;
  /// All values as double, C order, unpacked by scale_factor and add_offset. Throws Error at the first value that is a
  /// fill value, NaN or infinite, with its index, and if the shape holds more than `maxValues`.
  [[nodiscard]] std::vector<double> values(const NetcdfVariable& variable, std::size_t maxValues) const;

 private:
  [[nodiscard]] std::string place(const std::string& variable) const;
  [[nodiscard]] std::optional<std::string> text(int variable, const std::string& attribute,
                                                const std::string& object) const;
  [[nodiscard]] std::optional<double> number(const NetcdfVariable& variable, const char* attribute) const;

  std::string file_;
  int id_ = -1;
};

/// True if the first bytes are those of a classic NetCDF or an HDF5 file.
bool looksLikeNetcdf(std::string_view head);

}  // namespace ecumene::data::formats
