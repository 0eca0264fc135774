// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/flux_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "data/base/error.h"
#include "data/formats/common/shown_text.h"
#include "data/planet/formula.h"

namespace ecumene::data::formats {
namespace {

constexpr double kBalanced = 1e-6;  // atoms or charges; coefficients of growth are sums of many digits
constexpr std::size_t kMostListed = 200;

bool isOneOf(const ImportOptions& options, const std::string& key, const std::string& only) {
  const std::string* given = options.find(key);
  if (given == nullptr) return false;
  if (*given != only) {
    throw Error("unknown choice", ErrorKind::kUsage).on("--set " + key + "=" + *given).expected(only);
  }
  return true;
}

using Formulas = std::vector<std::optional<std::vector<std::pair<std::string_view, double>>>>;

/// What the reaction makes of nothing: element or "charge" to amount.
struct Gain {
  std::map<std::string_view, double> amounts;
  bool elementsKnown = true, chargeKnown = true;
};

Gain gainOf(const planet::MetabolicNetwork& network, const Formulas& formulas, const planet::Reaction& reaction) {
  Gain gain;
  double charge = 0.0;
  for (const auto& [index, coefficient] : reaction.stoichiometry) {
    const planet::Metabolite& metabolite = network.metabolites[index];
    gain.elementsKnown = gain.elementsKnown && formulas[index].has_value();
    gain.chargeKnown = gain.chargeKnown && metabolite.charge.has_value();
    charge += coefficient * metabolite.charge.value_or(0.0);
    if (!formulas[index]) continue;
    for (const auto& [symbol, count] : *formulas[index]) gain.amounts[symbol] += coefficient * count;
  }
  if (!gain.elementsKnown) gain.amounts.clear();
  if (gain.chargeKnown) gain.amounts["charge"] = charge;
  std::erase_if(gain.amounts, [](const auto& amount) { return std::abs(amount.second) <= kBalanced; });
  return gain;
}

}  // namespace

FluxBounds::FluxBounds(const ImportOptions& options)
    : fillMissing_(isOneOf(options, "bounds.missing", "unlimited")),
      unitIsGiven_(isOneOf(options, "units.flux", "mmol/gDW/h")) {}

std::vector<OptionInfo> FluxBounds::options() {
  return {{"bounds.missing", "'unlimited': reactions without flux bounds get -1000 (0 if not reversible) and 1000"},
          {"units.flux", "'mmol/gDW/h': the unit of the flux bounds, whatever the file's definition says"}};
}

void FluxBounds::set(planet::Reaction& reaction, std::optional<double> lower, std::optional<double> upper,
                     bool reversible, const std::string& place) {
  if ((!lower || !upper) && !fillMissing_) {
    throw Error(std::string("the reaction has no ") + (lower ? "upper" : "lower") + " flux bound")
        .on(place)
        .next("--set bounds.missing=unlimited takes missing ones as -1000 (0 if not reversible) and 1000");
  }
  missing_ += (lower ? 0U : 1U) + (upper ? 0U : 1U);
  reaction.lowerBound = lower.value_or(reversible ? -planet::kUnlimitedFlux : 0.0);
  reaction.upperBound = upper.value_or(planet::kUnlimitedFlux);
  for (const double bound : {reaction.lowerBound, reaction.upperBound}) infinite_ += std::isinf(bound) ? 1U : 0U;
  const bool possible =
      reaction.lowerBound <= reaction.upperBound && reaction.lowerBound < HUGE_VAL && reaction.upperBound > -HUGE_VAL;
  if (possible) return;
  throw Error("the bounds are crossed")
      .on(place)
      .expected("lower <= upper")
      .found(fmt::format("{:g} and {:g}", reaction.lowerBound, reaction.upperBound));
}

void FluxBounds::report(std::vector<std::string>& assumptions) const {
  if (missing_ > 0) {
    assumptions.push_back(fmt::format("{} missing flux bounds were taken as unlimited (bounds.missing)", missing_));
  }
  if (infinite_ > 0) assumptions.push_back(fmt::format("{} flux bounds are infinite and stay so", infinite_));
  if (unitIsGiven_) assumptions.emplace_back("the flux bounds were taken as mmol gDW-1 h-1 (units.flux)");
}

void reportBalance(const planet::MetabolicNetwork& network, std::vector<std::string>& assumptions) {
  constexpr std::size_t kMostNamed = 5, kLongestFormula = 40;
  Formulas formulas;
  std::size_t unreadable = 0;
  std::string unread;
  for (const planet::Metabolite& metabolite : network.metabolites) {
    formulas.push_back(planet::formulaParts(metabolite.formula));
    if (formulas.back() || metabolite.formula.empty()) continue;
    if (++unreadable <= kMostNamed) {
      unread += fmt::format("{}{} '{}'", unread.empty() ? "" : ", ", metabolite.id,
                            metabolite.formula.substr(0, kLongestFormula));
    }
  }
  if (unreadable > 0) {
    assumptions.push_back(fmt::format("{} formulas cannot be read as symbols and numbers, and stay words: {}{}",
                                      unreadable, unread, unreadable > kMostNamed ? ", ..." : ""));
  }
  std::size_t judged = 0, unknownElements = 0, unknownCharge = 0;
  std::vector<std::string> lines;
  for (const planet::Reaction& reaction : network.reactions) {
    if (reaction.stoichiometry.size() < 2) continue;
    ++judged;
    const Gain gain = gainOf(network, formulas, reaction);
    unknownElements += gain.elementsKnown ? 0U : 1U;
    unknownCharge += gain.chargeKnown ? 0U : 1U;
    if (gain.amounts.empty()) continue;
    std::string line = "unbalanced: reaction " + reaction.id + (reaction.objective != 0.0 ? " (of the objective)" : "");
    const char* joint = ": ";
    for (const auto& [what, amount] : gain.amounts) {
      line += fmt::format("{}{} {:+.6g}", joint, what, amount);
      joint = ", ";
    }
    lines.push_back(std::move(line));
  }
  if (unknownElements > 0) {
    assumptions.push_back(
        fmt::format("of {} reactions {} cannot be judged for the balance of elements: formulas are missing or "
                    "cannot be read",
                    judged, unknownElements));
  }
  if (unknownCharge > 0) {
    assumptions.push_back(fmt::format(
        "of {} reactions {} cannot be judged for the balance of charge: charges are missing", judged, unknownCharge));
  }
  const std::size_t listed = std::min(lines.size(), kMostListed);
  for (std::size_t i = 0; i < listed; ++i) assumptions.push_back(std::move(lines[i]));
  if (listed < lines.size()) {
    assumptions.push_back(
        fmt::format("unbalanced: {} reactions in all, {} more than listed", lines.size(), lines.size() - listed));
  }
}

namespace {

/// Control characters of what is no id become blanks, which is told.
void makeShown(planet::MetabolicNetwork& network, std::vector<std::string>& assumptions) {
  std::size_t changed = 0;
  const auto show = [&changed](std::string& text) {
    std::string shown = shownText(text);
    if (shown == text) return;
    text = std::move(shown);
    ++changed;
  };
  show(network.name);
  for (planet::Metabolite& m : network.metabolites) {
    show(m.name);
    show(m.formula);
  }
  for (planet::Reaction& r : network.reactions) {
    show(r.name);
    show(r.subsystem);
  }
  if (changed > 0)
    assumptions.push_back(fmt::format("control characters in {} names and formulas were made blanks", changed));
}

}  // namespace

planet::Import networkImport(planet::MetabolicNetwork network, std::vector<std::string> assumptions,
                             std::string conversions, const ImportOptions& options) {
  makeShown(network, assumptions);
  if (network.reactions.empty()) throw Error("the network has no reactions").on(network.id).next("is the file whole?");
  planet::validate(network);
  planet::Import import;
  import.kind = planet::ImportKind::kNetwork;
  import.assumptions = std::move(assumptions);
  import.provenance.conversions = std::move(conversions);
  import.planet.origin = planet::Origin::kNetworkOnly;
  const std::string* named = options.find("planet");
  import.planet.name = named != nullptr ? *named : network.id;
  import.planet.networks.push_back(std::move(network));
  return import;
}

std::string networkName(const std::filesystem::path& path) {
  const bool packed = path.extension() == ".gz" || path.extension() == ".bz2";
  return packed ? path.stem().stem().string() : path.stem().string();
}

}  // namespace ecumene::data::formats
