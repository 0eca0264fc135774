// SPDX-License-Identifier: Apache-2.0
#include "data/store/payload.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <numbers>

#include "data/base/error.h"
#include "data/store/network_arrays.h"

namespace ecumene::data::store {
namespace {

using planet::ClimateCube;
using planet::Field;
using planet::Grid;
using planet::Planet;
using planet::Spectrum;
using planet::VariableId;

constexpr double kClosureLimitWm2 = 0.01;

Array doubles(std::string path, std::vector<std::size_t> shape, const std::vector<double>& values,
              std::vector<Attribute> attributes) {
  Array array;
  array.path = std::move(path);
  array.type = ElementType::kFloat64;
  array.shape = std::move(shape);
  array.raw = bytesOf(values);
  array.attributes = std::move(attributes);
  return array;
}

void coordinate(std::vector<Array>& arrays, const std::string& name, const std::vector<double>& values,
                std::vector<Attribute> attributes, const std::vector<double>& bounds = {}) {
  if (!bounds.empty()) attributes.push_back({"bounds", name + "_bounds"});
  arrays.push_back(doubles("climate/" + name, {values.size()}, values, std::move(attributes)));
  if (!bounds.empty()) arrays.push_back(doubles("climate/" + name + "_bounds", {values.size(), 2}, bounds, {}));
}

std::vector<double> pairs(const std::vector<double>& edges) {
  std::vector<double> bounds;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) bounds.insert(bounds.end(), {edges[i], edges[i + 1]});
  return bounds;
}

/// Edges of latitude rows from their area shares: sin(latitude) grows by twice the share.
std::vector<double> latitudeEdges(const Grid& grid) {
  std::vector<double> edges{-90.0};
  double sine = -1.0;
  for (const double weight : grid.latitudeWeight) {
    sine = std::min(1.0, sine + 2.0 * weight);
    edges.push_back(std::asin(sine) * 180.0 / std::numbers::pi);
  }
  return edges;
}

std::vector<double> halfway(const std::vector<double>& centres, double first, double last) {
  std::vector<double> edges{first};
  for (std::size_t i = 0; i + 1 < centres.size(); ++i) edges.push_back(0.5 * (centres[i] + centres[i + 1]));
  edges.push_back(last);
  return edges;
}

void gridArrays(std::vector<Array>& arrays, const Grid& grid) {
  std::vector<double> month;
  std::vector<double> monthEdges{0.0};
  for (std::size_t m = 0; m < planet::kMonths; ++m) {
    month.push_back((static_cast<double>(m) + 0.5) / static_cast<double>(planet::kMonths));
    monthEdges.push_back(static_cast<double>(m + 1) / static_cast<double>(planet::kMonths));
  }
  if (!grid.epochGyr.empty()) {
    coordinate(arrays, "epoch", grid.epochGyr,
               {{"long_name", std::string("age of the star")}, {"units", std::string("Gyr")}});
  }
  coordinate(arrays, "time", month,
             {{"long_name", std::string("fraction of the orbital period; means over twelfths of the orbit")},
              {"units", std::string("1")},
              {"axis", std::string("T")}},
             pairs(monthEdges));
  coordinate(arrays, "lat", grid.latitudeDeg,
             {{"standard_name", std::string("latitude")}, {"units", std::string("degrees_north")}},
             pairs(latitudeEdges(grid)));
  arrays.push_back(
      doubles("climate/lat_weight", {grid.latitudeWeight.size()}, grid.latitudeWeight,
              {{"long_name", std::string("area share of the latitude row")}, {"units", std::string("1")}}));
  arrays.back().dimensions = {"climate/lat"};
  const std::vector<double>& lon = grid.longitudeDeg;
  const double half = lon.size() > 1 ? 0.5 * (lon[1] - lon[0]) : 180.0;
  coordinate(arrays, "lon", lon, {{"standard_name", std::string("longitude")}, {"units", std::string("degrees_east")}},
             pairs(halfway(lon, lon.front() - half, lon.back() + half)));
  if (!grid.sigma.empty()) {
    coordinate(arrays, "lev", grid.sigma,
               {{"standard_name", std::string("atmosphere_sigma_coordinate")},
                {"units", std::string("1")},
                {"positive", std::string("down")}},
               pairs(halfway(grid.sigma, 0.0, 1.0)));
  }
}

std::string provenanceOf(const Planet& planet, std::string_view part) {
  for (const planet::Provenance& p : planet.provenance) {
    if (p.part != part) continue;
    std::string text = p.source + (p.generator.empty() ? "" : " by " + p.generator);
    if (!p.sha256.empty()) text += ", sha256 " + p.sha256;
    if (!p.conversions.empty()) text += "; " + p.conversions;
    return text;
  }
  return {};
}

Array fieldArray(const ClimateCube& cube, const Field& field, const std::optional<Packed>& packed) {
  const planet::VariableInfo& row = info(field.id);
  Array array;
  for (const auto& [present, name, size] :
       {std::tuple{!cube.grid.epochGyr.empty(), "climate/epoch", cube.grid.epochs()},
        std::tuple{true, "climate/time", planet::kMonths},
        std::tuple{true, "climate/lat", cube.grid.latitudeDeg.size()},
        std::tuple{true, "climate/lon", cube.grid.longitudeDeg.size()},
        std::tuple{row.onLevels, "climate/lev", cube.grid.sigma.size()}}) {
    if (!present) continue;
    array.shape.push_back(size);
    array.dimensions.emplace_back(name);
  }
  array.packing = packed ? packed->packing : Packing::kNone;
  array.path = variablePath(field.id, array.packing);
  if (array.packing == Packing::kLog10) {
    array.attributes.push_back({"long_name", "base-10 logarithm of " + std::string(row.name)});
    array.attributes.push_back({"_FillValue", kBelowFloor});
    array.attributes.push_back({"fill_meaning", std::string("the value is below `floor` and is read as 0")});
    array.attributes.push_back({"floor", kHumidityFloor});
    array.attributes.push_back({"units", std::string("1")});
  } else {
    array.attributes.push_back({"standard_name", std::string(row.name)});
    array.attributes.push_back({"units", std::string(row.unit)});
  }
  array.attributes.push_back({"short_name", std::string(row.symbol)});
  array.attributes.push_back({"cell_methods", std::string("time: mean")});
  array.attributes.push_back({"packing", std::string(name(array.packing))});
  if (!packed) {
    array.type = ElementType::kFloat32;
    array.raw = bytesOf(field.values);
    return array;
  }
  array.type = ElementType::kInt16;
  array.raw = bytesOf(packed->codes);
  array.scale = packed->scale;
  array.offset = packed->offset;
  array.attributes.push_back({"scale_factor", packed->scale});
  array.attributes.push_back({"add_offset", packed->offset});
  const bool relative = packed->packing == Packing::kLog10;
  array.attributes.push_back({relative ? "relative_error_bound" : "absolute_error_bound", packed->bound});
  array.attributes.push_back({relative ? "relative_error_largest" : "absolute_error_largest", packed->largestError});
  return array;
}

double areaMean(const ClimateCube& cube, VariableId id, const std::vector<float>& values) {
  return statistics(cube, Field{id, values}).areaWeightedMean;
}

/// True if packing moves the area mean of ASR - OLR by less than the limit.
bool closureKept(const ClimateCube& cube, const std::vector<std::optional<Packed>>& packed) {
  double moved = 0.0;
  for (std::size_t i = 0; i < cube.fields.size(); ++i) {
    const Field& field = cube.fields[i];
    if (!packed[i]) continue;
    const double sign = field.id == VariableId::kToaNetShortwave       ? 1.0
                        : field.id == VariableId::kToaOutgoingLongwave ? -1.0
                                                                       : 0.0;
    if (sign == 0.0) continue;
    moved += sign * (areaMean(cube, field.id, unpack(*packed[i])) - areaMean(cube, field.id, field.values));
  }
  return std::abs(moved) < kClosureLimitWm2;
}

/// The fields as they are packed; none where one stays float32.
std::vector<std::optional<Packed>> packedFields(const ClimateCube& cube) {
  std::vector<std::optional<Packed>> packed;
  for (const Field& field : cube.fields) packed.push_back(pack(field.id, field.values));
  if (closureKept(cube, packed)) return packed;
  for (std::size_t i = 0; i < cube.fields.size(); ++i) {
    const VariableId id = cube.fields[i].id;
    if (id == VariableId::kToaNetShortwave || id == VariableId::kToaOutgoingLongwave) packed[i].reset();
  }
  return packed;
}

void climateArrays(std::vector<Array>& arrays, const Planet& planet) {
  const ClimateCube& cube = *planet.climate;
  const std::vector<std::optional<Packed>> packed = packedFields(cube);
  const std::string provenance = provenanceOf(planet, "climate");
  // Fields lie one after another, so that a sample is one read of the file.
  for (std::size_t i = 0; i < cube.fields.size(); ++i) {
    arrays.push_back(fieldArray(cube, cube.fields[i], packed[i]));
    arrays.back().attributes.push_back({"provenance", provenance});
  }
  gridArrays(arrays, cube.grid);
  const auto map = [&](const char* name, const std::vector<float>& values, const char* standardName, const char* unit) {
    if (values.empty()) return;
    Array array;
    array.path = std::string("climate/") + name;
    array.type = ElementType::kFloat32;
    array.shape = {cube.grid.latitudeDeg.size(), cube.grid.longitudeDeg.size()};
    array.raw = bytesOf(values);
    array.attributes = {{"standard_name", std::string(standardName)}, {"units", std::string(unit)}};
    array.dimensions = {"climate/lat", "climate/lon"};
    arrays.push_back(std::move(array));
  };
  map("land_fraction", cube.landFraction, "land_area_fraction", "1");
  map("orography", cube.orographyM, "surface_altitude", "m");
}

void spectrumArrays(std::vector<Array>& arrays, const Planet& planet, std::size_t index) {
  const Spectrum& s = planet.spectra[index];
  const std::string group = "spectra/" + std::to_string(index) + "/";
  const std::string unit(planet::valueUnit(s.kind));
  const auto add = [&](const char* name, const std::vector<double>& values, const char* meaning,
                       const std::string& units) {
    if (values.empty()) return;
    arrays.push_back(
        doubles(group + name, {values.size()}, values, {{"long_name", std::string(meaning)}, {"units", units}}));
  };
  add("wavelength", s.wavelengthUm, "centre of the bin", "um");
  add("lower_edge", s.lowerEdgeUm, "lower edge of the bin", "um");
  add("upper_edge", s.upperEdgeUm, "upper edge of the bin", "um");
  add("value", s.value, std::string(name(s.kind)).c_str(), unit);
  if (!s.value.empty()) {
    arrays.back().attributes.push_back({"instrument", s.instrument});
    arrays.back().attributes.push_back({"provenance", provenanceOf(planet, "spectrum[" + std::to_string(index) + "]")});
  }
  // One meaning for both, so that equal ones are stored once.
  add("sigma_lower", s.sigmaLower, "1-sigma uncertainty, to the side named", unit);
  add("sigma_upper", s.sigmaUpper, "1-sigma uncertainty, to the side named", unit);
}

}  // namespace

