// SPDX-License-Identifier: Apache-2.0
#include "data/planet/codec.h"

#include <gtest/gtest.h>

#include <cstring>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/base/random.h"
#include "data/planet/collection.h"

namespace ecumene::data::planet {
namespace {

/// A planet that has something in every member.
Planet fullPlanet() {
  Planet p;
  p.id = "p1";
  p.name = "Planet 1";
  p.aliases = {"P-1", "KOI 1"};
  p.origin = Origin::kGcm;
  p.systemKey = "key";
  p.scalars[ScalarId::kGravity] = Measurement{9.8, 0.1, 0};
  p.scalars[ScalarId::kObliquity] = Measurement{40.0, 0.0, 1};
  PlanetTruth truth;
  truth.star = {5772.0, 1.0, 1.0, 1.0, 4.6};
  truth.orbit = {1361.0, 365.25, 1.0, 0.0167, 283.0};
  truth.bulk = {1.0, 9.8, 1.0, 23.4, true, 90.0};
  truth.atmosphere.scenario = RedoxScenario::kOxic;
  truth.atmosphere.surfacePressurePa = 1e5;
  truth.atmosphere.ratio(Gas::kO2) = 0.21;
  truth.surface = {0.7, 0.1, 99, true};
  truth.closure = {0.5, 8.0, 0.6, 0.3};
  truth.start = StartState::kCold;
  p.truth = truth;
  ClimateCube cube;
  cube.grid = canonicalGrid();
  cube.grid.epochGyr = {4.6};
  cube.fields.push_back({VariableId::kSurfaceTemperature, std::vector<float>(12 * 32 * 64, 288.0F)});
  cube.landFraction.assign(32 * 64, 0.3F);
  cube.orographyM.assign(32 * 64, 10.0F);
  p.climate = cube;
  p.climateFlags = ClimateFlags{true, true, false, true, 0.1, 77.0, true, false, 0.25, 0.5};
  ClimateLabels labels;
  labels.fHab = 0.85;
  labels.regime = Regime::kBelt;
  labels.habitable = true;
  labels.oceanLossGyr = 3.9;
  p.labels = labels;
  Spectrum s;
  s.kind = SpectrumKind::kEmission;
  s.instrument = "PRISM";
  s.wavelengthUm = {1.0};
  s.lowerEdgeUm = {0.9};
  s.upperEdgeUm = {1.1};
  s.value = {0.01};
  s.sigmaLower = {1e-5};
  s.sigmaUpper = {2e-5};
  s.resolvingPower = 100.0;
  p.spectra = {s};
  MetabolicNetwork n;
  n.id = "net";
  n.name = "network";
  n.compartments = {"c"};
  n.metabolites = {{"m", "metabolite", "CH4", -1.0, "c", -50.7}};
  Reaction r;
  r.id = "r";
  r.name = "reaction";
  r.subsystem = "sub";
  r.stoichiometry = {{0, -1.0}};
  r.lowerBound = -3.0;
  r.upperBound = 4.0;
  r.objective = 1.0;
  r.geneRule = "g1 and g2";
  r.energyKJ = -20.0;
  n.reactions = {r};
  n.genes = {"g1", "g2"};
  n.maximise = false;
  p.networks = {n};
  p.metabolisms = {{Metabolism{Archetype::kIronOxidiser, 3, 270.0, 310.0, n},
                    Viability{true, 0.5, 290.0, true, 0.1, -30.0, 3.7, 0.01, 210.0}}};
  p.texts = {{"t", "title", "body", "source", "CC0", std::size_t{0}, {"k"}}};
  p.provenance = {{"climate", "a.nc", "00", "gen", 7, "hPa to Pa", {"assumed"}, "MIT"}};
  p.quality = {{"energy", 0.1, 0.3, false, "message"}};
  p.datasetVersion = 5;
  return p;
}

TEST(Codec, RoundTripsEveryMember) {
  const Planet planet = fullPlanet();
  const std::vector<std::byte> bytes = encode(planet);
  EXPECT_EQ(decode(bytes), planet);
  EXPECT_EQ(encode(decode(bytes)), bytes);
  EXPECT_EQ(decode(encode(Planet{})), Planet{});
}

TEST(Codec, RoundTripsImports) {
  Import import;
  import.kind = ImportKind::kCatalogue;
  import.planet = fullPlanet();
  CatalogueEntry entry;
  entry.planet = "K2-18 b";
  entry.host = "K2-18";
  entry.aliases = {"EPIC 201912552 b"};
  entry.scalars[ScalarId::kPlanetRadius] = Measurement{2.6, 0.1, 0};
  import.entries = {entry};
  import.texts = fullPlanet().texts;
  import.provenance = fullPlanet().provenance.front();
  import.assumptions = {"something"};
  EXPECT_EQ(decodeImport(encode(import)), import);
  EXPECT_THROW(decode(encode(import)), Error);
}

TEST(Codec, EveryCutIsAnError) {
  Planet small = fullPlanet();
  small.climate.reset();
  const std::vector<std::byte> bytes = encode(small);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_THROW(decode(std::span(bytes).first(size)), Error) << size;
  }
}

/// Damage behind a matching digest, as a hostile child could send it: must end in an Error or in a planet, never in a
/// crash or an allocation beyond what was sent.
TEST(Codec, ForgedContentsNeverCrash) {
  Planet small = fullPlanet();
  small.climate.reset();
  const std::vector<std::byte> bytes = encode(small);
  const std::size_t body = bytes.size() - 64;
  Random random(11, "codec-fuzz");
  int errors = 0;
  constexpr int kTries = 20000;
  for (int i = 0; i < kTries; ++i) {
    std::vector<std::byte> forged = bytes;
    const std::uint32_t changes = 1 + random.below(3);
    for (std::uint32_t c = 0; c < changes; ++c) {
      forged[8 + random.below(static_cast<std::uint32_t>(body - 8))] = static_cast<std::byte>(random.below(256));
    }
    const std::string digest = sha256(std::span(forged).first(body));
    std::memcpy(forged.data() + body, digest.data(), digest.size());
    try {
      (void)decode(forged);
    } catch (const Error&) {
      ++errors;
    }
  }
  EXPECT_GT(errors, kTries / 20);
  EXPECT_LT(errors, kTries);
}

TEST(Codec, AChangedByteIsFoundByTheDigest) {
  std::vector<std::byte> bytes = encode(fullPlanet());
  bytes[bytes.size() / 2] ^= std::byte{1};
  EXPECT_THROW(decode(bytes), Error);
}

}  // namespace
}  // namespace ecumene::data::planet
