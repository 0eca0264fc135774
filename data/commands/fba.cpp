// SPDX-License-Identifier: Apache-2.0
#include "data/physics/flux/fba.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <system_error>

#include "data/base/error.h"
#include "data/commands/commands.h"
#include "data/commands/json.h"
#include "data/commands/networks.h"
#include "data/commands/terminal.h"
#include "data/formats/child/import_child.h"
#include "data/physics/metabolism/viability.h"
#include "data/store/store.h"

namespace ecumene::data::commands {
namespace {

/// A network and what it is called.
struct Chosen {
  std::string word;
  planet::MetabolicNetwork network;
  std::optional<planet::Viability> verdict;  ///< whose environment bounds the network
};

/// An archetype metabolism as its planet feeds it: with the bounds by which its viability was judged.
Chosen onItsPlanet(const planet::Planet& p, const planet::MetabolismCase& c, std::string word) {
  if (!c.viability || !p.truth) {
    throw Error("the planet's climate, air or star is not known, so nothing bounds the network").on(word);
  }
  const physics::metabolism::Environment environment = physics::metabolism::environmentOf(*c.viability, *p.truth);
  if (!environment.habitable()) {
    throw Error("the planet has no liquid water in the growth window, so there is no flux balance").on(word);
  }
  return {std::move(word), physics::metabolism::inEnvironment(c.metabolism, environment), c.viability};
}

/// "ID" where the planet has one network, else "ID:NETWORK".
Chosen storedNetwork(const Common& common, const std::string& word) {
  const std::size_t colon = word.find(':');
  const std::string id = word.substr(0, colon);
  const store::Store store = store::Store::open(common.store, store::Mode::kRead);
  const planet::Planet p = store.get(id);
  const std::vector<NamedNetwork> networks = networksOf(p);
  if (networks.empty()) throw Error("the planet has no metabolic network").on(id);
  if (colon == std::string::npos && networks.size() > 1) {
    std::string words;
    for (const NamedNetwork& n : networks) words += (words.empty() ? "" : ", ") + n.word;
    throw Error("the planet has several networks").on(id).expected(id + ":NETWORK with one of " + words);
  }
  const NamedNetwork& chosen =
      colon == std::string::npos ? networks.front() : findNetwork(networks, id, word.substr(colon + 1));
  if (chosen.metabolism != nullptr) return onItsPlanet(p, *chosen.metabolism, id + ":" + chosen.word);
  return {id + ":" + chosen.word, *chosen.network, std::nullopt};
}

/// Whether the word can only be meant as a file: an id holds no slash, though "ID:ARCHETYPE/VARIANT" does. An id may
/// end like a file, so a planet of that id comes first.
bool meansAFile(const Common& common, const std::string& word) {
  if (word.substr(0, word.find(':')).find('/') != std::string::npos) return true;
  const auto ends = std::to_array<std::string_view>({".xml", ".gz", ".bz2", ".json", ".sbml"});
  if (word.find(':') != std::string::npos ||
      std::none_of(ends.begin(), ends.end(), [&](std::string_view end) { return word.ends_with(end); })) {
    return false;
  }
  std::error_code problem;
  return !planet::isValidId(word) || !std::filesystem::exists(common.store, problem) ||
         !store::Store::open(common.store, store::Mode::kRead).contains(word);
}

/// Why the word names no file that could be read.
Error noPlainFile(const std::string& word) {
  std::error_code problem;
  const std::filesystem::file_status status = std::filesystem::status(word, problem);
  if (status.type() == std::filesystem::file_type::none) {
    return systemError("cannot open the file", word, problem.value());
  }
  return Error(status.type() == std::filesystem::file_type::not_found   ? "there is no such file"
               : status.type() == std::filesystem::file_type::directory ? "this is a folder"
                                                                        : "this is not a plain file")
      .on(word)
      .expected("an SBML or COBRA JSON file or the id of a stored planet");
}

Chosen networkOf(const Common& common, const std::string& word) {
  std::error_code problem;
  if (!std::filesystem::is_regular_file(word, problem)) {
    if (meansAFile(common, word)) throw noPlainFile(word);
    return storedNetwork(common, word);
  }
  planet::Import import = formats::runImportChild("/proc/self/exe", word, {}, {}, common.stop);
  if (import.planet.networks.empty()) {
    throw Error("the file holds no metabolic network")
        .on(word)
        .expected("an SBML or COBRA JSON model")
        .found(std::string(name(import.kind)));
  }
  planet::MetabolicNetwork& network = import.planet.networks.front();
  return {network.id, std::move(network), std::nullopt};
}

std::string_view word(physics::flux::Status status) {
  switch (status) {
    case physics::flux::Status::kOptimal:
      return "optimal";
    case physics::flux::Status::kInfeasible:
      return "infeasible";
    case physics::flux::Status::kUnbounded:
      return "unbounded";
  }
  throw internalError("unknown status of a flux balance");
}

Json environmentToJson(const planet::Viability& verdict) {
  return {{"window_temperature_K", toJson(verdict.windowTemperatureK)},
          {"window_light_W_m2", toJson(verdict.windowLightWm2)},
          {"maintenance_mmol_ATP_gDW_h", toJson(verdict.maintenanceMmolAtp)}};
}

}  // namespace

int fba(const Common& common, const FbaOptions& options) {
  physics::flux::FbaRequest request;
  request.knockOuts = options.knockOuts;
  request.geneKnockOuts = options.geneKnockOuts;
  for (const std::string& bound : options.bounds) request.bounds.push_back(physics::flux::parseBoundChange(bound));
  request.parsimonious = options.parsimonious;
  const Chosen chosen = networkOf(common, options.fileOrId);
  const physics::flux::FbaAnswer answer = physics::flux::fba(chosen.network, request);
  const bool optimal = answer.status == physics::flux::Status::kOptimal;
  if (common.json) {
    Json fluxes = Json::object();
    for (const auto& [reaction, flux] : answer.fluxes) fluxes[reaction] = flux;
    Json object = {{"network", chosen.word},
                   {"environment", chosen.verdict ? environmentToJson(*chosen.verdict) : Json(nullptr)},
                   {"status", word(answer.status)},
                   {"objective", optimal ? Json(answer.objective) : Json(nullptr)},
                   {"fluxes", fluxes},
                   {"stopped", answer.stopped}};
    if (answer.totalAbsoluteFlux) object["total_absolute_flux"] = *answer.totalAbsoluteFlux;
    fmt::print("{}\n", printed(object));
    return 0;
  }
  fmt::print("{}: {}\n", chosen.word, word(answer.status));
  if (chosen.verdict) {
    fmt::print("as the planet feeds it: at {:.1f} K, under {:.0f} W/m2, maintenance {:.3g} mmol ATP/gDW/h\n",
               chosen.verdict->windowTemperatureK.value_or(0.0), chosen.verdict->windowLightWm2.value_or(0.0),
               chosen.verdict->maintenanceMmolAtp.value_or(0.0));
  }
  if (!optimal) return 0;
  fmt::print("objective {:.9g}\n", answer.objective);
  if (answer.totalAbsoluteFlux) fmt::print("total absolute flux {:.6f} mmol/gDW/h\n", *answer.totalAbsoluteFlux);
  if (!answer.stopped.empty()) fmt::print("stopped: {}\n", fmt::join(answer.stopped, ", "));
  std::vector<std::vector<std::string>> cells;
  constexpr double kShown = 5e-7;  // smaller fluxes are the solver's noise
  for (const auto& [reaction, flux] : answer.fluxes) {
    if (std::abs(flux) >= kShown) cells.push_back({reaction, fmt::format("{:.6f}", flux)});
  }
  fmt::print("\n{}", formatTable({"reaction", "flux mmol/gDW/h"}, cells));
  return 0;
}

}  // namespace ecumene::data::commands
