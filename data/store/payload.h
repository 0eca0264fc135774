// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/base/files.h"
#include "data/planet/planet.h"
#include "data/store/array.h"
#include "data/store/chunk.h"

namespace ecumene::data::store {

/// Every array of a planet as it will lie in its file; climate fields packed under their bounds (packing.h). The two
/// fluxes at the top of the atmosphere stay float32 if packing would move their area-mean difference by 0.01 W/m2.
std::vector<Array> payloadArrays(const planet::Planet& planet);
std::vector<Attribute> rootAttributes(const planet::Planet& planet);
/// The climate as it is read again.
planet::ClimateCube keptClimate(const planet::ClimateCube& cube);

/// Empties what payloadArrays keeps; the rest is for the catalogue.
planet::Planet withoutArrays(const planet::Planet& planet);

/// Path of a variable in its file: "climate/<name>", or "climate/log10_<name>" if the logarithm is stored.
std::string variablePath(planet::VariableId id, Packing packing);

/// Throws Error if the payload is not there, or is what a read would not end of (a pipe, a device).
void requirePlainPayload(const std::filesystem::path& path);

/// A payload file read at known places, without the HDF5 library. One thread at a time.
class PayloadFile {
 public:
  PayloadFile(std::filesystem::path path, std::vector<ArrayPlace> places);

  [[nodiscard]] const ArrayPlace* find(std::string_view path) const;
  /// Numbers of an array in their stored type (T must match it); empty if the file has no such array.
  template <class T>
  std::vector<T> numbers(std::string_view arrayPath) {
    std::vector<T> values;
    const ArrayPlace* place = find(arrayPath);
    if (place == nullptr) return values;
    requireType(*place, std::is_integral_v<T>, sizeof(T));
    values.resize(place->count());
    read(*place, std::as_writable_bytes(std::span(values)));
    return values;
  }
  std::string text(std::string_view arrayPath);
  /// Values of a climate variable, unpacked; empty if there is none.
  std::vector<float> field(planet::VariableId id);
  [[nodiscard]] const ArrayPlace* variablePlace(planet::VariableId id) const;
  /// Reads every array and verifies its checksums. Throws Error naming the first damaged one.
  void verify();

 private:
  void requireType(const ArrayPlace& place, bool integral, std::size_t size) const;
  /// Stored bytes of a place, their checksum verified.
  std::span<const std::byte> stored(const ArrayPlace& place);
  void read(const ArrayPlace& place, std::span<std::byte> raw);

  std::filesystem::path path_;
  std::vector<ArrayPlace> places_;
  FileDescriptor file_;
  Inflater inflater_;
  std::vector<std::byte> buffer_;
};

/// Fills the arrays of a planet that came from withoutArrays.
void restoreArrays(planet::Planet& planet, PayloadFile& file);
/// Those of its spectrum at `index`.
void restoreSpectrum(planet::Spectrum& spectrum, std::size_t index, PayloadFile& file);

}  // namespace ecumene::data::store
