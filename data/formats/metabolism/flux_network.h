// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/formats/common/format.h"
#include "data/planet/network.h"

namespace ecumene::data::formats {

/// What every reader of networks asks of the user, and tells.
class FluxBounds {
 public:
  /// Throws Error (kUsage) for values that the options do not have.
  explicit FluxBounds(const ImportOptions& options);

  static std::vector<OptionInfo> options();

  /// Whether the unit is the user's word (units.flux).
  [[nodiscard]] bool unitIsGiven() const { return unitIsGiven_; }
  [[nodiscard]] bool mayBeMissing() const { return fillMissing_; }

  /// Sets both bounds; what is missing is unlimited if the user says so: -1000 (0 if not reversible) and 1000. Infinite
  /// ones stay infinite. Throws Error naming `place` for a missing, impossible or crossed one.
  void set(planet::Reaction& reaction, std::optional<double> lower, std::optional<double> upper, bool reversible,
           const std::string& place);

  /// How often what was decided, for the user.
  void report(std::vector<std::string>& assumptions) const;

 private:
  bool fillMissing_ = false, unitIsGiven_ = false;
  std::size_t missing_ = 0, infinite_ = 0;
};

/// Lists the reactions whose elements or charges do not balance, with what is gained and lost; growth, which takes
/// matter out, among them. Boundary reactions (one metabolite) are not judged; of the others, those are counted that
/// cannot be judged for want of a formula or a charge.
void reportBalance(const planet::MetabolicNetwork& network, std::vector<std::string>& assumptions);

/// A planet that is known by its network only, called by the network's id or the option `planet`. Throws Error where
/// planet::validate does.
planet::Import networkImport(planet::MetabolicNetwork network, std::vector<std::string> assumptions,
                             std::string conversions, const ImportOptions& options);

/// The file's name without ".gz", ".bz2" and its ending.
std::string networkName(const std::filesystem::path& path);

}  // namespace ecumene::data::formats
