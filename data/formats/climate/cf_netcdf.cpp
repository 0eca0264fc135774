// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/cf_netcdf.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/formats/climate/cf_reading.h"
#include "data/formats/climate/netcdf_groups.h"
#include "data/planet/stated.h"

namespace ecumene::data::formats {
namespace {

using planet::kCanonicalCells;
using planet::kMonths;
using planet::VariableId;

constexpr double kColumnDeg = 360.0 / static_cast<double>(planet::kCanonicalLongitudes);

Sniff sniffCfNetcdf(const std::filesystem::path& path, std::string_view head) {
  if (!looksLikeNetcdf(head)) return {Match::kNo, "not a NetCDF file"};
  try {
    const NetcdfFile file(path);
    const CfFile cf(file);
    bool maps = false;
    for (const std::string& name : file.variables()) {
      const std::optional<CfVariable> variable = cf.map(name);
      if (!variable) continue;
      maps = true;
      if (!recognise(file, variable->variable).empty())
        return {Match::kCertain, "variables of a climate on latitudes and longitudes"};
    }
    if (const std::vector<std::string> groups = groupsWithVariables(path); !groups.empty()) {
      return {Match::kNear, fmt::format("NetCDF whose variables lie in the group '{}', where they are not read; {}",
                                        groups.front(), kFlatten)};
    }
    return {Match::kNear,
            maps ? "NetCDF without a variable of a climate's" : "NetCDF with no variable on latitudes and longitudes"};
  } catch (const Error& error) {
    return {Match::kNear, error.what()};
  }
}

std::optional<std::vector<double>> means(CfReading& r, Quantity quantity) {
  const CfSource* source = r.find(quantity);
  if (source == nullptr) return std::nullopt;
  std::optional<std::vector<double>> values = surfaceMeans(r, *source);
  if (values) askIfFraction(r, *source, *values);
  return values;
}

std::optional<std::vector<double>> netShortwave(CfReading& r) {
  if (auto net = means(r, Quantity::kNetShortwave); net) return net;
  auto incoming = means(r, Quantity::kIncomingShortwave);
  const auto reflected = means(r, Quantity::kReflectedShortwave);
  if (!incoming || !reflected) return std::nullopt;
  for (std::size_t i = 0; i < incoming->size(); ++i) (*incoming)[i] -= (*reflected)[i];
  r.convert("net shortwave as incoming minus outgoing");
  return incoming;
}

std::optional<std::vector<double>> outgoingLongwave(CfReading& r) {
  for (const Quantity quantity : {Quantity::kOutgoingLongwave, Quantity::kNetDownwardLongwave}) {
    if (auto flux = means(r, quantity); flux) {
      const CfVariable& variable = r.find(quantity)->variable;
      const bool upward = r.cf.file().text(variable.variable, "standard_name") == "toa_outgoing_longwave_flux" &&
                          std::all_of(flux->begin(), flux->end(), [](double v) { return v >= 0.0; });
      if (!upward) makeOutgoing(r, variable.variable.name, *flux);
      return flux;
    }
  }
  return std::nullopt;
}

/// Surface pressure of the file, else of its level at height 0 where a variable on levels has one.
std::optional<std::vector<double>> surfacePressure(CfReading& r) {
  if (const CfSource* stated = r.find(Quantity::kSurfacePressure); stated != nullptr) return surfaceMeans(r, *stated);
  for (const std::string& name : r.pressures) {
    const CfVariable variable = *r.cf.map(name);
    if (!groundLevel(levelsOf(r.cf, variable, r.pressures))) continue;
    const MonthPlan& plan = r.months(variable);
    return r.unless(name, [&] {
      GroundPressure ground(r, variable, false);
      MonthlyMeans monthly(kCanonicalCells);
      for (std::size_t step = 0; step < plan.month.size(); ++step) {
        monthly.add(plan.month[step], plan.weight[step], ground.at(step));
      }
      r.assume(ground.words());
      return std::optional(monthly.result());
    });
  }
  return std::nullopt;
}

std::optional<std::vector<double>> valuesOf(CfReading& r, VariableId id) {
  switch (id) {
    case VariableId::kAirTemperature:
      return levelMeans(r, Quantity::kAirTemperature);
    case VariableId::kSpecificHumidity:
      return levelMeans(r, Quantity::kSpecificHumidity);
    case VariableId::kEastwardWind:
      return levelMeans(r, Quantity::kEastwardWind);
    case VariableId::kNorthwardWind:
      return levelMeans(r, Quantity::kNorthwardWind);
    case VariableId::kSurfaceTemperature:
      return means(r, Quantity::kSurfaceTemperature);
    case VariableId::kSurfaceAirPressure:
      return surfacePressure(r);
    case VariableId::kCloudAreaFraction:
      return means(r, Quantity::kCloudFraction);
    case VariableId::kSeaIceAreaFraction:
      return means(r, Quantity::kSeaIceFraction);
    case VariableId::kToaNetShortwave:
      return netShortwave(r);
    case VariableId::kToaOutgoingLongwave:
      return outgoingLongwave(r);
  }
  throw internalError("a variable that is none");
}

void readFields(CfReading& r) {
  planet::ClimateCube& cube = *r.import.planet.climate;
  std::string absent;
  for (const planet::VariableInfo& info : planet::variables()) {
    std::optional<std::vector<double>> values = valuesOf(r, info.id);
    ++r.variablesDone;
    if (const auto wrong = values ? negativeMean(info, *values) : std::nullopt; wrong) {
      r.aside(std::string(info.symbol), *wrong);
      values.reset();
    }
    if (!values) {
      absent += (absent.empty() ? "" : ", ") + std::string(info.name);
      continue;
    }
    checkRange(info, *values,
               fmt::format("if the file's unit is another, say so: --set units.{}=UNIT; without it: --set leave={}",
                           info.symbol, info.symbol));
    cube.fields.push_back({info.id, {values->begin(), values->end()}});
  }
  if (cube.fields.empty()) {
    std::string why;
    for (const std::string& text : r.asides) why += (why.empty() ? "" : "; ") + text;
    throw Error("no variable of the file makes a climate").found(why.empty() ? "none that is known" : why);
  }
  if (!absent.empty()) r.assume("absent, as the file does not give them: " + absent);
}

void readSurface(CfReading& r, const std::optional<double>& statedGravity) {
  planet::Planet& planet = r.import.planet;
  planet::ClimateCube& cube = *planet.climate;
  if (const CfSource* source = r.find(Quantity::kLandFraction); source != nullptr) {
    if (const auto land = surfaceMean(r, *source); land) {
      askIfFraction(r, *source, *land);
      double ocean = 0.0;
      for (std::size_t c = 0; c < kCanonicalCells; ++c) {
        if (!((*land)[c] >= -1e-6 && (*land)[c] <= 1.0 + 1e-6)) {
          throw Error("the land fraction is outside 0 to 1")
              .on(source->variable.variable.name)
              .found(fmt::format("{}", (*land)[c]));
        }
        const double share = std::clamp((*land)[c], 0.0, 1.0);
        cube.landFraction.push_back(static_cast<float>(share));
        ocean += (1.0 - share) * cube.grid.cellWeight(c / planet::kCanonicalLongitudes);
      }
      if (planet.truth) planet.truth->surface.oceanFraction = std::min(ocean, 1.0);
    }
  }
  if (const CfSource* height = r.find(Quantity::kSurfaceHeight); height != nullptr) {
    if (const auto map = surfaceMean(r, *height); map) cube.orographyM.assign(map->begin(), map->end());
    return;
  }
  const CfSource* geopotential = r.find(Quantity::kSurfaceGeopotential);
  if (geopotential == nullptr) return;
  constexpr double kMostGravity = 1000.0;
  const std::optional<double> chosen = numberOption(r.options, "gravity", 0.01, kMostGravity, "m s-2");
  const std::optional<double> gravity = chosen ? chosen : statedGravity;
  if (!gravity) {
    r.aside(geopotential->variable.variable.name,
            "surface heights need the planet's gravity; give it: --set gravity=M_S2");
    return;
  }
  if (const auto map = surfaceMean(r, *geopotential); map) {
    for (const double value : *map) cube.orographyM.push_back(static_cast<float>(value / *gravity));
    r.convert(fmt::format("surface heights from {} by a gravity of {:g} m s-2", geopotential->variable.variable.name,
                          *gravity));
  }
}

/// What a file that we wrote says of its planet. Only that of another climate model is taken: a generated planet that
/// comes as a file has lost the draw that its split goes by, and an observed one has no climate to be scored by.
void settleOrigin(ClimateImport& c, const NetcdfFile& file) {
  c.import.planet.origin = planet::Origin::kGcm;
  const std::optional<std::string> stated = file.text("ecumene_origin");
  if (!stated || *stated == planet::name(planet::Origin::kGcm)) return;
  c.import.planet.origin = planet::Origin::kOther;
  c.assume("the file says that its planet is not of a climate model but '" + *stated +
           "': it is kept apart and not scored");
}

std::string gridWords(CfReading& r) {
  std::string text;
  for (const auto& [quantity, source] : r.sources) {
    const CfGrid& grid = r.cf.grid(source.variable);
    if (grid.cells.capDeg > 0.0) {
      r.assume(fmt::format("the rows of {} end {:.4g} degrees from a pole: the outermost ones stand for the cap too",
                           source.variable.variable.name, grid.cells.capDeg));
    }
    const std::string words = fmt::format("{} x {} cells{}", grid.cells.rows.size(), grid.cells.columns.size(),
                                          grid.cells.gaussian ? ", Gaussian latitudes" : "");
    if (text.find(words) == std::string::npos) text += (text.empty() ? "" : "; ") + words;
  }
  return text;
}

/// Where nothing says whether the planet is synchronous, an option that says what stands under its star does.
std::size_t longitudeWithoutSidecar(ClimateImport& c) {
  if (c.options.find("substellar_longitude") == nullptr) {
    c.assume("longitudes stay as they are; those of a synchronous planet take --set substellar_longitude=DEGREES");
    return 0;
  }
  c.import.planet.truth = planet::unstatedTruth();
  planet::stateSynchronous(c.import.planet.truth->bulk, true);
  c.assume("the planet is synchronous, as --set substellar_longitude implies");
  return settleLongitude(c, std::nullopt);
}

planet::Import readCf(const std::filesystem::path& path, const ImportOptions& options) {
  const NetcdfFile file(path);
  ClimateImport start{options};
  planet::Planet& planet = start.import.planet;
  settleOrigin(start, file);
  const std::optional<ExoplasimSidecar> sidecar = sidecarBeside(path);
  std::size_t roll = 0;
  if (sidecar) {
    applySidecar(start, *sidecar, path);
    roll = planet.truth ? settleLongitude(start, sidecar->substellarLongitudeDeg) : longitudeWithoutSidecar(start);
  } else {
    start.assume("there is no planet.json beside the file: star, orbit and air are not known");
    roll = longitudeWithoutSidecar(start);
  }
  if (const std::string* name = options.find("planet"); name != nullptr) planet.name = *name;
  if (planet.name.empty()) {
    planet.name = path.stem().string();
    start.assume("the planet is named after its file, '" + planet.name + "'");
  }
  planet.climate.emplace();
  planet.climate->grid = planet::canonicalGrid();
  const CfFile cf(file, -static_cast<double>(roll) * kColumnDeg);
  CfReading r{std::move(start), cf};
  recogniseAll(r);
  if (const std::string* left = options.find("leave"); left != nullptr) {
    const QuantityInfo* entry = quantityCalled(*left);
    if (entry == nullptr || r.sources.erase(entry->quantity) == 0) {
      throw Error("the file has no such variable", ErrorKind::kUsage).on("--set leave=" + *left);
    }
    r.assume(*left + " is left aside, as --set leave says");
  }
  const auto requireReadable = [&](const CfVariable& variable) {
    cf.requireKeptChunks(variable);
    requireScale(file, variable.variable);
  };
  for (const auto& [quantity, source] : r.sources) requireReadable(source.variable);
  for (const std::string& name : r.pressures) requireReadable(*cf.map(name));
  for (const std::string& group : groupsWithVariables(path))
    r.aside("group '" + group + "'", std::string("variables in groups are not read; ") + kFlatten);
  r.convert("area means onto T21 from " + gridWords(r));
  readFields(r);
  readSurface(r, sidecar ? sidecar->gravity : std::nullopt);
  for (const std::string& text : r.asides) r.assume("left aside: " + text);
  r.import.provenance.conversions = r.conversions;
  return std::move(r.import);
}

}  // namespace

Format cfNetcdfFormat() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> list;
    for (const QuantityInfo& q : quantities()) {
      if (q.quantity == Quantity::kAirPressure) continue;
      list.push_back("units." + std::string(q.key));
      list.push_back("variable." + std::string(q.key));
    }
    return list;
  }();
  std::vector<OptionInfo> options{
      {"time", "constant: one state or mean stands for all months; twelfths: the steps in their order are one year"},
      {"levels", "hold: beyond the file's levels the nearest one's value is taken"},
      {"surface_pressure", "Pa everywhere, to place levels by where the file has no surface pressure"},
      {"gravity", "m s-2, to make heights of a surface geopotential"},
      {"leave", "a variable, by our short name, that is not to be read"},
      {"substellar_longitude", "degrees east under the star of a synchronous planet"},
  };
  for (const std::string& key : keys) {
    options.push_back({key, key.starts_with("units.")
                                ? "unit of the variable, for want of the file's attribute or against it"
                                : "name of the variable in the file"});
  }
  return {.name = "cf_netcdf",
          .kind = planet::ImportKind::kClimate,
          .reads = "NetCDF of any climate model on latitudes and longitudes, by CF names",
          .options = std::move(options),
          .beside = {"planet.json"},
          .sniff = sniffCfNetcdf,
          .read = readCf};
}

}  // namespace ecumene::data::formats
