// SPDX-License-Identifier: Apache-2.0
#include "data/commands/planet_json.h"

#include <array>
#include <cmath>

#include "data/base/median.h"
#include "data/commands/networks.h"
#include "data/physics/atmosphere/habitable_zone.h"
#include "data/physics/constants.h"
#include "data/planet/stated.h"

namespace ecumene::data::commands {
namespace {

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

Json networkToJson(const std::string& word, const planet::MetabolicNetwork& n) {
  return {{"word", word},
          {"id", n.id},
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
          {"network", networkToJson(networkWord(m), m.network)},
          {"viability", toJson(c.viability)}};
}

/// Flux and temperature of the star and where they are from.
struct StarLight {
  double fluxWm2, temperatureK;
  const char* by;
};

std::optional<StarLight> starLight(const planet::Planet& p) {
  const auto& flux = p.scalars[planet::ScalarId::kStellarFlux];
  const auto& temperature = p.scalars[planet::ScalarId::kStellarTemperature];
  const auto measured = [](const std::optional<planet::Measurement>& m) { return m && m->limit == 0; };
  if (measured(flux) && measured(temperature)) return StarLight{flux->value, temperature->value, "observed"};
  if (!p.truth) return std::nullopt;
  return StarLight{p.truth->orbit.fluxWm2, p.truth->star.temperatureK, "truth"};
}

/// Members of a truth whose 0 means that nobody stated them.
constexpr std::array kNeverZero{
    "/star/temperature_k", "/star/radius_sun", "/star/mass_sun",      "/star/luminosity_sun",
    "/star/age_gyr",       "/orbit/flux_w_m2", "/orbit/period_days",  "/orbit/semi_major_axis_au",
    "/bulk/radius_earth",  "/bulk/gravity",    "/bulk/rotation_days", "/atmosphere/surface_pressure_pa"};
/// Members that only planets of our energy balance model have.
constexpr std::array kGeneratedAlone{"/orbit/periastron_deg", "/surface/land_seed", "/surface/uniform", "/closure",
                                     "/start"};

/// Sets to null what an imported planet does not state.
void leaveStated(Json& object, const planet::PlanetTruth& truth) {
  for (const char* path : kGeneratedAlone) object[Json::json_pointer(path)] = nullptr;
  for (const char* path : kNeverZero) {
    Json& value = object[Json::json_pointer(path)];
    if (!(value.get<double>() > 0.0)) value = nullptr;
  }
  for (auto& [part, members] : object.items()) {
    if (!members.is_object()) continue;
    for (auto& [member, value] : members.items()) {
      if (value.is_number_float() && std::isnan(value.get<double>())) value = nullptr;
    }
  }
  const std::optional<bool> synchronous = planet::synchronous(truth.bulk);
  object["bulk"]["synchronous"] = toJson(synchronous);
  if (!synchronous.value_or(false)) object["bulk"]["substellar_longitude_deg"] = nullptr;
  if (object["atmosphere"]["surface_pressure_pa"].is_null()) object["atmosphere"]["mixing_ratio"] = nullptr;
}

}  // namespace

Json habitableZoneToJson(const planet::Planet& p) {
  const std::optional<StarLight> star = starLight(p);
  if (!star || !(star->fluxWm2 > 0.0) || !physics::atmosphere::coversStar(star->temperatureK)) return nullptr;
  const physics::atmosphere::HzMembership hz =
      physics::atmosphere::hzMembership(star->fluxWm2 / physics::kEarthFlux, star->temperatureK);
  return {{"flux", hz.flux},
          {"recent_venus", hz.recentVenus},
          {"runaway", hz.runaway},
          {"maximum", hz.maximum},
          {"early_mars", hz.earlyMars},
          {"inside", hz.inside},
          {"inside_optimistic", hz.optimistic},
          {"by", star->by}};
}

Json truthToJson(const planet::Planet& p) {
  if (!p.truth) return nullptr;
  const planet::PlanetTruth& truth = *p.truth;
  Json object = toJson(truth);
  Json ratios = Json::object();
  for (std::size_t g = 0; g < planet::kGasCount; ++g) {
    ratios[std::string(name(static_cast<planet::Gas>(g)))] = truth.atmosphere.mixingRatio[g];
  }
  object["atmosphere"]["mixing_ratio"] = ratios;
  if (p.origin != planet::Origin::kGenerated) leaveStated(object, truth);
  return object;
}

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

Json textToJson(const planet::Text& t) {
  return {{"id", t.id}, {"title", t.title}, {"body", t.body}, {"source", t.source}, {"licence", t.licence}};
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
  const bool aged = p.climate && !p.climate->grid.epochGyr.empty();
  Json spectra = Json::array();
  for (const planet::Spectrum& s : p.spectra) spectra.push_back(spectrumToJson(s));
  Json metabolisms = Json::array();
  for (const planet::MetabolismCase& c : p.metabolisms) metabolisms.push_back(caseToJson(c));
  Json networks = Json::array();
  for (const planet::MetabolicNetwork& n : p.networks) networks.push_back(networkToJson(n.id, n));
  Json texts = Json::array();
  for (const planet::Text& t : p.texts) texts.push_back(textToJson(t));
  return {{"id", p.id},
          {"name", p.name},
          {"aliases", p.aliases},
          {"origin", name(p.origin)},
          {"split", name(planet::splitOf(p.origin, p.systemKey))},
          {"system", p.systemKey},
          {"dataset_version", p.datasetVersion},
          {"scalars", scalarsToJson(p.scalars)},
          {"hz", habitableZoneToJson(p)},
          {"truth", truthToJson(p)},
          {"epochs_Gyr", aged ? Json(p.climate->grid.epochGyr) : Json(nullptr)},
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

}  // namespace ecumene::data::commands
