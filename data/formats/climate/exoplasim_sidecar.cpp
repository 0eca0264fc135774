// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/exoplasim_sidecar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/base/units.h"
#include "data/planet/stated.h"

namespace ecumene::data::formats {
namespace {

using nlohmann::json;
using planet::Gas;
using planet::ScalarId;

constexpr std::size_t kLargestSidecar = std::size_t{1} << 20U;
constexpr double kSunTemperatureK = 5772.0;  // IAU 2015 B3 nominal

/// Typed look-ups in the "parameters" object; what is absent is collected, what is wrong throws.
class Parameters {
 public:
  Parameters(const json& object, std::string file) : object_(object), file_(std::move(file)) {}

  std::optional<double> number(const std::string& key, double low, double high) {
    const auto entry = object_.find(key);
    if (entry == object_.end()) {
      missing_ += (missing_.empty() ? "" : ", ") + key;
      return std::nullopt;
    }
    const double value = entry->is_number() ? entry->get<double>() : std::nan("");
    if (!(value >= low && value <= high)) {
      throw Error("the value is not a number in its range")
          .on(file_ + ": " + key)
          .expected(fmt::format("{} to {}", low, high))
          .found(entry->dump());
    }
    return value;
  }
  std::optional<double> scalar(const std::string& key, ScalarId id, double factor = 1.0) {
    const planet::ScalarInfo& info = planet::info(id);
    const std::optional<double> value = number(key, info.validMin / factor, info.validMax / factor);
    if (!value) return std::nullopt;
    return *value * factor;
  }
  std::optional<double> optionalNumber(const std::string& key, double low, double high) {
    return object_.contains(key) ? number(key, low, high) : std::nullopt;
  }
  std::optional<bool> flag(const std::string& key) {
    const auto entry = object_.find(key);
    if (entry == object_.end()) {
      missing_ += (missing_.empty() ? "" : ", ") + key;
      return std::nullopt;
    }
    if (!entry->is_boolean()) throw Error("expected true or false").on(file_ + ": " + key).found(entry->dump());
    return entry->get<bool>();
  }
  [[nodiscard]] const std::string& missing() const { return missing_; }

