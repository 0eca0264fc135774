// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "data/planet/network.h"

// Shape letters: M metabolites, R rows.
namespace ecumene::data::batch {

inline constexpr std::size_t kElements = 7;  ///< C H N O P S, charge

/// The reactions that the graph decoder may choose from: those of the train split, keyed by stoichiometry (dataset.md,
/// "Networks"). Two reactions are one row if they turn the same metabolites (id, formula, charge) into each other in
/// the same direction and proportions, whatever their ids and scale. Rows are in the order of their keys, so the same
/// networks give the same vocabulary in any order. Immutable: any thread.
class ReactionVocabulary {
 public:
  struct Metabolite {
    std::string id, formula;  ///< formula empty: unknown
    std::optional<double> charge;
    bool operator==(const Metabolite&) const = default;
  };
  struct Row {
    std::string key;
    /// Of the reactions of this row, the first id in the alphabet; what follows is written as that one is.
    std::string id;
    std::vector<std::pair<std::size_t, double>> stoichiometry;  ///< (metabolite, coefficient), substrates negative
    bool reversible = false;                                    ///< in at least one network it may run both ways
    std::optional<double> energyKJ;                             ///< dG'0 at pH 7, 298.15 K, kJ/mol
    std::size_t networks = 0;                                   ///< that hold it
    /// Exchange or demand: one metabolite alone, balanced by no row of its own.
    [[nodiscard]] bool isBoundary() const { return stoichiometry.size() == 1; }
    bool operator==(const Row&) const = default;
  };

  [[nodiscard]] const std::vector<Metabolite>& metabolites() const { return metabolites_; }
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  /// Row of a reaction of any network; none: the decoder cannot say it.
  [[nodiscard]] std::optional<std::size_t> find(const planet::MetabolicNetwork& network,
                                                const planet::Reaction& reaction) const;
  /// C H N O P S and charge of each metabolite, [M, 7] row-major; NaN throughout a row whose formula or charge is
  /// unknown.
  [[nodiscard]] std::vector<float> elements() const;
  /// sha-256 of the saved text: what a checkpoint's manifest names.
  [[nodiscard]] std::string sha256() const;

  /// JSON; a file is put in place whole or not at all.
  [[nodiscard]] std::string toText() const;
  void save(const std::filesystem::path& path) const;
  /// Throws Error where the text is not what toText() writes, naming `object`.
  static ReactionVocabulary fromText(const std::string& text, const std::string& object);
  static ReactionVocabulary load(const std::filesystem::path& path);
  bool operator==(const ReactionVocabulary& other) const {
    return metabolites_ == other.metabolites_ && rows_ == other.rows_;
  }

 private:
  friend class ReactionVocabularyBuilder;
  void index();

  std::vector<Metabolite> metabolites_;
  std::vector<Row> rows_;
  std::unordered_map<std::string, std::size_t> rowOf_;
};

/// Collects the networks of the train split, in any order.
class ReactionVocabularyBuilder {
 public:
  void add(const planet::MetabolicNetwork& network);
  [[nodiscard]] ReactionVocabulary build() const;

 private:
  struct Found {
    std::string id;
    std::vector<std::pair<std::string, double>> stoichiometry;  ///< key of the metabolite, coefficient
    bool reversible = false;
    std::optional<double> energyKJ;
    std::size_t networks = 0;
  };
  std::map<std::string, ReactionVocabulary::Metabolite> metabolites_;
  std::map<std::string, Found> rows_;
};

}  // namespace ecumene::data::batch
