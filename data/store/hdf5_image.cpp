// SPDX-License-Identifier: Apache-2.0
#include "data/store/hdf5_image.h"

#include <hdf5.h>
#include <hdf5_hl.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <set>

#include "data/base/error.h"
#include "data/store/chunk.h"

namespace ecumene::data::store {
namespace {

std::mutex& libraryMutex() {
  static std::mutex mutex;
  return mutex;
}

template <class Status>
Status require(Status status, const char* what) {
  if (status < 0) throw internalError(std::string("HDF5: ") + what);
  return status;
}

/// Owns one id of the library.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const char* what) : id_(require(id, what)), close_(close) {}
  ~Handle() { close_(id_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }  // NOLINT(google-explicit-constructor)

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

hid_t textType(std::size_t size) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  if (type >= 0) {
    H5Tset_size(type, size);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
  }
  return type;
}

hid_t fileType(const Array& array) {
  switch (array.type) {
    case ElementType::kText:
      return textType(array.raw.size());
    case ElementType::kInt16:
      return H5Tcopy(H5T_STD_I16LE);
    case ElementType::kInt32:
      return H5Tcopy(H5T_STD_I32LE);
    case ElementType::kFloat32:
      return H5Tcopy(H5T_IEEE_F32LE);
    case ElementType::kFloat64:
      return H5Tcopy(H5T_IEEE_F64LE);
  }
  return H5I_INVALID_HID;
}

void writeAttribute(hid_t object, const Attribute& attribute) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "cannot make a data space");
  const auto put = [&](hid_t type, const void* value) {
    const Handle id(H5Acreate2(object, attribute.name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                    "cannot make an attribute");
    require(H5Awrite(id, type, value), "cannot write an attribute");
  };
  if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    // A fixed-length string has at least one byte.
    const std::string padded = text->empty() ? std::string(1, '\0') : *text;
    const Handle type(textType(padded.size()), H5Tclose, "cannot make a type");
    put(type, padded.data());
  } else if (const auto* number = std::get_if<double>(&attribute.value)) {
    put(H5T_IEEE_F64LE, number);
  } else {
    put(H5T_STD_I16LE, &std::get<std::int16_t>(attribute.value));
  }
}

void writeDataset(hid_t file, const Array& array, const StoredChunk& chunk) {
  std::vector<hsize_t> shape(array.shape.begin(), array.shape.end());
  const int rank = static_cast<int>(shape.size());
  const Handle type(fileType(array), H5Tclose, "cannot make a type");
  const Handle space(H5Screate_simple(rank, shape.data(), nullptr), H5Sclose, "cannot make a data space");
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "cannot make a property list");
  require(H5Pset_obj_track_times(creation, false), "cannot switch time stamps off");
  require(H5Pset_chunk(creation, rank, shape.data()), "cannot set the chunk");
  if (elementSize(array.type) > 1) require(H5Pset_shuffle(creation), "cannot set the shuffle filter");
  require(H5Pset_deflate(creation, 6), "cannot set the deflate filter");
  const Handle id(H5Dcreate2(file, array.path.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT), H5Dclose,
                  "cannot make a dataset");
  const std::vector<hsize_t> origin(shape.size(), 0);
  require(H5Dwrite_chunk(id, H5P_DEFAULT, 0, origin.data(), chunk.bytes.size(), chunk.bytes.data()),
          "cannot write a chunk");
  for (const Attribute& attribute : array.attributes) writeAttribute(id, attribute);
}

void attachScales(hid_t file, std::span<const Array> arrays) {
  std::map<std::string, bool> made;
  for (const Array& array : arrays) {
    if (array.dimensions.empty()) continue;
    const Handle id(H5Dopen2(file, array.path.c_str(), H5P_DEFAULT), H5Dclose, "cannot open a dataset");
    for (std::size_t axis = 0; axis < array.dimensions.size(); ++axis) {
      const std::string& path = array.dimensions[axis];
      const Handle scale(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, "cannot open a coordinate");
      if (!made[path]) {
        require(H5DSset_scale(scale, path.substr(path.rfind('/') + 1).c_str()), "cannot make a coordinate");
        made[path] = true;
      }
      require(H5DSattach_scale(id, scale, static_cast<unsigned>(axis)), "cannot attach a coordinate");
    }
  }
}

ArrayPlace placeOf(hid_t file, const Array& array, const StoredChunk& chunk) {
  const Handle id(H5Dopen2(file, array.path.c_str(), H5P_DEFAULT), H5Dclose, "cannot open a dataset");
  const Handle space(H5Dget_space(id), H5Sclose, "cannot get a data space");
  std::vector<hsize_t> origin(array.shape.size(), 0);
  unsigned mask = 0;
  haddr_t address = HADDR_UNDEF;
  hsize_t size = 0;
  require(H5Dget_chunk_info(id, space, 0, origin.data(), &mask, &address, &size), "cannot find a chunk");
  if (address == HADDR_UNDEF || size != chunk.bytes.size()) throw internalError("HDF5 moved a chunk");
  const bool text = array.type == ElementType::kText;
  return {array.path,    array.type,  text ? std::vector{array.raw.size()} : array.shape,
          address,       size,        chunk.crc32,
          array.packing, array.scale, array.offset};
}

/// Where the library puts a file in memory. Its last act on the buffer, at the end of H5Fclose, is to free it: that is
/// when the file is whole and is taken over. (H5Fget_file_image of 1.10.8 gives a superblock whose checksum is wrong.)
struct Buffer {
  std::vector<std::byte>* taken = nullptr;

