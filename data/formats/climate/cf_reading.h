// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/formats/climate/cf_file.h"
#include "data/formats/climate/cf_levels.h"
#include "data/formats/climate/cf_names.h"
#include "data/formats/climate/cf_time.h"
#include "data/formats/climate/climate_import.h"

namespace ecumene::data::formats {

/// What a read of a CF file knows while it goes on.
struct CfReading : ClimateImport {
  const CfFile& cf;
  std::map<Quantity, CfSource> sources{};
  std::vector<std::string> pressures{};      ///< names of variables of air pressure on levels
  std::vector<std::string> asides{};         ///< what was recognised and cannot be taken, with the reason
  std::map<std::string, MonthPlan> plans{};  ///< by dimension of time
  std::size_t variablesDone = 0;             ///< of planet::variables()

  [[nodiscard]] const CfSource* find(Quantity quantity) const;
  void aside(const std::string& what, const std::string& why) { asides.push_back(what + ": " + why); }
  /// Says how far the read is: `step` of `steps` of the variable at hand.
  void tell(std::size_t step, std::size_t steps) const;
  /// The values that `read` gives; none, with the reason said, where it throws an Error for the file's sake. Throws
  /// ImpossibleValue: of a file with one, no other number can be trusted before the user says what it is.
  std::optional<std::vector<double>> unless(const std::string& what,
                                            const std::function<std::optional<std::vector<double>>()>& read);
  /// The months of a variable's steps; found, and said, once for each dimension of time.
  const MonthPlan& months(const CfVariable& variable);
};

/// Finds the quantities among the file's variables: options `variable.KEY` first, then standard_name, long_name, known
/// short name. Throws Error where two variables are the same quantity by the same kind of name, or one states no unit.
void recogniseAll(CfReading& r);

/// Asks about a share of `source`, read in per cent, that nowhere exceeds one per cent.
void askIfFraction(CfReading& r, const CfSource& source, std::span<const double> values);

/// Means over the steps of each month, as they come in.
class MonthlyMeans {
 public:
  explicit MonthlyMeans(std::size_t values);
  /// month: 0 to 11, or -1: of all.
  void add(int month, double weight, std::span<const double> values);
  /// [12][values].
  [[nodiscard]] std::vector<double> result() const;

 private:
  std::size_t values_;
  std::vector<double> sum_;
  std::vector<double> weight_;
  bool all_ = false;
};

/// Monthly means [12][cell] of a variable without levels on the canonical grid; none, with the reason said, if values
/// are missing.
std::optional<std::vector<double>> surfaceMeans(CfReading& r, const CfSource& source);
/// Mean [cell] over all steps.
std::optional<std::vector<double>> surfaceMean(CfReading& r, const CfSource& source);

/// Pressure at the ground, step after step: of the file's variable, of its level at height 0, or the user's number.
class GroundPressure {
 public:
  /// For a variable on levels. Throws Error, with the option that helps, if the file has none; where the levels do not
  /// need it (areCanonical), any serves.
  GroundPressure(const CfReading& r, const CfVariable& variable, bool anyServes);
  /// On the canonical cells.
  std::span<const double> at(std::size_t step);
  /// On the cells of the variable; empty if the file has it on other cells.
  std::span<const double> native(std::size_t step);
  [[nodiscard]] bool onSameCells() const { return sameCells_; }
  /// Where it comes from, if not from a surface pressure of the file; else empty.
  [[nodiscard]] const std::string& words() const { return words_; }

 private:
  std::optional<CfMaps> maps_;
  std::size_t level_ = 0;
  bool sameCells_ = false;
  std::vector<double> pressure_, share_;
  std::string words_;
};

/// Monthly means [12][cell][level] of air temperature, specific humidity or a wind on the canonical grid; none, with
/// the reason said, if the file does not have it or its levels do not reach.
std::optional<std::vector<double>> levelMeans(CfReading& r, Quantity quantity);

}  // namespace ecumene::data::formats
