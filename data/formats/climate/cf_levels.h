// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/formats/climate/cf_file.h"
#include "data/formats/climate/column_levels.h"

namespace ecumene::data::formats {

/// How the levels of one dimension give pressures.
enum class LevelKind {
  kCoefficients,  ///< p = a + b ps: pressure levels (b = 0), sigma and hybrid sigma-pressure levels
  kField,         ///< a variable holds the pressure of every cell
  kHeight,        ///< by height between levels whose pressure a variable holds
};

/// The levels of one dimension, in the file's order.
struct CfLevels {
  LevelKind kind = LevelKind::kCoefficients;
  std::vector<double> a, b;            ///< Pa and 1, of kCoefficients
  std::vector<double> heightM;         ///< of kHeight, and of kField where the file states them
  std::string field;                   ///< the variable that holds pressures
  std::vector<double> boundA, boundB;  ///< [level][2], of kCoefficients; empty: not stated
  std::vector<double> boundM;          ///< [level][2], of kHeight; empty: not stated
  std::string words;                   ///< "hybrid sigma-pressure levels hyam, hybm"
  std::string coordinate;              ///< of pressure levels, the variable of their pressures
  double unitPa = 0.0;                 ///< and its unit

  std::size_t count = 0;
};

/// The levels of a dimension: by formula_terms (CF appendix D: sigma, hybrid sigma-pressure), by the names of hybrid
/// coefficients, by a coordinate with a unit of pressure or of sigma, by a variable of pressures on the same dimension
/// (`pressures`, names of those that the file has), else by height and such a variable on another. Throws Error that
/// says what is missing.
CfLevels levelsOf(const CfFile& cf, const CfVariable& variable, const std::vector<std::string>& pressures);

/// Whether they are the cube's own sigma levels, whose digits files round in their own ways: taken as they are,
/// whatever the surface pressure.
bool areCanonical(const CfLevels& levels);

/// Maps, in Pa, of a variable of pressures. Throws Error if its unit is none of pressure.
CfMaps pressureMaps(const CfFile& cf, const std::string& name);

/// What to say of pressure levels that would fit a ground at this pressure if they were in hPa instead of Pa, or in Pa
/// instead of hPa; empty if they would not.
std::string unitDoubt(const CfLevels& levels, double groundPa);

/// Level of the field of pressures that lies on the ground (height 0); none if the file does not say so.
std::optional<std::size_t> groundLevel(const CfLevels& levels);

/// ln p of the levels of one dimension on the canonical cells, step after step.
class LevelPressures {
 public:
  LevelPressures(const CfFile& cf, const CfLevels& levels, const std::vector<std::string>& pressures);

  /// Levels of the file that have a pressure, from the top down: known after the first update.
  [[nodiscard]] const std::vector<std::size_t>& order() const { return order_; }
  /// Sets the pressures of one step from the surface pressure of the canonical cells.
  void update(std::size_t step, std::span<const double> surfacePressurePa);
  /// ln p of the ordered level `i` in a cell.
  [[nodiscard]] double at(std::size_t i, std::size_t cell) const { return logP_[order_[i] * cells_ + cell]; }
  /// ln p that the outermost layers reach in a cell, NaN where the file does not say.
  [[nodiscard]] double statedTop(std::size_t cell) const { return edge(order_.front(), cell, true); }
  [[nodiscard]] double statedBottom(std::size_t cell) const { return edge(order_.back(), cell, false); }

 private:
  void updateFields(std::size_t step);
  [[nodiscard]] double atHeight(double heightM, std::size_t cell) const;
  [[nodiscard]] double edge(std::size_t level, std::size_t cell, bool top) const;
  void sortLevels();

  const CfLevels& levels_;
  std::size_t cells_;
  std::vector<std::size_t> order_;
  std::vector<double> logP_, surface_;  ///< [level][cell]; [cell]
  std::unique_ptr<CfMaps> field_;       ///< of kField and kHeight
  std::vector<double> fieldHeight_;     ///< of kHeight: heights of the field's levels
  std::vector<double> fieldLogP_;       ///< of kHeight: [field level][cell]
};

}  // namespace ecumene::data::formats
