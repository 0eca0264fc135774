// SPDX-License-Identifier: Apache-2.0
#include "app/ecumenectl/tensorboard.h"

#include <array>
#include <bit>

namespace ecumene::ecumenectl {
namespace {

std::array<std::uint32_t, 256> makeTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
    table[i] = crc;
  }
  return table;
}

template <class Number>
std::string littleEndian(Number number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>((number >> (8 * i)) & 0xFFU);
  return bytes;
}

std::string masked(std::string_view bytes) {
  return littleEndian(std::rotr(crc32c(bytes), 15) + 0xA282EAD8U);
}

// Protocol buffers' wire format: a field is its number and type, then a varint (0), 8 bytes (1), a length and as many
// bytes (2), or 4 bytes (5).
std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7U) bytes += static_cast<char>((number & 0x7FU) | 0x80U);
  return bytes + static_cast<char>(number);
}
std::string key(unsigned field, unsigned type) {
  return varint((field << 3U) | type);
}
std::string textField(unsigned field, std::string_view bytes) {
  return key(field, 2) + varint(bytes.size()) + std::string(bytes);
}
std::string doubleField(unsigned field, double value) {
  return key(field, 1) + littleEndian(std::bit_cast<std::uint64_t>(value));
}
std::string floatField(unsigned field, float value) {
  return key(field, 5) + littleEndian(std::bit_cast<std::uint32_t>(value));
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static const std::array<std::uint32_t, 256> table = makeTable();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) crc = (crc >> 8U) ^ table[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU];
  return ~crc;
}

std::string record(std::string_view bytes) {
  const std::string length = littleEndian(static_cast<std::uint64_t>(bytes.size()));
  return length + masked(length) + std::string(bytes) + masked(bytes);
}

std::string fileVersionRecord(double time) {
  return record(doubleField(1, time) + textField(3, "brain.Event:2"));
}

std::string scalarRecord(double time, std::int64_t step, std::string_view name, double value) {
  const std::string scalar = textField(1, name) + floatField(2, static_cast<float>(value));
  return record(doubleField(1, time) + key(2, 0) + varint(static_cast<std::uint64_t>(step)) +
                textField(5, textField(1, scalar)));
}

}  // namespace ecumene::ecumenectl
