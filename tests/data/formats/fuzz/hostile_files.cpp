// SPDX-License-Identifier: Apache-2.0
#include "hostile_files.h"

#include <bzlib.h>
#include <netcdf.h>
#include <zlib.h>

#include <array>
#include <stdexcept>

#include "data/base/files.h"
#include "tests/data/formats/climate/thousandworlds_release.h"
#include "tests/support/temp_folder.h"

namespace ecumene::test {
namespace {

std::string repeated(const std::string& piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

constexpr const char* kSbmlHead =
    "<?xml version=\"1.0\"?><sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\">";
/// A bomb is a beginning and 64 times this: 1 GiB. Both kinds of archives may have several members, one after the
/// other.
constexpr std::size_t kFilling = std::size_t{1} << 24U;
constexpr std::size_t kTimes = 64;

std::string quicklyGzipped(const std::string& content) {
  const TempFolder folder;
  const gzFile file = gzopen((folder / "a.gz").c_str(), "wb1");
  const bool taken =
      gzwrite(file, content.data(), static_cast<unsigned>(content.size())) == static_cast<int>(content.size());
  if (gzclose(file) != Z_OK || !taken) throw std::runtime_error("zlib cannot write");
  return readFile(folder / "a.gz");
}

std::string bzipped(std::string content) {
  std::string out(content.size() / 50 + 1000, '\0');
  auto size = static_cast<unsigned>(out.size());
  constexpr int kBlock = 9;
  if (BZ2_bzBuffToBuffCompress(out.data(), &size, content.data(), static_cast<unsigned>(content.size()), kBlock, 0,
                               0) != BZ_OK) {
    throw std::runtime_error("bzip2 cannot write");
  }
  return out.substr(0, size);
}

/// 65,536 simulations of nothing but zeros: 512 MiB in half a MB.
std::string npzBomb() {
  constexpr std::size_t kSimulations = 65536;
  std::string ids;
  for (std::uint32_t id = 0; id < kSimulations; ++id) ids.append(reinterpret_cast<const char*>(&id), sizeof id);
  const std::string name{'u', '\0', '\0', '\0'};
  Zip zip;
  zip.add("simulation_id.npy", npy("<i4", std::to_string(kSimulations) + ",", ids), true);
  zip.add("field_names.npy", npy("<U1", "1,", name), true);
  zip.add("fields.npy",
          npy("<f4", std::to_string(kSimulations) + ", 1, 32, 64", std::string(kSimulations * 2048 * 4, '\0')), true);
  return zip.finished();
}

/// Dimensions of 2^40 values that take no bytes: chunks that were never written.
std::string netcdfBomb() {
  const TempFolder folder;
  const std::string path = folder / "a.nc";
  const auto check = [](int status) {
    if (status != NC_NOERR) throw std::runtime_error(nc_strerror(status));
  };
  int file = 0;
  check(nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &file));
  std::array<int, 4> dimensions{};
  const std::array<const char*, 4> names{"time", "lev", "lat", "lon"};
  const std::array<std::size_t, 4> lengths{12, std::size_t{1} << 20U, std::size_t{1} << 16U, std::size_t{1} << 16U};
  for (std::size_t i = 0; i < names.size(); ++i) check(nc_def_dim(file, names[i], lengths[i], &dimensions[i]));
  const std::array<std::size_t, 4> chunk{1, 1, 256, 256};
  for (const char* name : {"ta", "hus", "ua"}) {
    int variable = 0;
    check(nc_def_var(file, name, NC_FLOAT, 4, dimensions.data(), &variable));
    check(nc_def_var_chunking(file, variable, NC_CHUNKED, chunk.data()));
    check(nc_def_var_deflate(file, variable, 1, 1, 9));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    int variable = 0;
    check(nc_def_var(file, names[i], NC_DOUBLE, 1, &dimensions[i], &variable));
    const std::size_t small = 4096;
    check(nc_def_var_chunking(file, variable, NC_CHUNKED, i == 0 ? nullptr : &small));
  }
  int ts = 0;
  const std::array<int, 3> surface{dimensions[0], dimensions[2], dimensions[3]};
  check(nc_def_var(file, "ts", NC_FLOAT, 3, surface.data(), &ts));
  check(nc_def_var_chunking(file, ts, NC_CHUNKED, std::array<std::size_t, 3>{1, 256, 256}.data()));
  check(nc_close(file));
  return readFile(path);
}

std::string laughs(const std::string& root) {
  std::string out = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [\n <!ENTITY a0 \"lol\">\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    out += " <!ENTITY a" + std::to_string(i) + " \"" + repeated(before, 10) + "\">\n";
  }
  return out + "]>\n" + root + "&a39;";
}

std::string stolen(const std::string& root) {
  return "<?xml version=\"1.0\"?>\n<!DOCTYPE x [ <!ENTITY secret SYSTEM \"file:///etc/passwd\"> ]>\n" + root +
         "&secret;";
}

/// A FITS header of 80-character cards, padded to blocks of 2880.
std::string fits(const std::vector<std::string>& cards) {
  std::string out;
  for (std::string card : cards) {
    card.resize(80, ' ');
    out += card;
  }
  out.resize((out.size() + 2879) / 2880 * 2880, ' ');
  return out;
}

/// The header before the tables.
std::string fitsPrimary() {
  return fits({"SIMPLE  =                    T", "BITPIX  =                    8", "NAXIS   =                    0",
               "EXTEND  =                    T", "END"});
}

std::string fitsBomb() {
  return fitsPrimary() +
         fits({"XTENSION= 'BINTABLE'", "BITPIX  =                    8", "NAXIS   =                    2",
               "NAXIS1  =           2147483647", "NAXIS2  =           2147483647", "PCOUNT  =           2147483647",
               "GCOUNT  =                    1", "TFIELDS =                  999", "TFORM1  = '1000000000D'",
               "TTYPE1  = 'WAVELENGTH'", "TFORM2  = '1PD(2147483647)'", "TTYPE2  = 'FLUX'", "END"});
}

/// The beginning of a table of 64 million wavelengths and fluxes.
std::string fitsTable() {
  return fitsPrimary() +
         fits({"XTENSION= 'BINTABLE'", "BITPIX  =                    8", "NAXIS   =                    2",
               "NAXIS1  =                   16", "NAXIS2  =             67108864", "PCOUNT  =                    0",
               "GCOUNT  =                    1", "TFIELDS =                    2", "TFORM1  = 'D'",
               "TTYPE1  = 'WAVELENGTH'", "TFORM2  = 'D'", "TTYPE2  = 'DEPTH'", "END"});
}

std::string alias(int levels) {
  std::string yaml =
      "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: wavelength, unit: um, datatype: float64}\n# meta:\n"
      "#   a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < levels; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    yaml +=
        "#   a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + repeated(", " + before, 9) + "]\n";
  }
  return yaml + "wavelength\n1.0\n";
}

}  // namespace

