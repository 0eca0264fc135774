// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/climate_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <system_error>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/planet/stated.h"

namespace ecumene::data::formats {

void ClimateImport::assume(const std::string& text) {
  std::vector<std::string>& said = import.assumptions;
  if (std::find(said.begin(), said.end(), text) == said.end()) said.push_back(text);
}

std::optional<double> numberOption(const ImportOptions& options, const std::string& key, double low, double high,
                                   const std::string& unit) {
  const std::string* chosen = options.find(key);
  if (chosen == nullptr) return std::nullopt;
  double value = 0.0;
  const auto [end, problem] = std::from_chars(chosen->data(), chosen->data() + chosen->size(), value);
  if (problem != std::errc{} || end != chosen->data() + chosen->size() || !(value >= low && value <= high)) {
    throw Error("not a number in its range", ErrorKind::kUsage)
        .on("--set " + key + "=" + *chosen)
        .expected(fmt::format("{}, {:g} to {:g}", unit, low, high));
  }
  return value;
}

bool isThere(const std::filesystem::path& beside) {
  std::error_code problem;
  if (std::filesystem::symlink_status(beside, problem).type() == std::filesystem::file_type::not_found) return false;
  if (std::filesystem::is_regular_file(beside, problem)) return true;
  throw Error("what is to be read beside the file is no plain file")
      .on(beside.filename().string())
      .next("put the file itself there, or remove it");
}

std::optional<ExoplasimSidecar> sidecarBeside(const std::filesystem::path& path) {
  const std::filesystem::path sidecar = std::filesystem::absolute(path).parent_path() / "planet.json";
  if (!isThere(sidecar)) return std::nullopt;
  return readExoplasimSidecar(sidecar);
}

void applySidecar(ClimateImport& c, const ExoplasimSidecar& sidecar, const std::filesystem::path& file) {
  planet::Planet& planet = c.import.planet;
  planet.truth = sidecar.truth;
  planet.scalars = sidecar.scalars;
  planet.systemKey = sidecar.systemKey;
  planet.name = sidecar.name;
  planet.aliases = sidecar.aliases;
  for (const std::string& text : sidecar.assumptions) c.assume(text);
  if (sidecar.sha256 && *sidecar.sha256 != sha256OfFile(file)) {
    c.assume("planet.json states another sha-256 for its file: the NetCDF file was changed after the run");
  }
  if (!sidecar.model.empty()) c.convert("written by " + sidecar.model);
}

std::size_t settleLongitude(ClimateImport& c, const std::optional<double>& statedDeg) {
  planet::Bulk& bulk = c.import.planet.truth->bulk;
  const std::optional<bool> synchronous = planet::synchronous(bulk);
  if (!synchronous) c.assume("whether the planet is synchronous is not stated: longitudes stay as they are");
  if (!synchronous.value_or(false)) {
    if (const std::string* chosen = c.options.find("substellar_longitude"); chosen != nullptr) {
      throw Error("the planet is not said to be synchronous, so no place of it stays under its star", ErrorKind::kUsage)
          .on("--set substellar_longitude=" + *chosen)
          .next("state it in planet.json: \"tidally_locked\": true");
    }
    return 0;
  }
  std::optional<double> substellar = statedDeg;
  if (const auto chosen = numberOption(c.options, "substellar_longitude", -360.0, 360.0, "degrees east"); chosen) {
    substellar = chosen;
    c.assume(fmt::format("the star stands over {:g} E, as --set substellar_longitude says", *chosen));
  }
  if (!substellar) {
    throw Error("the planet is synchronous, but its substellar longitude is not stated")
        .on("planet.json")
        .next("give it: --set substellar_longitude=180");
  }
  constexpr auto kColumns = static_cast<long>(planet::kCanonicalLongitudes);
  constexpr double kSpacing = 360.0 / static_cast<double>(planet::kCanonicalLongitudes);
  // A star between two columns stays on its side of 180 E: our own exports, rolled already, come back as they are.
  const double offset = (*substellar - 180.0) / kSpacing;
  const double columns = std::copysign(std::ceil(std::abs(offset) - 0.5), offset);
  const auto roll = static_cast<std::size_t>(((static_cast<long>(columns) % kColumns) + kColumns) % kColumns);
  bulk.substellarLongitudeDeg = *substellar - columns * kSpacing;
  if (roll != 0) {
    c.convert(fmt::format("longitudes rolled by {} columns: the star stood over {} E, now over {} E", roll, *substellar,
                          bulk.substellarLongitudeDeg));
  }
  return roll;
}

void makeOutgoing(ClimateImport& c, const std::string& name, std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (*high <= 0.0) {
    for (double& value : values) value = -value;
    c.convert(name + " from net downward to outgoing");
  } else if (*low >= 0.0) {
    c.assume(name + " is positive everywhere: taken as outgoing already");
  } else {
    throw Error("the longwave flux has both signs, so its direction is not clear")
        .on(name)
        .found(fmt::format("{:.3f} to {:.3f} W m-2", *low, *high));
  }
}

void checkRange(const planet::VariableInfo& info, const std::vector<double>& values, const std::string& advice) {
  constexpr double kSlack = 0.01;
  const double width = kSlack * (info.validMax - info.validMin);
  const double low = info.validMin > 0.0 ? (1.0 - kSlack) * info.validMin : info.validMin - width;
  const auto bad =
      std::find_if(values.begin(), values.end(), [&](double v) { return !(v >= low && v <= info.validMax + width); });
  if (bad == values.end()) return;
  throw Error("the planet is beyond the range that the dataset has for the variable")
      .on(std::string(info.symbol))
      .expected(fmt::format("{:g} to {:g} {}", info.validMin, info.validMax, info.unit))
      .found(fmt::format("{:g}", *bad))
      .next(advice);
}

std::optional<std::string> negativeMean(const planet::VariableInfo& info, const std::vector<double>& values) {
  if (info.validMin != 0.0 || values.empty()) return std::nullopt;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  if (mean >= 0.0) return std::nullopt;
  return fmt::format("its mean is negative ({:.3g}{}{}), which it cannot be", mean, info.unit == "1" ? "" : " ",
                     info.unit == "1" ? "" : info.unit);
}

void requireScale(const NetcdfFile& file, const NetcdfVariable& variable) {
  const NetcdfPacking packing = file.packing(variable);
  if (packing.scale != 0.0 && std::isfinite(packing.scale) && std::isfinite(packing.offset)) return;
  throw Error("the variable is packed by numbers that unpack nothing")
      .on(variable.name)
      .expected("a scale_factor other than 0, and finite numbers")
      .found(fmt::format("scale_factor {:g}, add_offset {:g}", packing.scale, packing.offset))
      .next(fmt::format("correct them in the file: ncatted -a scale_factor,{},o,d,SCALE FILE.nc", variable.name));
}

}  // namespace ecumene::data::formats
