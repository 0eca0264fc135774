// SPDX-License-Identifier: Apache-2.0
// Truth: an archive of the collection's layout, made here with values that tell where they belong, and rows of its own
// inputs.csv.
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "data/base/error.h"
#include "data/formats/registry.h"
#include "data/planet/stated.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::ScalarId;
using planet::VariableId;
using test::tells;

using Set = std::map<std::string, std::string>;
const Set kAsked{{"simulation", "1650"}, {"time", "constant"}};

constexpr double kPressurePa = 70040.0;

std::string npy(const std::string& descr, const std::string& shape, const std::string& data) {
  std::string dictionary = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  dictionary += std::string(64 - (10 + dictionary.size() + 1) % 64, ' ') + "\n";
  std::string out("\x93NUMPY\x01\x00", 8);
  out.push_back(static_cast<char>(dictionary.size() & 0xFFU));
  out.push_back(static_cast<char>(dictionary.size() >> 8U));
  return out + dictionary + data;
}

/// A zip archive as it grows: stored or deflated files, then their directory.
struct Zip {
  std::string body, directory;
  unsigned count = 0;

  static std::string little(std::uint64_t value, std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
    return out;
  }
  static std::string deflated(const std::string& content) {
    std::string out(compressBound(content.size()), '\0');
    z_stream stream{};
    if (deflateInit2(&stream, 1, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("zlib");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  }
  void add(const std::string& name, const std::string& content, bool deflate) {
    const std::string packed = deflate ? deflated(content) : content;
    const auto checksum = crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
    const std::string both = little(20, 2) + little(0, 2) + little(deflate ? 8 : 0, 2) + little(0, 4) +
                             little(checksum, 4) + little(packed.size(), 4) + little(content.size(), 4) +
                             little(name.size(), 2) + little(0, 2);
    directory += "PK\x01\x02" + little(20, 2) + both + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) +
                 little(body.size(), 4) + name;
    body += "PK\x03\x04" + both + name + packed;
    ++count;
  }
  [[nodiscard]] std::string finished() const {
    return body + directory + "PK\x05\x06" + little(0, 4) + little(count, 2) + little(count, 2) +
           little(directory.size(), 4) + little(body.size(), 4) + little(0, 2);
  }
};

/// A release of the collection with three simulations. Each test changes what it is about.
struct Release {
  test::TempFolder folder;
  std::vector<std::string> names = fieldNames(10);
  std::vector<double> ids{7, 1650, 3};
  bool wholeIds = true;               ///< written as int32, else as float64
  std::map<std::string, float> fill;  ///< fields that hold this value everywhere
  bool inputs = true;
  bool deflate = true;

