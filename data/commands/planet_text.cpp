// SPDX-License-Identifier: Apache-2.0
#include "data/commands/planet_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "data/commands/networks.h"
#include "data/commands/planet_json.h"
#include "data/commands/terminal.h"

namespace ecumene::data::commands {
namespace {

using Cells = std::vector<std::vector<std::string>>;

/// A number in this format, "-" where there is none.
std::string shown(const char* format, const std::optional<double>& value) {
  return value ? fmt::format(fmt::runtime(format), *value) : "-";
}

/// A JSON value in one line: numbers short, objects as "name value, name value".
std::string inWords(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (!value.is_object()) return value.dump();
  std::string text;
  for (const auto& [name, member] : value.items()) {
    text += (text.empty() ? "" : ", ") + name + " " + inWords(member);
  }
  return text;
}

void printHabitableZone(const planet::Planet& p) {
  const Json hz = habitableZoneToJson(p);
  if (hz.is_null()) return;
  const auto limit = [&](const char* name) { return hz[name].get<double>(); };
  const char* place = hz["inside"].get<bool>() ? "inside" : "outside";
  const char* optimistic = hz["inside_optimistic"].get<bool>() ? "inside" : "outside";
  fmt::print(
      "\nhabitable zone: flux {:.3f} of Earth's ({}) is {} the conservative zone (runaway {:.3f} to maximum greenhouse "
      "{:.3f}), {} the optimistic one (recent Venus {:.3f} to early Mars {:.3f})\n",
      limit("flux"), hz["by"].get<std::string>(), place, limit("runaway"), limit("maximum"), optimistic,
      limit("recent_venus"), limit("early_mars"));
}

void printTruth(const planet::Planet& p) {
  const Json parts = truthToJson(p);
  if (parts.is_null()) return;
  Cells cells;
  for (const auto& [part, value] : parts.items()) cells.push_back({part, inWords(value)});
  fmt::print("\n{}", formatTable({"truth", "never shown to a model"}, cells));
}

void printClimate(const planet::Planet& p, const std::vector<store::VariableSummary>& summaries) {
  Cells cells;
  for (const store::VariableSummary& v : summaries) {
    const planet::VariableInfo& row = planet::info(v.id);
    cells.push_back({std::string(row.name), fmt::format("{:.6g}", v.statistics.minimum),
                     fmt::format("{:.6g}", v.statistics.areaWeightedMean), fmt::format("{:.6g}", v.statistics.maximum),
                     std::string(row.unit)});
  }
  if (!cells.empty()) fmt::print("\n{}", formatTable({"climate", "min", "area mean", "max", "unit"}, cells));
  if (p.climate && !p.climate->grid.epochGyr.empty()) {
    fmt::print("\nover ages of the star of {:.3g} Gyr; all else is of the last, the present\n",
               fmt::join(p.climate->grid.epochGyr, ", "));
  }
  if (p.climateFlags) fmt::print("\nclimate solver: {}\n", inWords(toJson(*p.climateFlags)));
  if (!p.labels) return;
  const planet::ClimateLabels& l = *p.labels;
  fmt::print(
      "\nregime {}, {}; f_hab {:.3f}, h050 {:.3f}, ice {:.3f}, open {:.3f}; surface {:.1f} K ({:.1f} to {:.1f} K)\n",
      name(l.regime), l.habitable ? "habitable" : "not habitable", l.fHab, l.h050, l.iceFraction, l.openFraction,
      l.tMeanK, l.tMinK, l.tMaxK);
  fmt::print("runaway margin {} W/m2, stratospheric H2O {}, ocean lost in {} Gyr\n",
             shown("{:.1f}", l.runawayMarginWm2), shown("{:.3g}", l.stratosphericH2O), shown("{:.3g}", l.oceanLossGyr));
}

void printSpectra(const std::vector<planet::Spectrum>& spectra) {
  for (const planet::Spectrum& s : spectra) {
    const Json j = spectrumToJson(s);
    const bool depths = j.contains("median_depth_ppm");
    const Json& sigma = j[depths ? "median_sigma_ppm" : "median_sigma"];
    fmt::print("{} spectrum, {}: {} points, {:.3g} to {:.3g} um, median {} {:.6g}{}, {}\n", name(s.kind),
               s.instrument.empty() ? "instrument not named" : s.instrument, s.size(), s.lowerEdgeUm.front(),
               s.upperEdgeUm.back(), depths ? "depth" : "value",
               j[depths ? "median_depth_ppm" : "median_value"].get<double>(), depths ? " ppm" : "",
               sigma.is_null() ? "no errors"
                               : fmt::format("median sigma {:.3g}{}", sigma.get<double>(), depths ? " ppm" : ""));
  }
}

void printMetabolisms(const planet::Planet& p) {
  for (const planet::MetabolicNetwork& n : p.networks) {
    fmt::print("network {}: {} reactions, {} metabolites, {} genes, {} exchanges\n", n.id, n.reactions.size(),
               n.metabolites.size(), n.genes.size(), n.exchanges().size());
  }
  Cells cells;
  for (const planet::MetabolismCase& c : p.metabolisms) {
    const auto& v = c.viability;
    const auto number = [&](const char* format, auto member) {
      return v ? shown(format, std::optional<double>((*v).*member)) : "-";
    };
    cells.push_back({networkWord(c.metabolism), c.metabolism.network.id,
                     fmt::format("{:.0f} to {:.0f}", c.metabolism.growthMinK, c.metabolism.growthMaxK),
                     v ? (v->viable ? "yes" : "no") : "-", number("{:.3f}", &planet::Viability::window),
                     number("{:.3g}", &planet::Viability::growthPerHour),
                     number("{:.1f}", &planet::Viability::catabolicEnergyKJ)});
  }
  if (!cells.empty()) {
    fmt::print("\n{}",
               formatTable({"metabolism", "network", "grows at K", "viable", "W", "mu 1/h", "dG kJ/mol"}, cells));
  }
  const std::vector<NamedNetwork> networks = networksOf(p);
  if (!networks.empty()) {
    fmt::print("`ecumene-data fba {}` solves one\n",
               networks.size() == 1 ? p.id : fmt::format("{}:{}", p.id, networks.front().word));
  }
}

}  // namespace

void printScalars(const planet::Scalars& scalars) {
  Cells cells;
  for (const planet::ScalarInfo& row : planet::scalars()) {
    const auto& m = scalars[row.id];
    if (!m) continue;
    const char* limit = m->limit == 0 ? "" : (m->limit > 0 ? "< " : "> ");
    cells.push_back({std::string(row.name), fmt::format("{}{:.6g}", limit, m->value),
                     m->sigma > 0.0 ? fmt::format("+- {:.2g}", m->sigma) : "", std::string(row.unit)});
  }
  if (!cells.empty()) fmt::print("\n{}", formatTable({"observed", "value", "", "unit"}, cells));
}

void printTexts(const std::vector<planet::Text>& texts) {
  Cells cells;
  for (const planet::Text& t : texts) cells.push_back({t.id, t.title, t.source});
  if (!cells.empty()) fmt::print("\n{}", formatTable({"text", "title", "source"}, cells));
}

void printPlanet(const planet::Planet& p, const std::vector<store::VariableSummary>& summaries) {
  fmt::print("{}  {}  ({}, split {})\n", p.id, p.name, name(p.origin), name(planet::splitOf(p.origin, p.systemKey)));
  if (!p.aliases.empty()) fmt::print("also known as {}\n", fmt::join(p.aliases, ", "));
  printScalars(p.scalars);
  printHabitableZone(p);
  printTruth(p);
  printClimate(p, summaries);
  if (!p.spectra.empty()) fmt::print("\n");
  printSpectra(p.spectra);
  if (!p.networks.empty()) fmt::print("\n");
  printMetabolisms(p);
  if (p.origin == planet::Origin::kObserved) printTexts(p.texts);
  for (const planet::QualityCheck& q : p.quality) {
    // A check that passed may have a number to tell, as the imbalance of another model's climate.
    if (q.passed && q.message.empty()) continue;
    fmt::print("quality: {} {}: {}\n", q.name, q.passed ? "passed" : "failed", q.message);
  }
  fmt::print("\n");
  for (const planet::Provenance& s : p.provenance) {
    fmt::print("{}: {}{}{}\n", s.part, s.source, s.generator.empty() ? "" : ", " + s.generator,
               s.licence.empty() ? "" : ", licence " + s.licence);
    if (!s.conversions.empty()) fmt::print("    {}\n", s.conversions);
    for (const std::string& a : s.assumptions) fmt::print("    assumed: {}\n", a);
  }
}

}  // namespace ecumene::data::commands
