// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/safetensors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "engine/checkpoint/safetensors_header.h"

namespace ecumene::engine::checkpoint {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

constexpr std::size_t kPieceBytes = std::size_t{16} << 20;  // hashed while it is still in the cache

struct Type {
  const char* word;
  torch::ScalarType type;
};
// In the order in which the format's own writer puts them, so that the same tensors give the same bytes as there; wide
// ones come first, so that each tensor begins at a multiple of its width.
constexpr std::array<Type, 10> kTypes{{{"I64", torch::kLong},
                                       {"F64", torch::kDouble},
                                       {"F32", torch::kFloat},
                                       {"I32", torch::kInt},
                                       {"BF16", torch::kBFloat16},
                                       {"F16", torch::kHalf},
                                       {"I16", torch::kShort},
                                       {"I8", torch::kChar},
                                       {"U8", torch::kByte},
                                       {"BOOL", torch::kBool}}};

const Type* rowOf(torch::ScalarType type) {
  return std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& row) { return row.type == type; });
}

torch::ScalarType typeOf(const std::string& word) {
  return std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& row) { return row.word == word; })->type;
}

std::span<std::byte> bytesOf(const torch::Tensor& tensor) {
  return {static_cast<std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

/// A file being written or read front to back, with its hash.
class Stream {
 public:
  Stream(const std::filesystem::path& file, int flags) : name_(file.string()) {
    file_ = FileDescriptor(::open(file.c_str(), flags | O_CLOEXEC, 0644));
    if (!file_.valid()) throw systemError("cannot open the weights", name_, errno);
  }
  void write(std::span<const std::byte> bytes) {
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(kPieceBytes, bytes.size()))) {
      const auto piece = bytes.first(std::min(kPieceBytes, bytes.size()));
      hash_.update(piece);
      writeAll(file_.get(), piece, name_);
      bytes_ += static_cast<std::int64_t>(piece.size());
    }
  }
  void read(std::span<std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t got = ::read(file_.get(), bytes.data(), std::min(kPieceBytes, bytes.size()));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw systemError("cannot read the weights", name_, errno);
      if (got == 0) throw Error("the file became shorter while it was read").on(name_);
      hash_.update(bytes.first(static_cast<std::size_t>(got)));
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
  }
  /// Size of the file, which must be a regular one.
  [[nodiscard]] std::uint64_t size() const {
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) throw systemError("cannot look at the weights", name_, errno);
    if (!S_ISREG(status.st_mode)) throw Error("the weights are not in a regular file").on(name_);
    return static_cast<std::uint64_t>(status.st_size);
  }
  WrittenFile finish() {
    if (::fsync(file_.get()) != 0) throw systemError("cannot write to disk", name_, errno);
    return {bytes_, hash_.hex()};
  }
  std::string hash() { return hash_.hex(); }

 private:
  std::string name_;
  FileDescriptor file_;
  Sha256 hash_;
  std::int64_t bytes_ = 0;
};

using Named = std::pair<std::string, torch::Tensor>;

/// In the order of their bytes: by type, then by name.
std::vector<Named> ordered(const Tensors& tensors, const std::string& file) {
  std::vector<Named> order(tensors.begin(), tensors.end());
  for (const auto& [name, tensor] : order) {
    const bool plain =
        tensor.defined() && tensor.layout() == torch::kStrided && !dtypeName(tensor.scalar_type()).empty();
    if (plain && name != "__metadata__" && !name.empty()) continue;
    throw Error("the tensor cannot be kept in a safetensors file")
        .on(file + ": tensor '" + shownName(name) + "'")
        .expected("a named dense tensor of type F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL")
        .found(tensor.defined() ? torch::toString(tensor.scalar_type()) : "no tensor");
  }
  std::stable_sort(order.begin(), order.end(), [](const Named& a, const Named& b) {
    return rowOf(a.second.scalar_type()) < rowOf(b.second.scalar_type());
  });
  return order;
}

std::string headerOf(const std::vector<Named>& tensors, const Metadata& metadata, const std::string& file) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t begin = 0;
  for (const auto& [name, tensor] : tensors) {
    const std::uint64_t end = begin + tensor.nbytes();
    header[name] = {
        {"dtype", dtypeName(tensor.scalar_type())}, {"shape", tensor.sizes().vec()}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception&) {
    throw Error("a name or a piece of metadata is not UTF-8").on(file);
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

torch::Tensor allocate(const HeaderEntry& entry, const std::string& object) {
  try {
    return torch::empty(entry.shape, torch::dtype(typeOf(entry.dtype)));
  } catch (const c10::Error&) {
    throw Error("not enough memory for the tensor", ErrorKind::kEnvironment)
        .on(object)
        .expected(std::to_string(entry.end - entry.begin) + " bytes");
  }
}

}  // namespace

std::string dtypeName(torch::ScalarType type) {
  const Type* row = rowOf(type);
  return row == kTypes.end() ? std::string() : row->word;
}

WrittenFile writeSafetensors(const std::filesystem::path& file, const Tensors& tensors, const Metadata& metadata) {
  const std::vector<Named> order = ordered(tensors, file.string());
  const std::string header = headerOf(order, metadata, file.string());
  Stream stream(file, O_WRONLY | O_CREAT | O_TRUNC);
  const std::uint64_t length = header.size();
  stream.write(std::as_bytes(std::span(&length, 1)));
  stream.write(std::as_bytes(std::span(header.data(), header.size())));
  for (const auto& [name, tensor] : order) stream.write(bytesOf(tensor.detach().to(torch::kCPU).contiguous()));
  return stream.finish();
}

Tensors readSafetensors(const std::filesystem::path& file, Metadata* metadata, std::string* sha256) {
  Stream stream(file, O_RDONLY);
  const std::uint64_t size = stream.size();
  std::uint64_t length = 0;
  if (size < sizeof(length)) throw Error("the file is too short for a safetensors file").on(file.string());
  stream.read(std::as_writable_bytes(std::span(&length, 1)));
  const std::uint64_t most = std::min(kMostHeaderBytes, size - sizeof(length));
  if (length > most) {
    throw Error("the header's length is impossible: the file is damaged or no safetensors file")
        .on(file.string())
        .expected("at most " + std::to_string(most) + " bytes")
        .found(std::to_string(length));
  }
  std::string json(length, '\0');
  stream.read(std::as_writable_bytes(std::span(json.data(), json.size())));
  Header header = parseHeader(json, size - sizeof(length) - length, file.string());

  Tensors tensors;
  for (const HeaderEntry& entry : header.tensors) {
    const std::string object = file.string() + ": tensor '" + shownName(entry.name) + "'";
    const torch::Tensor tensor = allocate(entry, object);
    const std::span<std::byte> bytes = bytesOf(tensor);
    stream.read(bytes);
    // Any other byte would be neither true nor false to the compiler.
    if (entry.dtype == "BOOL" &&
        std::any_of(bytes.begin(), bytes.end(), [](std::byte b) { return b > std::byte{1}; })) {
      throw Error("a flag is neither 0 nor 1: the file is damaged").on(object);
    }
    tensors.emplace(entry.name, tensor);
  }
  if (metadata != nullptr) *metadata = std::move(header.metadata);
  if (sha256 != nullptr) *sha256 = stream.hash();
  return tensors;
}

}  // namespace ecumene::engine::checkpoint
