// SPDX-License-Identifier: Apache-2.0
#include "data/physics/flux/fba.h"

#include <fmt/format.h>

#include <cmath>

#include "data/base/error.h"
#include "data/commands/commands.h"
#include "data/commands/json.h"
#include "data/commands/networks.h"
#include "data/commands/terminal.h"
#include "data/formats/import_child.h"
#include "data/store/store.h"

namespace ecumene::data::commands {
namespace {

/// A network and what it is called.
struct Chosen {
  std::string word;
  planet::MetabolicNetwork network;
};

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
  return {id + ":" + chosen.word, *chosen.network};
}

Chosen networkOf(const Common& common, const std::string& word) {
  std::error_code problem;
  if (!std::filesystem::is_regular_file(word, problem)) return storedNetwork(common, word);
  planet::Import import = formats::runImportChild("/proc/self/exe", word, {}, {}, common.stop);
  if (import.planet.networks.empty()) {
    throw Error("the file holds no metabolic network")
        .on(word)
        .expected("an SBML model")
        .found(std::string(name(import.kind)));
  }
  planet::MetabolicNetwork& network = import.planet.networks.front();
  return {network.id, std::move(network)};
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
                   {"status", word(answer.status)},
                   {"objective", optimal ? Json(answer.objective) : Json(nullptr)},
                   {"fluxes", fluxes},
                   {"stopped", answer.stopped}};
    if (answer.totalAbsoluteFlux) object["total_absolute_flux"] = *answer.totalAbsoluteFlux;
    fmt::print("{}\n", printed(object));
    return 0;
  }
  fmt::print("{}: {}\n", chosen.word, word(answer.status));
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