std::vector<HostileFile> hostileFiles() {
  constexpr std::size_t kDeep = 200000;
  const std::string sbml = "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" level=\"3\" version=\"1\">";
  const std::string oec = "<system><name>x</name><star><planet><name>";
  const std::string json = "{\"id\":\"a\",\"title\":\"t\",\"summary\":\"s\",\"categories\":";
  return {
      {"bomb.xml.gz", quicklyGzipped(kSbmlHead) + repeated(quicklyGzipped(std::string(kFilling, ' ')), kTimes)},
      {"bomb.xml.bz2", bzipped(kSbmlHead) + repeated(bzipped(std::string(kFilling, ' ')), kTimes)},
      {"bomb.fits.gz", quicklyGzipped(fitsTable()) + repeated(quicklyGzipped(std::string(kFilling, '\0')), kTimes)},
      {"bomb.npz", npzBomb()},
      {"bomb.nc", netcdfBomb()},
      {"laughs.xml", laughs(sbml)},
      {"laughs_system.xml", laughs(oec)},
      {"stolen.xml", stolen(sbml)},
      {"stolen_system.xml", stolen(oec)},
      {"deep.xml", sbml + "<model>" + repeated("<notes>", kDeep)},
      {"deep_system.xml", oec + repeated("<binary>", kDeep)},
      {"wide_attribute.xml", sbml + "<model id=\"" + std::string(std::size_t{1} << 24U, 'a')},
      {"deep.jsonl", json + repeated("[", kDeep)},
      {"deep_model.json", "{\"metabolites\":[],\"genes\":[],\"reactions\":" + repeated("[", kDeep)},
      {"deep.json", repeated("{\"a\":", kDeep)},
      {"wide.csv", "wavelength (um),depth (ppm)" + repeated(",x", std::size_t{1} << 20U) + "\n1,2\n"},
      {"quotes.csv", "wavelength (um),depth (ppm)\n1.0,\"" + repeated("\"\"", std::size_t{1} << 20U)},
      {"wide_archive.csv", "pl_name,hostname" + repeated(",pl_rade", std::size_t{1} << 18U) + "\nA b,A\n"},
      {"columns.tbl", "|" + repeated("a|", std::size_t{1} << 18U) + "\n" + repeated("1 ", std::size_t{1} << 18U)},
      {"alias.ecsv", alias(30)},
      {"flow.ecsv", "# %ECSV 1.0\n# ---\n# meta: " + repeated("[", kDeep) + "\nwavelength depth\n1 1\n"},
      {"bomb.fits", fitsBomb()},
      {"endless.fits", fits(std::vector<std::string>(20000, "COMMENT no end"))},
      {"nothing.csv", ""},
      {"zeros.nc", std::string(std::size_t{1} << 20U, '\0')},
      {"head_only.nc", "\x89HDF\r\n\x1a\n" + std::string(64, '\xff')},
      {"huge_counts.nc", std::string("CDF\x05", 4) + std::string(8, '\x7f') + std::string("\0\0\0\x0a", 4) +
                             std::string(8, '\x7f') + std::string(64, '\x7f')},
  };
}

}  // namespace ecumene::test
