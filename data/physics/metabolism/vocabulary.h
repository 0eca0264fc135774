// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/planet/network.h"

namespace ecumene::data::physics::metabolism {

/// A chemical species as it stands at pH 7: Hill formula (empty: no matter, the photon) and charge.
struct Species {
  std::string_view id, name, formula;
  double charge;
};

/// One reaction of the vocabulary. `equation` is "2 a + b[e] -> c" (or "<=>"), species without "[e]" being in the
/// cytosol; or, without an arrow, the rows it is the sum of: "ASPK + 2 ASAD + -0.5 HSD".
struct ReactionRow {
  std::string_view id, name, subsystem, equation;
};

// The tables, each in its file.
std::span<const Species> baseSpecies();
std::span<const ReactionRow> centralRows();
std::span<const ReactionRow> energyRows();
std::span<const ReactionRow> transportRows();
std::span<const ReactionRow> aminoRows();
std::span<const ReactionRow> nucleotideRows();

/// Every reaction that a generated network may hold: the rows of the tables, one exchange ("EX_h2_e") for each external
/// species and one demand for each kind of biomass. Fluxes are mmol gDW-1 h-1; biomass weighs 1 g/mmol, so its reaction
/// runs at the growth rate in 1/h. Made once, at first use; safe from any thread.
class Vocabulary {
 public:
  static const Vocabulary& instance();

  /// All metabolites ("glc_c", "glc_e") and reactions. Reversible reactions have bounds -1000..1000, others 0..1000.
  [[nodiscard]] const planet::MetabolicNetwork& network() const { return network_; }
  /// Index of a reaction in network(). Throws an internal Error if it does not exist.
  [[nodiscard]] std::size_t index(std::string_view reaction) const;
  /// Reactions that a lumped one is the sum of; empty for a plain one.
  [[nodiscard]] const std::vector<std::size_t>& parts(std::size_t reaction) const { return parts_[reaction]; }

  /// These reactions and the exchanges and demands they need, each once, in the vocabulary's order.
  [[nodiscard]] std::vector<std::size_t> withBoundary(const std::vector<std::size_t>& reactions) const;
  /// The network of withBoundary(reactions) and the metabolites they touch. The reaction that makes biomass is the
  /// objective; exchanges only secrete (0..1000).
  [[nodiscard]] planet::MetabolicNetwork assemble(std::string id, std::string name,
                                                  const std::vector<std::size_t>& reactions) const;

 private:
  Vocabulary();
  std::size_t metabolite(std::string_view species, bool external, std::string_view reaction);
  void addRow(const ReactionRow& row);
  void addSum(const ReactionRow& row);
  void addBoundary();

  planet::MetabolicNetwork network_;
  std::vector<std::vector<std::size_t>> parts_;
};

}  // namespace ecumene::data::physics::metabolism
