// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "data/formats/export/writers.h"

namespace ecumene::data::formats {
namespace {

/// A scalar of YAML in double quotes, which are those of JSON for what is no control character.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= ' ') out += c;
  }
  return out + '"';
}

/// Name of the column of values, in the words that readers know the kind by.
std::string valueName(planet::SpectrumKind kind) {
  switch (kind) {
    case planet::SpectrumKind::kTransmission:
      return "transit_depth";
    case planet::SpectrumKind::kEmission:
      return "eclipse_depth";
    case planet::SpectrumKind::kGeometricAlbedo:
      return "albedo";
    case planet::SpectrumKind::kStellarFlux:
    case planet::SpectrumKind::kReflectance:
    case planet::SpectrumKind::kPlanetFlux:
    case planet::SpectrumKind::kRelativeStellarFlux:
    case planet::SpectrumKind::kRelativePlanetFlux:
      break;
  }
  return std::string(planet::name(kind));
}

}  // namespace

std::string ecsvSpectrum(const planet::Planet& planet, std::size_t index) {
  const planet::Spectrum& s = planet.spectra[index];
  const std::string value = valueName(s.kind);
  const std::string unit = "'" + std::string(planet::valueUnit(s.kind)) + "'";
  const bool errors = !s.sigmaLower.empty();
  std::string out = "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n";
  std::string header;
  const auto column = [&](const std::string& name, const std::string& unitOf, const char* what) {
    out += fmt::format("# - {{name: {}, unit: {}, datatype: float64, description: {}}}\n", name, unitOf, what);
    header += (header.empty() ? "" : ",") + name;
  };
  column("wavelength", "um", "centre of the bin");
  column("wavelength_lower", "um", "lower edge of the bin");
  column("wavelength_upper", "um", "upper edge of the bin");
  column(value, unit, "value");
  if (errors) {
    column(value + "_error_lower", unit, "one sigma towards smaller values");
    column(value + "_error_upper", unit, "one sigma towards larger values");
  }
  out += "# meta: !!omap\n# - {target: " + quoted(planet.name) + "}\n# - {kind: " + quoted(std::string(name(s.kind))) +
         "}\n";
  if (!planet.aliases.empty()) out += "# - ecumene_aliases:\n";
  for (const std::string& alias : planet.aliases) out += "#   - " + quoted(alias) + "\n";
  if (!s.instrument.empty()) out += "# - {instrument: " + quoted(s.instrument) + "}\n";
  if (s.resolvingPower) out += fmt::format("# - {{resolving_power: {}}}\n", *s.resolvingPower);
  out += "# - {ecumene_origin: " + std::string(name(planet.origin)) + "}\n# - ecumene_provenance:\n";
  for (const std::string& line : originLines(planet, {"spectrum", index})) out += "#   - " + quoted(line) + "\n";
  out += "# schema: astropy-2.0\n" + header + "\n";
  for (std::size_t i = 0; i < s.size(); ++i) {
    out += fmt::format("{},{},{},{}", s.wavelengthUm[i], s.lowerEdgeUm[i], s.upperEdgeUm[i], s.value[i]);
    if (errors) out += fmt::format(",{},{}", s.sigmaLower[i], s.sigmaUpper[i]);
    out += '\n';
  }
  return out;
}

}  // namespace ecumene::data::formats