  static std::vector<std::string> fieldNames(int levels) {
    std::vector<std::string> names{"surface_temperature"};
    const auto add = [&](const std::string& variable) {
      for (int k = 0; k < levels; ++k) names.push_back(variable + "_" + std::to_string(k));
    };
    add("temperature");
    add("specific_humidity");
    names.insert(names.end(), {"asr_cloudy", "olr_cloudy"});
    for (const char* variable : {"cloud_fraction", "u", "v"}) add(variable);
    return names;
  }
  /// Pressure of a level from the ground, as the collection's code has it.
  static double pressure(int k) {
    const double x = 1.0 - k / 9.0;
    return (0.75 * x + 1.75 * std::pow(x, 3) - 1.5 * std::pow(x, 4)) * (0.925 * kPressurePa - 1000.0) + 1000.0;
  }
  [[nodiscard]] float value(const std::string& name, std::size_t simulation, std::size_t row,
                            std::size_t column) const {
    if (const auto entry = fill.find(name); entry != fill.end()) return entry->second;
    const std::size_t line = name.rfind('_');
    const std::string variable = name.substr(0, line);
    const auto place =
        static_cast<float>(simulation) + 0.1F * static_cast<float>(row) + 0.01F * static_cast<float>(column);
    if (name == "surface_temperature") return 270.0F + place;
    if (name == "asr_cloudy") return 300.0F + place;
    if (name == "olr_cloudy") return 200.0F + place;
    const int k = std::stoi(name.substr(line + 1));
    if (variable == "temperature") return static_cast<float>(290.0 + 20.0 * std::log(pressure(k) / kPressurePa));
    if (variable == "specific_humidity") return 0.001F;
    if (variable == "cloud_fraction") return 0.5F;
    return place;
  }
  [[nodiscard]] std::filesystem::path write() const {
    std::filesystem::create_directories(folder / "dataset/fields");
    std::filesystem::create_directories(folder / "dataset/subsets/multi-partial");
    std::filesystem::create_directories(folder / "dataset/subsets/single-complete");
    if (inputs) {
      std::ofstream(folder / "dataset/inputs.csv")
          << "simulation_id,radius,gravity,rotation_period,surface_pressure,co2,ch4,stellar_flux,stellar_temperature,"
             "gcm_label,"
             "is_target_gcm,in_target_physical_domain,planet_id,source\n"
             "3,6580000.0,8.4,18.6,206000.0,0.0,0.0,964.0,3290.0,exocam,True,True,3,this work\n"
             "7,6590000.0,8.8,12.6,406000.0,0.0,0.0,964.0,3290.0,um,True,True,5,this work\n"
             "1650,6371000.0,9.807,15.0,70040.0,0.0005711022273,0.001,500.0,3000.0,exocam,True,True,495,Haqq-Misra et "
             "al. [2022]\n";
      std::ofstream(folder / "dataset/subsets/multi-partial/test.csv") << "simulation_id\n0\n1650\n1652\n";
      std::ofstream(folder / "dataset/subsets/single-complete/train.csv") << "simulation_id\n3\n16500\n";
    }
    std::string texts;
    for (const std::string& name : names) {
      for (std::size_t i = 0; i < 24; ++i) texts += std::string{i < name.size() ? name[i] : '\0', '\0', '\0', '\0'};
    }
    std::string bytes;
    for (std::size_t n = 0; n < ids.size(); ++n) {
      for (const std::string& name : names) {
        for (std::size_t cell = 0; cell < 2048; ++cell) {
          const float v = value(name, n, cell / 64, cell % 64);
          bytes.append(reinterpret_cast<const char*>(&v), sizeof v);
        }
      }
    }
    std::string idBytes;
    for (const double id : ids) {
      const auto whole = wholeIds ? static_cast<std::int32_t>(id) : 0;
      idBytes += wholeIds ? std::string(reinterpret_cast<const char*>(&whole), sizeof whole)
                          : std::string(reinterpret_cast<const char*>(&id), sizeof id);
    }
    const std::filesystem::path path = folder / "dataset/fields/all-obs.npz";
    Zip zip;
    zip.add("simulation_id.npy", npy(wholeIds ? "<i4" : "<f8", std::to_string(ids.size()) + ",", idBytes), deflate);
    zip.add("field_names.npy", npy("<U24", std::to_string(names.size()) + ",", texts), deflate);
    zip.add("fields.npy",
            npy("<f4", std::to_string(ids.size()) + ", " + std::to_string(names.size()) + ", 32, 64", bytes), deflate);
    std::ofstream(path, std::ios::binary) << zip.finished();
    return path;
  }
  [[nodiscard]] planet::Import read(const Set& set) const { return formats::importFile(write(), {set}); }
  [[nodiscard]] std::string refusal(const Set& set) const {
    return test::refusalIn([&] { return read(set); });
  }
};

TEST(Thousandworlds, OneSimulationComesWithItsRowItsSplitsAndItsMaps) {
  for (const bool deflate : {true, false}) {
    Release release;
    release.deflate = deflate;
    const planet::Import import = release.read(kAsked);
    EXPECT_EQ(import.provenance.generator, "ecumene importer thousandworlds");
    EXPECT_EQ(import.planet.name, "ThousandWorlds 1650 exocam");
    EXPECT_EQ(import.provenance.licence, "CC-BY-4.0");
    EXPECT_TRUE(tells(import, "splits: multi-partial test"));
    EXPECT_FALSE(tells(import, "single-complete"));
    EXPECT_TRUE(tells(import, "planet 495, run by exocam (Haqq-Misra et al. [2022])"));
    const planet::Scalars& scalars = import.planet.scalars;
    EXPECT_DOUBLE_EQ(scalars[ScalarId::kStellarFlux]->value, 500.0);
    EXPECT_DOUBLE_EQ(scalars[ScalarId::kPlanetRadius]->value, 6371000.0 / 6378100.0);
    EXPECT_DOUBLE_EQ(scalars[ScalarId::kRotationPeriod]->value, 15.0);
    EXPECT_DOUBLE_EQ(scalars[ScalarId::kSurfacePressure]->value, kPressurePa);
    EXPECT_DOUBLE_EQ(import.planet.truth->atmosphere.ratio(planet::Gas::kCO2), 0.0005711022273);
    EXPECT_DOUBLE_EQ(import.planet.truth->atmosphere.ratio(planet::Gas::kCH4), 0.001);
    EXPECT_FALSE(planet::synchronous(import.planet.truth->bulk).has_value());
    const planet::ClimateCube& cube = *import.planet.climate;
    planet::validate(cube);
    const planet::Field& ts = cube.require(VariableId::kSurfaceTemperature);
    for (const std::size_t cell : {0U, 70U, 2047U}) {
      EXPECT_EQ(ts.values[cell], release.value("surface_temperature", 1, cell / 64, cell % 64));
      EXPECT_EQ(ts.values[11 * 2048 + cell], ts.values[cell]);
    }
    EXPECT_EQ(cube.require(VariableId::kToaOutgoingLongwave).values[5], release.value("olr_cloudy", 1, 0, 5));
    EXPECT_EQ(cube.find(VariableId::kCloudAreaFraction), nullptr);
  }
}

TEST(Thousandworlds, LevelsThatEndAboveTheGroundAreHeldOnlyIfTheUserSaysSo) {
  const Release release;
  const planet::Import strict = release.read(kAsked);
  EXPECT_EQ(strict.planet.climate->find(VariableId::kAirTemperature), nullptr);
  EXPECT_TRUE(tells(strict, "temperature stays absent"));
  Set asked = kAsked;
  asked["levels"] = "hold";
  const planet::Import import = release.read(asked);
  const planet::Field& air = import.planet.climate->require(VariableId::kAirTemperature);
  const planet::Grid& grid = planet::canonicalGrid();
  for (std::size_t k = 0; k < 9; ++k) EXPECT_NEAR(air.values[k], 290.0 + 20.0 * std::log(grid.sigma[k]), 1e-3) << k;
  EXPECT_NEAR(air.values[9], 290.0 + 20.0 * std::log(0.925), 1e-3);  // the archive's lowest level
  EXPECT_TRUE(tells(import, "as --set levels=hold says"));
  EXPECT_EQ(import.planet.climate->require(VariableId::kNorthwardWind).values[10], release.value("v_0", 1, 0, 1));
}

TEST(Thousandworlds, WholeFieldsAreMissingAndPartsAreRefused) {
  Release release;
  release.fill["asr_cloudy"] = std::nanf("");
  release.fill["temperature_9"] = std::nanf("");
  Set asked = kAsked;
  asked["levels"] = "hold";
  const planet::Import import = release.read(asked);
  EXPECT_EQ(import.planet.climate->find(VariableId::kToaNetShortwave), nullptr);
  EXPECT_NE(import.planet.climate->find(VariableId::kAirTemperature), nullptr);
  EXPECT_TRUE(tells(import, "no asr_cloudy"));
}

TEST(Thousandworlds, WhatTheCollectionDoesNotStateIsTheUsers) {
  Set asked = kAsked;
  asked["tidally_locked"] = "true";
  asked["ocean_fraction"] = "1";
  const planet::Import import = Release().read(asked);
  EXPECT_TRUE(planet::synchronous(import.planet.truth->bulk).value());
  EXPECT_DOUBLE_EQ(import.planet.truth->bulk.substellarLongitudeDeg, 177.1875);
  EXPECT_DOUBLE_EQ(import.planet.scalars[ScalarId::kOrbitalPeriod]->value, 15.0);
  EXPECT_DOUBLE_EQ(import.planet.truth->surface.oceanFraction, 1.0);
}

TEST(Thousandworlds, RunsOfOnePlanetShareItsSystem) {
  Set other = kAsked;
  other["simulation"] = "7";
  EXPECT_NE(Release().read(kAsked).planet.systemKey, Release().read(other).planet.systemKey);
  EXPECT_EQ(Release().read(kAsked).planet.systemKey, Release().read(kAsked).planet.systemKey);
}

TEST(Thousandworlds, WithoutItsTableTheArchiveStillGivesItsSurfaces) {
  Release release;
  release.inputs = false;
  const planet::Import import = release.read(kAsked);
  EXPECT_FALSE(import.planet.truth.has_value());
  EXPECT_EQ(import.planet.climate->fields.size(), 3U);
  EXPECT_TRUE(tells(import, "no ../inputs.csv"));
}

TEST(Thousandworlds, WhatIsAskedIsAskedByTheOptionThatSettlesIt) {
  EXPECT_NE(Release().refusal({{"time", "constant"}}).find("--set simulation="), std::string::npos);
  EXPECT_NE(Release().refusal({{"simulation", "1650"}}).find("--set time=constant"), std::string::npos);
  EXPECT_NE(Release().refusal({{"simulation", "9"}, {"time", "constant"}}).find("no such simulation"),
            std::string::npos);
  Release wrong;
  wrong.names.pop_back();
  wrong.names.emplace_back("v_9");
  wrong.fill["surface_temperature"] = -30.0F;
  EXPECT_NE(wrong.refusal(kAsked).find("cannot be true"), std::string::npos);
}

TEST(Thousandworlds, IdentitiesThatAreNoWholeNumbersAreRefused) {
  Release release;
  release.wholeIds = false;
  EXPECT_EQ(release.read(kAsked).planet.name, "ThousandWorlds 1650 exocam");
  for (const double id : {std::nan(""), 1e300, -1.0, 2.5, HUGE_VAL}) {
    release.ids = {id};
    EXPECT_NE(release.refusal({{"time", "constant"}}).find("simulation_id"), std::string::npos) << id;
    EXPECT_NE(release.refusal({{"time", "constant"}}).find("whole number"), std::string::npos) << id;
  }
}

}  // namespace
