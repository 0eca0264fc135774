// SPDX-License-Identifier: Apache-2.0
// A file of one degree is read step by step: the peak memory of a process that reads it does not grow with the steps.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <iostream>

#include "cf_fixture.h"
#include "data/base/error.h"
#include "data/formats/registry.h"
#include "tests/support/counts.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using test::CfFixture;
using test::evenly;

constexpr std::size_t kLatitudes = 180;
constexpr std::size_t kLongitudes = 360;

/// Daily temperatures of a 360-day year on levels, with the surface and its pressure, and winds. Deflated chunks of
/// `chunk` steps; 0: all in one piece, as they are.
void writeDays(const std::filesystem::path& path, std::size_t steps, std::size_t levels, std::size_t chunk,
               bool winds = false) {
  test::NetcdfBuilder file(path);
  const auto axis = [&](const std::string& name, const std::vector<double>& values,
                        const std::map<std::string, std::string>& attributes) {
    file.dimension(name, values.size());
    file.put(name, {name}, attributes, values);
  };
  axis("time", evenly(0.5, 360.0 / static_cast<double>(steps), steps),
       {{"units", "days since 0001-01-01"}, {"calendar", "360_day"}});
  axis("lev", evenly(0.5 / static_cast<double>(levels), 1.0 / static_cast<double>(levels), levels),
       {{"standard_name", "atmosphere_sigma_coordinate"}, {"units", "1"}});
  axis("lat", evenly(89.5, -1.0, kLatitudes), {{"units", "degrees_north"}});
  axis("lon", evenly(-179.5, 1.0, kLongitudes), {{"units", "degrees_east"}});
  struct OnLevels {
    int variable;
    float base;
  };
  std::vector<OnLevels> onLevels;
  const auto add = [&](const char* name, const char* standardName, const char* units, float base) {
    onLevels.push_back({file.variable(name, {"time", "lev", "lat", "lon"},
                                      {{"standard_name", standardName}, {"units", units}}, NC_FLOAT),
                        base});
    if (chunk > 0) file.chunks(onLevels.back().variable, {chunk, levels, kLatitudes / 2, kLongitudes / 2}, 1);
  };
  add("ta", "air_temperature", "K", 250.0F);
  if (winds) {
    add("ua", "eastward_wind", "m s-1", 0.0F);
    add("va", "northward_wind", "m s-1", 0.0F);
  }
  const int ts =
      file.variable("ts", {"time", "lat", "lon"}, {{"standard_name", "surface_temperature"}, {"units", "K"}}, NC_FLOAT);
  const int ps = file.variable("ps", {"time", "lat", "lon"},
                               {{"standard_name", "surface_air_pressure"}, {"units", "Pa"}}, NC_FLOAT);
  std::vector<float> maps(levels * kLatitudes * kLongitudes);
  std::uint32_t noise = 1;
  for (std::size_t step = 0; step < steps; ++step) {
    for (const OnLevels& field : onLevels) {
      for (float& value : maps) {
        noise = noise * 1664525U + 1013904223U;
        value = field.base + static_cast<float>(step * 12 / steps) + static_cast<float>(noise >> 20U) * 1e-3F;
      }
      file.putPart(field.variable, {step, 0, 0, 0}, {1, levels, kLatitudes, kLongitudes}, maps);
    }
    const std::vector<float> map(kLatitudes * kLongitudes, 280.0F + static_cast<float>(step * 12 / steps));
    file.putPart(ts, {step, 0, 0}, {1, kLatitudes, kLongitudes}, map);
    file.putPart(ps, {step, 0, 0}, {1, kLatitudes, kLongitudes}, std::vector<float>(map.size(), 1e5F));
  }
}

/// Peak resident memory in MiB of a process that does this; it must end well.
long peakOf(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 0;
    try {
      work();
    } catch (const std::exception& error) {
      std::cerr << error.what() << "\n";
      status = 1;
    }
    ::_exit(status);
  }
  int status = 0;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child || status != 0)
    throw std::runtime_error("the reading process failed");
  return usage.ru_maxrss / 1024;
}

