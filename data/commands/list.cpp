// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "data/commands/commands.h"
#include "data/commands/json.h"
#include "data/commands/shares.h"
#include "data/commands/terminal.h"
#include "data/store/store.h"

namespace ecumene::data::commands {
namespace {

/// Rows of the table that people get; JSON has all.
constexpr std::size_t kShownRows = 20;

Json viabilityOf(const store::Row& row) {
  Json viable = Json::object();
  for (std::size_t a = 0; a < row.viable.size(); ++a) {
    if (row.viable[a]) viable[std::string(name(static_cast<planet::Archetype>(a)))] = *row.viable[a];
  }
  return viable;
}

template <class T>
Json wordOf(const std::optional<T>& value) {
  return value ? Json(std::string(name(*value))) : Json(nullptr);
}

Json rowToJson(const store::Row& row) {
  const auto label = [&](auto member) { return row.labels ? Json((*row.labels).*member) : Json(nullptr); };
  using planet::ClimateLabels;
  return {{"id", row.id},
          {"name", row.name},
          {"aliases", row.aliases},
          {"origin", name(row.origin)},
          {"split", name(row.split)},
          {"system", row.systemKey},
          {"star", wordOf(row.star)},
          {"start", wordOf(row.start)},
          {"synchronous", row.synchronous ? Json(*row.synchronous) : Json(nullptr)},
          {"scenario", wordOf(row.scenario)},
          {"regime", row.labels ? Json(std::string(name(row.labels->regime))) : Json(nullptr)},
          {"habitable", label(&ClimateLabels::habitable)},
          {"f_hab", label(&ClimateLabels::fHab)},
          {"h050", label(&ClimateLabels::h050)},
          {"t_mean_K", label(&ClimateLabels::tMeanK)},
          {"climate_flags", toJson(row.climateFlags)},
          {"viable", viabilityOf(row)},
          {"climate", row.hasClimate},
          {"spectra", row.spectra},
          {"metabolisms", row.metabolisms},
          {"networks", row.networks},
          {"texts", row.texts},
          {"failed_checks", row.failedChecks},
          {"excluded", row.excluded},
          {"payload_bytes", row.payloadBytes}};
}

std::vector<std::string> rowToCells(const store::Row& row) {
  const auto number = [&](double planet::ClimateLabels::*member, int digits) {
    return row.labels ? fmt::format("{:.{}f}", (*row.labels).*member, digits) : std::string("-");
  };
  std::size_t judged = 0, viable = 0;
  for (const auto& share : row.viable) {
    judged += share ? 1U : 0U;
    viable += share.value_or(0.0) > 0.0 ? 1U : 0U;
  }
  return {row.id,
          row.name,
          std::string(name(row.split)),
          row.star ? std::string(name(*row.star)) : "-",
          row.labels ? std::string(name(row.labels->regime)) : "-",
          number(&planet::ClimateLabels::tMeanK, 1),
          number(&planet::ClimateLabels::fHab, 3),
          judged == 0 ? "-" : fmt::format("{}/{}", viable, judged),
          fmt::format("{}{}{}{}", row.hasClimate ? "C" : ".", row.metabolisms + row.networks > 0 ? "N" : ".",
                      row.spectra > 0 ? "S" : ".", row.texts > 0 ? "T" : "."),
          row.failedChecks == 0 ? "ok" : fmt::format("{} failed", row.failedChecks)};
}

std::string percent(const Json& share) {
  return share.is_null() ? "-" : fmt::format("{:.0f} %", 100.0 * share.get<double>());
}

std::string line(const Json& group) {
  std::string text;
  for (const auto& [key, share] : group.items())
    text += fmt::format("{}{} {}", text.empty() ? "" : "  ", key, percent(share));
  return text;
}

void printShares(const Json& shares) {
  if (shares.empty()) return;
  fmt::print("\nShares of the generated planets\n");
  fmt::print("  stars        {}\n", line(shares["stars"]));
  fmt::print("  synchronous  {}\n", percent(shares["synchronous"]));
  fmt::print("  regimes      {}\n", line(shares["regimes"]));
  fmt::print("  habitable    {}, and of these viable:\n", percent(shares["habitable"]));
  for (const auto& [archetype, share] : shares["viable_where_habitable"].items()) {
    fmt::print("               {:<24}{:>5}\n", archetype, percent(share));
  }
}

}  // namespace

int list(const Common& common) {
  const store::Store store = store::Store::open(common.store, store::Mode::kRead);
  const std::vector<store::Row> rows = store.list();
  const store::Totals totals = store.totals();
  const Json shares = sharesOf(rows);
  const Json flags = flagCountsOf(rows);
  if (common.json) {
    Json planets = Json::array();
    for (const store::Row& row : rows) planets.push_back(rowToJson(row));
    fmt::print("{}\n", printed(Json({{"planets", planets},
                                     {"shares", shares},
                                     {"climate_flags", flags},
                                     {"totals",
                                      {{"planets", totals.planets},
                                       {"catalogue_entries", totals.catalogueEntries},
                                       {"collection_texts", totals.collectionTexts},
                                       {"payload_bytes", totals.payloadBytes}}}})));
    return 0;
  }
  if (rows.empty()) {
    fmt::print("No planet in {} yet. `ecumene-data generate` makes some, `ecumene-data import FILE` reads yours.\n",
               common.store.string());
    fmt::print("{} catalogue entries, {} collected texts{}.\n", totals.catalogueEntries, totals.collectionTexts,
               totals.catalogueEntries + totals.collectionTexts == 0
                   ? ""
                   : ": `ecumene-data show NAME` shows what they say of a planet");
    return 0;
  }
  // Few generated planets stand for all; what was imported is shown whole.
  std::vector<std::vector<std::string>> cells;
  std::size_t hidden = 0;
  for (const store::Row& row : rows) {
    if (row.origin == planet::Origin::kGenerated && cells.size() >= kShownRows) {
      ++hidden;
    } else {
      cells.push_back(rowToCells(row));
    }
  }
  fmt::print(
      "{}",
      formatTable({"id", "name", "split", "star", "regime", "T mean K", "f_hab", "viable", "parts", "quality"}, cells));
  if (hidden > 0) fmt::print("... and {} more generated planets (--json lists all)\n", hidden);
  fmt::print(
      "\n{} planets, {:.0f} MB; {} catalogue entries, {} collected texts. Parts: Climate, Network, Spectrum, Text.\n",
      totals.planets, static_cast<double>(totals.payloadBytes) / 1e6, totals.catalogueEntries, totals.collectionTexts);
  std::string counted;
  for (const auto& [flag, count] : flags.items()) {
    counted += fmt::format("{}{} {}", counted.empty() ? "" : ", ", flag, count.get<std::size_t>());
  }
  if (!counted.empty()) fmt::print("Flags of the climate solver, planets with each: {}\n", counted);
  printShares(shares);
  return 0;
}

int splits(const Common& common) {
  const store::Store store = store::Store::open(common.store, store::Mode::kRead);
  Json array = Json::array();
  std::vector<std::vector<std::string>> cells;
  for (const store::SplitCount& s : store.splits()) {
    array.push_back({{"split", name(s.split)}, {"planets", s.planets}, {"systems", s.systems}});
    cells.push_back({std::string(name(s.split)), std::to_string(s.planets), std::to_string(s.systems)});
  }
  if (common.json) {
    fmt::print("{}\n", printed(array));
  } else {
    fmt::print("{}", formatTable({"split", "planets", "systems"}, cells));
  }
  return 0;
}

int remove(const Common& common, const std::string& id) {
  store::Store store = store::Store::open(common.store, store::Mode::kWrite);
  store.remove(id);
  if (common.json) {
    fmt::print("{}\n", printed(Json({{"removed", id}})));
  } else {
    fmt::print("{} removed\n", id);
  }
  return 0;
}

}  // namespace ecumene::data::commands
