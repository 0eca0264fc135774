// SPDX-License-Identifier: Apache-2.0
#include "data/store/hdf5_reading.h"

#include <hdf5.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "data/base/error.h"

namespace ecumene::data::store {
namespace {

/// The library keeps its state for a whole process.
std::mutex& readingMutex() {
  static std::mutex mutex;
  return mutex;
}

class ReadingHandle {
 public:
  ReadingHandle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~ReadingHandle() {
    if (id_ >= 0) close_(id_);
  }
  ReadingHandle(const ReadingHandle&) = delete;
  ReadingHandle& operator=(const ReadingHandle&) = delete;
  operator hid_t() const { return id_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool valid() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// Says nothing on stderr while it lives: what fails is our Error.
class Quiet {
 public:
  Quiet() {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Quiet() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

Error damaged(const std::filesystem::path& file, const std::string& what) {
  return Error("the file is no HDF5 file of ours, or is damaged")
      .on(file.string())
      .found(what)
      .next("make it anew: ecumene-train eval");
}

std::optional<ElementType> typeOf(hid_t type) {
  const H5T_class_t kind = H5Tget_class(type);
  const std::size_t size = H5Tget_size(type);
  if (kind == H5T_STRING && H5Tis_variable_str(type) == 0) return ElementType::kText;
  if (kind == H5T_INTEGER && size == 2) return ElementType::kInt16;
  if (kind == H5T_INTEGER && size == 4) return ElementType::kInt32;
  if (kind == H5T_FLOAT && size == 4) return ElementType::kFloat32;
  if (kind == H5T_FLOAT && size == 8) return ElementType::kFloat64;
  return std::nullopt;
}

std::optional<DatasetEntry> entryOf(hid_t dataset, const std::string& path) {
  const ReadingHandle type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  if (!type.valid() || !space.valid()) return std::nullopt;
  const auto kind = typeOf(type);
  const int rank = H5Sget_simple_extent_ndims(space);
  if (!kind || rank < 1 || rank > H5S_MAX_RANK) return std::nullopt;
  std::vector<hsize_t> shape(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  DatasetEntry entry{path, *kind, {shape.begin(), shape.end()}};
  if (*kind == ElementType::kText) entry.shape = {H5Tget_size(type)};
  return entry;
}

herr_t takeDataset(hid_t file, const char* name, const H5O_info_t* info, void* into) {
  if (info->type != H5O_TYPE_DATASET) return 0;
  const ReadingHandle dataset(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) return -1;
  if (auto entry = entryOf(dataset, name)) static_cast<Hdf5Listing*>(into)->datasets.push_back(std::move(*entry));
  return 0;
}

herr_t takeAttribute(hid_t file, const char* name, const H5A_info_t*, void* into) {
  const ReadingHandle attribute(H5Aopen(file, name, H5P_DEFAULT), H5Aclose);
  const ReadingHandle type(H5Aget_type(attribute), H5Tclose);
  auto& attributes = static_cast<Hdf5Listing*>(into)->attributes;
  if (H5Tget_class(type) == H5T_FLOAT) {
    double value = 0.0;
    if (H5Aread(attribute, H5T_NATIVE_DOUBLE, &value) >= 0) attributes.push_back({name, value});
  } else if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0) {
    std::string text(H5Tget_size(type), '\0');
    if (H5Aread(attribute, type, text.data()) >= 0) attributes.push_back({name, text.substr(0, text.find('\0'))});
  }
  return 0;
}

ReadingHandle opened(const std::filesystem::path& file) {
  return {H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose};
}

}  // namespace

Hdf5Listing listHdf5(const std::filesystem::path& file) {
  const std::lock_guard lock(readingMutex());
  const Quiet quiet;
  const ReadingHandle id = opened(file);
  if (!id.valid()) throw damaged(file, "it cannot be opened");
  Hdf5Listing listing;
  hsize_t next = 0;
  if (H5Ovisit2(id, H5_INDEX_NAME, H5_ITER_INC, takeDataset, &listing, H5O_INFO_BASIC) < 0 ||
      H5Aiterate2(id, H5_INDEX_NAME, H5_ITER_INC, &next, takeAttribute, &listing) < 0) {
    throw damaged(file, "its list cannot be read");
  }
  return listing;
}

std::vector<std::byte> readHdf5(const std::filesystem::path& file, const DatasetEntry& dataset, std::size_t mostBytes) {
  const std::lock_guard lock(readingMutex());
  const Quiet quiet;
  const ReadingHandle id = opened(file);
  if (!id.valid()) throw damaged(file, "it cannot be opened");
  const ReadingHandle open(H5Dopen2(id, dataset.path.c_str(), H5P_DEFAULT), H5Dclose);
  const auto now = open.valid() ? entryOf(open, dataset.path) : std::nullopt;
  if (!now || now->type != dataset.type || now->shape != dataset.shape) {
    throw Error("the file has changed while it was read").on(file.string() + ": " + dataset.path).next("read it again");
  }
  std::size_t bytes = elementSize(now->type);
  for (const std::size_t length : now->shape) bytes = checkedMultiply(bytes, length, dataset.path);
  if (bytes > mostBytes) {
    throw Error("the dataset is too large")
        .on(file.string() + ": " + dataset.path)
        .expected("at most " + std::to_string(mostBytes) + " bytes")
        .found(std::to_string(bytes));
  }
  std::vector<std::byte> values(bytes);
  const ReadingHandle type(H5Dget_type(open), H5Tclose);
  if (H5Dread(open, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    throw damaged(file, dataset.path + " cannot be read");
  }
  if (now->type == ElementType::kText) {
    while (!values.empty() && values.back() == std::byte{0}) values.pop_back();
  }
  return values;
}

}  // namespace ecumene::data::store
