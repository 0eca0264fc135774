// SPDX-License-Identifier: Apache-2.0
// What people with other programs see: HDF5's own h5dump reads every value of a payload.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "data/store/store.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::store {
namespace {

std::string output(const std::string& command, int& status) {
  std::string text;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 65536> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), got);
  status = pclose(pipe);
  return text;
}

TEST(PayloadFile, OpensInH5dump) {
  if (std::system("command -v h5dump > /dev/null") != 0) GTEST_SKIP() << "h5dump is not installed (hdf5-tools)";
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const planet::Planet planet = test::samplePlanet(1, {true, 4, 8, 2, 3, 1, 1});
  store.add(planet);
  const std::string file = store.cubes().front().file.string();

  int status = 0;
  const std::string all = output("h5dump " + file, status);
  EXPECT_EQ(status, 0) << all.substr(0, 2000);
  EXPECT_NE(all.find("metabolite 7"), std::string::npos);
  const std::string head = output("h5dump -H -p -A -d /climate/surface_temperature " + file, status);
  EXPECT_EQ(status, 0);
  for (const char* wanted : {"H5T_STD_I16LE", "PREPROCESSING SHUFFLE", "COMPRESSION DEFLATE", "CHUNKED ( 12, 4, 8 )",
                             "\"surface_temperature\"", "scale_factor", "absolute_error_bound", "DIMENSION_LIST"}) {
    EXPECT_NE(head.find(wanted), std::string::npos) << wanted << "\n" << head;
  }
  // The numbers themselves, decoded as CF says: value = code * scale_factor + add_offset.
  const CubeIndex::Place place = *store.cubes().front().variables[4];
  const std::string text = output("h5dump -y -w 1 -d /climate/surface_temperature " + file, status);
  std::size_t at = text.find("DATA {") + 6;
  for (const float expected : store.getVariable("s1", planet::VariableId::kSurfaceTemperature)) {
    char* next = nullptr;
    const long code = std::strtol(text.c_str() + at, &next, 10);
    at = static_cast<std::size_t>(next - text.c_str()) + 1;
    ASSERT_EQ(static_cast<double>(code) * place.scale + place.offset, static_cast<double>(expected));
  }
}

}  // namespace
}  // namespace ecumene::data::store
