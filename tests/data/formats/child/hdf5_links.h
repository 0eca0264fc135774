// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace ecumene::test {

/// Moves the float dataset `name` of an HDF5 file to another file, in which it keeps its values, and leaves in its
/// place, with its unit, what leads there. `way`: "link", an external link; "storage", a dataset whose raw bytes are in
/// that file; "virtual", a virtual dataset. Its dimension scales go; readers that follow would find shape and values.
inline void moveOut(const std::filesystem::path& file, const std::string& name, const std::string& unit,
                    const std::string& way, const std::filesystem::path& other) {
  const auto good = [](hid_t id) {
    if (id < 0) throw std::runtime_error("HDF5 failed");
    return id;
  };
  const hid_t from = good(H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT));
  const hid_t dataset = good(H5Dopen2(from, name.c_str(), H5P_DEFAULT));
  const hid_t space = good(H5Dget_space(dataset));
  std::vector<float> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  good(H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
  H5Dclose(dataset);
  const hid_t to = good(H5Fcreate(other.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  const hid_t moved =
      good(H5Dcreate2(to, name.c_str(), H5T_NATIVE_FLOAT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  good(H5Dwrite(moved, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
  const auto offset = static_cast<off_t>(H5Dget_offset(moved));
  H5Dclose(moved);
  H5Fclose(to);
  good(H5Ldelete(from, name.c_str(), H5P_DEFAULT));
  if (way == "link") {
    good(H5Lcreate_external(other.c_str(), name.c_str(), from, name.c_str(), H5P_DEFAULT, H5P_DEFAULT));
  } else {
    const hid_t layout = good(H5Pcreate(H5P_DATASET_CREATE));
    if (way == "storage") {
      good(H5Pset_external(layout, other.c_str(), offset, values.size() * sizeof(float)));
    } else {
      good(H5Pset_virtual(layout, space, other.c_str(), name.c_str(), space));
    }
    const hid_t left = good(H5Dcreate2(from, name.c_str(), H5T_NATIVE_FLOAT, space, H5P_DEFAULT, layout, H5P_DEFAULT));
    const hid_t text = good(H5Tcopy(H5T_C_S1));
    good(H5Tset_size(text, unit.size()));
    const hid_t scalar = good(H5Screate(H5S_SCALAR));
    const hid_t attribute = good(H5Acreate2(left, "units", text, scalar, H5P_DEFAULT, H5P_DEFAULT));
    good(H5Awrite(attribute, text, unit.data()));
    H5Aclose(attribute);
    H5Sclose(scalar);
    H5Tclose(text);
    H5Dclose(left);
    H5Pclose(layout);
  }
  H5Sclose(space);
  H5Fclose(from);
}

}  // namespace ecumene::test
