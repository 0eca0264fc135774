// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/netcdf_file.h"

#include <netcdf.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "data/base/checked.h"
#include "data/base/error.h"
#include "data/formats/common/shown_text.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kChunkSlots = 10007;  ///< a prime, as the library asks for

void check(int status, const std::string& what, const std::string& object) {
  if (status == NC_NOERR) return;
  throw Error(what + ": " + nc_strerror(status))
      .on(object)
      .next("the file is damaged or cut short: fetch it again from its source");
}

std::string indexText(const NetcdfVariable& variable, std::size_t flat) {
  std::string text;
  for (std::size_t d = variable.shape.size(); d-- > 0;) {
    text = variable.dimensions[d] + " " + std::to_string(flat % variable.shape[d]) + (text.empty() ? "" : ", ") + text;
    flat /= variable.shape[d];
  }
  return text;
}

/// What the library writes where nothing was written, by type; none for bytes, all of whose values are used.
std::optional<double> defaultFill(nc_type type) {
  switch (type) {
    case NC_SHORT:
      return NC_FILL_SHORT;
    case NC_INT:
      return NC_FILL_INT;
    case NC_FLOAT:
      return static_cast<double>(NC_FILL_FLOAT);
    case NC_DOUBLE:
      return NC_FILL_DOUBLE;
    default:
      return std::nullopt;
  }
}

}  // namespace

double NetcdfPacking::value(double stored) const {
  if (stored < 0.0) stored += wrap;
  const bool nothing = !std::isfinite(stored) || (validMin && stored < *validMin) || (validMax && stored > *validMax) ||
                       std::find(missing.begin(), missing.end(), stored) != missing.end();
  return nothing ? std::numeric_limits<double>::quiet_NaN() : stored * scale + offset;
}

NetcdfFile::NetcdfFile(const std::filesystem::path& path) : file_(path.filename().string()) {
  // An absolute path: the library takes names with a scheme ("https://...") for remote data.
  check(nc_open(std::filesystem::absolute(path).c_str(), NC_NOWRITE, &id_), "cannot open the file as NetCDF", file_);
}

NetcdfFile::~NetcdfFile() {
  if (id_ >= 0) nc_close(id_);
}

std::string NetcdfFile::place(const std::string& variable) const {
  return file_ + ": " + variable;
}

std::optional<NetcdfVariable> NetcdfFile::find(const std::string& name) const {
  NetcdfVariable variable;
  variable.name = name;
  const int found = nc_inq_varid(id_, name.c_str(), &variable.id);
  if (found == NC_ENOTVAR) return std::nullopt;
  check(found, "cannot look up the variable", place(name));
  int rank = 0;
  check(nc_inq_varndims(id_, variable.id, &rank), "cannot read the variable's shape", place(name));
  std::vector<int> dimensions(checkedCast<std::size_t>(rank, place(name)));
  check(nc_inq_vardimid(id_, variable.id, dimensions.data()), "cannot read the variable's shape", place(name));
  for (const int dimension : dimensions) {
    std::array<char, NC_MAX_NAME + 1> label{};
    std::size_t length = 0;
    check(nc_inq_dim(id_, dimension, label.data(), &length), "cannot read a dimension", place(name));
    variable.dimensions.emplace_back(label.data());
    variable.shape.push_back(length);
  }
  // A virtual dataset of HDF5 is put together from other files, and reads as fill values where they are out of reach.
  int storage = NC_CONTIGUOUS;
  if (nc_inq_var_chunking(id_, variable.id, &storage, nullptr) == NC_NOERR &&
      (storage == NC_VIRTUAL || storage == NC_UNKNOWN_STORAGE)) {
    throw Error("the values lie in other files, which are not followed")
        .on(place(name))
        .next("write one file that holds them");
  }
  return variable;
}

std::vector<std::string> NetcdfFile::variables() const {
  int count = 0;
  check(nc_inq_nvars(id_, &count), "cannot list the variables", file_);
  std::vector<std::string> names;
  for (int variable = 0; variable < count; ++variable) {
    std::array<char, NC_MAX_NAME + 1> name{};
    check(nc_inq_varname(id_, variable, name.data()), "cannot list the variables", file_);
    names.emplace_back(name.data());
  }
  return names;
}

std::optional<std::string> NetcdfFile::text(int variable, const std::string& attribute,
                                            const std::string& object) const {
  nc_type type = NC_NAT;
  std::size_t length = 0;
  if (nc_inq_att(id_, variable, attribute.c_str(), &type, &length) != NC_NOERR) return std::nullopt;
  constexpr std::size_t kLongest = 65536;
  if (length > kLongest) throw Error("the attribute " + attribute + " is too long").on(object);
  if (type == NC_CHAR) {
    std::string value(length, '\0');
    check(nc_get_att_text(id_, variable, attribute.c_str(), value.data()), "cannot read " + attribute, object);
    while (value.ends_with('\0')) value.pop_back();
    return shownText(value);
  }
  if (type == NC_STRING && length == 1) {
    char* raw = nullptr;
    check(nc_get_att_string(id_, variable, attribute.c_str(), &raw), "cannot read " + attribute, object);
    std::string value = raw == nullptr ? "" : raw;
    nc_free_string(1, &raw);
    return shownText(value);
  }
  return std::nullopt;
}

