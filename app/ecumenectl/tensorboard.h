// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ecumene::ecumenectl {

/// CRC-32C (Castagnoli, RFC 3720 section 12.1): of "123456789" it is 0xE3069283.
std::uint32_t crc32c(std::string_view bytes);

/// One record of TensorFlow's TFRecord format: length, its masked CRC-32C, the bytes, their masked CRC-32C. Mask:
/// rotated right by 15 bits, plus 0xa282ead8.
std::string record(std::string_view bytes);

/// Records of TensorBoard's event file (tensorflow.Event of event.proto): the first of a file, and one scalar. It keeps
/// scalars as float32.
std::string fileVersionRecord(double time);
std::string scalarRecord(double time, std::int64_t step, std::string_view name, double value);

}  // namespace ecumene::ecumenectl