  /// The buffer grows by steps; where the file ends stands in its superblock ("End of File Address" of version 2 and 3,
  /// HDF5 File Format Specification 3.0, II.A).
  static std::size_t fileSize(const std::byte* bytes) {
    constexpr std::size_t kEndAddress = 28;
    std::uint64_t size = 0;
    std::memcpy(&size, bytes + kEndAddress, sizeof size);
    return size;
  }

  static void* allocate(std::size_t bytes, H5FD_file_image_op_t /*op*/, void* /*data*/) { return std::malloc(bytes); }
  static void* copy(void* to, const void* from, std::size_t bytes, H5FD_file_image_op_t /*op*/, void* /*data*/) {
    return std::memcpy(to, from, bytes);
  }
  static void* resize(void* old, std::size_t bytes, H5FD_file_image_op_t /*op*/, void* /*data*/) {
    return std::realloc(old, bytes);
  }
  static herr_t release(void* memory, H5FD_file_image_op_t op, void* data) {
    auto* buffer = static_cast<Buffer*>(data);
    if (op == H5FD_FILE_IMAGE_OP_FILE_CLOSE && buffer->taken != nullptr) {
      const auto* bytes = static_cast<const std::byte*>(memory);
      buffer->taken->assign(bytes, bytes + fileSize(bytes));
    }
    std::free(memory);
    return 0;
  }
  static void* share(void* data) { return data; }
  static herr_t forget(void* /*data*/) { return 0; }

  H5FD_file_image_callbacks_t callbacks() { return {allocate, copy, resize, release, share, forget, this}; }
};

/// How files, links and groups are made: the 1.10 format, which indexes a single chunk without a tree (1 kB less for
/// each array), and no time stamps.
struct Properties {
  Handle access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot make a property list"};
  Handle file{H5Pcreate(H5P_FILE_CREATE), H5Pclose, "cannot make a property list"};
  Handle group{H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "cannot make a property list"};

  explicit Properties(Buffer& buffer) {
    require(H5Pset_fapl_core(access, std::size_t{1} << 20U, false), "cannot keep a file in memory");
    H5FD_file_image_callbacks_t callbacks = buffer.callbacks();
    require(H5Pset_file_image_callbacks(access, &callbacks), "cannot keep a file in memory");
    require(H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110), "cannot choose the file format");
    require(H5Pset_obj_track_times(file, false), "cannot switch time stamps off");
    require(H5Pset_obj_track_times(group, false), "cannot switch time stamps off");
  }
};

void makeGroups(hid_t file, hid_t properties, const std::string& path, std::set<std::string>& made) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string group = path.substr(0, slash);
    if (!made.insert(group).second) continue;
    const Handle id(H5Gcreate2(file, group.c_str(), H5P_DEFAULT, properties, H5P_DEFAULT), H5Gclose,
                    "cannot make a group");
  }
}

/// `first[i]` is the array whose content array i shares.
std::vector<ArrayPlace> writeFile(std::span<const Array> arrays, const std::vector<std::size_t>& first,
                                  const std::vector<StoredChunk>& chunks, std::span<const Attribute> rootAttributes,
                                  std::vector<std::byte>& bytes) {
  Buffer buffer{&bytes};
  const Properties properties(buffer);
  const hid_t file =
      require(H5Fcreate("payload", H5F_ACC_TRUNC, properties.file, properties.access), "cannot make a file");
  std::vector<ArrayPlace> places;
  try {
    std::set<std::string> made;
    for (std::size_t i = 0; i < arrays.size(); ++i) {
      makeGroups(file, properties.group, arrays[i].path, made);
      if (first[i] == i) {
        writeDataset(file, arrays[i], chunks[i]);
      } else {
        require(
            H5Lcreate_hard(file, arrays[first[i]].path.c_str(), file, arrays[i].path.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            "cannot link a dataset");
      }
    }
    for (const Attribute& attribute : rootAttributes) writeAttribute(file, attribute);
    attachScales(file, arrays);
    for (std::size_t i = 0; i < arrays.size(); ++i) places.push_back(placeOf(file, arrays[i], chunks[first[i]]));
    require(H5Fflush(file, H5F_SCOPE_GLOBAL), "cannot end the file");
  } catch (...) {
    buffer.taken = nullptr;
    H5Fclose(file);
    throw;
  }
  require(H5Fclose(file), "cannot end the file");
  return places;
}

}  // namespace

Hdf5Image buildHdf5Image(std::span<const Array> arrays, std::span<const Attribute> rootAttributes) {
  std::vector<StoredChunk> chunks;
  // Index of the first array with the same content.
  std::vector<std::size_t> first(arrays.size());
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    first[i] = i;
    for (std::size_t j = 0; j < i && first[i] == i; ++j) {
      const bool same = first[j] == j && arrays[j].type == arrays[i].type && arrays[j].shape == arrays[i].shape &&
                        arrays[j].dimensions == arrays[i].dimensions && arrays[j].attributes == arrays[i].attributes &&
                        arrays[j].raw == arrays[i].raw;
      if (same) first[i] = j;
    }
    chunks.push_back(first[i] == i ? compressChunk(arrays[i].raw, elementSize(arrays[i].type)) : StoredChunk{});
  }

  const std::lock_guard lock(libraryMutex());
  // Our messages say what failed; the library's own printing would go to the user's terminal.
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  Hdf5Image image;
  image.places = writeFile(arrays, first, chunks, rootAttributes, image.bytes);
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const std::vector<std::byte>& stored = chunks[first[i]].bytes;
    const std::uint64_t position = image.places[i].position;
    if (position + stored.size() > image.bytes.size() ||
        std::memcmp(image.bytes.data() + position, stored.data(), stored.size()) != 0) {
      throw internalError("a chunk does not lie where HDF5 says");
    }
  }
  return image;
}

}  // namespace ecumene::data::store