std::optional<std::string> NetcdfFile::text(const NetcdfVariable& variable, const std::string& attribute) const {
  return text(variable.id, attribute, place(variable.name));
}

std::optional<std::string> NetcdfFile::text(const std::string& attribute) const {
  return text(NC_GLOBAL, attribute, file_);
}

std::vector<double> NetcdfFile::numbers(const NetcdfVariable& variable, const std::string& attribute) const {
  nc_type type = NC_NAT;
  std::size_t length = 0;
  if (nc_inq_att(id_, variable.id, attribute.c_str(), &type, &length) != NC_NOERR) return {};
  constexpr std::size_t kMost = 1024;
  if (type == NC_CHAR || type == NC_STRING || length > kMost) return {};
  std::vector<double> values(length);
  if (nc_get_att_double(id_, variable.id, attribute.c_str(), values.data()) != NC_NOERR) return {};
  return values;
}

NetcdfContent NetcdfFile::content(const NetcdfVariable& variable) const {
  nc_type type = NC_NAT;
  check(nc_inq_vartype(id_, variable.id, &type), "cannot read the variable's type", place(variable.name));
  if (type == NC_CHAR) return NetcdfContent::kCharacters;
  if (type == NC_STRING) return NetcdfContent::kTexts;
  return type > NC_STRING ? NetcdfContent::kOther : NetcdfContent::kNumbers;
}

std::vector<std::string> NetcdfFile::words(const NetcdfVariable& variable, std::size_t maxLetters) const {
  const bool characters = content(variable) == NetcdfContent::kCharacters;
  if (variable.shape.empty() || variable.shape.size() > (characters ? 2U : 1U)) {
    throw internalError("a NetCDF variable is read as words, and is of another shape");
  }
  const std::size_t count = variable.shape.front();
  const std::size_t length = variable.shape.size() == 2 ? variable.shape[1] : 1;
  const auto tooLong = [&] {
    return Error("the variable holds more text than anything of its kind").on(place(variable.name));
  };
  if (checkedMultiply(count, length, place(variable.name)) > maxLetters) throw tooLong();
  std::vector<std::string> words(count);
  if (characters) {
    std::string letters(count * length, '\0');
    check(nc_get_var_text(id_, variable.id, letters.data()), "cannot read the values", place(variable.name));
    for (std::size_t i = 0; i < count; ++i) words[i] = letters.substr(i * length, length);
  } else {
    std::vector<char*> raw(count, nullptr);
    check(nc_get_var_string(id_, variable.id, raw.data()), "cannot read the values", place(variable.name));
    std::size_t letters = 0;
    for (std::size_t i = 0; i < count && letters <= maxLetters; ++i) {
      if (raw[i] != nullptr) words[i] = raw[i];
      letters += words[i].size();
    }
    nc_free_string(count, raw.data());
    if (letters > maxLetters) throw tooLong();
  }
  for (std::string& word : words) {
    while (word.ends_with('\0')) word.pop_back();
    word = shownText(word);
  }
  return words;
}

NetcdfPacking NetcdfFile::packing(const NetcdfVariable& variable) const {
  NetcdfPacking packing;
  nc_type type = NC_NAT;
  check(nc_inq_vartype(id_, variable.id, &type), "cannot read the variable's type", place(variable.name));
  if (type == NC_CHAR || type == NC_STRING || type > NC_STRING) {
    throw Error("the variable holds no numbers").on(place(variable.name));
  }
  packing.scale = number(variable, "scale_factor").value_or(1.0);
  packing.offset = number(variable, "add_offset").value_or(0.0);
  packing.missing = numbers(variable, "missing_value");
  if (const std::vector<double> fill = numbers(variable, "_FillValue"); !fill.empty()) {
    packing.missing.push_back(fill.front());
  } else if (const std::optional<double> standard = defaultFill(type); standard) {
    int noFill = 1;
    if (nc_inq_var_fill(id_, variable.id, &noFill, nullptr) == NC_NOERR && noFill == 0) {
      packing.missing.push_back(*standard);
    }
  }
  if (type == NC_FLOAT) {  // an attribute written as double stands for the float nearest to it
    for (double& stored : packing.missing) stored = static_cast<double>(static_cast<float>(stored));
  }
  if (const std::vector<double> range = numbers(variable, "valid_range"); range.size() == 2) {
    packing.validMin = range[0];
    packing.validMax = range[1];
  }
  if (const auto low = number(variable, "valid_min"); low) packing.validMin = low;
  if (const auto high = number(variable, "valid_max"); high) packing.validMax = high;
  if (const std::optional<std::string> sign = text(variable, "_Unsigned"); sign && (*sign == "true" || *sign == "1")) {
    packing.wrap = type == NC_BYTE ? 256.0 : type == NC_SHORT ? 65536.0 : type == NC_INT ? 4294967296.0 : 0.0;
    const auto wrapped = [&](double& stored) { stored += stored < 0.0 ? packing.wrap : 0.0; };
    for (double& stored : packing.missing) wrapped(stored);
    if (packing.validMin) wrapped(*packing.validMin);
    if (packing.validMax) wrapped(*packing.validMax);
  }
  return packing;
}

