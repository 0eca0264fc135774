// SPDX-License-Identifier: Apache-2.0
// dataset.md, "Text": with the hint statements left out, a linear probe text -> label beats the same probe on scalars
// by at most 0.02 AUROC. Labels are those of the climate; the texts are about the planet's first metabolism.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "data/base/parallel.h"
#include "data/base/random.h"
#include "data/physics/atmosphere/cube_builder.h"
#include "data/physics/climate/climate.h"
#include "data/physics/generator/derive.h"
#include "data/physics/generator/system_draw.h"
#include "data/physics/text/text.h"

namespace ecumene::data::physics::generator {
namespace {

using Rows = std::vector<std::vector<double>>;

/// Logistic regression by gradient descent with momentum on standardised features; L2 chosen small.
std::vector<double> fit(const Rows& x, const std::vector<int>& y) {
  const std::size_t width = x.front().size();
  std::vector<double> w(width + 1, 0.0);
  std::vector<double> velocity(width + 1, 0.0);
  for (int step = 0; step < 400; ++step) {
    std::vector<double> gradient(width + 1, 0.0);
    for (std::size_t i = 0; i < x.size(); ++i) {
      double score = w[width];
      for (std::size_t k = 0; k < width; ++k) score += w[k] * x[i][k];
      const double error = 1.0 / (1.0 + std::exp(-score)) - y[i];
      for (std::size_t k = 0; k < width; ++k) gradient[k] += error * x[i][k];
      gradient[width] += error;
    }
    for (std::size_t k = 0; k <= width; ++k) {
      const double slope = gradient[k] / static_cast<double>(x.size()) + (k < width ? 1e-3 * w[k] : 0.0);
      velocity[k] = 0.9 * velocity[k] - 0.1 * slope;
      w[k] += velocity[k];
    }
  }
  return w;
}

double auroc(const std::vector<double>& w, const Rows& x, const std::vector<int>& y) {
  std::vector<std::pair<double, int>> scored;
  for (std::size_t i = 0; i < x.size(); ++i) {
    double score = w.back();
    for (std::size_t k = 0; k + 1 < w.size(); ++k) score += w[k] * x[i][k];
    scored.emplace_back(score, y[i]);
  }
  std::sort(scored.begin(), scored.end());
  double rankSum = 0.0;
  double positives = 0.0;
  for (std::size_t r = 0; r < scored.size(); ++r) {
    if (scored[r].second == 0) continue;
    rankSum += static_cast<double>(r + 1);
    positives += 1.0;
  }
  const double negatives = static_cast<double>(scored.size()) - positives;
  return (rankSum - positives * (positives + 1.0) / 2.0) / (positives * negatives);
}

/// Columns to zero mean and unit deviation over the training rows; constant ones are dropped to 0.
void standardise(Rows& train, Rows& test) {
  for (std::size_t k = 0; k < train.front().size(); ++k) {
    double mean = 0.0;
    double square = 0.0;
    for (const auto& row : train) {
      mean += row[k] / static_cast<double>(train.size());
      square += row[k] * row[k] / static_cast<double>(train.size());
    }
    const double deviation = std::sqrt(std::max(0.0, square - mean * mean));
    for (Rows* rows : {&train, &test}) {
      for (auto& row : *rows) row[k] = deviation > 1e-9 ? (row[k] - mean) / deviation : 0.0;
    }
  }
}

std::vector<std::string> wordsOf(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

struct Example {
  std::string text;
  planet::Scalars scalars;
  bool habitable = false, runaway = false, snowball = false;
};

Example example(std::uint64_t system) {
  constexpr std::uint64_t kSeed = 77;
  planet::Planet p;
  const planet::PlanetTruth truth = drawSystem(kSeed, system);
  const SurfaceClimate climate = climate::solveClimate(truth);
  p.climate = atmosphere::buildCube(climate, truth);
  deriveLabels(p, truth, climate.flags.runaway, climate.largestOlrWm2);
  Random scalarRandom(kSeed, "scalars", system);
  Example e;
  e.scalars = observe(truth, scalarRandom);
  text::TextFacts facts;
  facts.planetName = "ECU b";
  facts.hostName = "ECU";
  facts.starType = planet::starType(truth.star.temperatureK);
  Random person(kSeed, "text-star", system);
  facts.age = text::observedAge(truth.star.ageGyr, person);
  facts.activity = text::drawActivity(facts.starType, facts.age, person);
  facts.scalars = e.scalars;
  facts.metabolism = text::MetabolismFacts{planet::Archetype::kMethanogen, 280.0, 320.0};
  Random grammar(kSeed, "text", system);
  e.text = text::generateTextWithoutHints(facts, grammar).body;
  e.habitable = p.labels->habitable;
  e.runaway = p.labels->regime == planet::Regime::kRunaway;
  e.snowball = p.labels->regime == planet::Regime::kSnowball;
  return e;
}

TEST(TextLeak, ProbeOnTextBeatsProbeOnScalarsByAtMost002) {
  constexpr std::size_t kSystems = 3000;
  constexpr std::size_t kTrain = 2000;
  std::vector<Example> examples(kSystems);
  parallelFor(kSystems, 0, [&](std::size_t i) { examples[i] = example(i); });

  std::map<std::string, std::size_t> vocabulary;
  std::map<std::string, int> counts;
  for (std::size_t i = 0; i < kTrain; ++i) {
    for (const std::string& word : wordsOf(examples[i].text)) ++counts[word];
  }
  for (const auto& [word, count] : counts) {
    if (count >= 20) vocabulary.emplace(word, vocabulary.size());
  }
  Rows text;
  Rows scalars;
  for (const Example& e : examples) {
    std::vector<double> bag(vocabulary.size(), 0.0);
    for (const std::string& word : wordsOf(e.text)) {
      if (const auto entry = vocabulary.find(word); entry != vocabulary.end()) bag[entry->second] = 1.0;
    }
    text.push_back(std::move(bag));
    std::vector<double> row;
    for (const auto& m : e.scalars.values) {
      row.push_back(m ? std::log(std::max(m->value, 1e-6)) : 0.0);
      row.push_back(m ? 1.0 : 0.0);
    }
    scalars.push_back(std::move(row));
  }
  const auto split = [&](const Rows& rows, Rows& train, Rows& test) {
    train.assign(rows.begin(), rows.begin() + kTrain);
    test.assign(rows.begin() + kTrain, rows.end());
    standardise(train, test);
  };
  Rows textTrain;
  Rows textTest;
  Rows scalarTrain;
  Rows scalarTest;
  split(text, textTrain, textTest);
  split(scalars, scalarTrain, scalarTest);
  const std::map<std::string, bool Example::*> labels{
      {"habitable", &Example::habitable}, {"runaway", &Example::runaway}, {"snowball", &Example::snowball}};
  for (const auto& [name, label] : labels) {
    std::vector<int> train;
    std::vector<int> test;
    for (std::size_t i = 0; i < kSystems; ++i) (i < kTrain ? train : test).push_back(examples[i].*label ? 1 : 0);
    const double fromText = auroc(fit(textTrain, train), textTest, test);
    const double fromScalars = auroc(fit(scalarTrain, train), scalarTest, test);
    fmt::print("{:<10} AUROC from text {:.3f}, from scalars {:.3f}\n", name, fromText, fromScalars);
    EXPECT_LE(fromText, fromScalars + 0.02) << name;
    EXPECT_GT(fromScalars, 0.55) << name << ": a probe that finds nothing proves nothing";
  }
}

}  // namespace
}  // namespace ecumene::data::physics::generator
