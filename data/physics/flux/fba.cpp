// SPDX-License-Identifier: Apache-2.0
#include "data/physics/flux/fba.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "data/base/error.h"
#include "data/base/nearest.h"
#include "data/physics/flux/gene_rule.h"

namespace ecumene::data::physics::flux {
namespace {

std::optional<double> parseNumber(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || std::isnan(value)) return std::nullopt;
  return value;
}

std::size_t indexOf(const planet::MetabolicNetwork& network, const std::string& reaction) {
  if (const std::optional<std::size_t> index = network.reactionIndex(reaction)) return *index;
  std::vector<std::string> ids;
  for (const planet::Reaction& r : network.reactions) ids.push_back(r.id);
  Error error("the network has no such reaction");
  error.on(network.id).found("'" + reaction + "'");
  if (const std::optional<std::string> near = nearest(reaction, ids)) error.next("did you mean " + *near + "?");
  throw error;
}

}  // namespace

BoundChange parseBoundChange(std::string_view text) {
  const std::size_t equals = text.rfind('=');
  const std::size_t colon = text.rfind(':');
  if (equals != std::string_view::npos && equals > 0 && colon != std::string_view::npos && colon > equals) {
    const std::optional<double> lower = parseNumber(text.substr(equals + 1, colon - equals - 1));
    const std::optional<double> upper = parseNumber(text.substr(colon + 1));
    if (lower && upper) return {std::string(text.substr(0, equals)), *lower, *upper};
  }
  throw Error("the bound cannot be read", ErrorKind::kUsage)
      .expected("REACTION=lower:upper, such as EX_glc__D_e=-5:1000")
      .found("'" + std::string(text) + "'");
}

FbaAnswer fba(const planet::MetabolicNetwork& network, const FbaRequest& request) {
  FluxBalance balance(network);
  std::set<std::size_t> named;
  const auto take = [&](const std::string& reaction) {
    const std::size_t index = indexOf(network, reaction);
    if (!named.insert(index).second) {
      throw Error("the reaction is named twice", ErrorKind::kUsage)
          .on(reaction)
          .expected("one bound or one knock-out for each reaction");
    }
    return index;
  };
  for (const BoundChange& change : request.bounds) balance.setBounds(take(change.reaction), change.lower, change.upper);
  std::set<std::size_t> stopped;
  for (const std::string& reaction : request.knockOuts) stopped.insert(take(reaction));
  for (const std::size_t r : reactionsWithout(network, request.geneKnockOuts)) stopped.insert(r);

  FbaAnswer answer;
  for (const std::size_t r : stopped) {
    balance.setBounds(r, 0.0, 0.0);
    answer.stopped.push_back(network.reactions[r].id);
  }
  const Solution solution = request.parsimonious ? balance.solveParsimonious() : balance.solve();
  answer.status = solution.status;
  answer.objective = solution.objective;
  if (solution.status != Status::kOptimal) return answer;
  for (std::size_t r = 0; r < network.reactions.size(); ++r) {
    answer.fluxes.emplace_back(network.reactions[r].id, solution.fluxes[r]);
  }
  if (request.parsimonious) answer.totalAbsoluteFlux = totalAbsoluteFlux(solution.fluxes);
  return answer;
}

}  // namespace ecumene::data::physics::flux
