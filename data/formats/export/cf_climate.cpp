// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <netcdf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/common/shell_limit.h"
#include "data/formats/export/writers.h"

namespace ecumene::data::formats {
namespace {

using planet::VariableId;

/// CF standard names (table of version 79) and the sign that they imply.
std::string_view standardName(VariableId id) {
  switch (id) {
    case VariableId::kToaNetShortwave:
      return "toa_net_downward_shortwave_flux";
    case VariableId::kToaOutgoingLongwave:
      return "toa_outgoing_longwave_flux";
    default:
      return planet::info(id).name;
  }
}

/// At its end the program would let HDF5 finish the file that it could not write, and crash.
void endWithoutHdf5() {
  static const int once = ::on_exit(
      [](int status, void*) {
        std::fflush(nullptr);
        ::_exit(status);
      },
      nullptr);
  (void)once;
}

/// A NetCDF-4 file that is being written, in memory: on a full disk HDF5 leaves a file half closed, and crashes at the
/// program's end. (NetCDF's own files in memory lack the order of creation, so that no NetCDF program could add to
/// them.)
class File {
 public:
  explicit File(const std::filesystem::path& path) : path_(path), name_(path.filename().string()) {
    std::string scratch = "/dev/shm/ecumene-export-XXXXXX";
    content_ = FileDescriptor(::mkostemp(scratch.data(), O_CLOEXEC));
    if (!content_.valid()) throw systemError("cannot make a file in memory", scratch, errno);
    const int status = nc_create(scratch.c_str(), NC_NETCDF4 | NC_CLOBBER, &id_);
    ::unlink(scratch.c_str());  // Whatever ends the program, nothing of it stays.
    check(status, "the file");
  }
  ~File() {
    if (id_ >= 0) nc_close(id_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int dimension(const char* name, std::size_t length) {
    int dimension = 0;
    check(nc_def_dim(id_, name, length, &dimension), name);
    return dimension;
  }
  int variable(const std::string& name, nc_type type, const std::vector<int>& dimensions) {
    int variable = 0;
    check(nc_def_var(id_, name.c_str(), type, static_cast<int>(dimensions.size()), dimensions.data(), &variable), name);
    return variable;
  }
  void compress(int variable) {
    constexpr int kShuffle = 1, kDeflate = 1, kLevel = 4;
    check(nc_def_var_deflate(id_, variable, kShuffle, kDeflate, kLevel), "compression");
  }
  void text(int variable, const char* name, std::string_view value) {
    check(nc_put_att_text(id_, variable, name, value.size(), value.data()), name);
  }
  void coordinate(const char* name, int dimension, const char* standard, const char* units, const char* axis,
                  const std::vector<double>& values) {
    const int id = variable(name, NC_DOUBLE, {dimension});
    if (*standard != '\0') text(id, "standard_name", standard);
    text(id, "units", units);
    text(id, "axis", axis);
    put(id, values);
  }
  void put(int variable, const std::vector<double>& values) {
    check(nc_put_var_double(id_, variable, values.data()), "values");
  }
  void put(int variable, const std::vector<float>& values) {
    check(nc_put_var_float(id_, variable, values.data()), "values");
  }
  /// Puts the whole file onto the disk.
  void close() {
    check(nc_close(std::exchange(id_, -1)), "the file");
    writeFileAtomically(path_, readFile("/proc/self/fd/" + std::to_string(content_.get())));
  }

 private:
  void check(int status, const std::string& what) const {
    if (status == NC_NOERR) return;
    endWithoutHdf5();
    // HDF5 does not say why it could not write.
    if (const auto limit = shellLimit(ShellLimit::kFileSize); limit) {
      throw Error("cannot write " + what + " under this shell's limit on the size of files", ErrorKind::kEnvironment)
          .on(name_)
          .found(inWords(ShellLimit::kFileSize, *limit))
          .next("lift it: " + liftedBy(ShellLimit::kFileSize));
    }
    throw Error("cannot write " + what + ": " + nc_strerror(status), ErrorKind::kEnvironment).on(name_);
  }
  std::filesystem::path path_;
  std::string name_;
  FileDescriptor content_;
  int id_ = -1;
};

struct Axes {
  int time, level, latitude, longitude, bounds;
};

/// Edges of latitude rows whose areas are their weights: sin of an edge is the sum of the weights south of it.
std::vector<double> latitudeBounds(const planet::Grid& grid) {
  constexpr double kDegree = 57.29577951308232;
  std::vector<double> bounds;
  double south = -1.0;
  for (std::size_t i = 0; i < grid.latitudeDeg.size(); ++i) {
    const bool last = i + 1 == grid.latitudeDeg.size();
    const double north = last ? 1.0 : std::min(1.0, south + 2.0 * grid.latitudeWeight[i]);
    bounds.push_back(std::asin(south) * kDegree);
    bounds.push_back(std::asin(north) * kDegree);
    south = north;
  }
  return bounds;
}

Axes writeAxes(File& file, const planet::Grid& grid) {
  const Axes axes{file.dimension("time", planet::kMonths), file.dimension("lev", grid.sigma.size()),
                  file.dimension("lat", grid.latitudeDeg.size()), file.dimension("lon", grid.longitudeDeg.size()),
                  file.dimension("bnds", 2)};
  constexpr double kMonthDays = 30.0;
  std::vector<double> months;
  std::vector<double> edges;
  for (std::size_t m = 0; m < planet::kMonths; ++m) {
    edges.push_back(kMonthDays * static_cast<double>(m));
    edges.push_back(kMonthDays * static_cast<double>(m + 1));
    months.push_back(0.5 * (edges[2 * m] + edges[2 * m + 1]));
  }
  const int time = file.variable("time", NC_DOUBLE, {axes.time});
  file.text(time, "standard_name", "time");
  file.text(time, "units", "days since 0001-01-01 00:00:00");
  file.text(time, "calendar", "360_day");
  file.text(time, "axis", "T");
  file.text(time, "bounds", "time_bnds");
  file.text(time, "comment", "nominal: each month is one twelfth of the planet's orbit or model year");
  file.put(time, months);
  file.put(file.variable("time_bnds", NC_DOUBLE, {axes.time, axes.bounds}), edges);

  const int level = file.variable("lev", NC_DOUBLE, {axes.level});
  file.text(level, "standard_name", "atmosphere_sigma_coordinate");
  file.text(level, "units", "1");
  file.text(level, "axis", "Z");
  file.text(level, "positive", "down");
  file.text(level, "formula_terms", "sigma: lev ps: ps ptop: ptop");
  file.put(level, grid.sigma);
  const int top = file.variable("ptop", NC_DOUBLE, {});
  file.text(top, "long_name", "pressure at the top of the sigma coordinate");
  file.text(top, "units", "Pa");
  file.put(top, std::vector<double>{0.0});

  const int latitude = file.variable("lat", NC_DOUBLE, {axes.latitude});
  file.text(latitude, "standard_name", "latitude");
  file.text(latitude, "units", "degrees_north");
  file.text(latitude, "axis", "Y");
  file.text(latitude, "bounds", "lat_bnds");
  file.put(latitude, grid.latitudeDeg);
  file.put(file.variable("lat_bnds", NC_DOUBLE, {axes.latitude, axes.bounds}), latitudeBounds(grid));
  file.coordinate("lon", axes.longitude, "longitude", "degrees_east", "X", grid.longitudeDeg);
  return axes;
}

/// [epoch,] time, lat, lon, lev of the last epoch as the file's time, lev, lat, lon.
std::vector<float> levelsFirst(const planet::Grid& grid, const std::vector<float>& values) {
  const std::size_t levels = grid.sigma.size();
  const std::size_t size = planet::kMonths * grid.cells() * levels;
  const float* last = values.data() + (values.size() - size);
  std::vector<float> out(size);
  for (std::size_t t = 0; t < planet::kMonths; ++t) {
    for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
      for (std::size_t lev = 0; lev < levels; ++lev) {
        out[(t * levels + lev) * grid.cells() + cell] = last[(t * grid.cells() + cell) * levels + lev];
      }
    }
  }
  return out;
}

void writeField(File& file, const Axes& axes, const planet::Grid& grid, const planet::Field& field) {
  const planet::VariableInfo& info = planet::info(field.id);
  std::vector<int> dimensions{axes.time, axes.latitude, axes.longitude};
  if (info.onLevels) dimensions.insert(dimensions.begin() + 1, axes.level);
  const int id = file.variable(std::string(info.symbol), NC_FLOAT, dimensions);
  file.compress(id);
  file.text(id, "standard_name", standardName(field.id));
  file.text(id, "units", info.unit);
  file.text(id, "cell_methods", "time: mean");
  const std::size_t size = planet::kMonths * grid.cells();
  file.put(id, info.onLevels
                   ? levelsFirst(grid, field.values)
                   : std::vector<float>(field.values.end() - static_cast<std::ptrdiff_t>(size), field.values.end()));
}

void writeMap(File& file, const Axes& axes, const char* name, const char* standard, const char* unit,
              const std::vector<float>& values) {
  if (values.empty()) return;
  const int id = file.variable(name, NC_FLOAT, {axes.latitude, axes.longitude});
  file.text(id, "standard_name", standard);
  file.text(id, "units", unit);
  file.put(id, values);
}

}  // namespace

void writeClimate(const planet::Planet& planet, const std::filesystem::path& path) {
  const planet::ClimateCube& cube = *planet.climate;
  File file(path);
  file.text(NC_GLOBAL, "Conventions", "CF-1.8");
  file.text(NC_GLOBAL, "title", "Climate of " + planet.name);
  std::string history;
  for (const std::string& line : originLines(planet, {"climate"})) history += (history.empty() ? "" : "\n") + line;
  file.text(NC_GLOBAL, "history", history);
  file.text(NC_GLOBAL, "ecumene_origin", planet::name(planet.origin));
  if (!cube.grid.epochGyr.empty()) {
    file.text(NC_GLOBAL, "comment",
              "the last of " + std::to_string(cube.grid.epochs()) + " ages, the present; the others are left out");
  }
  const Axes axes = writeAxes(file, cube.grid);
  for (const planet::Field& field : cube.fields) writeField(file, axes, cube.grid, field);
  writeMap(file, axes, "sftlf", "land_area_fraction", "1", cube.landFraction);
  writeMap(file, axes, "orog", "surface_altitude", "m", cube.orographyM);
  file.close();
}

}  // namespace ecumene::data::formats
