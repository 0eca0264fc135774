// SPDX-License-Identifier: Apache-2.0
#include "data/store/sample.h"

#include <map>

#include "data/base/checked.h"
#include "data/base/error.h"
#include "data/store/json_fields.h"
#include "data/store/network_arrays.h"
#include "data/store/payload.h"
#include "data/store/state.h"

namespace ecumene::data::store {
namespace {

Error removedMeanwhile(const std::string& id) {
  return Error("the planet was removed or replaced after the loader had listed it")
      .on(id)
      .next("start the loader again");
}

}  // namespace

std::vector<SampleIndex> Store::samples(const Filter& filter, const TextLength& textLength) const {
  std::vector<SampleIndex> samples;
  std::map<std::string, std::size_t> position;
  for (CubeIndex& cube : cubes(filter)) {
    position[cube.id] = samples.size();
    samples.push_back({std::move(cube), {}, {}, {}});
  }
  const auto find = [&](const std::string& id) -> SampleIndex* {
    const auto found = position.find(id);
    return found == position.end() ? nullptr : &samples[found->second];
  };
  const auto number = [](const sql::Statement& query, int column) {
    return checkedCast<std::uint32_t>(query.integer(column), "position in a planet");
  };
  state_->inSnapshot([&] {
    sql::Statement spectra(*state_->connection,
                           "SELECT p.id, s.key FROM planet p, json_each(p.document, '$.spectra') s "
                           "WHERE p.has_climate = 1 AND json_extract(s.value, '$.kind') = ? ORDER BY p.row, s.key");
    spectra.bind(1, static_cast<int>(planet::SpectrumKind::kTransmission));
    while (spectra.step()) {
      if (SampleIndex* sample = find(spectra.text(0))) sample->spectra.push_back(number(spectra, 1));
    }
    sql::Statement cases(*state_->connection,
                         "SELECT p.id, m.archetype, m.position, m.metabolites + m.reactions FROM metabolism m "
                         "JOIN planet p ON p.row = m.planet WHERE p.has_climate = 1 "
                         "ORDER BY m.planet, m.archetype, m.position");
    while (cases.step()) {
      SampleIndex* sample = find(cases.text(0));
      if (sample == nullptr) continue;
      const std::optional<planet::Archetype> archetype = planet::findArchetype(cases.text(1));
      if (!archetype) throw Error("the catalogue holds an unknown metabolism").found(cases.text(1));
      sample->cases.push_back({*archetype, number(cases, 2), number(cases, 3)});
    }
    sql::Statement texts(*state_->connection,
                         "SELECT p.id, t.metabolism, t.position, t.body FROM text t JOIN planet p ON p.row = t.planet "
                         "WHERE p.has_climate = 1 ORDER BY t.planet, t.position");
    while (texts.step()) {
      SampleIndex* sample = find(texts.text(0));
      if (sample == nullptr) continue;
      SampleIndex::TextSize size{std::nullopt, number(texts, 2), textLength(texts.text(3))};
      if (!texts.isNull(1)) size.metabolism = number(texts, 1);
      sample->texts.push_back(size);
    }
  });
  return samples;
}

std::vector<planet::Text> Store::ownTexts(const std::string& id) const {
  return state_->inSnapshot([&] { return state_->texts(state_->requireRow(id)); });
}

SampleParts Store::sample(const SampleIndex& index, const SampleDraw& draw) const {
  return state_->naming([&] {
    const std::string& id = index.cube.id;
    std::string scalars;
    std::string labels;
    std::string truth;
    std::string metabolism;
    std::string spectrum;
    std::vector<ArrayPlace> places;
    SampleParts parts;
    {
      const std::lock_guard lock(state_->mutex);
      const sql::Snapshot snapshot(*state_->connection);
      const std::int64_t row = state_->requireRow(id);
      // One query with one text of JSON: SQLite parses it once for all its parts.
      sql::Statement document(*state_->connection,
                              "SELECT json_extract(document, '$.scalars'), json_extract(document, '$.labels'), "
                              "json_extract(document, '$.truth'), "
                              "json_extract(document, ?), json_extract(document, ?) FROM planet WHERE row = ?");
      document.bind(1, "$.metabolisms[" + std::to_string(draw.metabolism) + "]");
      document.bind(2, draw.spectrum ? "$.spectra[" + std::to_string(*draw.spectrum) + "]" : std::string("$.none"));
      document.bind(3, row);
      if (!document.step()) throw removedMeanwhile(id);
      scalars = document.text(0);
      labels = document.text(1);
      truth = document.text(2);
      metabolism = document.text(3);
      spectrum = document.text(4);
      places = state_->places(row);
      parts.quality = state_->quality(row);
      if (draw.text) {
        std::vector<planet::Text> texts = state_->texts(row, draw.text);
        if (texts.empty()) throw removedMeanwhile(id);
        parts.text = std::move(texts.front());
      }
    }
    if (metabolism.empty() || (draw.spectrum && spectrum.empty())) throw removedMeanwhile(id);
    parts.scalars = fromJsonText<planet::Scalars>(scalars);
    if (!labels.empty()) parts.labels = fromJsonText<planet::ClimateLabels>(labels);
    if (!truth.empty()) parts.truth = fromJsonText<planet::PlanetTruth>(truth);
    parts.metabolism = fromJsonText<planet::MetabolismCase>(metabolism);
    PayloadFile file(index.cube.file, std::move(places));
    parts.metabolism.metabolism.network = networkFrom(file, draw.metabolism);
    if (draw.spectrum) {
      parts.spectrum = fromJsonText<planet::Spectrum>(spectrum);
      restoreSpectrum(*parts.spectrum, *draw.spectrum, file);
    }
    return parts;
  });
}

}  // namespace ecumene::data::store