std::string variablePath(VariableId id, Packing packing) {
  return (packing == Packing::kLog10 ? "climate/log10_" : "climate/") + std::string(info(id).name);
}

std::vector<Array> payloadArrays(const Planet& planet) {
  std::vector<Array> arrays;
  if (planet.climate) climateArrays(arrays, planet);
  for (std::size_t i = 0; i < planet.spectra.size(); ++i) spectrumArrays(arrays, planet, i);
  std::vector<const planet::MetabolicNetwork*> networks;
  for (const planet::MetabolismCase& c : planet.metabolisms) networks.push_back(&c.metabolism.network);
  for (const planet::MetabolicNetwork& n : planet.networks) networks.push_back(&n);
  std::vector<Array> more = networkArrays(networks);
  arrays.insert(arrays.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return arrays;
}

std::vector<Attribute> rootAttributes(const Planet& planet) {
  return {{"Conventions", std::string("CF-1.10")},
          {"title", planet.name},
          {"id", planet.id},
          {"origin", std::string(name(planet.origin))},
          {"dataset_version", static_cast<double>(planet.datasetVersion)},
          {"source", std::string("Ecumene")}};
}

ClimateCube keptClimate(const ClimateCube& cube) {
  ClimateCube kept = cube;
  const std::vector<std::optional<Packed>> packed = packedFields(cube);
  for (std::size_t i = 0; i < packed.size(); ++i) {
    if (packed[i]) kept.fields[i].values = unpack(*packed[i]);
  }
  return kept;
}

Planet withoutArrays(const Planet& planet) {
  Planet rest = planet;
  if (rest.climate) rest.climate.emplace();
  for (Spectrum& s : rest.spectra) {
    Spectrum bare;
    bare.kind = s.kind;
    bare.instrument = s.instrument;
    bare.resolvingPower = s.resolvingPower;
    s = bare;
  }
  for (planet::MetabolismCase& c : rest.metabolisms) c.metabolism.network = {};
  rest.networks.assign(rest.networks.size(), {});
  return rest;
}

void restoreSpectrum(Spectrum& spectrum, std::size_t index, PayloadFile& file) {
  const std::string group = "spectra/" + std::to_string(index) + "/";
  spectrum.wavelengthUm = file.numbers<double>(group + "wavelength");
  spectrum.lowerEdgeUm = file.numbers<double>(group + "lower_edge");
  spectrum.upperEdgeUm = file.numbers<double>(group + "upper_edge");
  spectrum.value = file.numbers<double>(group + "value");
  spectrum.sigmaLower = file.numbers<double>(group + "sigma_lower");
  spectrum.sigmaUpper = file.numbers<double>(group + "sigma_upper");
}

void restoreArrays(Planet& planet, PayloadFile& file) {
  if (planet.climate) {
    ClimateCube& cube = *planet.climate;
    cube.grid.latitudeDeg = file.numbers<double>("climate/lat");
    cube.grid.latitudeWeight = file.numbers<double>("climate/lat_weight");
    cube.grid.longitudeDeg = file.numbers<double>("climate/lon");
    cube.grid.sigma = file.numbers<double>("climate/lev");
    cube.grid.epochGyr = file.numbers<double>("climate/epoch");
    for (const planet::VariableInfo& v : planet::variables()) {
      if (file.variablePlace(v.id) != nullptr) cube.fields.push_back({v.id, file.field(v.id)});
    }
    cube.landFraction = file.numbers<float>("climate/land_fraction");
    cube.orographyM = file.numbers<float>("climate/orography");
  }
  for (std::size_t i = 0; i < planet.spectra.size(); ++i) restoreSpectrum(planet.spectra[i], i, file);
  std::vector<planet::MetabolicNetwork> networks = networksFrom(file);
  if (networks.size() != planet.metabolisms.size() + planet.networks.size()) {
    throw Error("the networks of the payload are not as many as the catalogue says");
  }
  std::size_t next = 0;
  for (planet::MetabolismCase& c : planet.metabolisms) c.metabolism.network = std::move(networks[next++]);
  for (planet::MetabolicNetwork& n : planet.networks) n = std::move(networks[next++]);
}

}  // namespace ecumene::data::store