 private:
  const json& object_;
  std::string file_;
  std::string missing_;
};

void readStar(const json& parameters, Parameters& read, ExoplasimSidecar& out) {
  const auto entry = parameters.find("star_temperature_K");
  if (entry != parameters.end() && entry->is_string()) {
    const std::string words = entry->get<std::string>();
    if (words.find("solar") == std::string::npos) {
      out.assumptions.push_back("star_temperature_K is '" + words + "': the stellar temperature stays absent");
      return;
    }
    out.truth->star.temperatureK = kSunTemperatureK;
    out.assumptions.push_back("star_temperature_K is '" + words + "': taken as the Sun's 5772 K");
  } else if (const auto value = read.scalar("star_temperature_K", ScalarId::kStellarTemperature); value) {
    out.truth->star.temperatureK = *value;
  } else {
    return;
  }
  out.scalars[ScalarId::kStellarTemperature] = planet::Measurement{out.truth->star.temperatureK, 0.0, 0};
}

void readAtmosphere(Parameters& read, ExoplasimSidecar& out) {
  constexpr double kBar = 1e5;
  constexpr double kMostBar = 1e4;
  planet::Atmosphere& air = out.truth->atmosphere;
  bool stated = false;
  const auto partial = [&](const std::string& key) {
    const std::optional<double> bar = read.optionalNumber(key, 0.0, kMostBar);
    stated = stated || bar.has_value();
    return bar.value_or(0.0);
  };
  double known = 0.0;
  double sum = 0.0;
  std::array<double, planet::kGasCount> partialBar{};
  for (std::size_t g = 0; g < planet::kGasCount; ++g) {
    const Gas gas = static_cast<Gas>(g);
    if (gas == Gas::kH2O) continue;
    partialBar[g] = partial("p" + std::string(planet::name(gas)) + "_bar");
    sum += partialBar[g];
    if (gas != Gas::kN2) known += partialBar[g];
  }
  double inert = 0.0;
  for (const char* key : {"pAr_bar", "pHe_bar", "pNe_bar"}) {
    inert += partial(key);
  }
  sum += inert;
  const std::optional<double> total = read.number("surface_pressure_bar", 0.0, kMostBar);
  if (!total) return;
  if (sum > 0.0 && std::abs(sum - *total) > 0.01 * *total) {
    throw Error("the partial pressures do not add up to surface_pressure_bar")
        .expected(fmt::format("{} bar", *total))
        .found(fmt::format("{} bar", sum));
  }
  air.surfacePressurePa = *total * kBar;
  out.scalars[ScalarId::kSurfacePressure] = planet::Measurement{air.surfacePressurePa, 0.0, 0};
  if (!stated) {
    out.assumptions.push_back("no partial pressure is stated (pN2_bar, pCO2_bar): the composition is unknown");
    return;
  }
  if (known > *total) throw Error("the partial pressures exceed surface_pressure_bar");
  for (std::size_t g = 0; g < planet::kGasCount; ++g) {
    if (static_cast<Gas>(g) != Gas::kN2) air.mixingRatio[g] = partialBar[g] / *total;
  }
  air.ratio(Gas::kN2) = 1.0 - known / *total;
  if (inert > 0.0) {
    out.assumptions.push_back(
        fmt::format("argon and other inert gas ({:.5g} bar) is counted as N2, the rest of the composition", inert));
  }
}

json parse(const std::filesystem::path& path, const std::string& file) {
  try {
    return json::parse(readFile(path, kLargestSidecar));
  } catch (const json::exception& error) {
    throw Error("the sidecar is not valid JSON").on(file).found(error.what());
  }
}

std::string textOf(const json& object, const char* key) {
  const auto entry = object.find(key);
  return entry != object.end() && entry->is_string() ? entry->get<std::string>() : "";
}

std::vector<std::string> aliasesOf(const json& document, const std::string& file) {
  const auto entry = document.find("aliases");
  if (entry == document.end()) return {};
  const bool texts =
      entry->is_array() && std::all_of(entry->begin(), entry->end(), [](const json& name) { return name.is_string(); });
  if (!texts) throw Error("expected a list of names").on(file + ": aliases").found(entry->dump().substr(0, 60));
  return entry->get<std::vector<std::string>>();
}

/// Empty where none is stated.
std::string systemKeyOf(const json& document, const std::string& file) {
  const std::string key = textOf(document, "system_key");
  constexpr std::size_t kLongest = 64;
  const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (key.size() > kLongest || !printable) {
    throw Error("not the key of a system")
        .on(file + ": system_key")
        .expected("at most 64 printable ASCII characters without a blank, as an export writes them")
        .found(std::to_string(key.size()) + " bytes");
  }
  return key;
}

}  // namespace

ExoplasimSidecar readExoplasimSidecar(const std::filesystem::path& path) {
  const std::string file = path.filename().string();
  const json document = parse(path, file);
  if (!document.is_object() || !document.contains("parameters") || !document["parameters"].is_object()) {
    throw Error("the sidecar has no 'parameters' object").on(file);
  }
  const json& parameters = document["parameters"];
  ExoplasimSidecar out;
  out.name = textOf(document, "name");
  out.aliases = aliasesOf(document, file);
  if (const std::string digest = textOf(document, "sha256"); !digest.empty()) out.sha256 = digest;
  out.systemKey = systemKeyOf(document, file);
  if (parameters.empty()) {
    out.assumptions.push_back(file + " states no parameters: star, orbit and air are not known");
    return out;
  }
  if (out.systemKey.empty()) out.systemKey = sha256(parameters.dump());
  Parameters read(parameters, file);

  planet::PlanetTruth& truth = out.truth.emplace(planet::unstatedTruth());
  const auto take = [&](const char* key, ScalarId id, double& member) {
    if (const auto value = read.scalar(key, id); value) {
      member = *value;
      out.scalars[id] = planet::Measurement{*value, 0.0, 0};
    }
  };
  readStar(parameters, read, out);
  take("stellar_flux_W_m2", ScalarId::kStellarFlux, truth.orbit.fluxWm2);
  take("eccentricity", ScalarId::kEccentricity, truth.orbit.eccentricity);
  take("radius_earth", ScalarId::kPlanetRadius, truth.bulk.radiusEarth);
  take("gravity_m_s2", ScalarId::kGravity, truth.bulk.gravity);
  take("rotation_period_earth_days", ScalarId::kRotationPeriod, truth.bulk.rotationDays);
  take("obliquity_deg", ScalarId::kObliquity, truth.bulk.obliquityDeg);
  if (truth.bulk.gravity > 0.0) out.gravity = truth.bulk.gravity;
  // As an export writes them; a map of land in the climate's own file is believed before.
  constexpr double kDeepestSoilM = 1e4;
  const auto water = [&](const char* key, double high, double& member) {
    if (const auto value = read.optionalNumber(key, 0.0, high); value) member = *value;
  };
  water("ocean_fraction", 1.0, truth.surface.oceanFraction);
  water("soil_moisture_m", kDeepestSoilM, truth.surface.soilMoistureM);
  readAtmosphere(read, out);

  if (const auto locked = read.flag("tidally_locked"); locked) planet::stateSynchronous(truth.bulk, *locked);
  if (truth.bulk.synchronous) {
    out.substellarLongitudeDeg = read.number("substellar_longitude_deg", -360.0, 360.0);
    if (truth.bulk.rotationDays > 0.0) {
      truth.orbit.periodDays = truth.bulk.rotationDays;
      out.scalars[ScalarId::kOrbitalPeriod] = planet::Measurement{truth.orbit.periodDays, 0.0, 0};
      out.assumptions.push_back(fmt::format(
          "the orbital period is the rotation period, {} d: the planet is synchronous", truth.bulk.rotationDays));
    }
  } else {
    out.assumptions.push_back("the orbital period is absent: the file states a model year, not the planet's orbit");
  }
  out.assumptions.push_back("stellar radius is absent: neither stated nor determined by what is");
  if (!read.missing().empty()) {
    out.assumptions.push_back(file + " does not state " + read.missing() + ": these stay absent");
  }
  if (const auto run = document.find("run"); run != document.end() && run->is_object()) {
    Parameters runValues(*run, file);
    out.stepsMinutes = runValues.optionalNumber("timestep_minutes", 0.01, 1e5);
    out.model = textOf(*run, "model");
  }
  return out;
}

}  // namespace ecumene::data::formats
