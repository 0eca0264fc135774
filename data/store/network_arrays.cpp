// SPDX-License-Identifier: Apache-2.0
#include "data/store/network_arrays.h"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "data/base/checked.h"
#include "data/base/error.h"
#include "data/store/payload.h"

namespace ecumene::data::store {
namespace {

using planet::MetabolicNetwork;
using planet::Metabolite;
using planet::Reaction;

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

std::optional<double> present(double value) {
  if (std::isnan(value)) return std::nullopt;
  return value;
}

std::int32_t index32(std::size_t value) {
  return checkedCast<std::int32_t>(value, "networks of one planet");
}

/// Texts kept once, joined by line feeds for people who look into the file; `end` is what separates them.
class TextPool {
 public:
  std::int32_t add(const std::string& text) {
    const auto [row, isNew] = rows_.try_emplace(text, index32(end_.size()));
    if (isNew) {
      pool_ += text;
      end_.push_back(index32(pool_.size()));
      pool_ += '\n';
    }
    return row->second;
  }
  [[nodiscard]] const std::string& pool() const { return pool_; }
  [[nodiscard]] const std::vector<std::int32_t>& end() const { return end_; }

 private:
  std::unordered_map<std::string, std::int32_t> rows_;
  std::string pool_;
  std::vector<std::int32_t> end_;
};

template <class T>
void append(std::vector<Array>& arrays, const char* name, ElementType type, const std::vector<T>& values,
            std::size_t columns, const char* meaning, const char* units = nullptr) {
  if (values.empty()) return;
  Array array;
  array.path = std::string("networks/") + name;
  array.type = type;
  array.shape = {values.size() / columns};
  if (columns > 1) array.shape.push_back(columns);
  array.raw = bytesOf(values);
  array.attributes.push_back({"long_name", std::string(meaning)});
  if (units != nullptr) array.attributes.push_back({"units", std::string(units)});
  arrays.push_back(std::move(array));
}

/// Pools of what the networks of one planet share, and lists of each network.
struct Tables {
  TextPool texts;
  std::vector<std::int32_t> metabolite, reaction, stoichiometryStart{0}, stoichiometryMetabolite;
  std::vector<double> metaboliteValue, reactionEnergy, stoichiometryCoefficient;
  std::vector<std::int32_t> network, compartment, gene, memberMetabolite, memberReaction;
  std::vector<double> bounds;
  std::map<std::vector<std::int64_t>, std::int32_t> metaboliteRows, reactionRows;

  static std::int64_t bits(const std::optional<double>& value) {
    return std::bit_cast<std::int64_t>(value.value_or(kAbsent));
  }

  std::int32_t add(const Metabolite& m) {
    const std::array<std::int32_t, 4> row{texts.add(m.id), texts.add(m.name), texts.add(m.formula),
                                          texts.add(m.compartment)};
    const std::vector<std::int64_t> key{row[0], row[1], row[2], row[3], bits(m.charge), bits(m.formationEnergyKJ)};
    const auto [found, isNew] = metaboliteRows.try_emplace(key, index32(metaboliteRows.size()));
    if (isNew) {
      metabolite.insert(metabolite.end(), row.begin(), row.end());
      metaboliteValue.push_back(m.charge.value_or(kAbsent));
      metaboliteValue.push_back(m.formationEnergyKJ.value_or(kAbsent));
    }
    return found->second;
  }

  /// `shared[i]` is the row of the network's i-th metabolite.
  std::int32_t add(const Reaction& r, const std::vector<std::int32_t>& shared) {
    const std::array<std::int32_t, 4> row{texts.add(r.id), texts.add(r.name), texts.add(r.subsystem),
                                          texts.add(r.geneRule)};
    std::vector<std::int64_t> key{row[0], row[1], row[2], row[3], bits(r.energyKJ)};
    for (const auto& [m, coefficient] : r.stoichiometry) {
      key.push_back(shared.at(m));
      key.push_back(std::bit_cast<std::int64_t>(coefficient));
    }
    const auto [found, isNew] = reactionRows.try_emplace(key, index32(reactionRows.size()));
    if (isNew) {
      reaction.insert(reaction.end(), row.begin(), row.end());
      reactionEnergy.push_back(r.energyKJ.value_or(kAbsent));
      for (const auto& [m, coefficient] : r.stoichiometry) {
        stoichiometryMetabolite.push_back(shared.at(m));
        stoichiometryCoefficient.push_back(coefficient);
      }
      stoichiometryStart.push_back(index32(stoichiometryMetabolite.size()));
    }
    return found->second;
  }

