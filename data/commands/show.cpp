// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "data/commands/commands.h"
#include "data/commands/json.h"
#include "data/commands/terminal.h"
#include "data/store/store.h"

namespace ecumene::data::commands {
namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

Json labelsToJson(const planet::ClimateLabels& l) {
  const auto optional = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
  return {{"f_hab", l.fHab},
          {"h050", l.h050},
          {"t_mean_K", l.tMeanK},
          {"t_min_K", l.tMinK},
          {"t_max_K", l.tMaxK},
          {"ice_fraction", l.iceFraction},
          {"open_fraction", l.openFraction},
          {"regime", name(l.regime)},
          {"habitable", l.habitable},
          {"runaway_margin_W_m2", optional(l.runawayMarginWm2)},
          {"stratospheric_h2o", optional(l.stratosphericH2O)},
          {"ocean_loss_Gyr", optional(l.oceanLossGyr)}};
}

/// Depths in ppm only where the spectrum is one of depths.
Json spectrumToJson(const planet::Spectrum& s) {
  constexpr double kPpm = 1e6;
  std::vector<double> sigma;
  for (std::size_t i = 0; i < s.size() && !s.sigmaLower.empty(); ++i) sigma.push_back(s.sigma(i));
  Json object = {{"kind", name(s.kind)},
                 {"instrument", s.instrument},
                 {"points", s.size()},
                 {"range_um", {s.lowerEdgeUm.front(), s.upperEdgeUm.back()}}};
  if (s.kind == planet::SpectrumKind::kTransmission) {
    object["median_depth_ppm"] = kPpm * median(s.value);
    object["median_sigma_ppm"] = sigma.empty() ? Json(nullptr) : Json(kPpm * median(sigma));
  } else {
    object["median_value"] = median(s.value);
    object["median_sigma"] = sigma.empty() ? Json(nullptr) : Json(median(sigma));
  }
  return object;
}

Json networkToJson(const planet::MetabolicNetwork& n) {
  return {{"id", n.id},
          {"name", n.name},
          {"metabolites", n.metabolites.size()},
          {"reactions", n.reactions.size()},
          {"genes", n.genes.size()},
          {"exchanges", n.exchanges().size()},
          {"compartments", n.compartments}};
}

Json caseToJson(const planet::MetabolismCase& c) {
  const planet::Metabolism& m = c.metabolism;
  return {{"archetype", name(m.archetype)},
          {"variant", m.variant},
          {"growth_window_K", {m.growthMinK, m.growthMaxK}},
          {"network", networkToJson(m.network)},
          {"viability", toJson(c.viability)}};
}

Json planetToJson(const planet::Planet& p, const std::vector<store::VariableSummary>& summaries) {
  Json variables = Json::array();
  for (const store::VariableSummary& v : summaries) {
    const planet::VariableInfo& row = planet::info(v.id);
    variables.push_back({{"name", row.name},
                         {"symbol", row.symbol},
                         {"units", row.unit},
                         {"min", v.statistics.minimum},
                         {"max", v.statistics.maximum},
                         {"area_weighted_mean", v.statistics.areaWeightedMean},
                         {"absolute_error_bound", v.absoluteBound},
                         {"relative_error_bound", v.relativeBound}});
  }
  Json definitions = Json::object();
  for (const planet::LabelDefinition& d : planet::labelDefinitions()) definitions[std::string(d.name)] = d.definition;
  Json spectra = Json::array();
  for (const planet::Spectrum& s : p.spectra) spectra.push_back(spectrumToJson(s));
  Json metabolisms = Json::array();
  for (const planet::MetabolismCase& c : p.metabolisms) metabolisms.push_back(caseToJson(c));
  Json networks = Json::array();
  for (const planet::MetabolicNetwork& n : p.networks) networks.push_back(networkToJson(n));
  Json texts = Json::array();
  for (const planet::Text& t : p.texts) {
    texts.push_back({{"id", t.id}, {"title", t.title}, {"body", t.body}, {"source", t.source}, {"licence", t.licence}});
  }
  return {{"id", p.id},
          {"name", p.name},
          {"aliases", p.aliases},
          {"origin", name(p.origin)},
          {"split", name(store::splitOf(p.origin, p.systemKey))},
          {"system", p.systemKey},
          {"dataset_version", p.datasetVersion},
          {"scalars", scalarsToJson(p.scalars)},
          {"truth", toJson(p.truth)},
          {"variables", variables},
          {"climate_flags", toJson(p.climateFlags)},
          {"labels", p.labels ? labelsToJson(*p.labels) : Json(nullptr)},
          {"label_definitions", p.labels ? definitions : Json(nullptr)},
          {"spectrum", spectra.empty() ? Json(nullptr) : spectra.front()},
          {"spectra", spectra},
          {"metabolisms", metabolisms},
          {"networks", networks},
          {"texts", texts},
          {"quality", toJson(p.quality)},
          {"provenance", toJson(p.provenance)}};
}

void printForPeople(const planet::Planet& p, const std::vector<store::VariableSummary>& summaries) {
  fmt::print("{}  {}  ({}, split {})\n", p.id, p.name, name(p.origin), name(store::splitOf(p.origin, p.systemKey)));
  if (!p.aliases.empty()) fmt::print("also known as {}\n", fmt::join(p.aliases, ", "));
  std::vector<std::vector<std::string>> cells;
  for (const planet::ScalarInfo& row : planet::scalars()) {
    const auto& m = p.scalars[row.id];
    if (!m) continue;
    const char* limit = m->limit == 0 ? "" : (m->limit > 0 ? "< " : "> ");
    cells.push_back({std::string(row.name), fmt::format("{}{:.6g}", limit, m->value),
                     m->sigma > 0.0 ? fmt::format("+- {:.2g}", m->sigma) : "", std::string(row.unit)});
  }
  if (!cells.empty()) fmt::print("\n{}", formatTable({"observed", "value", "", "unit"}, cells));
  cells.clear();
  for (const store::VariableSummary& v : summaries) {
    const planet::VariableInfo& row = planet::info(v.id);
    cells.push_back({std::string(row.name), fmt::format("{:.6g}", v.statistics.minimum),
                     fmt::format("{:.6g}", v.statistics.areaWeightedMean), fmt::format("{:.6g}", v.statistics.maximum),
                     std::string(row.unit)});
  }
  if (!cells.empty()) fmt::print("\n{}", formatTable({"climate", "min", "area mean", "max", "unit"}, cells));
  if (p.labels) {
    const planet::ClimateLabels& l = *p.labels;
    fmt::print("\nregime {}, {}; f_hab {:.3f}, h050 {:.3f}, ice {:.3f}; surface {:.1f} K ({:.1f} to {:.1f} K)\n",
               name(l.regime), l.habitable ? "habitable" : "not habitable", l.fHab, l.h050, l.iceFraction, l.tMeanK,
               l.tMinK, l.tMaxK);
  }
  for (const planet::Spectrum& s : p.spectra) {
    const Json j = spectrumToJson(s);
    fmt::print("{} spectrum, {}: {} points, {:.3g} to {:.3g} um{}\n", name(s.kind),
               s.instrument.empty() ? "instrument not named" : s.instrument, s.size(), s.lowerEdgeUm.front(),
               s.upperEdgeUm.back(),
               j.contains("median_depth_ppm")
                   ? fmt::format(", median depth {:.1f} ppm", j["median_depth_ppm"].get<double>())
                   : "");
  }
  for (const planet::MetabolicNetwork& n : p.networks) {
    fmt::print("network {}: {} reactions, {} metabolites, {} genes, {} exchanges\n", n.id, n.reactions.size(),
               n.metabolites.size(), n.genes.size(), n.exchanges().size());
  }
  cells.clear();
  for (const planet::MetabolismCase& c : p.metabolisms) {
    const auto& v = c.viability;
    cells.push_back({std::string(name(c.metabolism.archetype)), fmt::format("{}", c.metabolism.variant),
                     fmt::format("{:.0f} to {:.0f}", c.metabolism.growthMinK, c.metabolism.growthMaxK),
                     v ? (v->viable ? "yes" : "no") : "-", v ? fmt::format("{:.3f}", v->window) : "-",
                     v && v->growthPerHour ? fmt::format("{:.3g}", *v->growthPerHour) : "-",
                     v && v->catabolicEnergyKJ ? fmt::format("{:.1f}", *v->catabolicEnergyKJ) : "-"});
  }
  if (!cells.empty()) {
    fmt::print("\n{}",
               formatTable({"metabolism", "variant", "grows at K", "viable", "W", "mu 1/h", "dG kJ/mol"}, cells));
  }
  for (const planet::QualityCheck& q : p.quality) {
    if (!q.passed) fmt::print("quality: {}: {}\n", q.name, q.message);
  }
  fmt::print("\n");
  for (const planet::Provenance& s : p.provenance) {
    fmt::print("{}: {}{}{}\n", s.part, s.source, s.generator.empty() ? "" : ", " + s.generator,
               s.licence.empty() ? "" : ", licence " + s.licence);
    if (!s.conversions.empty()) fmt::print("    {}\n", s.conversions);
    for (const std::string& a : s.assumptions) fmt::print("    assumed: {}\n", a);
  }
}

}  // namespace

int show(const Common& common, const std::string& id) {
  const store::Store store = store::Store::open(common.store, store::Mode::kRead);
  const planet::Planet p = store.get(id);
  const std::vector<store::VariableSummary> summaries =
      p.climate ? store.variableSummaries(id) : std::vector<store::VariableSummary>{};
  if (common.json) {
    fmt::print("{}\n", printed(planetToJson(p, summaries)));
  } else {
    printForPeople(p, summaries);
  }
  return 0;
}

}  // namespace ecumene::data::commands
