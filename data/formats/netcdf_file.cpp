// SPDX-License-Identifier: Apache-2.0
#include "data/formats/netcdf_file.h"

#include <netcdf.h>

#include <array>
#include <cmath>

#include "data/base/checked.h"
#include "data/base/error.h"

namespace ecumene::data::formats {
namespace {

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

}  // namespace

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
  return variable;
}

std::optional<std::string> NetcdfFile::text(const NetcdfVariable& variable, const std::string& attribute) const {
  nc_type type = NC_NAT;
  std::size_t length = 0;
  if (nc_inq_att(id_, variable.id, attribute.c_str(), &type, &length) != NC_NOERR) return std::nullopt;
  constexpr std::size_t kLongest = 65536;
  if (length > kLongest) throw Error("the attribute " + attribute + " is too long").on(place(variable.name));
  if (type == NC_CHAR) {
    std::string value(length, '\0');
    check(nc_get_att_text(id_, variable.id, attribute.c_str(), value.data()), "cannot read " + attribute,
          place(variable.name));
    while (!value.empty() && value.back() == '\0') value.pop_back();
    return value;
  }
  if (type == NC_STRING && length == 1) {
    char* raw = nullptr;
    check(nc_get_att_string(id_, variable.id, attribute.c_str(), &raw), "cannot read " + attribute,
          place(variable.name));
    std::string value = raw == nullptr ? "" : raw;
    nc_free_string(1, &raw);
    return value;
  }
  return std::nullopt;
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
  int noFill = 1;
  nc_type type = NC_NAT;
  check(nc_inq_vartype(id_, variable.id, &type), "cannot read the variable's type", place(variable.name));
  std::optional<double> fill = number(variable, "_FillValue");
  if (!fill && nc_inq_var_fill(id_, variable.id, &noFill, nullptr) == NC_NOERR && noFill == 0 &&
      (type == NC_FLOAT || type == NC_DOUBLE)) {
    fill = type == NC_FLOAT ? static_cast<double>(NC_FILL_FLOAT) : NC_FILL_DOUBLE;
  }
  const std::optional<double> missing = number(variable, "missing_value");
  const double scale = number(variable, "scale_factor").value_or(1.0);
  const double offset = number(variable, "add_offset").value_or(0.0);
  for (std::size_t i = 0; i < count; ++i) {
    const double raw = values[i];
    if (!std::isfinite(raw) || (fill && raw == *fill) || (missing && raw == *missing)) {
      throw Error(std::isfinite(raw) ? "a value is missing" : "a value is not finite")
          .on(place(variable.name) + "[" + indexText(variable, i) + "]")
          .found(std::to_string(raw))
          .next("missing values are not filled in: repair the file");
    }
    values[i] = raw * scale + offset;
  }
  return values;
}

bool looksLikeNetcdf(std::string_view head) {
  return head.starts_with("\x89HDF\r\n\x1a\n") ||
         (head.size() > 3 && head.starts_with("CDF") && (head[3] == 1 || head[3] == 2 || head[3] == 5));
}

}  // namespace ecumene::data::formats
