// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/sbml_bounds.h"

#include <fmt/format.h>
#include <sbml/SBMLTypes.h>
#include <sbml/packages/fbc/common/FbcExtensionTypes.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/formats/metabolism/sbml_element.h"

namespace ecumene::data::formats {
namespace {

constexpr const char* kLower = "LOWER_BOUND";
constexpr const char* kUpper = "UPPER_BOUND";

bool hasBounds(const ::Reaction& reaction) {
  const ::KineticLaw* law = reaction.getKineticLaw();
  return law != nullptr && (law->getParameter(kLower) != nullptr || law->getParameter(kUpper) != nullptr);
}

}  // namespace

unsigned fbcVersion(const ::Model& model) {
  const ::SBasePlugin* fbc = model.getPlugin("fbc");
  return fbc == nullptr ? 0 : fbc->getPackageVersion();
}

SbmlBounds::SbmlBounds(const ::Model& model, FluxBounds& bounds)
    : model_(model), bounds_(bounds), fbcVersion_(fbcVersion(model)) {
  if (fbcVersion_ == 1) readFluxBounds();
  for (unsigned i = 0; fbcVersion_ == 2 && i < model_.getNumParameters(); ++i) {
    parameters_.emplace(model_.getParameter(i)->getIdAttribute(), model_.getParameter(i));
  }
  if (fbcVersion_ != 0) return;
  bool any = false;
  for (unsigned i = 0; i < model_.getNumReactions(); ++i) {
    const bool bounded = hasBounds(*model_.getReaction(i));
    any = any || bounded;
    rateLaws_ += !bounded && model_.getReaction(i)->isSetKineticLaw() ? 1U : 0U;
  }
  if (any || bounds_.mayBeMissing()) return;
  throw Error("the SBML holds reactions but no flux bound")
      .on(at(model_))
      .expected("flux balance constraints (fbc), or LOWER_BOUND and UPPER_BOUND in the kinetic laws")
      .found(rateLaws_ > 0 ? "neither; its kinetic laws are rates in time, which a flux balance has not" : "neither")
      .next(
          "--set bounds.missing=unlimited takes its reactions alone, with bounds -1000 (0 if not reversible) and 1000");
}

void SbmlBounds::readFluxBounds() {
  const auto& fbc = dynamic_cast<const ::FbcModelPlugin&>(*model_.getPlugin("fbc"));
  for (unsigned i = 0; i < model_.getNumReactions(); ++i) listed_[model_.getReaction(i)->getIdAttribute()];
  bool any = false;
  for (unsigned i = 0; i < fbc.getNumFluxBounds(); ++i) {
    const ::FluxBound& bound = *fbc.getFluxBound(i);
    const std::string place = at(bound) + " of reaction " + bound.getReaction();
    const auto reaction = listed_.find(bound.getReaction());
    if (reaction == listed_.end()) throw Error("the reaction does not exist").on(place);
    const double value = bound.getValue();
    if (!bound.isSetValue() || std::isnan(value)) throw Error("a flux bound has no value").on(place);
    const ::FluxBoundOperation_t side = bound.getFluxBoundOperation();
    const bool equal = side == FLUXBOUND_OPERATION_EQUAL;
    const bool below = side == FLUXBOUND_OPERATION_LESS_EQUAL || side == FLUXBOUND_OPERATION_LESS;
    const bool above = side == FLUXBOUND_OPERATION_GREATER_EQUAL || side == FLUXBOUND_OPERATION_GREATER;
    if (!equal && !below && !above) {
      throw Error("a flux bound has no known operation").on(place).expected("lessEqual, greaterEqual or equal");
    }
    any = true;
    Range& range = reaction->second;
    if (equal || below) range.upper = std::min(value, range.upper.value_or(value));
    if (equal || above) range.lower = std::max(value, range.lower.value_or(value));
  }
  if (any && !bounds_.unitIsGiven()) {
    told_.emplace_back("the flux bounds name no unit (fbc version 1 has none); mmol gDW-1 h-1 was taken");
  }
}

void SbmlBounds::set(planet::Reaction& reaction, const ::Reaction& element) {
  Range range;
  if (fbcVersion_ == 1) {
    range = listed_[element.getIdAttribute()];
  } else if (fbcVersion_ == 0) {
    range = {ofKineticLaw(element, kLower), ofKineticLaw(element, kUpper)};
  } else {
    const auto* fbc = dynamic_cast<const ::FbcReactionPlugin*>(element.getPlugin("fbc"));
    if (fbc == nullptr) throw Error("the reaction has no flux balance constraints").on(at(element));
    if (fbc->isSetLowerFluxBound()) range.lower = named(element, fbc->getLowerFluxBound(), "lower");
    if (fbc->isSetUpperFluxBound()) range.upper = named(element, fbc->getUpperFluxBound(), "upper");
  }
  bounds_.set(reaction, range.lower, range.upper, element.getReversible(), at(element));
}

std::optional<double> SbmlBounds::named(const ::Reaction& element, const std::string& parameterId, const char* side) {
  const auto known = parameters_.find(parameterId);
  const ::Parameter* parameter = known == parameters_.end() ? nullptr : known->second;
  if (parameter == nullptr) {
    throw Error(std::string("the parameter of the ") + side + " flux bound does not exist")
        .on(at(element))
        .found("'" + parameterId + "'");
  }
  if (!parameter->getConstant() || model_.getInitialAssignmentBySymbol(parameterId) != nullptr) {
    throw Error("a flux bound is computed, not constant").on(at(*parameter));
  }
  return valueOf(*parameter, at(*parameter));
}

std::optional<double> SbmlBounds::ofKineticLaw(const ::Reaction& element, const char* parameterId) {
  const ::KineticLaw* law = element.getKineticLaw();
  const ::Parameter* parameter = law == nullptr ? nullptr : law->getParameter(parameterId);
  if (parameter == nullptr) return std::nullopt;
  return valueOf(*parameter, at(element) + ", " + at(*parameter));
}

double SbmlBounds::valueOf(const ::Parameter& parameter, const std::string& place) {
  if (!parameter.isSetValue() || std::isnan(parameter.getValue())) {
    throw Error("a flux bound has no value").on(place);
  }
  checkUnit(parameter, place);
  return parameter.getValue();
}

void SbmlBounds::checkUnit(const ::Parameter& parameter, const std::string& place) {
  const std::string& name = parameter.getUnits();
  if (bounds_.unitIsGiven() || !unitsChecked_.insert(name).second) return;
  const ::UnitDefinition* definition = model_.getUnitDefinition(name);
  if (definition == nullptr) {
    told_.push_back("the flux bounds " +
                    (name.empty() ? "name no unit" : "have the unit '" + name + "', which the file does not define") +
                    "; mmol gDW-1 h-1 was taken");
    return;
  }
  int moles = 0, grams = 0, seconds = 0;
  double factor = 1.0;
  bool other = false;
  for (unsigned i = 0; i < definition->getNumUnits(); ++i) {
    const ::Unit& unit = *definition->getUnit(i);
    const int exponent = unit.getExponent();
    factor *= std::pow(unit.getMultiplier() * std::pow(10.0, unit.getScale()), exponent);
    if (unit.isMole()) {
      moles += exponent;
    } else if (unit.isGram()) {
      grams += exponent;
    } else if (unit.isKilogram()) {
      grams += exponent;
      factor *= std::pow(1000.0, exponent);
    } else if (unit.isSecond()) {
      seconds += exponent;
    } else if (!unit.isDimensionless()) {
      other = true;
    }
  }
  constexpr double kMmolPerHour = 1e-3 / 3600.0;
  if (other || moles != 1 || grams != -1 || seconds != -1 || std::abs(factor / kMmolPerHour - 1.0) > 1e-3) {
    throw Error("the flux bounds have another unit")
        .on(at(*definition))
        .expected("mmol gDW-1 h-1 (1e-3 mole, gram^-1, (3600 second)^-1)")
        .found(flat(::UnitDefinition::printUnits(definition)) + " at " + place)
        .next("if the definition is wrong and the numbers are right: --set units.flux=mmol/gDW/h");
  }
}

void SbmlBounds::report(std::vector<std::string>& assumptions) const {
  assumptions.insert(assumptions.end(), told_.begin(), told_.end());
  if (rateLaws_ > 0) {
    assumptions.push_back(
        fmt::format("{} kinetic laws are rates in time, which a flux balance has not: left out", rateLaws_));
  }
  bounds_.report(assumptions);
}

}  // namespace ecumene::data::formats
