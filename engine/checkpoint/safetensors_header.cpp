// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/safetensors_header.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>

#include "data/base/error.h"

namespace ecumene::engine::checkpoint {
namespace {

constexpr std::size_t kMostDimensions = 64;  // what Torch's iterators take

/// Bytes of one value of a type's word; 0 for a word that the format does not have.
std::size_t dtypeBytes(std::string_view dtype) {
  if (dtype == "F64" || dtype == "I64") return 8;
  if (dtype == "F32" || dtype == "I32") return 4;
  if (dtype == "F16" || dtype == "BF16" || dtype == "I16") return 2;
  if (dtype == "I8" || dtype == "U8" || dtype == "BOOL") return 1;
  return 0;
}

/// Follows the header's text as it is parsed, so that nothing but the format's own structure is ever held in memory
/// and a name that comes twice is seen.
class Follower : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Follower(const std::string& file) : file_(file) {}

  Header take() { return std::move(header_); }

  bool start_object(std::size_t) override {
    if (place_ == Place::kStart) return enter(Place::kTop);
    if (place_ != Place::kTop || key_.empty()) refuse("an object");
    if (key_ == "__metadata__") return enter(Place::kMetadata);
    entry_ = {};
    entry_.name = std::exchange(key_, {});
    seen_.clear();
    return enter(Place::kTensor);
  }
  bool key(string_t& key) override {
    auto& known = place_ == Place::kTop ? names_ : seen_;
    if (place_ == Place::kMetadata) {
      if (header_.metadata.contains(key)) refuse("metadata '" + shownName(key) + "' twice");
    } else if (!known.insert(key).second) {
      refuse("'" + shownName(key) + "' twice");
    }
    if (place_ == Place::kTop && key.empty()) refuse("a tensor without a name");
    key_ = key;
    return true;
  }
  bool end_object() override {
    if (place_ == Place::kTop) return enter(Place::kEnd);
    if (place_ == Place::kTensor) {
      if (entry_.dtype.empty() || !seen_.contains("shape") || offsets_ != 2) refuse("no dtype, shape and two offsets");
      header_.tensors.push_back(std::move(entry_));
      offsets_ = 0;
    }
    key_.clear();
    return enter(Place::kTop);
  }
  bool start_array(std::size_t) override {
    if (place_ == Place::kTensor && key_ == "shape") return enter(Place::kShape);
    if (place_ == Place::kTensor && key_ == "data_offsets") return enter(Place::kOffsets);
    refuse("a list");
  }
  bool end_array() override { return enter(Place::kTensor); }
  bool string(string_t& text) override {
    if (place_ == Place::kMetadata) {
      header_.metadata.emplace(key_, text);
    } else if (place_ == Place::kTensor && key_ == "dtype") {
      if (dtypeBytes(text) == 0) refuse("the unknown type '" + shownName(text) + "'");
      entry_.dtype = text;
    } else {
      refuse("a text");
    }
    return true;
  }
  bool number_unsigned(number_unsigned_t number) override {
    if (place_ == Place::kShape && entry_.shape.size() < kMostDimensions &&
        number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      entry_.shape.push_back(static_cast<std::int64_t>(number));
    } else if (place_ == Place::kOffsets && offsets_ < 2) {
      (offsets_++ == 0 ? entry_.begin : entry_.end) = number;
    } else {
      refuse("the number " + std::to_string(number));
    }
    return true;
  }
  bool number_integer(number_integer_t number) override { refuse("the number " + std::to_string(number)); }
  bool number_float(number_float_t, const string_t& text) override { refuse("the number " + shownName(text)); }
  bool null() override { refuse("null"); }
  bool boolean(bool) override { refuse("a flag"); }
  bool binary(binary_t&) override { refuse("bytes"); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    throw Error("the header is no JSON at its byte " + std::to_string(position)).on(file_).next(kRepair);
  }

  static constexpr const char* kRepair = "the file is damaged or no safetensors file: copy it again";

 private:
  enum class Place { kStart, kTop, kMetadata, kTensor, kShape, kOffsets, kEnd };

  bool enter(Place place) {
    place_ = place;
    return true;
  }
  [[noreturn]] void refuse(const std::string& found) const {
    const bool inTensor = place_ == Place::kTensor || place_ == Place::kShape || place_ == Place::kOffsets;
    const std::string& name = inTensor ? entry_.name : key_;
    throw Error("the header is not that of a safetensors file")
        .on(name.empty() ? file_ : file_ + ": tensor '" + shownName(name) + "'")
        .found(found)
        .next(kRepair);
  }

  const std::string& file_;
  Header header_;
  Place place_ = Place::kStart;
  std::string key_;
  HeaderEntry entry_;
  int offsets_ = 0;
  std::set<std::string> names_, seen_;
};

/// Bytes that a tensor of this type and shape has. Dimensions beside a zero are bounded too, since strides are made of
/// them.
std::uint64_t bytesOf(const HeaderEntry& entry, const std::string& object) {
  std::int64_t span = 1;
  bool empty = false;
  for (const std::int64_t size : entry.shape) {
    empty = empty || size == 0;
    if (__builtin_mul_overflow(span, std::max<std::int64_t>(size, 1), &span)) {
      throw Error("the shape is impossible").on(object).next(Follower::kRepair);
    }
  }
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(span, static_cast<std::int64_t>(dtypeBytes(entry.dtype)), &bytes)) {
    throw Error("the shape is impossible").on(object).next(Follower::kRepair);
  }
  return empty ? 0 : static_cast<std::uint64_t>(bytes);
}

}  // namespace

std::string shownName(std::string_view name) {
  constexpr std::size_t kMost = 120;
  std::string shown;
  for (const char c : name.substr(0, kMost)) shown += c >= ' ' && c <= '~' ? c : '?';
  return name.size() > kMost ? shown + "..." : shown;
}

Header parseHeader(std::string_view json, std::uint64_t dataBytes, const std::string& file) {
  Follower follower(file);
  nlohmann::json::sax_parse(json.begin(), json.end(), &follower);
  Header header = follower.take();
  std::sort(header.tensors.begin(), header.tensors.end(), [](const HeaderEntry& a, const HeaderEntry& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  std::uint64_t end = 0;
  for (const HeaderEntry& entry : header.tensors) {
    const std::string object = file + ": tensor '" + shownName(entry.name) + "'";
    const std::uint64_t bytes = bytesOf(entry, object);
    if (entry.begin != end || entry.end < entry.begin) {
      throw Error("the tensor's bytes do not follow those before it")
          .on(object)
          .expected("data_offsets from " + std::to_string(end))
          .found(std::to_string(entry.begin) + " to " + std::to_string(entry.end))
          .next(Follower::kRepair);
    }
    if (entry.end > dataBytes) {
      throw Error("the file ends before the tensor does")
          .on(object)
          .expected(std::to_string(entry.end) + " bytes behind the header")
          .found(std::to_string(dataBytes))
          .next(Follower::kRepair);
    }
    if (entry.end - entry.begin != bytes) {
      throw Error("the tensor's shape and its bytes contradict each other")
          .on(object)
          .expected(std::to_string(bytes) + " bytes")
          .found(std::to_string(entry.end - entry.begin))
          .next(Follower::kRepair);
    }
    end = entry.end;
  }
  if (end != dataBytes) {
    throw Error("bytes behind the last tensor belong to none")
        .on(file)
        .expected(std::to_string(end) + " bytes behind the header")
        .found(std::to_string(dataBytes))
        .next(Follower::kRepair);
  }
  return header;
}

}  // namespace ecumene::engine::checkpoint
