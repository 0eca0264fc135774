// SPDX-License-Identifier: Apache-2.0
// The embedded dataset as a whole: 512 planets of seed 42 must have the shares that dataset.md asks for.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/run_program.h"

namespace ecumene::test {
namespace {

using Json = nlohmann::json;

TEST(EmbeddedSet, HasTheSharesOfTheDatasetDefinitionAndItsSize) {
  const TempFolder folder;
  const std::string store = folder / "store";
  const Finished made = runProgram({"ecumene-data", "generate", "--planets", "512", "--seed", "42", "--store", store});
  ASSERT_EQ(made.code, 0) << made.err;
  const Json list = Json::parse(runProgram({"ecumene-data", "list", "--json", "--store", store}).out);
  ASSERT_EQ(list["planets"].size(), 512U);
  EXPECT_LT(list["totals"]["payload_bytes"].get<double>(), 600e6);

  const Json& shares = list["shares"];
  // M 50, K 30, G 15, F 5 %; four binomial standard errors of 512 draws.
  EXPECT_NEAR(shares["stars"]["M"].get<double>(), 0.50, 0.088);
  EXPECT_NEAR(shares["stars"]["K"].get<double>(), 0.30, 0.081);
  EXPECT_NEAR(shares["stars"]["G"].get<double>(), 0.15, 0.063);
  EXPECT_NEAR(shares["stars"]["F"].get<double>(), 0.05, 0.039);
  EXPECT_GE(shares["synchronous"].get<double>(), 0.30);
  EXPECT_LE(shares["synchronous"].get<double>(), 0.40);
  for (const auto& [regime, share] : shares["regimes"].items()) EXPECT_GE(share.get<double>(), 0.08) << regime;
  EXPECT_EQ(shares["regimes"].size(), 6U);
  for (const auto& [archetype, share] : shares["viable_where_habitable"].items()) {
    EXPECT_GE(share.get<double>(), 0.15) << archetype;
    EXPECT_LE(share.get<double>(), 0.60) << archetype;
  }
  EXPECT_EQ(shares["viable_where_habitable"].size(), 8U);
  // Only what the climate model cannot carry is left out of training, and it is little.
  std::size_t excluded = 0;
  for (const Json& p : list["planets"]) {
    const Json& flags = p["climate_flags"];
    const bool boils = !flags["runaway"].get<bool>() && flags["boiling_share"].get<double>() > 0.10;
    const bool freezes = flags["co2_frost_share"].get<double>() > 0.10;
    EXPECT_EQ(p["excluded"].get<bool>(), boils || freezes) << p["id"];
    if (p["excluded"].get<bool>()) ++excluded;
  }
  EXPECT_LT(excluded, list["planets"].size() / 10);
}

}  // namespace
}  // namespace ecumene::test
