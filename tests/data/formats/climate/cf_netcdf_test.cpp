// SPDX-License-Identifier: Apache-2.0
// Truth: fields with closed forms, the same climate written in many ways, and numpy on a real file (climate_cf.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cf_world.h"
#include "data/base/random.h"
#include "data/formats/registry.h"
#include "data/planet/cube.h"
#include "tests/data/formats/shared_data.h"
#include "tests/support/import_text.h"
#include "tests/support/reference.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::VariableId;
using test::at;
using test::CfFixture;
using test::evenly;
using test::expectPlain;
using test::expectSame;
using test::find;
using test::groundK;
using test::plain;
using test::radians;
using test::read;
using test::refusal;
using test::tells;

TEST(CfNetcdf, FieldsComeOntoTheCanonicalGridWithWhatWasDoneToThem) {
  const planet::Import import = read(plain());
  expectPlain(import);
  EXPECT_EQ(import.planet.climate->fields.size(), 4U);
  EXPECT_TRUE(tells(import, "sigma levels (lev)"));
  EXPECT_TRUE(tells(import, "45 x 72 cells"));
  EXPECT_TRUE(tells(import, "absent"));
  EXPECT_TRUE(tells(import, "named after its file"));
  EXPECT_EQ(import.planet.origin, planet::Origin::kGcm);
}

TEST(CfNetcdf, LatitudesFromTheNorthAndLongitudesAboutGreenwichGiveTheSame) {
  CfFixture fixture = plain();
  std::reverse(fixture.latitude.begin(), fixture.latitude.end());
  fixture.longitude = evenly(-180.0, 5.0, 72);
  expectSame(fixture);
}

TEST(CfNetcdf, DimensionsInAnyOrderGiveTheSame) {
  CfFixture fixture = plain();
  for (auto& variable : fixture.variables) {
    variable.dimensions = variable.onLevels ? std::vector<std::string>{"lon", "lev", "time", "lat"}
                                            : std::vector<std::string>{"lon", "lat", "time"};
  }
  expectSame(fixture);
}

TEST(CfNetcdf, ARepeatedFirstColumnCountsOnce) {
  CfFixture fixture = plain();
  fixture.longitude = evenly(0.0, 5.0, 73);
  expectSame(fixture);
}

TEST(CfNetcdf, ClassicFilesGiveTheSame) {
  for (const int mode : {0, NC_64BIT_OFFSET, NC_64BIT_DATA}) {
    CfFixture fixture = plain();
    fixture.mode = mode;
    expectPlain(read(fixture));
  }
}

TEST(CfNetcdf, UnitsAreConvertedAndSaid) {
  CfFixture fixture = plain();
  fixture.variables[0].units = "degC";
  fixture.variables[0].value = [](double lat, double lon, double, std::size_t t) {
    return groundK(lat, lon, t) - 273.15;
  };
  fixture.variables[1].units = "hPa";
  fixture.variables[1].value = [](double lat, double, double, std::size_t) {
    return 900.0 + 50.0 * std::cos(radians(lat));
  };
  expectSame(fixture);
  EXPECT_TRUE(tells(read(fixture), "ts from degC to K"));
}

TEST(CfNetcdf, CloudInPercentBecomesAFraction) {
  CfFixture fixture = plain();
  fixture.add("clt", "cloud_area_fraction", "%", false, CfFixture::constant(40.0));
  EXPECT_NEAR(at(read(fixture), VariableId::kCloudAreaFraction, 3, 4, 5), 0.4, 1e-6);
  // Per cent that call themselves a fraction are questioned, not believed.
  fixture.variables.back().units = "1";
  EXPECT_NE(refusal(fixture).find("--set units.clt="), std::string::npos);
  EXPECT_NEAR(at(read(fixture, {{"units.clt", "%"}}), VariableId::kCloudAreaFraction, 3, 4, 5), 0.4, 1e-6);
  EXPECT_EQ(find(read(fixture, {{"leave", "clt"}}), VariableId::kCloudAreaFraction), nullptr);
}

TEST(CfNetcdf, AVariableWithoutAUnitIsAskedFor) {
  CfFixture fixture = plain();
  fixture.variables[0].units = "";
  EXPECT_NE(refusal(fixture).find("--set units.ts=K"), std::string::npos);
  EXPECT_NEAR(at(read(fixture, {{"units.ts", "K"}}), VariableId::kSurfaceTemperature, 0, 16, 0), groundK(2.8, 0.0, 0),
              1.0);
}

