// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "data/base/checked.h"
#include "data/store/packing.h"

namespace ecumene::data::store {

enum class ElementType { kText, kInt16, kInt32, kFloat32, kFloat64 };

struct Attribute {
  std::string name;
  std::variant<std::string, double, std::int16_t> value;
  bool operator==(const Attribute&) const = default;
};

/// One dataset of a payload file before it is written. Text is one fixed-length string of raw.size() bytes, shape {1}.
struct Array {
  std::string path;  ///< "climate/surface_temperature"
  ElementType type{};
  std::vector<std::size_t> shape;  ///< no axis of length 0: an empty array is left out of the file
  std::vector<std::byte> raw;      ///< C order, little-endian
  Packing packing = Packing::kNone;
  double scale = 1.0, offset = 0.0;
  std::vector<Attribute> attributes;
  std::vector<std::string> dimensions;  ///< path of each axis's coordinate; empty: none of the axes has one
};

/// Where an array lies inside its payload file: one HDF5 chunk, which is the whole array, as plain bytes of the file.
/// Kept in the catalogue, so that reading needs no HDF5 library and no lock.
struct ArrayPlace {
  std::string path;
  ElementType type{};
  std::vector<std::size_t> shape;  ///< of text: its bytes
  std::uint64_t position = 0;      ///< first byte in the file
  std::uint64_t storedBytes = 0;
  std::uint32_t crc32 = 0;  ///< of the stored bytes
  Packing packing = Packing::kNone;
  double scale = 1.0, offset = 0.0;

  [[nodiscard]] std::size_t count() const {
    std::size_t product = 1;
    for (const std::size_t n : shape) product = checkedMultiply(product, n, path);
    return product;
  }
};

/// Throws Error if `rawBytes` cannot come out of `storedBytes`: deflate makes at most 1032 bytes of one, so a damaged
/// catalogue cannot ask for more memory than that.
void requirePlausible(std::uint64_t storedBytes, std::size_t rawBytes, const std::string& object);

/// Lengths of axes as the catalogue keeps them: "12 32 64".
std::vector<std::size_t> parseShape(const std::string& text);
/// Their product.
std::size_t countOfShape(const std::string& text);

/// Bytes of one number; 1 for text.
constexpr std::size_t elementSize(ElementType type) {
  switch (type) {
    case ElementType::kText:
      return 1;
    case ElementType::kInt16:
      return 2;
    case ElementType::kInt32:
    case ElementType::kFloat32:
      return 4;
    case ElementType::kFloat64:
      return 8;
  }
  return 1;
}

template <class T>
std::vector<std::byte> bytesOf(const std::vector<T>& values) {
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// An array of text as it is, not packed.
inline Array textArray(std::string path, std::string_view text) {
  Array array;
  array.path = std::move(path);
  array.type = ElementType::kText;
  array.shape = {1};
  array.raw.resize(text.size());
  if (!text.empty()) std::memcpy(array.raw.data(), text.data(), text.size());
  return array;
}

/// An array of numbers as they are, not packed; `shape` has as many elements as there are values.
template <class T>
Array numberArray(std::string path, std::vector<std::size_t> shape, const std::vector<T>& values) {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int16_t> ||
                std::is_same_v<T, std::int32_t>);
  Array array;
  array.path = std::move(path);
  array.type = std::is_same_v<T, float>    ? ElementType::kFloat32
               : std::is_same_v<T, double> ? ElementType::kFloat64
               : sizeof(T) == 2            ? ElementType::kInt16
                                           : ElementType::kInt32;
  array.shape = std::move(shape);
  array.raw = bytesOf(values);
  return array;
}

}  // namespace ecumene::data::store
