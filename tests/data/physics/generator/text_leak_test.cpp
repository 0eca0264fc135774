// SPDX-License-Identifier: Apache-2.0
// dataset.md, "Text": with the hint statements left out, a linear probe text -> label beats the same probe on scalars
// by at most 0.02 AUROC. Texts are those of generated planets, each about one metabolism, whose archetype and growth
// window the probe on scalars is given too where the label is `viable`. Fewer planets would not do: of 100 test planets
// an AUROC has a standard error above 0.05. What a text may see at all is held exactly by texts_test.cpp.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "data/base/parallel.h"
#include "data/base/random.h"
#include "data/physics/generator/generator.h"
#include "data/physics/generator/system_draw.h"
#include "data/physics/generator/texts.h"

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
  std::vector<double> scalars, metabolism;
  bool habitable = false, runaway = false, snowball = false, viable = false;
};

/// Planet `index` by the text about one of its metabolisms, of each in turn.
Example example(std::uint64_t index) {
  constexpr std::uint64_t kSeed = 77;
  const PlanetPlace place = placeOf(kSeed, index);
  const planet::Planet p = generatePlanet(kSeed, index);
  const std::vector<planet::Text> texts = describe(p, *p.truth, kSeed, index, place.system, HintStatements::kLeftOut);
  const planet::Text& text = texts.at(index % texts.size());
  const planet::MetabolismCase& about = p.metabolisms.at(text.metabolism.value());
  Example e;
  e.text = text.title + " " + text.body;
  for (const auto& m : p.scalars.values) {
    e.scalars.push_back(m ? std::log(std::max(m->value, 1e-6)) : 0.0);
    e.scalars.push_back(m ? 1.0 : 0.0);
  }
  e.metabolism.assign(planet::kArchetypeCount, 0.0);
  e.metabolism.at(static_cast<std::size_t>(about.metabolism.archetype)) = 1.0;
  e.metabolism.push_back(about.metabolism.growthMinK);
  e.metabolism.push_back(about.metabolism.growthMaxK);
  e.habitable = p.labels->habitable;
  e.runaway = p.labels->regime == planet::Regime::kRunaway;
  e.snowball = p.labels->regime == planet::Regime::kSnowball;
  e.viable = about.viability->viable;
  return e;
}

/// Bag of the words that at least 20 of the first `train` texts have.
Rows bagsOfWords(const std::vector<Example>& examples, std::size_t train) {
  std::map<std::string, int> counts;
  for (std::size_t i = 0; i < train; ++i) {
    for (const std::string& word : wordsOf(examples[i].text)) ++counts[word];
  }
  std::map<std::string, std::size_t> vocabulary;
  for (const auto& [word, count] : counts) {
    if (count >= 20) vocabulary.emplace(word, vocabulary.size());
  }
  Rows bags;
  for (const Example& e : examples) {
    std::vector<double>& bag = bags.emplace_back(vocabulary.size(), 0.0);
    for (const std::string& word : wordsOf(e.text)) {
      if (const auto entry = vocabulary.find(word); entry != vocabulary.end()) bag[entry->second] = 1.0;
    }
  }
  return bags;
}

/// AUROC on the rows after the first `train` of a probe fitted to those.
double probe(const Rows& rows, const std::vector<int>& labels, std::size_t train) {
  const auto cut = static_cast<std::ptrdiff_t>(train);
  Rows seen(rows.begin(), rows.begin() + cut);
  Rows unseen(rows.begin() + cut, rows.end());
  standardise(seen, unseen);
  const std::vector<double> w = fit(seen, {labels.begin(), labels.begin() + cut});
  return auroc(w, unseen, {labels.begin() + cut, labels.end()});
}

TEST(TextLeak, ProbeOnTextBeatsProbeOnScalarsByAtMost002) {
  constexpr std::size_t kPlanets = 2100;
  constexpr std::size_t kTrain = 1400;
  std::vector<Example> examples(kPlanets);
  parallelFor(kPlanets, 0, [&](std::size_t i) { examples[i] = example(i); });

  const Rows text = bagsOfWords(examples, kTrain);
  Rows scalars, withMetabolism;
  for (const Example& e : examples) {
    scalars.push_back(e.scalars);
    withMetabolism.push_back(e.scalars);
    withMetabolism.back().insert(withMetabolism.back().end(), e.metabolism.begin(), e.metabolism.end());
  }
  struct Label {
    const char* name;
    bool Example::*value;
    const Rows& known;
  };
  for (const Label& label :
       {Label{"habitable", &Example::habitable, scalars}, Label{"runaway", &Example::runaway, scalars},
        Label{"snowball", &Example::snowball, scalars}, Label{"viable", &Example::viable, withMetabolism}}) {
    std::vector<int> labels;
    for (const Example& e : examples) labels.push_back(e.*label.value ? 1 : 0);
    const double fromText = probe(text, labels, kTrain);
    const double fromScalars = probe(label.known, labels, kTrain);
    fmt::print("{:<10} AUROC from text {:.3f}, from scalars {:.3f}\n", label.name, fromText, fromScalars);
    EXPECT_LE(fromText, fromScalars + 0.02) << label.name;
    EXPECT_GT(fromScalars, 0.55) << label.name << ": a probe that finds nothing proves nothing";
  }
}

}  // namespace
}  // namespace ecumene::data::physics::generator