TEST(CfNetcdf, StaggeredWindsComeFromTheirOwnGrids) {
  CfFixture fixture = plain();
  fixture.variables.pop_back();
  fixture.more = [](test::NetcdfBuilder& file) {
    // u on longitudes half a cell east, v on latitudes between the rows (CAM's slon and slat).
    file.dimension("slon", 72);
    file.put("slon", {"slon"}, {{"units", "degrees_east"}}, evenly(2.5, 5.0, 72));
    file.dimension("slat", 44);
    file.put("slat", {"slat"}, {{"units", "degrees_north"}}, evenly(-86.0, 4.0, 44));
    std::vector<double> u;
    std::vector<double> v;
    for (std::size_t t = 0; t < 12; ++t) {
      for (std::size_t k = 0; k < 9; ++k) {
        for (std::size_t y = 0; y < 45; ++y) {
          for (std::size_t x = 0; x < 72; ++x)
            u.push_back(10.0 * std::sin(radians(2.5 + 5.0 * static_cast<double>(x))));
        }
        for (std::size_t y = 0; y < 44; ++y) {
          for (std::size_t x = 0; x < 72; ++x)
            v.push_back(7.0 * std::sin(radians(-86.0 + 4.0 * static_cast<double>(y))));
        }
      }
    }
    file.put("ua", {"time", "lev", "lat", "slon"}, {{"standard_name", "eastward_wind"}, {"units", "m s-1"}}, u);
    file.put("va", {"time", "lev", "slat", "lon"}, {{"standard_name", "northward_wind"}, {"units", "m s-1"}}, v);
  };
  const planet::Import import = read(fixture);
  const planet::Grid& grid = planet::canonicalGrid();
  for (const std::size_t column : {3U, 20U, 50U}) {
    EXPECT_NEAR(at(import, VariableId::kEastwardWind, 2, 15, column, 4),
                10.0 * std::sin(radians(grid.longitudeDeg[column])), 0.3);
    EXPECT_NEAR(at(import, VariableId::kNorthwardWind, 2, 20, column, 4), 7.0 * std::sin(radians(grid.latitudeDeg[20])),
                0.2);
  }
}

TEST(CfNetcdf, PackedValuesAreUnpackedAndMissingOnesNeverFilled) {
  for (const bool missing : {false, true}) {
    CfFixture fixture = plain();
    fixture.more = [&](test::NetcdfBuilder& file) {
      const int clt =
          file.variable("clt", {"time", "lat", "lon"},
                        {{"standard_name", "cloud_area_fraction"}, {"units", "1"}, {"_Unsigned", "true"}}, NC_BYTE);
      file.number(clt, "scale_factor", NC_DOUBLE, {0.005});
      file.number(clt, "_FillValue", NC_BYTE, {-1.0});
      // 180 unsigned is -76 signed; 255 is the fill value.
      std::vector<double> values(12 * 45 * 72, -76.0);
      if (missing) values[12345] = -1.0;
      file.put(clt, values);
      const int sic = file.variable("sic", {"time", "lat", "lon"},
                                    {{"standard_name", "sea_ice_area_fraction"}, {"units", "1"}}, NC_SHORT);
      file.number(sic, "scale_factor", NC_DOUBLE, {0.001});
      file.number(sic, "add_offset", NC_DOUBLE, {0.5});
      file.number(sic, "valid_range", NC_SHORT, {-500.0, 500.0});
      std::vector<double> ice(12 * 45 * 72, -250.0);
      if (missing) ice[7] = 501.0;
      file.put(sic, ice);
    };
    const planet::Import import = read(fixture);
    if (missing) {
      EXPECT_EQ(find(import, VariableId::kCloudAreaFraction), nullptr);
      EXPECT_EQ(find(import, VariableId::kSeaIceAreaFraction), nullptr);
      EXPECT_TRUE(tells(import, "clt: values are missing (first at step 3)"));
    } else {
      EXPECT_NEAR(at(import, VariableId::kCloudAreaFraction, 1, 2, 3), 0.9, 1e-6);
      EXPECT_NEAR(at(import, VariableId::kSeaIceAreaFraction, 1, 2, 3), 0.25, 1e-6);
    }
  }
}