std::vector<std::size_t> NetcdfFile::chunks(const NetcdfVariable& variable) const {
  int storage = NC_CONTIGUOUS;
  std::vector<std::size_t> chunk(variable.shape.size());
  if (chunk.empty() || nc_inq_var_chunking(id_, variable.id, &storage, chunk.data()) != NC_NOERR) return {};
  return storage == NC_CHUNKED ? chunk : std::vector<std::size_t>{};
}

std::size_t NetcdfFile::keepChunks(const NetcdfVariable& variable, std::size_t stepDimension,
                                   std::size_t mostBytes) const {
  const std::vector<std::size_t> chunk = chunks(variable);
  if (chunk.empty()) return 0;
  nc_type type = NC_NAT;
  std::size_t needed = 0;
  check(nc_inq_vartype(id_, variable.id, &type), "cannot read the variable's type", place(variable.name));
  check(nc_inq_type(id_, type, nullptr, &needed), "cannot read the variable's type", place(variable.name));
  for (std::size_t d = 0; d < chunk.size(); ++d) {
    const std::size_t along = std::max<std::size_t>(chunk[d], 1);
    const std::size_t whole = d == stepDimension ? 1 : (variable.shape[d] + along - 1) / along;
    needed = checkedMultiply(needed, checkedMultiply(along, whole, place(variable.name)), place(variable.name));
  }
  check(nc_set_var_chunk_cache(id_, variable.id, std::min(needed, mostBytes), kChunkSlots, 1.0F),
        "cannot set the chunk cache", place(variable.name));
  return needed;
}

void NetcdfFile::dropChunks(const NetcdfVariable& variable) const noexcept {
  // Without room for one it keeps none; where it will not, they go with the file.
  static_cast<void>(nc_set_var_chunk_cache(id_, variable.id, 0, kChunkSlots, 1.0F));
}

void NetcdfFile::read(const NetcdfVariable& variable, const NetcdfPacking& packing, std::span<const std::size_t> start,
                      std::span<const std::size_t> count, std::span<double> into) const {
  std::size_t product = 1;
  for (const std::size_t n : count) product = checkedMultiply(product, n, place(variable.name));
  if (start.size() != variable.shape.size() || count.size() != start.size() || product != into.size()) {
    throw internalError("a part of a NetCDF variable is read into a buffer of another size");
  }
  check(nc_get_vara_double(id_, variable.id, start.data(), count.data(), into.data()), "cannot read the values",
        place(variable.name));
  for (double& value : into) value = packing.value(value);
}

std::optional<double> NetcdfFile::number(const NetcdfVariable& variable, const char* attribute) const {
  nc_type type = NC_NAT;
  std::size_t length = 0;
  if (nc_inq_att(id_, variable.id, attribute, &type, &length) != NC_NOERR) return std::nullopt;
  double value = 0.0;
  if (length != 1 || nc_get_att_double(id_, variable.id, attribute, &value) != NC_NOERR) {
    throw Error(std::string("the attribute ") + attribute + " is not one number").on(place(variable.name));
  }
  return value;
}

std::vector<double> NetcdfFile::values(const NetcdfVariable& variable, std::size_t maxValues) const {
  std::size_t count = 1;
  for (const std::size_t length : variable.shape) count = checkedMultiply(count, length, place(variable.name));
  if (count > maxValues) {
    throw Error("the variable is larger than anything of its kind")
        .on(place(variable.name))
        .expected("at most " + std::to_string(maxValues) + " values")
        .found(std::to_string(count));
  }
  std::vector<double> values(count);
  check(nc_get_var_double(id_, variable.id, values.data()), "cannot read the values", place(variable.name));
  const NetcdfPacking packed = packing(variable);
  for (std::size_t i = 0; i < count; ++i) {
    const double stored = values[i];
    values[i] = packed.value(stored);
    if (std::isfinite(values[i])) continue;
    throw Error(std::isfinite(stored) ? "a value is missing" : "a value is not finite")
        .on(place(variable.name) + "[" + indexText(variable, i) + "]")
        .found(std::to_string(stored))
        .next("missing values are not filled in: repair the file");
  }
  return values;
}

bool looksLikeNetcdf(std::string_view head) {
  return head.starts_with("\x89HDF\r\n\x1a\n") ||
         (head.size() > 3 && head.starts_with("CDF") && (head[3] == 1 || head[3] == 2 || head[3] == 5));
}

}  // namespace ecumene::data::formats
