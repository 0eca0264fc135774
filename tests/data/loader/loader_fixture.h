// SPDX-License-Identifier: Apache-2.0
// What the loader's tests share: a small store, and everything that a batch holds as one hash.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/base/hash.h"
#include "data/loader/loader.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::loader {

namespace fs = std::filesystem;
using planet::Planet;
using planet::VariableId;
using store::Mode;
using store::Store;
using test::SampleParts;
using test::samplePlanet;

/// Two spectra, the eight archetypes twice, a text about each of the first twelve.
inline SampleParts rich() {
  return {true, 4, 8, 2, 16, 1, 12};
}

inline void fill(const fs::path& folder, std::size_t planets) {
  Store store = Store::open(folder, Mode::kCreate);
  for (std::uint64_t i = 0; i < planets; ++i) store.add(samplePlanet(i, rich()));
}

class LoaderTest : public testing::Test {
 protected:
  static constexpr std::size_t kPlanets = 12;
  void SetUp() override { fill(folder_ / "s", kPlanets); }
  [[nodiscard]] Store open() const { return Store::open(folder_ / "s", Mode::kRead); }
  /// A payload file of the store.
  [[nodiscard]] fs::path payload(const std::string& id) const {
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "s")) {
      if (entry.path().filename() == id + ".h5") return entry.path();
    }
    throw std::runtime_error("no payload of " + id);
  }
  test::TempFolder folder_;
};

inline LoaderOptions small() {
  LoaderOptions options;
  options.seed = 5;
  options.budget.samples = 4;
  options.threads = 2;
  return options;
}

/// Everything that a batch holds, as one hash.
inline std::string digest(const Batch& batch) {
  Sha256 hash;
  hash.update(std::to_string(batch.position));
  for (const Sample& s : batch.samples) {
    hash.update(s.id + "|" + s.planet + "|" + s.instrument);
    hash.update(std::as_bytes(s.cube.values()));
    if (s.spectrum) {
      hash.update(std::as_bytes(std::span(s.spectrum->value)));
      hash.update(std::as_bytes(std::span(s.spectrum->sigma)));
      hash.update(std::as_bytes(std::span(s.spectrum->present)));
    }
    // The rest by way of the byte container, which holds every member.
    Planet rest;
    rest.id = "x";
    rest.scalars = s.scalars;
    rest.labels = s.labels;
    rest.metabolisms = {s.metabolism};
    if (s.network) rest.networks = {*s.network};
    if (s.text) rest.texts = {*s.text};
    rest.quality = s.quality;
    planet::Import import;
    import.planet = rest;
    hash.update(planet::encode(import));
  }
  return hash.hex();
}

inline std::vector<std::string> epochDigests(const Store& store, LoaderOptions options, std::size_t position = 0) {
  Loader loader(store, std::move(options));
  loader.start(3, position);
  std::vector<std::string> digests;
  while (const auto batch = loader.next()) digests.push_back(digest(*batch));
  return digests;
}

}  // namespace ecumene::data::loader
