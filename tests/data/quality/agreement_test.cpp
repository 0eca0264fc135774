// SPDX-License-Identifier: Apache-2.0
// Several sources of one planet held against each other.
#include <gtest/gtest.h>

#include "data/quality/quality.h"

namespace ecumene::data::quality {
namespace {

using namespace planet;

CatalogueEntry entryOf(double starK, double sigmaK) {
  CatalogueEntry entry;
  entry.planet = "K2-18 b";
  entry.scalars[ScalarId::kStellarTemperature] = Measurement{starK, sigmaK, 0};
  return entry;
}

/// `points` bins from 1 um on, 0.1 um wide, of one depth.
Spectrum flat(double depth, double sigma, std::size_t points = 10) {
  Spectrum s;
  for (std::size_t i = 0; i < points; ++i) {
    const double centre = 1.0 + 0.1 * static_cast<double>(i);
    s.wavelengthUm.push_back(centre);
    s.lowerEdgeUm.push_back(centre - 0.05);
    s.upperEdgeUm.push_back(centre + 0.05);
    s.value.push_back(depth);
  }
  if (sigma > 0.0) s.sigmaLower.assign(points, sigma);
  s.sigmaUpper = s.sigmaLower;
  return s;
}

std::optional<QualityCheck> agreementOf(const Planet& planet, const std::vector<CatalogueEntry>& entries = {}) {
  for (const QualityCheck& check : assess(planet, entries)) {
    if (check.name == "agreement") return check;
  }
  return std::nullopt;
}

Planet observed(std::vector<Spectrum> spectra = {}) {
  Planet planet;
  planet.origin = Origin::kObserved;
  planet.spectra = std::move(spectra);
  return planet;
}

TEST(Agreement, CataloguesOfOnePlanetAreHeldAgainstEachOther) {
  // 3457 +- 39 K (Cloutier et al. 2017).
  const std::optional<QualityCheck> check = agreementOf(observed(), {entryOf(3457.0, 39.0), entryOf(9000.0, 0.0)});
  ASSERT_TRUE(check);
  EXPECT_FALSE(check->passed);
  EXPECT_EQ(check->value, 0.0);
  EXPECT_NE(check->message.find("3457"), std::string::npos) << check->message;
  EXPECT_NE(check->message.find("9000"), std::string::npos) << check->message;
  // 3457 +- 39 and 3590 +- 20 differ by 133; three errors are 131.5.
  EXPECT_FALSE(agreementOf(observed(), {entryOf(3457.0, 39.0), entryOf(3590.0, 20.0)})->passed);
  EXPECT_TRUE(agreementOf(observed(), {entryOf(3457.0, 39.0), entryOf(3588.0, 20.0)})->passed);
}

TEST(Agreement, AValueTakenFromACatalogueIsNoSecondSource) {
  Planet joined = observed();
  joined.scalars = entryOf(3457.0, 39.0).scalars;
  EXPECT_FALSE(agreementOf(joined, {entryOf(3457.0, 39.0)}));
  // Joined or not, and in whatever order, the catalogues say the same.
  const std::vector<CatalogueEntry> entries{entryOf(3457.0, 39.0), entryOf(9000.0, 0.0)};
  EXPECT_EQ(agreementOf(joined, entries)->value, agreementOf(observed(), entries)->value);
  EXPECT_EQ(agreementOf(joined, {entries[1], entries[0]})->value, agreementOf(observed(), entries)->value);
}

TEST(Agreement, SpectraOfOneKindAreComparedWhereTheyOverlap) {
  // Three combined errors of 100 and 100 ppm are 424 ppm; bins that the model's grid divides are known less well.
  EXPECT_TRUE(agreementOf(observed({flat(0.0210, 1e-4), flat(0.0213, 1e-4)}))->passed);
  const std::optional<QualityCheck> check = agreementOf(observed({flat(0.0210, 1e-4), flat(0.0260, 1e-4)}));
  ASSERT_TRUE(check);
  EXPECT_FALSE(check->passed);
  EXPECT_NE(check->message.find("spectra 0 and 1: 0 of "), std::string::npos) << check->message;
  // Without errors 1 % of the depths: three of both together are 4.2 %.
  EXPECT_TRUE(agreementOf(observed({flat(0.0210, 0.0), flat(0.0218, 0.0)}))->passed);
  EXPECT_FALSE(agreementOf(observed({flat(0.0210, 0.0), flat(0.0220, 0.0)}))->passed);
}

TEST(Agreement, OtherKindsRangesAndSimulatedSpectraAreNotCompared) {
  Spectrum emission = flat(0.0001, 1e-5);
  emission.kind = SpectrumKind::kEmission;
  EXPECT_FALSE(agreementOf(observed({flat(0.0210, 1e-4), emission})));
  Spectrum far = flat(0.0300, 1e-4);
  for (auto* edges : {&far.wavelengthUm, &far.lowerEdgeUm, &far.upperEdgeUm}) {
    for (double& um : *edges) um += 5.0;
  }
  EXPECT_FALSE(agreementOf(observed({flat(0.0210, 1e-4), far})));
  Planet made = observed({flat(0.0210, 1e-4), flat(0.0260, 1e-4)});
  made.origin = Origin::kGenerated;
  EXPECT_FALSE(agreementOf(made));
}

}  // namespace
}  // namespace ecumene::data::quality
