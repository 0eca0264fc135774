// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

/// One safetensors file (https://huggingface.co/docs/safetensors): 8 bytes of little-endian header length N, a JSON
/// header of N bytes {name: {dtype, shape, data_offsets: [begin, end]}, "__metadata__": {text: text}}, then the
/// tensors' bytes without a gap, little-endian, row-major. Types: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL.
namespace ecumene::engine::checkpoint {

using Tensors = std::map<std::string, torch::Tensor>;
using Metadata = std::map<std::string, std::string>;

struct WrittenFile {
  std::int64_t bytes = 0;
  std::string sha256;
};

/// Writes `tensors` (any device and strides, any shape), by type, then by name, byte for byte as the format's own
/// writer does; the file is on the disk when it returns (fsync). Throws Error naming the file, or file and tensor for a
/// type that the format has no word for; what was written until then is left behind: callers that need all or nothing
/// write into a folder that they rename.
WrittenFile writeSafetensors(const std::filesystem::path& file, const Tensors& tensors, const Metadata& metadata = {});

/// The tensors of `file`, on the CPU, each with memory of its own; its metadata and the SHA-256 of the whole file where
/// asked for. Everything the header says is held against the file's true size before a tensor is allocated; damage is
/// an Error that names the file and the tensor.
Tensors readSafetensors(const std::filesystem::path& file, Metadata* metadata = nullptr, std::string* sha256 = nullptr);

/// The format's word for a type ("BF16"); empty if it has none.
std::string dtypeName(torch::ScalarType type);

}  // namespace ecumene::engine::checkpoint
