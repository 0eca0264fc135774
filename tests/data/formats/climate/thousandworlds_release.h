// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/temp_folder.h"

namespace ecumene::test {

inline std::string npy(const std::string& descr, const std::string& shape, const std::string& data) {
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

/// A release of the collection with three simulations, whose values tell where they belong. Each test changes what it
/// is about.
struct ThousandworldsRelease {
  static constexpr double kPressurePa = 70040.0;  ///< of simulation 1650
  TempFolder folder;
  std::vector<std::string> names = fieldNames(10);
  std::vector<double> ids{7, 1650, 3};
  bool wholeIds = true;               ///< written as int32, else as float64
  std::map<std::string, float> fill;  ///< fields that hold this value everywhere
  long impossible = -1;               ///< the simulation whose ground is at -30 K
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
    if (name == "surface_temperature")
      return ids[simulation] == static_cast<double>(impossible) ? -30.0F : 270.0F + place;
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
      std::filesystem::create_directories(folder / "results");
      std::ofstream(folder / "results/scores_5seeds.csv")
          << "subset,protocol,method,seed,metric,variable,value,metrics_path\n"
             "multi-partial,standard,gplfr,0,rmse,surface_temperature,10.0,a.json\n"
             "multi-partial,standard,gplfr,1,rmse,surface_temperature,12.0,a.json\n"
             "multi-partial,standard,pca_mlp,0,rmse,surface_temperature,13.5,b.json\n"
             "multi-partial,standard,gplfr,0,acc,u,0.75,a.json\n"
             "multi-partial,shared_planets,gplfr,0,relative_rmse,u,0.9,a.json\n";
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
};

}  // namespace ecumene::test
