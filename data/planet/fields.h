// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include "data/planet/collection.h"
#include "data/planet/planet.h"

/// Members of each struct, said once: the byte container, JSON and tests all walk these. A visitor is called as
/// visit("name", member) for each member in this order. Appending a member is a new container version (codec.cpp).
namespace ecumene::data::planet {

template <class T, class Wanted>
concept Is = std::is_same_v<std::remove_const_t<T>, Wanted>;

template <class Visit, Is<Grid> T>
void forEachField(T& x, Visit&& visit) {
  visit("latitude_deg", x.latitudeDeg);
  visit("latitude_weight", x.latitudeWeight);
  visit("longitude_deg", x.longitudeDeg);
  visit("sigma", x.sigma);
  visit("epoch_gyr", x.epochGyr);
}

template <class Visit, Is<Field> T>
void forEachField(T& x, Visit&& visit) {
  visit("id", x.id);
  visit("values", x.values);
}

template <class Visit, Is<ClimateCube> T>
void forEachField(T& x, Visit&& visit) {
  visit("grid", x.grid);
  visit("fields", x.fields);
  visit("land_fraction", x.landFraction);
  visit("orography_m", x.orographyM);
}

template <class Visit, Is<Spectrum> T>
void forEachField(T& x, Visit&& visit) {
  visit("kind", x.kind);
  visit("instrument", x.instrument);
  visit("wavelength_um", x.wavelengthUm);
  visit("lower_edge_um", x.lowerEdgeUm);
  visit("upper_edge_um", x.upperEdgeUm);
  visit("value", x.value);
  visit("sigma_lower", x.sigmaLower);
  visit("sigma_upper", x.sigmaUpper);
  visit("resolving_power", x.resolvingPower);
}

template <class Visit, Is<Metabolite> T>
void forEachField(T& x, Visit&& visit) {
  visit("id", x.id);
  visit("name", x.name);
  visit("formula", x.formula);
  visit("charge", x.charge);
  visit("compartment", x.compartment);
  visit("formation_energy_kj", x.formationEnergyKJ);
}

template <class Visit, Is<Reaction> T>
void forEachField(T& x, Visit&& visit) {
  visit("id", x.id);
  visit("name", x.name);
  visit("subsystem", x.subsystem);
  visit("stoichiometry", x.stoichiometry);
  visit("lower_bound", x.lowerBound);
  visit("upper_bound", x.upperBound);
  visit("objective", x.objective);
  visit("gene_rule", x.geneRule);
  visit("energy_kj", x.energyKJ);
}

template <class Visit, Is<MetabolicNetwork> T>
void forEachField(T& x, Visit&& visit) {
  visit("id", x.id);
  visit("name", x.name);
  visit("compartments", x.compartments);
  visit("metabolites", x.metabolites);
  visit("reactions", x.reactions);
  visit("genes", x.genes);
  visit("maximise", x.maximise);
}

template <class Visit, Is<Measurement> T>
void forEachField(T& x, Visit&& visit) {
  visit("value", x.value);
  visit("sigma", x.sigma);
  visit("limit", x.limit);
}

template <class Visit, Is<Scalars> T>
void forEachField(T& x, Visit&& visit) {
  visit("values", x.values);
}

template <class Visit, Is<Star> T>
void forEachField(T& x, Visit&& visit) {
  visit("temperature_k", x.temperatureK);
  visit("radius_sun", x.radiusSun);
  visit("mass_sun", x.massSun);
  visit("luminosity_sun", x.luminositySun);
  visit("age_gyr", x.ageGyr);
}

template <class Visit, Is<Orbit> T>
void forEachField(T& x, Visit&& visit) {
  visit("flux_w_m2", x.fluxWm2);
  visit("period_days", x.periodDays);
  visit("semi_major_axis_au", x.semiMajorAxisAu);
  visit("eccentricity", x.eccentricity);
  visit("periastron_deg", x.periastronDeg);
}

template <class Visit, Is<Bulk> T>
void forEachField(T& x, Visit&& visit) {
  visit("radius_earth", x.radiusEarth);
  visit("gravity", x.gravity);
  visit("rotation_days", x.rotationDays);
  visit("obliquity_deg", x.obliquityDeg);
  visit("synchronous", x.synchronous);
  visit("substellar_longitude_deg", x.substellarLongitudeDeg);
}

template <class Visit, Is<Atmosphere> T>
void forEachField(T& x, Visit&& visit) {
  visit("scenario", x.scenario);
  visit("surface_pressure_pa", x.surfacePressurePa);
  visit("mixing_ratio", x.mixingRatio);
}

template <class Visit, Is<Surface> T>
void forEachField(T& x, Visit&& visit) {
  visit("ocean_fraction", x.oceanFraction);
  visit("soil_moisture_m", x.soilMoistureM);
  visit("land_seed", x.landSeed);
  visit("uniform", x.uniform);
}

template <class Visit, Is<ClimateClosure> T>
void forEachField(T& x, Visit&& visit) {
  visit("diffusion_w_m2_k", x.diffusionWm2K);
  visit("olr_offset_w_m2", x.olrOffsetWm2);
  visit("ice_albedo", x.iceAlbedo);
  visit("land_albedo", x.landAlbedo);
}

template <class Visit, Is<PlanetTruth> T>
void forEachField(T& x, Visit&& visit) {
  visit("star", x.star);
  visit("orbit", x.orbit);
  visit("bulk", x.bulk);
  visit("atmosphere", x.atmosphere);
  visit("surface", x.surface);
  visit("closure", x.closure);
  visit("start", x.start);
}

template <class Visit, Is<ClimateLabels> T>
void forEachField(T& x, Visit&& visit) {
  visit("f_hab", x.fHab);
  visit("h050", x.h050);
  visit("t_mean_k", x.tMeanK);
  visit("t_min_k", x.tMinK);
  visit("t_max_k", x.tMaxK);
  visit("ice_fraction", x.iceFraction);
  visit("open_fraction", x.openFraction);
  visit("regime", x.regime);
  visit("habitable", x.habitable);
  visit("runaway_margin_w_m2", x.runawayMarginWm2);
  visit("stratospheric_h2o", x.stratosphericH2O);
  visit("ocean_loss_gyr", x.oceanLossGyr);
}

template <class Visit, Is<Metabolism> T>
void forEachField(T& x, Visit&& visit) {
  visit("archetype", x.archetype);
  visit("variant", x.variant);
  visit("growth_min_k", x.growthMinK);
  visit("growth_max_k", x.growthMaxK);
  visit("network", x.network);
}

template <class Visit, Is<Viability> T>
void forEachField(T& x, Visit&& visit) {
  visit("viable", x.viable);
  visit("window", x.window);
  visit("window_temperature_k", x.windowTemperatureK);
  visit("optimal", x.optimal);
  visit("growth_per_hour", x.growthPerHour);
  visit("catabolic_energy_kj", x.catabolicEnergyKJ);
  visit("maintenance_mmol_atp", x.maintenanceMmolAtp);
  visit("productivity", x.productivity);
  visit("window_light_w_m2", x.windowLightWm2);
}

template <class Visit, Is<MetabolismCase> T>
void forEachField(T& x, Visit&& visit) {
  visit("metabolism", x.metabolism);
  visit("viability", x.viability);
}

template <class Visit, Is<Text> T>
void forEachField(T& x, Visit&& visit) {
  visit("id", x.id);
  visit("title", x.title);
  visit("body", x.body);
  visit("source", x.source);
  visit("licence", x.licence);
  visit("metabolism", x.metabolism);
  visit("keywords", x.keywords);
}

template <class Visit, Is<Provenance> T>
void forEachField(T& x, Visit&& visit) {
  visit("part", x.part);
  visit("source", x.source);
  visit("sha256", x.sha256);
  visit("generator", x.generator);
  visit("seed", x.seed);
  visit("conversions", x.conversions);
  visit("assumptions", x.assumptions);
  visit("licence", x.licence);
}

template <class Visit, Is<QualityCheck> T>
void forEachField(T& x, Visit&& visit) {
  visit("name", x.name);
  visit("value", x.value);
  visit("limit", x.limit);
  visit("passed", x.passed);
  visit("message", x.message);
}

template <class Visit, Is<ClimateFlags> T>
void forEachField(T& x, Visit&& visit) {
  visit("runaway", x.runaway);
  visit("olr_clamped", x.olrClamped);
  visit("albedo_clipped", x.albedoClipped);
  visit("diffusion_capped", x.diffusionCapped);
  visit("imbalance_w_m2", x.imbalanceWm2);
  visit("spin_up_orbits", x.spinUpOrbits);
  visit("water_boils", x.waterBoils);
  visit("co2_freezes", x.co2Freezes);
  visit("boiling_share", x.boilingShare);
  visit("co2_frost_share", x.co2FrostShare);
}

template <class Visit, Is<Planet> T>
void forEachField(T& x, Visit&& visit) {
  visit("id", x.id);
  visit("name", x.name);
  visit("aliases", x.aliases);
  visit("origin", x.origin);
  visit("system_key", x.systemKey);
  visit("scalars", x.scalars);
  visit("truth", x.truth);
  visit("climate", x.climate);
  visit("climate_flags", x.climateFlags);
  visit("labels", x.labels);
  visit("spectra", x.spectra);
  visit("metabolisms", x.metabolisms);
  visit("networks", x.networks);
  visit("texts", x.texts);
  visit("provenance", x.provenance);
  visit("quality", x.quality);
  visit("dataset_version", x.datasetVersion);
}

template <class Visit, Is<CatalogueEntry> T>
void forEachField(T& x, Visit&& visit) {
  visit("planet", x.planet);
  visit("host", x.host);
  visit("aliases", x.aliases);
  visit("scalars", x.scalars);
}

template <class Visit, Is<Import> T>
void forEachField(T& x, Visit&& visit) {
  visit("kind", x.kind);
  visit("planet", x.planet);
  visit("entries", x.entries);
  visit("texts", x.texts);
  visit("provenance", x.provenance);
  visit("assumptions", x.assumptions);
}

}  // namespace ecumene::data::planet
