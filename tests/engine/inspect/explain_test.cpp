// SPDX-License-Identifier: Apache-2.0
// Truth: a text made for the test with numbers that are known to be right or wrong; the unified model's own hidden
// states.
#include <gtest/gtest.h>

#include "engine/inspect/explain.h"
#include "tests/engine/inspect/inspected_run.h"

namespace ecumene {
namespace {

using data::planet::ScalarId;
using engine::inspect::CheckedNumber;
using Verdict = engine::inspect::CheckedNumber::Verdict;

std::vector<CheckedNumber> check(const std::string& text) {
  data::planet::Scalars scalars;
  scalars[ScalarId::kPlanetRadius] = data::planet::Measurement{1.624, 0.05, 0};
  scalars[ScalarId::kStellarFlux] = data::planet::Measurement{1361.0 * 1.5, 10.0, 0};
  scalars[ScalarId::kEccentricity] = data::planet::Measurement{0.3, 0.0, 1};  // an upper limit: no known value
  scalars[ScalarId::kStellarRadius] = data::planet::Measurement{0.55, 0.02, 0};
  scalars[ScalarId::kSurfacePressure] = data::planet::Measurement{2.5e5, 1e4, 0};
  data::planet::Metabolism metabolism;
  metabolism.growthMinK = 277.15;
  metabolism.growthMaxK = 333.15;
  engine::report::Prediction prediction;
  prediction.fHab.mean = 0.43;
  prediction.viable = 0.62;
  prediction.habitable = 0.81;
  prediction.regime = {0.02, 0.35, 0.2, 0.4, 0.02, 0.01};  // in the order of planet::Regime
  return engine::inspect::checkNumbers(text, engine::inspect::knownQuantities(scalars, metabolism, prediction));
}

TEST(ExplainNumbers, AreHeldAgainstWhatTheirSentenceNames) {
  const auto numbers = check(
      "ECU-00042 b: a world.\nIts radius is 1.62 Earth radii. It receives 1.10 times the flux that Earth receives. "
      "The orbital period is 12.0 days, such strains grow from 4 to 75 degrees Celsius. The eccentricity is 0.30. "
      "We found 7 spots. Its habitable share is 43%.");
  ASSERT_EQ(numbers.size(), 8U);
  const auto expect = [&](std::size_t i, const char* written, Verdict verdict, const char* quantity) {
    EXPECT_EQ(numbers[i].written, written);
    EXPECT_EQ(name(numbers[i].verdict), name(verdict)) << written;
    EXPECT_EQ(numbers[i].quantity.substr(0, std::string(quantity).size()), quantity) << written;
  };
  expect(0, "1.62", Verdict::kAgrees, "planet_radius");
  expect(1, "1.10", Verdict::kDisagrees, "stellar_flux");
  EXPECT_NEAR(numbers[1].known, 1.5, 1e-12);
  expect(2, "12.0", Verdict::kUnchecked, "orbital_period");  // not measured
  expect(3, "4", Verdict::kAgrees, "limit of growth");
  expect(4, "75", Verdict::kDisagrees, "limit of growth");
  EXPECT_NEAR(numbers[4].known, 60.0, 1e-9);
  expect(5, "0.30", Verdict::kUnchecked, "eccentricity");  // a limit is no value
  expect(6, "7", Verdict::kUnchecked, "");
  EXPECT_TRUE(numbers[6].quantity.empty());
  expect(7, "43", Verdict::kAgrees, "f_hab");
  EXPECT_EQ(numbers[7].source, "prediction");
}

TEST(ExplainNumbers, AgreeWithinTheirLastDigitOrTwoPercent) {
  EXPECT_EQ(check("a radius of 2").front().verdict, Verdict::kAgrees);  // 1.624 rounds to 2
  EXPECT_EQ(check("a radius of 1").front().verdict, Verdict::kDisagrees);
  EXPECT_EQ(check("a radius of 1.65").front().verdict, Verdict::kAgrees);
  EXPECT_EQ(check("a radius of 1.66").front().verdict, Verdict::kDisagrees);
  EXPECT_EQ(check("a radius of -1.62").front().verdict, Verdict::kDisagrees);
}

TEST(ExplainNumbers, TellTheStarsRadiusFromThePlanets) {
  const auto numbers =
      check("Its star has a stellar radius of 0.55, the planet a radius of 1.62. A surface pressure of 2.5 bar.");
  ASSERT_EQ(numbers.size(), 3U);
  EXPECT_EQ(numbers[0].quantity, "stellar_radius in solar radii");
  EXPECT_EQ(numbers[1].quantity, "planet_radius in Earth radii");
  EXPECT_EQ(numbers[2].quantity, "surface_pressure in bar");
  for (const CheckedNumber& number : numbers) EXPECT_EQ(name(number.verdict), name(Verdict::kAgrees)) << number.written;
}

TEST(ExplainNumbers, HoldsProbabilitiesAgainstThePrediction) {
  const auto numbers = check(
      "P(viable) = 0.62. The probability of growth is 0.26. It is habitable with a probability of 81%. The chance of a "
      "snowball is 0.35. The probability of ice-free oceans is 0.5. The runaway probability is 0.02. A snowball of 250 "
      "K.");
  const std::vector<std::pair<const char*, Verdict>> expected = {{"probability of viable", Verdict::kAgrees},
                                                                 {"probability of viable", Verdict::kDisagrees},
                                                                 {"probability of habitable", Verdict::kAgrees},
                                                                 {"probability of snowball", Verdict::kAgrees},
                                                                 {"probability of ice_free", Verdict::kDisagrees},
                                                                 {"probability of runaway", Verdict::kAgrees},
                                                                 {"", Verdict::kUnchecked}};
  ASSERT_EQ(numbers.size(), expected.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    EXPECT_EQ(numbers[i].quantity, expected[i].first) << numbers[i].written;
    EXPECT_EQ(name(numbers[i].verdict), name(expected[i].second)) << numbers[i].written;
  }
  EXPECT_EQ(numbers[0].source, "prediction");
}

TEST(ExplainNumbers, LeavesNamesAlone) {
  EXPECT_TRUE(check("TOI-700 d, K2-18b, H2O, v1.2.3").empty());
}

TEST(Explain, WritesFromTheOtherViewsAloneAndTheSameAgain) {
  engine::inspect::OpenedRun run(test::trainedRun());
  // A run of a few steps writes nearly the same whatever it reads: its soft tokens are made to weigh, and texts are
  // drawn.
  {
    const torch::NoGradGuard noGradients;
    for (const auto& parameter : run.network.model->named_parameters()) {
      if (parameter.key().find("_soft.project") != std::string::npos) parameter->mul_(20.0);
    }
  }
  engine::hf::Sampling sampling;
  sampling.newTokens = 48;
  sampling.temperature = 1.0;
  const auto written = [&](const std::vector<std::string>& without) {
    return engine::inspect::explain(run, *test::subject(without), {}, sampling).text;
  };
  const std::string text = written({});
  EXPECT_FALSE(text.empty());
  EXPECT_EQ(written({}), text);
  EXPECT_EQ(written({"text"}), text);
  for (const char* view : {"climate", "graph", "spectrum", "scalars"}) EXPECT_NE(written({view}), text) << view;
}

}  // namespace
}  // namespace ecumene
