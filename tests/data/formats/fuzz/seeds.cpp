// SPDX-License-Identifier: Apache-2.0
#include "seeds.h"

#include <zlib.h>

#include <fstream>
#include <stdexcept>

#include "data/base/files.h"
#include "tests/data/formats/climate/cf_fixture.h"
#include "tests/data/formats/exoplasim_fixture.h"
#include "tests/data/formats/spectra/astropy_files.h"
#include "tests/support/temp_folder.h"

namespace ecumene::test {
namespace {

using data::formats::ImportOptions;

constexpr const char* kRows = "1.0,21000,50\n1.1,21100,50\n1.2,21050,60\n1.3,21300,55\n1.4,21250,70\n";

std::string gzipped(const std::string& content) {
  const TempFolder folder;
  const gzFile file = gzopen((folder / "a.gz").c_str(), "wb");
  const bool taken =
      gzwrite(file, content.data(), static_cast<unsigned>(content.size())) == static_cast<int>(content.size());
  if (gzclose(file) != Z_OK || !taken) throw std::runtime_error("zlib cannot write");
  return readFile(folder / "a.gz");
}

Seed exoplasim() {
  const TempFolder folder;
  ExoplasimFixture{}.write(folder / "MOST.00001.nc");
  ExoplasimFixture::writeSidecar(folder.path(), ExoplasimFixture::plainParameters());
  return {.format = "exoplasim",
          .file = "MOST.00001.nc",
          .content = readFile(folder / "MOST.00001.nc"),
          .beside = "planet.json",
          .besideContent = readFile(folder / "planet.json"),
          .ours = false,
          .options = {}};
}

/// A climate of one map a month on coarse cells and a column of four levels.
Seed cfNetcdf() {
  CfFixture fixture;
  fixture.latitude = evenly(-75.0, 30.0, 6);
  fixture.longitude = evenly(0.0, 30.0, 12);
  fixture.levels = {0.05, 0.3, 0.6, 0.95};
  fixture.add("ts", "surface_temperature", "K", false, CfFixture::constant(280.0));
  fixture.add("ps", "surface_air_pressure", "hPa", false, CfFixture::constant(1000.0));
  fixture.add("ta", "air_temperature", "K", true, CfFixture::constant(250.0));
  const TempFolder folder;
  fixture.write(folder / "world.nc");
  return {"cf_netcdf", "world.nc", readFile(folder / "world.nc"), {}, {}, false, {}};
}

/// A model spectrum of three points.
Seed spectrumNetcdf(const std::string& name, int mode) {
  const TempFolder folder;
  {
    NetcdfBuilder file(folder / "spectrum.nc", mode);
    file.dimension("wavelength", 3);
    file.put("wavelength", {"wavelength"}, {{"units", "micron"}}, std::vector<double>{2.0, 2.5, 3.0});
    file.put("transit_depth", {"wavelength"}, {{"units", "1"}}, std::vector<double>{0.010, 0.011, 0.012});
  }
  return {"spectrum_netcdf", name, readFile(folder / "spectrum.nc"), {}, {}, false, {}};
}

constexpr const char* kOecXml =
    "<system>\n<name>Pair</name>\n<binary>\n<name>Pair AB</name>\n<star><name>Pair A</name><mass>1</mass>"
    "<radius errorplus=\"0.2\" errorminus=\"0.1\">1</radius><temperature>5772</temperature>\n"
    "<planet><name>Pair A b</name><name>HD 41004 A b</name><list>Confirmed planets</list><mass upperlimit=\"3.1\"/>"
    "<radius errorplus=\"0.04\">0.5</radius><period>365.25</period></planet></star>\n"
    "<star><name>Pair B</name></star></binary>\n</system>\n";

constexpr const char* kOecCsv =
    "name,binaryflag,mass,radius,period,semimajoraxis,eccentricity,periastron,longitude,ascendingnode,inclination,"
    "temperature,age,discoverymethod,discoveryyear,lastupdate,system_rightascension,system_declination,"
    "system_distance,hoststar_mass,hoststar_radius,hoststar_metallicity,hoststar_temperature,hoststar_age,list\n"
    "Earth,0,0.00314558,0.0892141,365.25,1,0.0167,,,,,,,,,,00 00 00,+00 00 00,,1,1,,5772,,Solar System\r\n"
    "Two (AB) b,1,1,,,,,,,,,,,,,,,,,1.1,1.2,,5000,,\"Confirmed planets, Planets in binary systems\"\n";

constexpr const char* kIpac =
    "\\fixlen = T\n\\RowsRetrieved =  2\n"
    "|   pl_name|  pl_rade|pl_radeerr1|pl_radeerr2|pl_radelim|pl_orbper|\n"
    "|      char|   double|     double|     double|       int|   double|\n"
    "|          |  R_Earth|    R_Earth|    R_Earth|          |     days|\n"
    "|      null|     null|       null|       null|      null|     null|\n"
    "    GJ 1 b       1.5         0.1        -0.3          0      10.5 \n"
    "    GJ 1 c       2.5        null        null          1      null \n";

Seed text(const char* format, const char* file, std::string content, ImportOptions options = {}) {
  return {format, file, std::move(content), {}, {}, true, std::move(options)};
}

}  // namespace

std::vector<Seed> seeds() {
  const std::string network = readFile("tests/data/formats/fixtures/toy.xml");
  std::vector<Seed> list{
      exoplasim(),
      cfNetcdf(),
      {"thousandworlds",
       "all-obs.npz",
       readFile("tests/oracles/reference/npz/thousandworlds.npz"),
       {},
       {},
       true,
       {{{"time", "constant"}}}},
      text("spectrum_table", "table.csv", std::string("wavelength (um),depth (ppm),error (ppm)\n") + kRows),
      text("spectrum_table", "table.ecsv",
           std::string(
               "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: wavelength, unit: um, datatype: "
               "float64}\n# - {name: depth, unit: ppm, datatype: float64}\n# - {name: error, unit: ppm, datatype: "
               "float64}\n# meta: {target: WASP-39 b}\n# schema: astropy-2.0\nwavelength,depth,error\n") +
               kRows),
      text("spectrum_table", "masked.ecsv", writtenByAstropy("masked.ecsv")),
      text("spectrum_table", "wasp39b.csv",
           readFile("resources/demo/wasp39b/CMADF-WASP_39b_NIRISS_transmission_spectrum_R300.csv")),
      text("nasa_csv", "archive.csv",
           "# This file was produced by the NASA Exoplanet Archive\n"
           "pl_name,hostname,pl_orbper,pl_orbpererr1,pl_orbpererr2,pl_rade,pl_bmasse,pl_orbeccen,st_teff,st_rad\n"
           "WASP-39 b,WASP-39,4.0552941,1e-6,-1e-6,13.9,89.3,0,5485,0.94\n"
           "\"TRAPPIST-1 e\",TRAPPIST-1,6.101013,3.5e-5,-3.5e-5,0.92,0.692,0.0051,2566,0.119\n"
           "K2-18 b,K2-18,32.94,1e-3,-1e-3,2.61,8.63,0.09,3457,0.44\n"),
      text("text_jsonl", "texts.jsonl", readFile("tests/data/formats/fixtures/mentions.jsonl")),
      text("plain_text", "note.md", "# A warm Neptune\n\nWe observe GJ~1214~b\nand see   haze.\n"),
      text("oec_xml", "A system.xml", kOecXml),
      text("oec_csv", "catalogue.csv.txt", kOecCsv),
      text("ipac", "table.tbl", kIpac),
      text("cobra_json", "toy.json", readFile("tests/data/formats/metabolism/fixtures/toy.json")),
      spectrumNetcdf("spectrum.nc", NC_NETCDF4),
      spectrumNetcdf("classic.nc", 0),
      {"spectrum_fits", "rows.fits", fitsByAstropy("rows"), {}, {}, false, {}},
      {"spectrum_fits", "variable.fits", fitsByAstropy("variable"), {}, {}, false, {{{"row", "1"}}}},
      {"sbml", "toy_level2.xml", readFile("tests/data/formats/metabolism/fixtures/toy_level2.xml"), {}, {}, false, {}},
      {"sbml", "toy_fbc1.xml", readFile("tests/data/formats/metabolism/fixtures/toy_fbc1.xml"), {}, {}, false, {}},
      {"sbml", "toy.xml", network, {}, {}, false, {}},
      {"sbml", "toy.xml.gz", gzipped(network), {}, {}, false, {}},
  };
  return list;
}

data::formats::ImportOptions optionsOf(const Seed& seed) {
  data::formats::ImportOptions options = seed.options;
  options.set.emplace("format", seed.format);
  options.set.emplace("planet", "WASP-39 b");
  return options;
}

std::filesystem::path write(const Seed& seed, const std::filesystem::path& folder) {
  std::filesystem::create_directories((folder / seed.file).parent_path());
  if (!seed.beside.empty()) std::ofstream(folder / seed.beside, std::ios::binary) << seed.besideContent;
  std::ofstream(folder / seed.file, std::ios::binary) << seed.content;
  return folder / seed.file;
}

}  // namespace ecumene::test
