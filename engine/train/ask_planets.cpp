// SPDX-License-Identifier: Apache-2.0
#include "engine/train/ask_planets.h"

#include <utility>

#include "data/batch/collate.h"
#include "data/batch/planet_samples.h"
#include "engine/train/append.h"
#include "engine/train/draws.h"
#include "engine/train/network_rows.h"
#include "engine/train/predictions.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::train {

using report::Prediction;

report::Quantities quantitiesOf(const data::loader::Sample& sample) {
  return report::quantitiesOf(report::scalarValues(sample.scalars), sample.spectrum ? &*sample.spectrum : nullptr);
}

std::vector<Prediction> Asker::ask(const std::vector<std::string>& planets, unsigned subset,
                                   const Progress& progress) const {
  const PlanetFacts facts(store);
  data::batch::Collator collator(content.statistics, content.tokeniser, content.vocabulary,
                                 {.textLength = static_cast<std::size_t>(spec.data.textLength)});
  const torch::NoGradGuard noGradients;
  std::vector<Prediction> made;
  for (std::size_t p = 0; p < planets.size(); ++p) {
    const data::planet::Planet planet = store.get(planets[p]);
    const unsigned views = planet.climate ? subset : subset & ~static_cast<unsigned>(report::kClimate);
    data::loader::Batch samples;
    samples.samples = data::batch::samplesOf(planet);
    const data::batch::MultiModalBatch batch = collator.collate(samples);
    models::unified::UnifiedInput input = toTensors(batch, network.device);
    keepOnly(input, views);
    const Autocast autocast(spec.train.precision, network.device);
    const models::unified::UnifiedOutput output = network.model->forward(input);
    std::vector<Prediction> rows = rowsOf(batch, output.fusion.prediction, views, facts);
    addEmbeddings(output.fusion.embedding_BE, rows);
    if (fluxes) {
      auto estimates = fluxEstimates(input.graph, output.graph, *content.vocabulary);
      for (std::size_t i = 0; i < rows.size(); ++i) rows[i].fluxes = std::move(estimates.at(i));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) hulls.judge(quantitiesOf(samples.samples.at(i)), rows[i]);
    append(made, std::move(rows));
    if (progress) progress(p + 1, planets.size(), planets[p]);
  }
  return made;
}

}  // namespace ecumene::engine::train