TEST(CfNetcdf, FluxesAtTheTopAreMadeOfWhatTheFileHas) {
  CfFixture fixture = plain();
  fixture.add("rsdt", "toa_incoming_shortwave_flux", "W m-2", false, CfFixture::constant(340.0));
  fixture.add("rsut", "toa_outgoing_shortwave_flux", "W m-2", false, CfFixture::constant(100.0));
  fixture.add("trnf_toa", "", "W/m^2", false, CfFixture::constant(-235.0));
  const planet::Import import = read(fixture);
  EXPECT_NEAR(at(import, VariableId::kToaNetShortwave, 0, 0, 0), 240.0, 1e-4);
  EXPECT_NEAR(at(import, VariableId::kToaOutgoingLongwave, 0, 0, 0), 235.0, 1e-4);
  EXPECT_TRUE(tells(import, "incoming minus outgoing"));
  EXPECT_TRUE(tells(import, "from net downward to outgoing"));
}

TEST(CfNetcdf, OneStateIsAYearOnlyIfTheUserSaysSo) {
  CfFixture fixture = plain();
  fixture.time.clear();
  EXPECT_NE(refusal(fixture).find("--set time="), std::string::npos);
  const planet::Import import = read(fixture, {{"time", "constant"}});
  EXPECT_EQ(at(import, VariableId::kSurfaceTemperature, 0, 7, 7),
            at(import, VariableId::kSurfaceTemperature, 11, 7, 7));
  EXPECT_TRUE(tells(import, "one state stands for all twelve months"));
}

TEST(CfNetcdf, DaysAreAveragedIntoTheMonthsOfTheirCalendar) {
  CfFixture fixture;
  fixture.time = evenly(0.5, 1.0, 360);
  fixture.longitude = evenly(0.0, 30.0, 12);
  fixture.latitude = evenly(-75.0, 30.0, 6);
  fixture.add("ts", "surface_temperature", "K", false,
              [](double, double, double, std::size_t day) { return 200.0 + static_cast<double>(day); });
  const planet::Import import = read(fixture);
  for (std::size_t month = 0; month < 12; ++month) {
    EXPECT_NEAR(at(import, VariableId::kSurfaceTemperature, month, 3, 3),
                200.0 + 30.0 * static_cast<double>(month) + 14.5, 1e-3);
  }
}

TEST(CfNetcdf, LandAndHeightsComeBesideTheFields) {
  CfFixture fixture = plain();
  fixture.variables.push_back({"sftlf",
                               "land_area_fraction",
                               "%",
                               false,
                               [](double, double lon, double, std::size_t) { return lon < 180.0 ? 100.0 : 0.0; },
                               "",
                               {"lat", "lon"}});
  fixture.variables.push_back(
      {"sg", "surface_geopotential", "m2 s-2", false, CfFixture::constant(1000.0), "", {"lat", "lon"}});
  const planet::Import import = read(fixture, {{"gravity", "10"}});
  EXPECT_NEAR(import.planet.climate->landFraction[64 * 16 + 10], 1.0F, 1e-6F);
  EXPECT_NEAR(import.planet.climate->landFraction[64 * 16 + 40], 0.0F, 1e-6F);
  EXPECT_NEAR(import.planet.climate->orographyM[5], 100.0F, 1e-4F);
  EXPECT_TRUE(tells(read(fixture), "--set gravity="));
}

TEST(CfNetcdf, TheCanonicalCubeComesBackBitForBit) {
  const planet::Grid& grid = planet::canonicalGrid();
  CfFixture fixture;
  fixture.latitude = grid.latitudeDeg;
  fixture.longitude = grid.longitudeDeg;
  fixture.levels = grid.sigma;
  Random random(20, "cube", 0);
  const auto noise = [&](double low, double high) {
    return [=, &random](double, double, double, std::size_t) {
      return static_cast<double>(static_cast<float>(low + (high - low) * random.uniform()));
    };
  };
  std::vector<std::vector<double>> written;
  fixture.more = [&](test::NetcdfBuilder& file) {
    for (const planet::VariableInfo& info : planet::variables()) {
      std::vector<double> values(12 * 2048 * (info.onLevels ? 10U : 1U));
      const auto draw = info.id == VariableId::kSurfaceAirPressure ? noise(9e4, 1.1e5)
                                                                   : noise(200.0 * (info.validMax > 1.0 ? 1.0 : 0.001),
                                                                           300.0 * (info.validMax > 1.0 ? 1.0 : 0.001));
      for (double& value : values) value = draw(0, 0, 0, 0);
      written.push_back(values);
      const std::map<VariableId, std::string> cf{{VariableId::kToaNetShortwave, "toa_net_downward_shortwave_flux"},
                                                 {VariableId::kToaOutgoingLongwave, "toa_outgoing_longwave_flux"}};
      const std::string standard = cf.contains(info.id) ? cf.at(info.id) : std::string(info.name);
      const std::vector<std::string> dimensions = info.onLevels ? std::vector<std::string>{"time", "lev", "lat", "lon"}
                                                                : std::vector<std::string>{"time", "lat", "lon"};
      file.put(std::string(info.symbol), dimensions, {{"standard_name", standard}, {"units", std::string(info.unit)}},
               values, NC_FLOAT);
    }
    file.globalText("Conventions", "CF-1.8");
  };
  const planet::Import import = read(fixture);
  ASSERT_EQ(import.planet.climate->fields.size(), 10U);
  for (std::size_t v = 0; v < 10; ++v) {
    const planet::Field& field = import.planet.climate->fields[v];
    const std::size_t levels = planet::info(field.id).onLevels ? 10 : 1;
    for (std::size_t m = 0; m < 12; ++m) {
      for (std::size_t c = 0; c < 2048; ++c) {
        for (std::size_t k = 0; k < levels; ++k) {
          ASSERT_EQ(field.values[(m * 2048 + c) * levels + k],
                    static_cast<float>(written[v][(m * levels + k) * 2048 + c]))
              << v << " " << m << " " << c << " " << k;
        }
      }
    }
  }
  EXPECT_TRUE(tells(import, "Gaussian latitudes"));
}

