// SPDX-License-Identifier: Apache-2.0
#include "engine/report/fluxes.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/error.h"

namespace ecumene::engine::report {

std::pair<double, double> interval(const FluxEstimate& estimate, double factor) {
  const double middle = std::asinh(estimate.median / kFluxUnit), reach = kDeviations90 * factor * estimate.deviation;
  return {kFluxUnit * std::sinh(middle - reach), kFluxUnit * std::sinh(middle + reach)};
}

std::string toJson(const FluxCalibration& calibration) {
  nlohmann::ordered_json json = {{"factor", nullptr}, {"fluxes", calibration.fluxes}};
  if (std::isfinite(calibration.factor)) json["factor"] = calibration.factor;
  return json.dump();
}

FluxCalibration fluxCalibrationFromJson(const std::string& text) try {
  const nlohmann::json json = nlohmann::json::parse(text);
  FluxCalibration made;
  if (!json.at("factor").is_null()) made.factor = json.at("factor").get<double>();
  made.fluxes = json.at("fluxes").get<std::size_t>();
  return made;
} catch (const nlohmann::json::exception& error) {
  throw Error("this is no calibration of fluxes").found(error.what());
}

}  // namespace ecumene::engine::report
