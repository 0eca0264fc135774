// SPDX-License-Identifier: Apache-2.0
// The loader when a payload is damaged or gone, when reading is cancelled, and when it is left in the middle.
#include <chrono>
#include <fstream>
#include <future>
#include <thread>

#include "data/base/error.h"
#include "tests/data/loader/loader_fixture.h"

namespace ecumene::data::loader {
namespace {

TEST_F(LoaderTest, DamageReachesTheReaderInItsPlace) {
  const fs::path file = payload("s3");
  fs::resize_file(file, 4096);
  const Store store = open();
  LoaderOptions options = small();
  options.threads = 3;
  Loader loader(store, options);
  loader.start(3);
  // Until the first batch with that planet all is as ever.
  std::size_t good = 0;
  std::string message;
  try {
    while (const auto batch = loader.next()) {
      ++good;
      for (const Sample& s : batch->samples) EXPECT_NE(s.planet, "s3");
    }
  } catch (const Error& error) {
    message = error.what();
  }
  EXPECT_NE(message.find("s3/"), std::string::npos) << message;
  EXPECT_NE(message.find(file.string()), std::string::npos) << message;
  EXPECT_THROW(loader.next(), Error);
  EXPECT_EQ(loader.position(), good);
  fs::remove(file);
  loader.start(3, loader.position());
  try {
    (void)loader.next();
    FAIL() << "a missing file was not noticed";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("s3/"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos) << error.what();
  }
}

TEST_F(LoaderTest, OneFlippedBitInTheMiddleOfAnEpochIsToldAndTheRestIsDelivered) {
  const auto expected = epochDigests(open(), small());
  const fs::path file = payload("s8");
  const store::CubeIndex::Place chunk = [&] {
    const Store store = open();
    for (const store::SampleIndex& planet : store.samples({}, textBytes)) {
      if (planet.cube.id == "s8") return planet.cube.variables.at(2).value();
    }
    throw std::runtime_error("the store does not list s8");
  }();
  {
    // One bit of the third variable, in the middle of its compressed bytes.
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto place = static_cast<std::streamoff>(chunk.position + chunk.storedBytes / 2);
    bytes.seekg(place);
    const int byte = bytes.get();
    bytes.seekp(place);
    bytes.put(static_cast<char>(byte ^ 0x10));
  }
  const Store store = open();
  Loader loader(store, small());
  std::size_t refused = 0;
  std::size_t position = 0;
  while (position < expected.size()) {
    loader.start(3, position);
    try {
      while (const auto batch = loader.next()) {
        EXPECT_EQ(digest(*batch), expected.at(position)) << position;
        ++position;
      }
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_NE(message.find("s8/"), std::string::npos) << message;
      EXPECT_NE(message.find(file.string()), std::string::npos) << message;
      EXPECT_NE(message.find("eastward_wind"), std::string::npos) << message;
      EXPECT_NE(message.find("run the check of the store"), std::string::npos) << message;
      EXPECT_EQ(loader.position(), position);
      ++refused;
      ++position;  // Its reader may go on after the batch.
    }
  }
  // Eight rows of the planet, in batches of four.
  EXPECT_GE(refused, 2U);
  EXPECT_LE(refused, planet::kArchetypeCount);
}

TEST_F(LoaderTest, APlanetRemovedMeanwhileIsNamed) {
  Store store = Store::open(folder_ / "s", Mode::kWrite);
  Loader loader(store, small());
  store.remove("s7");
  loader.start(0);
  try {
    while (loader.next()) {
    }
    FAIL() << "a removed planet was not noticed";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("s7/"), std::string::npos) << error.what();
  }
}

TEST_F(LoaderTest, CancelWakesAWaitingReader) {
  const Store store = open();
  LoaderOptions options = small();
  Loader loader(store, options);
  loader.start(0);
  (void)loader.next();
  loader.cancel();
  try {
    (void)loader.next();
    FAIL() << "a cancelled loader went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  }
  // Cancelled while the other thread waits for what has not been read yet.
  for (int round = 0; round < 20; ++round) {
    loader.start(static_cast<std::uint64_t>(round));
    auto waiting = std::async(std::launch::async, [&] {
      while (loader.next()) {
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(round % 5));
    loader.cancel();
    try {
      waiting.get();  // The epoch may just have ended.
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
    }
  }
  loader.start(0);
  EXPECT_TRUE(loader.next());
}

TEST_F(LoaderTest, LeftInTheMiddleItEnds) {
  const Store store = open();
  for (int round = 0; round < 20; ++round) {
    Loader loader(store, small());
    loader.start(static_cast<std::uint64_t>(round));
    for (int i = 0; i < round % 3; ++i) EXPECT_TRUE(loader.next());
  }
}

}  // namespace
}  // namespace ecumene::data::loader
