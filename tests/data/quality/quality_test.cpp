// SPDX-License-Identifier: Apache-2.0
#include "data/quality/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ecumene::data::quality {
namespace {

using namespace planet;

/// A planet without fault: every field uniform, so that every expected number is plain arithmetic.
Planet goodPlanet() {
  Planet p;
  p.id = "p";
  p.origin = Origin::kGenerated;
  ClimateCube cube;
  cube.grid = canonicalGrid();
  for (const VariableInfo& row : variables()) {
    float value = 0.5F;
    if (row.id == VariableId::kAirTemperature || row.id == VariableId::kSurfaceTemperature) value = 280.0F;
    if (row.id == VariableId::kSpecificHumidity) value = 0.001F;
    if (row.id == VariableId::kSurfaceAirPressure) value = 1e5F;
    if (row.id == VariableId::kToaNetShortwave || row.id == VariableId::kToaOutgoingLongwave) value = 240.0F;
    cube.fields.push_back({row.id, std::vector<float>(cube.expectedSize(row.id), value)});
  }
  p.climate = cube;
  p.truth.emplace();
  p.truth->atmosphere.surfacePressurePa = 0.999e5;  // of 1e5, with 1 g/kg of vapour
  p.climateFlags = ClimateFlags{};
  p.truth->atmosphere.ratio(Gas::kN2) = 0.79;
  p.truth->atmosphere.ratio(Gas::kO2) = 0.21;
  p.scalars[ScalarId::kGravity] = Measurement{9.8, 0.1, 0};
  Spectrum s;
  s.wavelengthUm = {1.0, 2.0};
  s.lowerEdgeUm = {0.9, 1.9};
  s.upperEdgeUm = {1.1, 2.1};
  s.value = {0.01, -1e-6};
  s.sigmaLower = {1e-5, 1e-5};
  s.sigmaUpper = s.sigmaLower;
  p.spectra = {s};
  // Methanogenesis CO2 + 4 H2 -> CH4 + 2 H2O.
  MetabolicNetwork n;
  n.id = "net";
  n.metabolites = {{"co2", "", "CO2", 0.0, "c", {}},
                   {"h2", "", "H2", 0.0, "c", {}},
                   {"ch4", "", "CH4", 0.0, "c", {}},
                   {"h2o", "", "H2O", 0.0, "c", {}}};
  Reaction r;
  r.id = "r";
  r.stoichiometry = {{0, -1.0}, {1, -4.0}, {2, 1.0}, {3, 2.0}};
  n.reactions = {r};
  p.metabolisms = {{Metabolism{Archetype::kMethanogen, 0, 273.0, 310.0, n}, {}}};
  return p;
}

QualityCheck result(const Planet& planet, const std::string& name, const std::vector<CatalogueEntry>& duplicates = {}) {
  for (const QualityCheck& check : assess(planet, duplicates)) {
    if (check.name == name) return check;
  }
  return {name, -1.0, -1.0, false, "the check was not run"};
}

Field& field(Planet& planet, VariableId id) {
  return planet.climate->fields.at(static_cast<std::size_t>(id));
}

TEST(Quality, AGoodPlanetPassesEverything) {
  const Planet planet = goodPlanet();
  const std::vector<QualityCheck> results = assess(planet);
  EXPECT_EQ(results.size(), checks().size() - 1) << "all but agreement, for which there is no other source";
  for (const QualityCheck& check : results) EXPECT_TRUE(check.passed) << check.name << ": " << check.message;
  EXPECT_FALSE(mustExclude(results));
}

TEST(Quality, NothingIsSaidOfPartsThatAreNotThere) {
  EXPECT_TRUE(assess(Planet{}).empty());
}

TEST(Quality, CompletenessCountsMissingVariables) {
  Planet planet = goodPlanet();
  planet.climate->fields.erase(planet.climate->fields.begin() + 2);
  const QualityCheck check = result(planet, "completeness");
  EXPECT_FALSE(check.passed);
  EXPECT_DOUBLE_EQ(check.value, 0.9);
  EXPECT_EQ(check.message, "missing: eastward_wind");
}

TEST(Quality, AccuracyNamesThePlace) {
  Planet planet = goodPlanet();
  Field& ts = field(planet, VariableId::kSurfaceTemperature);
  // Month 3, row 16 (the first north of the equator), longitude 8 x 5.625 = 45 E.
  ts.values[(2 * 32 + 16) * 64 + 8] = 5000.0F;
  QualityCheck check = result(planet, "accuracy");
  EXPECT_TRUE(check.passed) << "one value of a million";
  EXPECT_LT(check.value, 1.0);
  EXPECT_NE(check.message.find("surface_temperature, month 3, 2.8 N, 45.0 E: 5000 K is outside"), std::string::npos)
      << check.message;
  std::fill(ts.values.begin(), ts.values.end(), 5000.0F);
  check = result(planet, "accuracy");
  // 24,576 of 1,130,496 values.
  EXPECT_NEAR(check.value, 1.0 - 24576.0 / 1130496.0, 1e-12);
  EXPECT_FALSE(check.passed);
  EXPECT_TRUE(mustExclude(assess(planet)));
}

TEST(Quality, EnergyClosureIsHeldAgainstGeneratedEquilibriaOnly) {
  Planet planet = goodPlanet();
  for (float& value : field(planet, VariableId::kToaNetShortwave).values) value += 0.5F;
  QualityCheck check = result(planet, "energy_closure");
  EXPECT_NEAR(check.value, 0.5, 1e-9);
  EXPECT_FALSE(check.passed);
  EXPECT_TRUE(mustExclude(assess(planet)));
  planet.climateFlags = ClimateFlags{};
  planet.climateFlags->runaway = true;
  check = result(planet, "energy_closure");
  EXPECT_TRUE(check.passed);
  EXPECT_NE(check.message.find("runaway"), std::string::npos);
  planet.climateFlags.reset();
  planet.origin = Origin::kGcm;
  EXPECT_TRUE(result(planet, "energy_closure").passed);
  EXPECT_NE(result(planet, "energy_closure").message.find("0.500"), std::string::npos);
}

TEST(Quality, DryAirOfAGeneratedPlanetWeighsWhatWasDrawn) {
  Planet planet = goodPlanet();
  EXPECT_NEAR(result(planet, "mass_closure").value, 0.0, 1e-6);
  // Two layers of ten get vapour: those of 0.8823 to 0.9537 and from there to 1 (middles of the levels' sigma), at 10
  // %.
  std::vector<float>& q = field(planet, VariableId::kSpecificHumidity).values;
  for (std::size_t i = 0; i < q.size(); ++i) q[i] = i % 10 >= 8 ? 0.1F : 0.0F;
  const double dry = 1e5 * (1.0 - 0.1 * (1.0 - 0.5 * (0.8233 + 0.9241)));
  const QualityCheck check = result(planet, "mass_closure");
  EXPECT_FALSE(check.passed);
  EXPECT_NEAR(check.value, std::abs(dry / 0.999e5 - 1.0), 1e-5);
  EXPECT_NE(check.message.find("99900 Pa"), std::string::npos) << check.message;
  planet.truth->atmosphere.surfacePressurePa = dry;
  EXPECT_TRUE(result(planet, "mass_closure").passed);
}

TEST(Quality, BoilingSeasAndFreezingAirAreExcluded) {
  Planet planet = goodPlanet();
  planet.climateFlags->boilingShare = 0.19;
  planet.climateFlags->co2FrostShare = 0.91;
  for (const std::string name : {"boiling", "co2_frost"}) {
    const QualityCheck check = result(planet, name);
    EXPECT_FALSE(check.passed) << name;
    EXPECT_EQ(check.limit, 0.10) << name;
    EXPECT_TRUE(mustExclude({&check, 1})) << name;
  }
  EXPECT_NE(result(planet, "boiling").message.find("19.0 %"), std::string::npos);
  EXPECT_NE(result(planet, "co2_frost").message.find("91.0 %"), std::string::npos);
  planet.climateFlags->runaway = true;
  EXPECT_EQ(result(planet, "boiling").message, "the check was not run") << "a runaway is exempt";
  planet.climateFlags.reset();
  EXPECT_EQ(result(planet, "boiling").message, "the check was not run");
  EXPECT_EQ(result(planet, "co2_frost").message, "the check was not run");
}

TEST(Quality, MassClosureFindsTheMonth) {
  Planet planet = goodPlanet();
  planet.origin = Origin::kGcm;
  std::vector<float>& ps = field(planet, VariableId::kSurfaceAirPressure).values;
  // Month 5 at 112 kPa: the year's mean is 101 kPa, so the month is 11/101 off.
  std::fill_n(ps.begin() + 4 * 2048, 2048, 1.12e5F);
  const QualityCheck check = result(planet, "mass_closure");
  EXPECT_FALSE(check.passed);
  EXPECT_NEAR(check.value, 11.0 / 101.0, 1e-7);
  EXPECT_NE(check.message.find("month 5"), std::string::npos);
}

TEST(Quality, HumidityIsHeldAgainstSaturation) {
  // 280.00 K: Bolton's formula gives 9.91 hPa (Smithsonian tables 9.91); at sigma 0.9833 x 1000 hPa q_s = 6.29 g/kg.
  Planet planet = goodPlanet();
  std::vector<float>& q = field(planet, VariableId::kSpecificHumidity).values;
  std::fill(q.begin(), q.end(), 0.0062F);
  EXPECT_EQ(result(planet, "saturation").value, 1.0);
  std::fill(q.begin(), q.end(), 0.0070F);
  const QualityCheck check = result(planet, "saturation");
  EXPECT_FALSE(check.passed);
  // Levels where 7 g/kg is below 1.05 of saturation: those at or above 0.622 x 9.91 x 1.05 / 7 of 1000 hPa = 0.925: the
  // upper nine of ten, the ninth (0.9241) just so.
  EXPECT_NEAR(check.value, 0.9, 1e-12);
  EXPECT_NE(check.message.find("sigma 0.9833"), std::string::npos) << check.message;
}

TEST(Quality, GroundHotterThanTheLongwaveFitIsMarkedWithItsPlace) {
  Planet planet = goodPlanet();
  EXPECT_TRUE(result(planet, "surface_range").passed);
  field(planet, VariableId::kSurfaceTemperature).values[0] = 520.0F;
  const QualityCheck check = result(planet, "surface_range");
  EXPECT_FALSE(check.passed);
  EXPECT_EQ(check.value, 520.0);
  EXPECT_NE(check.message.find("month 1"), std::string::npos) << check.message;
  planet.climateFlags->runaway = true;
  EXPECT_EQ(result(planet, "boiling").message, "the check was not run") << "a runaway is exempt";
}

TEST(Quality, AirColderThanTheFormulaIsNotJudged) {
  Planet planet = goodPlanet();
  std::vector<float>& q = field(planet, VariableId::kSpecificHumidity).values;
  std::vector<float>& air = field(planet, VariableId::kAirTemperature).values;
  std::fill(q.begin(), q.end(), 0.0001F);
  std::fill(air.begin(), air.begin() + 100, 190.0F);  // saturation there is some 1e-6
  EXPECT_EQ(result(planet, "saturation").value, 1.0);
  std::fill(air.begin(), air.begin() + 100, 239.0F);
  q[5] = 0.5F;
  EXPECT_LT(result(planet, "saturation").value, 1.0);
}

TEST(Quality, BalanceOfElementsNamesTheReaction) {
  Planet planet = goodPlanet();
  planet.metabolisms[0].metabolism.network.reactions[0].stoichiometry[1].second = -3.0;
  const QualityCheck check = result(planet, "element_balance");
  EXPECT_FALSE(check.passed);
  EXPECT_DOUBLE_EQ(check.value, 2.0);  // Two hydrogen atoms.
  EXPECT_NE(check.message.find("net, reaction r"), std::string::npos);
  EXPECT_TRUE(mustExclude(assess(planet)));
}

TEST(Quality, ASpectrumInPpmIsFound) {
  Planet planet = goodPlanet();
  planet.spectra[0].value[0] = 21000.0;
  const QualityCheck check = result(planet, "spectrum_units");
  EXPECT_FALSE(check.passed);
  EXPECT_DOUBLE_EQ(check.value, 0.5);
  EXPECT_NE(check.message.find("spectrum 0, 1 um"), std::string::npos) << check.message;
}

TEST(Quality, GasesAndWeightsAddUpToOne) {
  Planet planet = goodPlanet();
  planet.truth->atmosphere.ratio(Gas::kCO2) = 0.1;
  EXPECT_NEAR(result(planet, "gas_mixture").value, 0.1, 1e-12);
  EXPECT_FALSE(result(planet, "gas_mixture").passed);
  for (double& weight : planet.climate->grid.latitudeWeight) weight *= 2.0;
  EXPECT_NEAR(result(planet, "grid_weights").value, 1.0, 1e-9);
  EXPECT_FALSE(result(planet, "grid_weights").passed);
}

TEST(Quality, ScalarsOutsideTheirUnitAreNamed) {
  Planet planet = goodPlanet();
  planet.scalars[ScalarId::kEccentricity] = Measurement{1.5, 0.0, 0};
  const QualityCheck check = result(planet, "scalar_units");
  EXPECT_FALSE(check.passed);
  EXPECT_NE(check.message.find("eccentricity"), std::string::npos);
}

TEST(Quality, OtherSourcesMustAgreeWithinTheirErrors) {
  const Planet planet = goodPlanet();
  CatalogueEntry entry;
  entry.planet = "p";
  // Errors 0.1 and 0.1 together 0.141; three of them 0.424.
  entry.scalars[ScalarId::kGravity] = Measurement{10.22, 0.1, 0};
  EXPECT_TRUE(result(planet, "agreement", {entry}).passed);
  entry.scalars[ScalarId::kGravity]->value = 10.23;
  const QualityCheck check = result(planet, "agreement", {entry});
  EXPECT_FALSE(check.passed);
  EXPECT_NE(check.message.find("10.23"), std::string::npos) << check.message;
  entry.scalars[ScalarId::kGravity]->limit = 1;
  EXPECT_EQ(result(planet, "agreement", {entry}).message, "the check was not run");
}

/// The same planet with two epochs, both as its one.
Planet twoEpochs() {
  Planet p = goodPlanet();
  p.climate->grid.epochGyr = {1.0, 4.5};
  for (Field& field : p.climate->fields) {
    const std::vector<float> once = field.values;
    field.values.insert(field.values.end(), once.begin(), once.end());
  }
  return p;
}
void scaleEpoch(Planet& p, VariableId id, std::size_t epoch, float factor) {
  std::vector<float>& values = p.climate->fields[static_cast<std::size_t>(id)].values;
  const std::size_t half = values.size() / 2;
  for (std::size_t i = epoch * half; i < (epoch + 1) * half; ++i) values[i] *= factor;
}

TEST(Epochs, EachHasToCloseItsEnergy) {
  Planet p = twoEpochs();
  EXPECT_TRUE(result(p, "energy_closure").passed);
  // One too warm, one too cold: their mean closes.
  scaleEpoch(p, VariableId::kToaNetShortwave, 0, 1.01F);
  scaleEpoch(p, VariableId::kToaNetShortwave, 1, 0.99F);
  const QualityCheck check = result(p, "energy_closure");
  EXPECT_FALSE(check.passed);
  EXPECT_NEAR(check.value, 2.4, 1e-3);
}

TEST(Epochs, AirOfTheLastIsWhatWasDrawn) {
  Planet p = twoEpochs();
  scaleEpoch(p, VariableId::kSurfaceAirPressure, 0, 2.0F);
  EXPECT_TRUE(result(p, "mass_closure").passed);
  scaleEpoch(p, VariableId::kSurfaceAirPressure, 1, 1.1F);
  EXPECT_FALSE(result(p, "mass_closure").passed);
}

}  // namespace
}  // namespace ecumene::data::quality
