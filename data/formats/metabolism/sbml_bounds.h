// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/metabolism/flux_network.h"

class Model;  // libSBML's
class Parameter;
class Reaction;

namespace ecumene::data::formats {

/// The flux bounds of an SBML model, wherever its dialect keeps them:
/// - fbc version 2: parameters that the reaction names;
/// - fbc version 1: the model's list of flux bounds, several of one side meaning the tightest;
/// - neither: the parameters LOWER_BOUND and UPPER_BOUND of the reaction's kinetic law.
/// The unit of a parameter is checked against mmol gDW-1 h-1; where the file does not say it, that is told.
class SbmlBounds {
 public:
  /// `model` and `bounds` outlive this. Throws Error where the model has no flux bound at all.
  SbmlBounds(const ::Model& model, FluxBounds& bounds);

  /// Sets the bounds of `reaction`, which is `element` of the file.
  void set(planet::Reaction& reaction, const ::Reaction& element);
  /// What was decided, FluxBounds' report among it.
  void report(std::vector<std::string>& assumptions) const;

 private:
  struct Range {
    std::optional<double> lower, upper;
  };
  void readFluxBounds();
  std::optional<double> named(const ::Reaction& element, const std::string& parameterId, const char* side);
  std::optional<double> ofKineticLaw(const ::Reaction& element, const char* parameterId);
  double valueOf(const ::Parameter& parameter, const std::string& place);
  void checkUnit(const ::Parameter& parameter, const std::string& place);

  const ::Model& model_;
  FluxBounds& bounds_;
  unsigned fbcVersion_ = 0;                               ///< 0: without fbc
  std::map<std::string, Range> listed_;                   ///< of fbc version 1, by reaction
  std::map<std::string, const ::Parameter*> parameters_;  ///< of fbc version 2; the model's own search is a walk
  std::set<std::string> unitsChecked_;
  std::vector<std::string> told_;
  std::size_t rateLaws_ = 0;
};

/// Version of the model's flux balance constraints; 0 if it has none.
unsigned fbcVersion(const ::Model& model);

}  // namespace ecumene::data::formats
