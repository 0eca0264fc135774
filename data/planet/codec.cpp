// SPDX-License-Identifier: Apache-2.0
#include "data/planet/codec.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <string>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/planet/collection.h"
#include "data/planet/fields.h"

namespace ecumene::data::planet {
namespace {

static_assert(std::endian::native == std::endian::little, "the container is little-endian");

using Magic = std::array<char, 4>;
constexpr Magic kPlanetMagic{'E', 'C', 'P', 'L'};
constexpr Magic kImportMagic{'E', 'C', 'I', 'M'};
constexpr std::uint32_t kVersion = 3;
constexpr std::size_t kDigest = 64;

template <class T>
constexpr bool kIsPlainNumber = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;

class Writer {
 public:
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      raw(static_cast<std::uint8_t>(value ? 1 : 0));
    } else if constexpr (std::is_enum_v<T>) {
      raw(static_cast<std::uint32_t>(value));
    } else if constexpr (std::is_arithmetic_v<T>) {
      raw(value);
    } else {
      forEachField(value, [this](const char*, const auto& member) { put(member); });
    }
  }
  void put(const std::string& text) {
    raw(static_cast<std::uint64_t>(text.size()));
    append(text.data(), text.size());
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& value) {
    put(value.first);
    put(value.second);
  }
  template <class T, std::size_t N>
  void put(const std::array<T, N>& values) {
    for (const T& value : values) put(value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    raw(static_cast<std::uint64_t>(values.size()));
    if constexpr (kIsPlainNumber<T>) {
      append(values.data(), values.size() * sizeof(T));
    } else {
      for (const T& value : values) put(value);
    }
  }
  void append(const void* data, std::size_t size) {
    const std::size_t old = bytes_.size();
    bytes_.resize(old + size);
    if (size > 0) std::memcpy(bytes_.data() + old, data, size);
  }
  std::vector<std::byte> take() { return std::move(bytes_); }
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  template <class T>
  void raw(T value) {
    append(&value, sizeof value);
  }
  std::vector<std::byte> bytes_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      raw(byte);
      if (byte > 1) throw damaged();
      value = byte == 1;
    } else if constexpr (std::is_enum_v<T>) {
      std::uint32_t number = 0;
      raw(number);
      if (number >= enumSize(value)) throw damaged();
      value = static_cast<T>(number);
    } else if constexpr (std::is_arithmetic_v<T>) {
      raw(value);
    } else {
      forEachField(value, [this](const char*, auto& member) { get(member); });
    }
  }
  void get(std::string& text) {
    const std::size_t size = length(1);
    text.assign(reinterpret_cast<const char*>(bytes_.data()), size);
    bytes_ = bytes_.subspan(size);
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool present = false;
    get(present);
    if (present) {
      get(value.emplace());
    } else {
      value.reset();
    }
  }
  template <class A, class B>
  void get(std::pair<A, B>& value) {
    get(value.first);
    get(value.second);
  }
  template <class T, std::size_t N>
  void get(std::array<T, N>& values) {
    for (T& value : values) get(value);
  }
  template <class T>
  void get(std::vector<T>& values) {
    if constexpr (kIsPlainNumber<T>) {
      const std::size_t count = length(sizeof(T));
      values.resize(count);
      if (count > 0) std::memcpy(values.data(), bytes_.data(), count * sizeof(T));
      bytes_ = bytes_.subspan(count * sizeof(T));
    } else {
      // Every element takes at least one byte, so a forged count cannot ask for more than a multiple of what was sent.
      const std::size_t count = length(1);
      values.clear();
      for (std::size_t i = 0; i < count; ++i) get(values.emplace_back());
    }
  }
  void raw(void* data, std::size_t size) {
    if (size > bytes_.size()) throw damaged();
    std::memcpy(data, bytes_.data(), size);
    bytes_ = bytes_.subspan(size);
  }
  [[nodiscard]] bool done() const { return bytes_.empty(); }
  static Error damaged() { return Error("the planet container is damaged").next("import the source file again"); }

 private:
  template <class T>
  void raw(T& value) {
    raw(&value, sizeof value);
  }
  /// Number of elements of at least `elementSize` bytes each, checked against what is left.
  std::size_t length(std::size_t elementSize) {
    std::uint64_t count = 0;
    raw(count);
    if (count > bytes_.size() / elementSize) throw damaged();
    return static_cast<std::size_t>(count);
  }
  static std::uint32_t enumSize(VariableId) { return kVariableCount; }
  static std::uint32_t enumSize(SpectrumKind) { return kSpectrumKinds; }
  static std::uint32_t enumSize(Archetype) { return kArchetypeCount; }
  static std::uint32_t enumSize(RedoxScenario) { return 7; }
  static std::uint32_t enumSize(StartState) { return 2; }
  static std::uint32_t enumSize(Regime) { return kRegimeCount; }
  static std::uint32_t enumSize(Origin) { return 5; }
  static std::uint32_t enumSize(ImportKind) { return 5; }

  std::span<const std::byte> bytes_;
};

template <class T>
std::vector<std::byte> wrap(const Magic& magic, const T& value) {
  Writer writer;
  writer.append(magic.data(), magic.size());
  writer.put(kVersion);
  writer.put(value);
  const std::string digest = sha256(writer.bytes());
  writer.append(digest.data(), digest.size());
  return writer.take();
}

template <class T>
T unwrap(const Magic& magic, std::span<const std::byte> bytes) {
  if (bytes.size() < magic.size() + sizeof kVersion + kDigest) throw Reader::damaged();
  const std::span<const std::byte> body = bytes.first(bytes.size() - kDigest);
  Reader reader(body);
  Magic found{};
  reader.raw(found.data(), found.size());
  if (found != magic) throw Reader::damaged();
  std::uint32_t version = 0;
  reader.get(version);
  if (version != kVersion) {
    throw Error("the planet container has another version")
        .expected(std::to_string(kVersion))
        .found(std::to_string(version))
        .next("use the same version of Ecumene on both sides");
  }
  const std::string digest = sha256(body);
  if (std::memcmp(digest.data(), bytes.data() + body.size(), kDigest) != 0) throw Reader::damaged();
  T value;
  reader.get(value);
  if (!reader.done()) throw Reader::damaged();
  return value;
}

}  // namespace

std::vector<std::byte> encode(const Planet& planet) {
  return wrap(kPlanetMagic, planet);
}
Planet decode(std::span<const std::byte> bytes) {
  return unwrap<Planet>(kPlanetMagic, bytes);
}
std::vector<std::byte> encode(const Import& import) {
  return wrap(kImportMagic, import);
}
Import decodeImport(std::span<const std::byte> bytes) {
  return unwrap<Import>(kImportMagic, bytes);
}

}  // namespace ecumene::data::planet