TEST(CfNetcdf, WhatIsNoClimateOrNoGlobeIsRefusedWithTheReason) {
  CfFixture one = plain();
  one.levels = {0.5};
  one.variables.erase(one.variables.begin(), one.variables.begin() + 2);
  EXPECT_NE(refusal(one).find("one level is no column of air"), std::string::npos);
  CfFixture part = plain();
  part.latitude = evenly(20.0, 1.0, 45);
  EXPECT_NE(refusal(part).find("do not cover the globe"), std::string::npos);
  CfFixture empty;
  EXPECT_NE(refusal(empty).find("no format fits"), std::string::npos);
}

TEST(CfNetcdf, TheHeldSuarezStateAgreesWithNumpy) {
  ECUMENE_NEEDS_SHARED(shared);
  const auto reference = test::reference("climate_cf.json").at("held_suarez_1200d.nc");
  const planet::Import import = formats::importFile(*shared / "climate/held_suarez_1200d.nc", {{{"time", "constant"}}});
  ASSERT_EQ(import.planet.climate->fields.size(), reference.size());
  for (const planet::Field& field : import.planet.climate->fields) {
    const std::string name(planet::info(field.id).name);
    SCOPED_TRACE(name);
    const auto& truth = reference.at(name);
    const planet::FieldStatistics got = planet::statistics(*import.planet.climate, field);
    const double range = truth.at("max").get<double>() - truth.at("min").get<double>();
    EXPECT_NEAR(got.minimum, truth.at("min").get<double>(), 1e-5 * range);
    EXPECT_NEAR(got.maximum, truth.at("max").get<double>(), 1e-5 * range);
    EXPECT_NEAR(got.areaWeightedMean, truth.at("mean").get<double>(), 1e-6 * range);
    const std::size_t levels = planet::info(field.id).onLevels ? 10 : 1;
    EXPECT_NEAR(static_cast<double>(field.values[(3 * 64 + 10) * levels + levels - 1]), truth.at("probe").get<double>(),
                1e-5 * range);
  }
}

TEST(CfNetcdf, ChunksThatAreTooLargeToBeKeptAreRefusedWithTheCommandThatMakesOthers) {
  // Chunks of all 12,000 days have 297 MiB; their values were never written.
  const test::TempFolder folder;
  constexpr std::size_t kDays = 12000;
  for (const std::size_t along : {kDays, std::size_t{1}}) {
    {
      test::NetcdfBuilder file(folder / "days.nc");
      file.dimension("time", kDays);
      file.put("time", {"time"}, {{"units", "days since 0001-01-01"}}, evenly(0.5, 1.0, kDays));
      file.dimension("lat", 45);
      file.put("lat", {"lat"}, {{"units", "degrees_north"}}, evenly(-88.0, 4.0, 45));
      file.dimension("lon", 72);
      file.put("lon", {"lon"}, {{"units", "degrees_east"}}, evenly(0.0, 5.0, 72));
      const int ts =
          file.variable("ts", {"time", "lat", "lon"}, {{"standard_name", "surface_temperature"}, {"units", "K"}});
      file.chunks(ts, {along, 45, 72}, 1);
    }
    const std::string said = test::refusalIn([&] { return formats::importFile(folder / "days.nc", {}); });
    const bool named = said.find("nccopy -c time/1,lat/45,lon/72 OLD.nc NEW.nc") != std::string::npos;
    EXPECT_EQ(named, along == kDays) << said;
  }
}

}  // namespace
