// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <netcdf.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace ecumene::test {

/// Writes a NetCDF file piece by piece; a call that fails throws.
class NetcdfBuilder {
 public:
  explicit NetcdfBuilder(const std::filesystem::path& path, int mode = NC_NETCDF4) {
    check(nc_create(path.c_str(), mode | NC_CLOBBER, &file_));
  }
  ~NetcdfBuilder() { nc_close(file_); }
  NetcdfBuilder(const NetcdfBuilder&) = delete;
  NetcdfBuilder& operator=(const NetcdfBuilder&) = delete;

  void dimension(const std::string& name, std::size_t length) {
    nc_redef(file_);  // a classic file is in one of two modes; NetCDF-4 does not mind
    check(nc_def_dim(file_, name.c_str(), length, &dimensions_[name]));
  }
  /// Attributes of text; those named "_FillValue", "scale_factor" and the like go through number().
  int variable(const std::string& name, const std::vector<std::string>& dimensions,
               const std::map<std::string, std::string>& attributes = {}, nc_type type = NC_DOUBLE) {
    nc_redef(file_);
    std::vector<int> ids;
    for (const std::string& dimension : dimensions) ids.push_back(dimensions_.at(dimension));
    int id = 0;
    check(nc_def_var(file_, name.c_str(), type, static_cast<int>(ids.size()), ids.data(), &id));
    for (const auto& [key, value] : attributes) {
      check(nc_put_att_text(file_, id, key.c_str(), value.size(), value.c_str()));
    }
    return id;
  }
  void number(int variable, const std::string& attribute, nc_type type, std::vector<double> values) {
    check(nc_put_att_double(file_, variable, attribute.c_str(), type, values.size(), values.data()));
  }
  void globalText(const std::string& attribute, const std::string& value) {
    check(nc_put_att_text(file_, NC_GLOBAL, attribute.c_str(), value.size(), value.c_str()));
  }
  void chunks(int variable, const std::vector<std::size_t>& shape, int deflate) {
    check(nc_def_var_chunking(file_, variable, NC_CHUNKED, shape.data()));
    check(nc_def_var_deflate(file_, variable, 1, 1, deflate));
    // Chunks stay open until all of their steps are written.
    check(nc_set_var_chunk_cache(file_, variable, std::size_t{256} << 20U, 1009, 0.75F));
  }
  void put(int variable, const std::vector<double>& values) {
    nc_enddef(file_);
    check(nc_put_var_double(file_, variable, values.data()));
  }
  void putPart(int variable, const std::vector<std::size_t>& start, const std::vector<std::size_t>& count,
               const std::vector<float>& values) {
    nc_enddef(file_);
    check(nc_put_vara_float(file_, variable, start.data(), count.data(), values.data()));
  }
  int put(const std::string& name, const std::vector<std::string>& dimensions,
          const std::map<std::string, std::string>& attributes, const std::vector<double>& values,
          nc_type type = NC_DOUBLE) {
    const int id = variable(name, dimensions, attributes, type);
    put(id, values);
    return id;
  }

 private:
  static void check(int status) {
    if (status != NC_NOERR) throw std::runtime_error(nc_strerror(status));
  }
  int file_ = -1;
  std::map<std::string, int> dimensions_;
};

}  // namespace ecumene::test
