// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "data/base/error.h"
#include "data/store/payload.h"

namespace ecumene::data::store {

void requirePlausible(std::uint64_t storedBytes, std::size_t rawBytes, const std::string& object) {
  constexpr std::size_t kLargestRatio = 1032;
  if (rawBytes / kLargestRatio <= storedBytes) return;
  throw Error("the catalogue is damaged: an array is larger than its stored bytes can hold")
      .on(object)
      .found(std::to_string(rawBytes) + " bytes from " + std::to_string(storedBytes))
      .next("remove the planet and import or generate it again");
}

std::vector<std::size_t> parseShape(const std::string& text) {
  std::vector<std::size_t> shape;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::size_t length = 0;
    const auto [next, problem] = std::from_chars(at, end, length);
    if (problem != std::errc{} || length == 0) throw Error("a shape in the catalogue is damaged").found(text);
    shape.push_back(length);
    at = next < end ? next + 1 : next;
  }
  return shape;
}

std::size_t countOfShape(const std::string& text) {
  std::size_t product = 1;
  for (const std::size_t length : parseShape(text)) product = checkedMultiply(product, length, text);
  return product;
}

void requirePlainPayload(const std::filesystem::path& path) {
  constexpr const char* kRemedy = "remove the planet and import or generate it again";
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    const int problem = errno;
    Error error = systemError("cannot open the payload", path.string(), problem);
    if (problem == ENOENT) error.next(kRemedy);
    throw error;
  }
  if (!S_ISREG(status.st_mode)) throw Error("the payload is no plain file").on(path.string()).next(kRemedy);
}

PayloadFile::PayloadFile(std::filesystem::path path, std::vector<ArrayPlace> places)
    : path_(std::move(path)), places_(std::move(places)) {
  if (places_.empty()) return;
  requirePlainPayload(path_);
  file_ = FileDescriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file_.valid()) throw systemError("cannot open the payload", path_.string(), errno);
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(path_, problem);
  for (const ArrayPlace& place : places_) {
    const std::string object = path_.string() + ": " + place.path;
    if (problem || place.storedBytes > size || place.position > size - place.storedBytes) {
      throw Error("the payload is cut short").on(object).next("remove the planet and import or generate it again");
    }
    requirePlausible(place.storedBytes, checkedMultiply(place.count(), elementSize(place.type), object), object);
  }
}

const ArrayPlace* PayloadFile::find(std::string_view path) const {
  const auto row = std::find_if(places_.begin(), places_.end(), [&](const ArrayPlace& p) { return p.path == path; });
  return row == places_.end() ? nullptr : &*row;
}

const ArrayPlace* PayloadFile::variablePlace(planet::VariableId id) const {
  const ArrayPlace* place = find(variablePath(id, Packing::kNone));
  return place != nullptr ? place : find(variablePath(id, Packing::kLog10));
}

void PayloadFile::requireType(const ArrayPlace& place, bool integral, std::size_t size) const {
  const bool isInteger = place.type == ElementType::kInt16 || place.type == ElementType::kInt32;
  if (elementSize(place.type) != size || isInteger != integral || place.type == ElementType::kText) {
    throw Error("the array has another type than the catalogue's version holds").on(path_.string() + ": " + place.path);
  }
}

std::span<const std::byte> PayloadFile::stored(const ArrayPlace& place) {
  if (buffer_.size() < place.storedBytes) buffer_.resize(place.storedBytes);
  const std::span<std::byte> target = std::span(buffer_).first(place.storedBytes);
  std::size_t done = 0;
  while (done < target.size()) {
    const ssize_t got =
        ::pread(file_.get(), target.data() + done, target.size() - done, static_cast<off_t>(place.position + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw systemError("cannot read the payload", path_.string(), errno);
    if (got == 0) {
      throw Error("the payload is cut short")
          .on(path_.string() + ": " + place.path)
          .next("remove the planet and import or generate it again");
    }
    done += static_cast<std::size_t>(got);
  }
  if (crc32(target) != place.crc32) {
    throw Error("the payload is damaged: its checksum differs")
        .on(path_.string() + ": " + place.path)
        .next("remove the planet and import or generate it again");
  }
  return target;
}

void PayloadFile::read(const ArrayPlace& place, std::span<std::byte> raw) {
  const std::span<const std::byte> chunk = stored(place);
  try {
    unshuffle(inflater_.planes(chunk, raw.size()), elementSize(place.type), raw);
  } catch (Error& error) {
    throw error.on(path_.string() + ": " + place.path);
  }
}

std::string PayloadFile::text(std::string_view arrayPath) {
  const ArrayPlace* place = find(arrayPath);
  if (place == nullptr) return {};
  std::string value(place->count(), '\0');
  read(*place, std::as_writable_bytes(std::span(value.data(), value.size())));
  return value;
}

std::vector<float> PayloadFile::field(planet::VariableId id) {
  const ArrayPlace* place = variablePlace(id);
  if (place == nullptr) return {};
  if (place->packing == Packing::kNone) return numbers<float>(place->path);
  requireType(*place, true, sizeof(std::int16_t));
  std::vector<float> values(place->count());
  const std::span<const std::byte> chunk = stored(*place);
  unpackShuffled(place->packing, place->scale, place->offset, inflater_.planes(chunk, 2 * values.size()), values);
  return values;
}

void PayloadFile::verify() {
  std::vector<std::byte> raw;
  for (const ArrayPlace& place : places_) {
    raw.resize(place.count() * elementSize(place.type));
    read(place, raw);
  }
}

}  // namespace ecumene::data::store