  void add(const MetabolicNetwork& n) {
    network.insert(network.end(),
                   {texts.add(n.id), texts.add(n.name), n.maximise ? 1 : 0, index32(n.compartments.size()),
                    index32(n.genes.size()), index32(n.metabolites.size()), index32(n.reactions.size())});
    for (const std::string& c : n.compartments) compartment.push_back(texts.add(c));
    for (const std::string& g : n.genes) gene.push_back(texts.add(g));
    std::vector<std::int32_t> shared;
    for (const Metabolite& m : n.metabolites) shared.push_back(add(m));
    memberMetabolite.insert(memberMetabolite.end(), shared.begin(), shared.end());
    for (const Reaction& r : n.reactions) {
      memberReaction.push_back(add(r, shared));
      bounds.insert(bounds.end(), {r.lowerBound, r.upperBound, r.objective});
    }
  }
};

constexpr std::size_t kNetworkColumns = 7;

Error damagedNetworks() {
  return Error("the networks of the payload are damaged");
}

/// Reads a list from its start to its end, never past it.
template <class T>
class Cursor {
 public:
  explicit Cursor(std::vector<T> values) : values_(std::move(values)) {}
  std::span<const T> take(std::size_t count) {
    if (count > values_.size() - used_) throw damagedNetworks();
    used_ += count;
    return std::span<const T>(values_).subspan(used_ - count, count);
  }
  [[nodiscard]] bool done() const { return used_ == values_.size(); }

 private:
  std::vector<T> values_;
  std::size_t used_ = 0;
};

template <class T>
const T& at(const std::vector<T>& values, std::int32_t index) {
  if (index < 0 || static_cast<std::size_t>(index) >= values.size()) {
    throw damagedNetworks();
  }
  return values[static_cast<std::size_t>(index)];
}

/// The pool with a view of each text in it.
class Texts {
 public:
  explicit Texts(PayloadFile& file) : pool_(file.text("networks/text")) {
    std::size_t begin = 0;
    for (const std::int32_t end : file.numbers<std::int32_t>("networks/text_end")) {
      const auto stop = static_cast<std::size_t>(end);
      if (end < 0 || stop < begin || stop > pool_.size()) throw damagedNetworks();
      places_.emplace_back(begin, stop - begin);
      begin = stop + 1;
    }
  }
  [[nodiscard]] std::string operator[](std::int32_t index) const {
    const auto& [begin, length] = at(places_, index);
    return pool_.substr(begin, length);
  }

 private:
  std::string pool_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;
};

/// Networks of a payload one after another; those that are skipped cost nothing.
class NetworkReader {
 public:
  explicit NetworkReader(PayloadFile& file)
      : rows_(file.numbers<std::int32_t>("networks/network")),
        texts_(file),
        metabolite_(file.numbers<std::int32_t>("networks/metabolite")),
        metaboliteValue_(file.numbers<double>("networks/metabolite_value")),
        reaction_(file.numbers<std::int32_t>("networks/reaction")),
        energy_(file.numbers<double>("networks/reaction_energy")),
        start_(file.numbers<std::int32_t>("networks/stoichiometry_start")),
        entry_(file.numbers<std::int32_t>("networks/stoichiometry_metabolite")),
        coefficient_(file.numbers<double>("networks/stoichiometry_coefficient")),
        compartments_(file.numbers<std::int32_t>("networks/compartment")),
        genes_(file.numbers<std::int32_t>("networks/gene")),
        memberMetabolites_(file.numbers<std::int32_t>("networks/member_metabolite")),
        memberReactions_(file.numbers<std::int32_t>("networks/member_reaction")),
        bounds_(file.numbers<double>("networks/member_bounds")) {}

  [[nodiscard]] std::size_t size() const { return rows_.size() / kNetworkColumns; }

  void skip() {
    const Members members = take();
    (void)bounds_.take(3 * members.reactions.size());
  }

  MetabolicNetwork next() {
    const std::size_t row = kNetworkColumns * used_;
    const Members members = take();
    MetabolicNetwork n;
    n.id = texts_[rows_[row]];
    n.name = texts_[rows_[row + 1]];
    n.maximise = rows_[row + 2] != 0;
    for (const std::int32_t c : members.compartments) n.compartments.push_back(texts_[c]);
    for (const std::int32_t g : members.genes) n.genes.push_back(texts_[g]);
    std::unordered_map<std::int32_t, std::size_t> own;
    for (const std::int32_t m : members.metabolites) {
      own.emplace(m, n.metabolites.size());
      n.metabolites.push_back({texts_[at(metabolite_, 4 * m)], texts_[at(metabolite_, 4 * m + 1)],
                               texts_[at(metabolite_, 4 * m + 2)], present(at(metaboliteValue_, 2 * m)),
                               texts_[at(metabolite_, 4 * m + 3)], present(at(metaboliteValue_, 2 * m + 1))});
    }
    for (const std::int32_t r : members.reactions) {
      Reaction out;
      out.id = texts_[at(reaction_, 4 * r)];
      out.name = texts_[at(reaction_, 4 * r + 1)];
      out.subsystem = texts_[at(reaction_, 4 * r + 2)];
      out.geneRule = texts_[at(reaction_, 4 * r + 3)];
      out.energyKJ = present(at(energy_, r));
      for (std::int32_t e = at(start_, r); e < at(start_, r + 1); ++e) {
        const auto found = own.find(at(entry_, e));
        if (found == own.end()) throw damagedNetworks();
        out.stoichiometry.emplace_back(found->second, at(coefficient_, e));
      }
      const std::span<const double> b = bounds_.take(3);
      out.lowerBound = b[0];
      out.upperBound = b[1];
      out.objective = b[2];
      n.reactions.push_back(std::move(out));
    }
    return n;
  }