TEST(CfStream, PeakMemoryDoesNotGrowWithTheStepsOfAOneDegreeFile) {
  // The long form holds 3 GB of temperatures.
  const auto levels = static_cast<std::size_t>(test::tries(8, 30));
  const auto steps = static_cast<std::size_t>(test::tries(60, 396));
  const test::TempFolder folder;
  std::vector<long> peak;
  for (const std::size_t length : {std::size_t{12}, steps}) {
    const std::filesystem::path path = folder / (std::to_string(length) + ".nc");
    static_cast<void>(peakOf([&] { writeDays(path, length, levels, 2); }));
    peak.push_back(peakOf([&] {
      const data::planet::Import import = data::formats::importFile(path, {});
      const data::planet::Field& ts = import.planet.climate->require(data::planet::VariableId::kSurfaceTemperature);
      if (import.planet.climate->fields.size() != 3) throw std::runtime_error("a field is lost");
      if (std::abs(ts.values[11 * 2048] - 291.0F) > 1e-3F) throw std::runtime_error("a month is wrong");
    }));
    std::cout << length << " steps, " << std::filesystem::file_size(path) / 1000000 << " MB on disk, "
              << levels * length * kLatitudes * kLongitudes * 4 / 1000000 << " MB of temperatures: peak " << peak.back()
              << " MiB\n";
    std::filesystem::remove(path);
  }
  EXPECT_LT(peak[1], peak[0] + 16);
  EXPECT_LT(peak[1], 1024);
}

TEST(CfStream, TheProgramAndItsReaderStayBelowOneGibibyte) {
  const auto levels = static_cast<std::size_t>(test::tries(8, 30));
  const auto steps = static_cast<std::size_t>(test::tries(60, 396));
  const test::TempFolder folder;
  std::vector<long> peak;
  for (const std::size_t length : {std::size_t{12}, steps}) {
    const std::string name = "days-" + std::to_string(length);
    const std::filesystem::path path = folder / (name + ".nc");
    static_cast<void>(peakOf([&] { writeDays(path, length, levels, 0); }));
    const test::Finished imported =
        test::runProgram({"ecumene-data", "import", "--store", folder / "store", path.string()});
    EXPECT_EQ(imported.code, 0) << imported.out << imported.err;
    peak.push_back(imported.peakKibibytes / 1024);
    std::cout << length << " steps, a file of " << std::filesystem::file_size(path) / 1000000
              << " MB: peak of the program and what it starts " << peak.back() << " MiB\n";
    std::filesystem::remove(path);
    const test::Finished shown = test::runProgram({"ecumene-data", "show", name, "--store", folder / "store"});
    EXPECT_NE(shown.out.find("surface_temperature"), std::string::npos) << shown.out << shown.err;
  }
  EXPECT_LT(peak[1], peak[0] + 32);
  EXPECT_LT(peak[1], 1024);
}

TEST(CfStream, ChunksOfOneVariableAreLetGoBeforeThoseOfTheNext) {
  constexpr std::size_t kLevels = 8, kSteps = 24;
  const test::TempFolder folder;
  std::vector<long> peak;
  for (const bool winds : {false, true}) {
    const std::filesystem::path path = folder / "chunks.nc";
    static_cast<void>(peakOf([&] { writeDays(path, kSteps, kLevels, kSteps, winds); }));
    peak.push_back(peakOf([&] {
      const data::planet::Import import = data::formats::importFile(path, {});
      if (import.planet.climate->fields.size() != (winds ? 5U : 3U)) throw std::runtime_error("a field is lost");
    }));
    std::filesystem::remove(path);
  }
  // Of each variable one step needs 50 MB of chunks.
  EXPECT_LT(peak[1], peak[0] + 40);
}

}  // namespace
