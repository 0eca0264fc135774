// SPDX-License-Identifier: Apache-2.0
#include "engine/train/shuffled_views.h"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "data/base/random.h"
#include "data/batch/collate.h"
#include "data/batch/planet_samples.h"
#include "engine/report/report.h"
#include "engine/train/append.h"
#include "engine/train/run_content.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

using data::loader::Sample;

/// Planets that views are taken from: one for each view, scalars too.
constexpr std::size_t kSources = data::batch::MultiModalBatch::kViews + 1;

/// A planet of each system, in the order of a key of their own.
std::vector<std::string> onePerSystem(const data::store::Store& store, data::planet::Split split, std::uint64_t seed,
                                      std::size_t most) {
  std::map<std::string, std::string> planets;
  for (const data::store::Row& row : store.list(filterOf(split))) {
    if (row.hasClimate) planets.emplace(row.systemKey.empty() ? row.id : row.systemKey, row.id);
  }
  std::vector<std::pair<std::uint32_t, std::string>> keyed;
  for (const auto& [system, planet] : planets) {
    keyed.emplace_back(Random(seed, "shuffled-views", stableHash(planet)).bits(), planet);
  }
  std::ranges::sort(keyed);
  std::vector<std::string> order;
  for (auto& [key, planet] : keyed) order.push_back(std::move(planet));
  order.resize(std::min(order.size(), most));
  return order;
}

/// Puts into a sample the views of others, which stand behind its planet in `read`; false where one of them has no
/// metabolism of its archetype.
bool showOthers(Sample& sample, std::deque<std::vector<Sample>>& read, std::size_t planets) {
  std::vector<Sample*> from;
  for (std::size_t view = 0; view < kSources; ++view) {
    std::vector<Sample>& other = read[1 + view % (planets - 1)];
    const auto same = std::ranges::find(other, sample.metabolism.metabolism.archetype,
                                        [](const Sample& one) { return one.metabolism.metabolism.archetype; });
    if (same == other.end()) return false;
    from.push_back(&*same);
  }
  sample.cube = std::move(from[0]->cube);  // nobody else is shown it
  sample.metabolism.metabolism = from[1]->metabolism.metabolism;
  sample.spectrum = from[2]->spectrum;
  sample.instrument = from[2]->instrument;
  sample.text = from[3]->text;
  sample.scalars = from[4]->scalars;
  return true;
}

}  // namespace

std::vector<report::Prediction> predictShuffled(Network& network, const config::RunSpec& spec,
                                                const data::batch::TrainingContent& content,
                                                const data::store::Store& store, const PlanetFacts& facts,
                                                data::planet::Split split, std::size_t most, const Progress& progress) {
  const std::vector<std::string> planets =
      onePerSystem(store, split, static_cast<std::uint64_t>(spec.train.seed), most);
  if (planets.size() < 2) return {};
  data::batch::Collator collator(content.statistics, content.tokeniser, content.vocabulary,
                                 {.textLength = static_cast<std::size_t>(spec.data.textLength)});
  const torch::NoGradGuard noGradients;
  const Autocast autocast(spec.train.precision, network.device);
  std::vector<report::Prediction> made;
  std::deque<std::vector<Sample>> read;  // of the planet and of those behind it, around the circle
  for (std::size_t p = 0; p < planets.size(); ++p) {
    while (read.size() <= kSources) {
      read.push_back(data::batch::samplesOf(store.get(planets[(p + read.size()) % planets.size()])));
    }
    data::loader::Batch shown;
    for (Sample& sample : read.front()) {
      if (showOthers(sample, read, planets.size())) shown.samples.push_back(std::move(sample));
    }
    read.pop_front();
    if (!shown.samples.empty()) {
      const data::batch::MultiModalBatch batch = collator.collate(shown);
      const models::unified::UnifiedInput input = toTensors(batch, network.device);
      const models::unified::UnifiedOutput output = network.model->forward(input);
      std::vector<report::Prediction> rows = rowsOf(batch, output.fusion.prediction, report::kAllViews, facts);
      addLanguage(network, input, output, rows);
      for (report::Prediction& row : rows) {
        row.subset = report::kShuffled;
        row.given.clear();
      }
      append(made, std::move(rows));
    }
    if (progress) progress(p + 1, planets.size(), planets[p]);
  }
  return made;
}

}  // namespace ecumene::engine::train