  /// Throws Error if there is more than the networks take.
  void requireDone() const {
    if (!memberReactions_.done() || !memberMetabolites_.done()) throw damagedNetworks();
  }

 private:
  struct Members {
    std::span<const std::int32_t> compartments, genes, metabolites, reactions;
  };
  Members take() {
    const std::span<const std::int32_t> row = std::span(rows_).subspan(kNetworkColumns * used_, kNetworkColumns);
    ++used_;
    const auto size = [&](std::size_t column) { return checkedCast<std::size_t>(row[column], "networks/network"); };
    return {compartments_.take(size(3)), genes_.take(size(4)), memberMetabolites_.take(size(5)),
            memberReactions_.take(size(6))};
  }

  std::vector<std::int32_t> rows_;
  std::size_t used_ = 0;
  Texts texts_;
  std::vector<std::int32_t> metabolite_;
  std::vector<double> metaboliteValue_;
  std::vector<std::int32_t> reaction_;
  std::vector<double> energy_;
  std::vector<std::int32_t> start_, entry_;
  std::vector<double> coefficient_;
  Cursor<std::int32_t> compartments_, genes_, memberMetabolites_, memberReactions_;
  Cursor<double> bounds_;
};

}  // namespace

std::vector<Array> networkArrays(std::span<const MetabolicNetwork* const> networks) {
  Tables t;
  for (const MetabolicNetwork* n : networks) t.add(*n);
  std::vector<Array> arrays;
  if (networks.empty()) return arrays;
  Array text;
  text.path = "networks/text";
  text.type = ElementType::kText;
  text.shape = {1};
  const std::string& pool = t.texts.pool();
  text.raw = bytesOf(std::vector<char>(pool.begin(), pool.end()));
  text.attributes.push_back({"long_name", std::string("every text of the networks once, separated by line feeds")});
  arrays.push_back(std::move(text));
  constexpr ElementType kInt = ElementType::kInt32;
  constexpr ElementType kReal = ElementType::kFloat64;
  append(arrays, "text_end", kInt, t.texts.end(), 1, "offset in text just past each text");
  append(arrays, "metabolite", kInt, t.metabolite, 4, "texts: id, name, formula, compartment");
  append(arrays, "metabolite_value", kReal, t.metaboliteValue, 2,
         "charge (e), formation energy (kJ mol-1); NaN: unknown");
  append(arrays, "reaction", kInt, t.reaction, 4, "texts: id, name, subsystem, gene rule");
  append(arrays, "reaction_energy", kReal, t.reactionEnergy, 1, "standard transformed Gibbs energy; NaN: unknown",
         "kJ mol-1");
  append(arrays, "stoichiometry_start", kInt, t.stoichiometryStart, 1,
         "first entry of each reaction in stoichiometry_*, and the end (compressed rows)");
  append(arrays, "stoichiometry_metabolite", kInt, t.stoichiometryMetabolite, 1, "row of metabolite");
  append(arrays, "stoichiometry_coefficient", kReal, t.stoichiometryCoefficient, 1, "substrates negative", "1");
  append(arrays, "network", kInt, t.network, kNetworkColumns,
         "text id, text name, 1 if its objective is maximised, and how many of compartment, gene, member_metabolite, "
         "member_reaction are its own, in order");
  append(arrays, "compartment", kInt, t.compartment, 1, "text");
  append(arrays, "gene", kInt, t.gene, 1, "text");
  append(arrays, "member_metabolite", kInt, t.memberMetabolite, 1, "row of metabolite");
  append(arrays, "member_reaction", kInt, t.memberReaction, 1, "row of reaction");
  append(arrays, "member_bounds", kReal, t.bounds, 3,
         "of each member_reaction: lower bound, upper bound (mmol gDW-1 h-1), objective coefficient");
  return arrays;
}

std::vector<MetabolicNetwork> networksFrom(PayloadFile& file) {
  std::vector<MetabolicNetwork> networks;
  if (file.find("networks/network") == nullptr) return networks;
  NetworkReader reader(file);
  while (networks.size() < reader.size()) networks.push_back(reader.next());
  reader.requireDone();
  return networks;
}

MetabolicNetwork networkFrom(PayloadFile& file, std::size_t index) {
  NetworkReader reader(file);
  if (index >= reader.size()) throw Error("the payload has no such network").found(std::to_string(reader.size()));
  for (std::size_t i = 0; i < index; ++i) reader.skip();
  return reader.next();
}

}  // namespace ecumene::data::store
