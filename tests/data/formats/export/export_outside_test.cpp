// SPDX-License-Identifier: Apache-2.0
// Every climate, spectrum and network of the outside data, imported, exported and imported again.
#include <gtest/gtest.h>

#include "exported_folder.h"
#include "tests/data/formats/import_table.h"
#include "tests/data/formats/shared_data.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

void expectSameClimate(const planet::ClimateCube& was, const planet::ClimateCube& is) {
  EXPECT_EQ(is.grid, was.grid);
  EXPECT_EQ(is.landFraction, was.landFraction);
  EXPECT_EQ(is.orographyM, was.orographyM);
  ASSERT_EQ(is.fields.size(), was.fields.size());
  for (const planet::Field& field : was.fields) {
    const planet::Field* back = is.find(field.id);
    ASSERT_NE(back, nullptr) << planet::info(field.id).name;
    EXPECT_EQ(back->values, field.values) << planet::info(field.id).name;
  }
}

void expectSameSpectrum(const planet::Spectrum& was, const planet::Spectrum& is) {
  EXPECT_EQ(is.kind, was.kind);
  EXPECT_EQ(is.instrument, was.instrument);
  EXPECT_EQ(is.wavelengthUm, was.wavelengthUm);
  EXPECT_EQ(is.lowerEdgeUm, was.lowerEdgeUm);
  EXPECT_EQ(is.upperEdgeUm, was.upperEdgeUm);
  EXPECT_EQ(is.value, was.value);
  EXPECT_EQ(is.sigmaLower, was.sigmaLower);
  EXPECT_EQ(is.sigmaUpper, was.sigmaUpper);
  EXPECT_EQ(is.resolvingPower, was.resolvingPower);
}

void expectSameAgain(planet::Planet was) {
  was.id = "outside";
  const test::ExportedFolder folder(was);
  if (was.climate) {
    const planet::Import is = folder.read("climate.nc");
    ASSERT_TRUE(is.planet.climate);
    expectSameClimate(*was.climate, *is.planet.climate);
    EXPECT_EQ(is.planet.name, was.name);
    EXPECT_EQ(is.planet.origin, was.origin);
  }
  for (std::size_t i = 0; i < was.spectra.size(); ++i) {
    const planet::Import is = folder.read("spectrum-" + std::to_string(i + 1) + ".ecsv");
    ASSERT_EQ(is.planet.spectra.size(), 1U);
    expectSameSpectrum(was.spectra[i], is.planet.spectra.front());
    EXPECT_EQ(is.planet.origin, was.origin);
  }
  for (planet::MetabolicNetwork network : was.networks) {
    for (planet::Metabolite& m : network.metabolites) m.formationEnergyKJ.reset();
    for (planet::Reaction& r : network.reactions) r.energyKJ.reset();
    const planet::Import is = folder.read("network-" + planet::idFromName(network.id) + ".xml");
    ASSERT_EQ(is.planet.networks.size(), 1U);
    EXPECT_TRUE(is.planet.networks.front() == network) << network.id;  // too large to be printed
  }
}

class OutsidePlanets : public testing::TestWithParam<test::ImportRow> {};

TEST_P(OutsidePlanets, ComeBackToTheSameValues) {
  ECUMENE_NEEDS_SHARED(shared);
  std::size_t planets = 0;
  for (const std::string& file : test::outsideFiles(*shared)) {
    if (!test::covers(GetParam(), file)) continue;
    SCOPED_TRACE(file);
    expectSameAgain(formats::importFile(*shared / file, test::optionsOf(GetParam())).planet);
    ++planets;
  }
  EXPECT_GT(planets, 0U);
}

std::vector<test::ImportRow> rowsOfPlanets() {
  std::vector<test::ImportRow> rows = test::importTable();
  std::erase_if(rows, [](const test::ImportRow& row) {
    return row.outcome != "imported" || (row.kind != "climate" && row.kind != "spectrum" && row.kind != "network");
  });
  return rows;
}

INSTANTIATE_TEST_SUITE_P(SharedData, OutsidePlanets, testing::ValuesIn(rowsOfPlanets()));

}  // namespace
