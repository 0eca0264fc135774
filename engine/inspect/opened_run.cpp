// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/opened_run.h"

#include <utility>

#include "data/base/error.h"
#include "data/batch/planet_samples.h"
#include "engine/report/prediction.h"
#include "engine/train/draws.h"
#include "engine/train/run_content.h"
#include "engine/train/runs.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::inspect {

OpenedRun::OpenedRun(const std::filesystem::path& folder, const train::Place& place)
    : run(run::RunDirectory::open(folder)),
      spec(train::specAt(run, place)),
      content(train::loadContent(run, spec)),
      network(train::loadBest(run, spec, content, &loaded)) {}

Subjects::Subjects(const OpenedRun& run)
    : run_(run),
      store_(train::storeOf(run.spec)),
      collator_(run.content.statistics, run.content.tokeniser, run.content.vocabulary,
                {.textLength = static_cast<std::size_t>(run.spec.data.textLength)}) {}

std::unique_ptr<Subject> Subjects::read(const SubjectChoice& choice) {
  return make(choice, false);
}

std::unique_ptr<Subject> Subjects::readOne(const SubjectChoice& choice) {
  return make(choice, true);
}

std::unique_ptr<Subject> Subjects::make(const SubjectChoice& choice, bool one) {
  const unsigned asked = report::viewsWithout(choice.without);
  if (!store_.contains(choice.planet)) {
    throw Error("there is no such planet")
        .on(choice.planet)
        .next("ecumene-data list --store " + store_.folder().string());
  }
  auto subject = std::make_unique<Subject>();
  const data::planet::Planet planet = store_.get(choice.planet);
  subject->views = planet.climate ? asked : asked & ~static_cast<unsigned>(report::kClimate);
  std::vector<data::loader::Sample> all = data::batch::samplesOf(planet);
  for (data::loader::Sample& sample : all) {
    const bool wanted = choice.archetype.empty() || name(sample.metabolism.metabolism.archetype) == choice.archetype;
    if (wanted && !(one && !subject->samples.samples.empty())) subject->samples.samples.push_back(std::move(sample));
  }
  if (subject->samples.samples.empty()) {
    throw Error("the planet has no such metabolism")
        .on(choice.planet + "/" + choice.archetype)
        .expected("one that predict lists");
  }
  collator_.collate(subject->samples, subject->batch);
  subject->input = train::toTensors(subject->batch, run_.network.device);
  train::keepOnly(subject->input, subject->views);
  return subject;
}

}  // namespace ecumene::engine::inspect
