// SPDX-License-Identifier: Apache-2.0
#include "data/store/cube_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/store/chunk.h"
#include "data/store/packing.h"

namespace ecumene::data::store {

struct CubeReader::State {
  Inflater inflater;
  std::vector<std::byte> buffer;
};

CubeReader::CubeReader() : state_(std::make_unique<State>()) {}
CubeReader::~CubeReader() = default;
CubeReader::CubeReader(CubeReader&&) noexcept = default;
CubeReader& CubeReader::operator=(CubeReader&&) noexcept = default;

std::size_t CubeIndex::count() const {
  std::size_t sum = 0;
  for (const auto& place : variables) sum += place ? place->count : 0;
  return sum;
}

void CubeReader::read(const CubeIndex& index, std::span<float> flat) {
  if (flat.size() != index.count()) throw internalError("the place for a cube has a wrong size");
  std::uint64_t begin = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t end = 0;
  for (const auto& place : index.variables) {
    if (!place) continue;
    begin = std::min(begin, place->position);
    end = std::max(end, place->position + place->storedBytes);
  }
  if (end == 0) return;
  const FileDescriptor file(::open(index.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) throw systemError("cannot open the payload", index.file.string(), errno);
  std::vector<std::byte>& buffer = state_->buffer;
  if (buffer.size() < end - begin) buffer.resize(end - begin);
  const std::span<std::byte> bytes = std::span(buffer).first(end - begin);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(file.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(begin + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw systemError("cannot read the payload", index.file.string(), errno);
    if (got == 0) throw Error("the payload is cut short").on(index.file.string()).next("run the check of the store");
    done += static_cast<std::size_t>(got);
  }
  std::size_t written = 0;
  for (std::size_t v = 0; v < index.variables.size(); ++v) {
    if (!index.variables[v]) continue;
    const CubeIndex::Place& place = *index.variables[v];
    const std::span<const std::byte> stored = bytes.subspan(place.position - begin, place.storedBytes);
    const std::span<float> values = flat.subspan(written, place.count);
    written += place.count;
    if (crc32(stored) != place.crc32) {
      throw Error("the payload is damaged: its checksum differs")
          .on(index.file.string() + ": " + std::string(planet::variables()[v].name))
          .next("run the check of the store");
    }
    if (place.packed) {
      unpackShuffled(place.logarithmic ? Packing::kLog10 : Packing::kLinear, place.scale, place.offset,
                     state_->inflater.planes(stored, 2 * place.count), values);
    } else {
      unshuffle(state_->inflater.planes(stored, sizeof(float) * place.count), sizeof(float),
                std::as_writable_bytes(values));
    }
  }
}

}  // namespace ecumene::data::store
