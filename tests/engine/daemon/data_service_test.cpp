// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstring>

#include "data/planet/codec.h"
#include "data/store/store.h"
#include "tests/engine/daemon/served.h"
#include "tests/support/sample_planet.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::daemon {
namespace {

using protocol::Client;
namespace planet = data::planet;

class DataServiceTest : public ::testing::Test {
 protected:
  DataServiceTest() {
    auto store = data::store::Store::open(served_.folder() / "store", data::store::Mode::kCreate);
    for (std::uint64_t i = 0; i < 3; ++i) ids_.push_back(store.add(test::samplePlanet(i)).id);
  }
  planet::Planet stored(const std::string& id) {
    return data::store::Store::open(served_.folder() / "store", data::store::Mode::kRead).get(id);
  }

  test::Served served_;
  Client client_ = served_.client();
  std::vector<std::string> ids_;
};

TEST_F(DataServiceTest, ListsPlanetsByTheirWords) {
  const auto list = [&](const wire::PlanetsRequest& request) {
    std::vector<std::string> found;
    client_.stream(&wire::Data::Stub::Planets, request, [&](const wire::PlanetsReply& reply) {
      for (const auto& row : reply.planets()) found.push_back(row.id());
      return true;
    });
    return found;
  };
  wire::PlanetsRequest request;
  request.set_store("main");
  auto all = ids_;
  std::sort(all.begin(), all.end());
  EXPECT_EQ(list(request), all);
  request.set_name_contains(ids_[1]);
  EXPECT_EQ(list(request), std::vector<std::string>{ids_[1]});
  request.clear_name_contains();
  request.set_climate(false);
  EXPECT_TRUE(list(request).empty());
  request.clear_climate();
  std::size_t count = 0;
  for (const char* split : {"train", "validation", "test", "real", "observed", "parts"}) {
    request.set_split(split);
    count += list(request).size();
  }
  EXPECT_EQ(count, ids_.size());
  request.set_split("'; DROP TABLE planet");
  EXPECT_EQ(test::errorOf([&] { list(request); }).kind(), ErrorKind::kUsage);
  request.clear_split();
  request.set_name_contains("' OR 1=1 --");
  EXPECT_TRUE(list(request).empty());
  request.set_store("../store");
  EXPECT_NE(test::messageOf([&] { list(request); }).find("one of main"), std::string::npos);
}

TEST_F(DataServiceTest, PlanetsArriveWhole) {
  wire::PlanetRequest request;
  request.set_store("main");
  request.set_planet(ids_[0]);
  std::string bytes;
  std::uint64_t total = 0;
  client_.stream(&wire::Data::Stub::Planet, request, [&](const wire::Chunk& chunk) {
    if (bytes.empty()) total = chunk.total_bytes();
    EXPECT_LE(chunk.data().size(), std::size_t{1} << 20U);
    bytes += chunk.data();
    return true;
  });
  EXPECT_EQ(bytes.size(), total);
  EXPECT_TRUE(planet::decode(std::as_bytes(std::span(bytes.data(), bytes.size()))) == stored(ids_[0]));
  for (const std::string& none : {std::string(), std::string("none"), std::string("../x"), std::string(5000, 'x')}) {
    request.set_planet(none);
    EXPECT_THROW(client_.stream(&wire::Data::Stub::Planet, request, [](const auto&) { return true; }), Error) << none;
  }
}

TEST_F(DataServiceTest, SlicesAreThoseOfTheCube) {
  const planet::Planet whole = stored(ids_[0]);
  const auto slice = [&](const wire::SliceRequest& request, std::vector<std::uint32_t>& shape) {
    std::vector<float> values;
    client_.stream(&wire::Data::Stub::Slice, request, [&](const wire::SliceReply& reply) {
      if (values.empty()) shape.assign(reply.shape().begin(), reply.shape().end());
      const std::size_t before = values.size();
      values.resize(before + reply.values().size() / sizeof(float));
      std::memcpy(values.data() + before, reply.values().data(), reply.values().size());
      return true;
    });
    return values;
  };
  const auto& grid = whole.climate->grid;
  const auto lats = static_cast<std::uint32_t>(grid.latitudeDeg.size());
  const auto lons = static_cast<std::uint32_t>(grid.longitudeDeg.size());
  const auto levels = static_cast<std::uint32_t>(grid.sigma.size());
  const auto& ts = whole.climate->require(planet::VariableId::kSurfaceTemperature).values;
  const auto& ta = whole.climate->require(planet::VariableId::kAirTemperature).values;
  std::vector<std::uint32_t> shape;
  wire::SliceRequest request;
  request.set_store("main");
  request.set_planet(ids_[0]);
  request.set_variable("ts");
  request.set_first_month(3);
  request.set_last_month(4);
  auto values = slice(request, shape);
  EXPECT_EQ(shape, (std::vector<std::uint32_t>{2, lats, lons}));
  const std::size_t cells = grid.cells();
  ASSERT_EQ(values.size(), 2 * cells);
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], ts[3 * cells + i]);

  request.set_variable("air_temperature");
  request.set_level(2);
  values = slice(request, shape);
  EXPECT_EQ(shape, (std::vector<std::uint32_t>{2, lats, lons}));
  ASSERT_EQ(values.size(), 2 * cells);
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], ta[(3 * cells + i) * levels + 2]);

  request.clear_level();
  request.set_first_month(0);
  request.set_last_month(11);
  values = slice(request, shape);
  EXPECT_EQ(shape, (std::vector<std::uint32_t>{12, lats, lons, levels}));
  EXPECT_EQ(values, ta);

  const auto refused = [&](auto change) {
    wire::SliceRequest bad = request;
    change(bad);
    EXPECT_THROW(slice(bad, shape), Error);
  };
  refused([](auto& r) { r.set_last_month(12); });
  refused([](auto& r) { r.set_first_month(-1); });
  refused([](auto& r) { r.set_last_month(-1); });
  refused([&](auto& r) { r.set_level(static_cast<std::int32_t>(levels)); });
  refused([](auto& r) { r.set_epoch(1); });
  refused([](auto& r) { r.set_variable("nothing"); });
  refused([](auto& r) {
    r.set_variable("ts");
    r.set_level(0);
  });
}

TEST_F(DataServiceTest, AStoreThatIsReplacedIsReadAnew) {
  wire::PlanetRequest request;
  request.set_store("main");
  request.set_planet(ids_[2]);
  const auto ask = [&] { client_.stream(&wire::Data::Stub::Planet, request, [](const auto&) { return true; }); };
  ask();
  std::filesystem::remove_all(served_.folder() / "store");
  EXPECT_THROW(ask(), Error);
  auto store = data::store::Store::open(served_.folder() / "store", data::store::Mode::kCreate);
  EXPECT_THROW(ask(), Error);
  store.add(test::samplePlanet(2));
  ask();
}

}  // namespace
}  // namespace ecumene::engine::daemon
