// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

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
