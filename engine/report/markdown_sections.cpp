// SPDX-License-Identifier: Apache-2.0
#include "engine/report/markdown_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "engine/report/markdown.h"
#include "engine/report/ranges.h"

namespace ecumene::engine::report {
namespace {

using data::planet::Archetype;
using data::planet::Regime;

/// Of the rows of one planet and subset: whether it is outside, and by which ranges.
std::string outsideHull(const std::vector<const Prediction*>& rows) {
  std::set<std::string> why;
  for (const Prediction* row : rows) {
    if (row->hull) why.merge(reasons(*row->hull));
  }
  if (!why.empty()) return fmt::format("**yes**: {}", fmt::join(why, ", "));
  const bool all = std::ranges::all_of(rows, [](const Prediction* row) { return row->hull.has_value(); });
  return all ? "no" : "not judged";
}

}  // namespace

/// Climate of each real planet and subset (its rows agree but for the archetype), then viability by archetype.
std::string realPlanets(const Report& report) {
  if (report.real.empty()) return "The store holds none.\n\n";
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<const Prediction*>> groups;
  for (const Prediction& row : report.real) groups[{row.split, row.planet, row.subset}].push_back(&row);
  MarkdownTable climate({"planet", "split", "cube", "outside hull", "most probable regime", "label", "P(habitable)",
                         "label", "f_hab, 5-95 %", "label"});
  std::vector<std::string> head{"planet", "cube"};
  for (int a = 0; a < kArchetypes; ++a) head.emplace_back(name(static_cast<Archetype>(a)));
  MarkdownTable viability(head);
  for (const auto& [key, rows] : groups) {
    const auto& [split, planet, subset] = key;
    const Prediction& row = *rows.front();
    const auto most = std::max_element(row.regime.begin(), row.regime.end());
    const std::string cube = split == "observed" ? "none" : subset == cubeHidden() ? "hidden" : "given";
    const bool hasLabel = row.truth.regime >= 0;
    climate.add({planet, split, cube, outsideHull(rows),
                 fmt::format("{} ({:.2f})", name(static_cast<Regime>(most - row.regime.begin())), *most),
                 hasLabel ? std::string(name(static_cast<Regime>(row.truth.regime))) : "–", shown(row.habitable, 2),
                 std::isnan(row.truth.habitable) ? "–" : (row.truth.habitable > 0.5 ? "yes" : "no"),
                 fmt::format("{} ({} to {})", shown(row.fHab.mean, 2), shown(row.fHab.low, 2), shown(row.fHab.high, 2)),
                 shown(row.truth.fHab, 2)});
    std::vector<std::string> cells(static_cast<std::size_t>(kArchetypes) + 2, "–");
    cells[0] = planet;
    cells[1] = cube;
    for (const Prediction* other : rows) {
      if (other->archetype < 0) continue;
      const double label = other->truth.viable;
      cells.at(static_cast<std::size_t>(other->archetype) + 2) = shown(other->viable, 2) + (std::isnan(label) ? ""
                                                                                            : label > 0.5     ? " yes"
                                                                                                              : " no");
    }
    viability.add(std::move(cells));
  }
  std::set<std::string> reasons;
  for (const Prediction& row : report.real) {
    if (!row.hull && !row.notJudged.empty()) reasons.insert(row.notJudged);
  }
  std::string notJudged;
  for (const std::string& reason : reasons) notJudged += "Not judged: " + reason + ".\n\n";
  return climate.text() + notJudged + "P(viable) by archetype, with the label where there is one:\n\n" +
         viability.text();
}

std::string graphPart(const Report& report) {
  if (report.graph.empty()) return "";
  MarkdownTable table({"networks", "metric", "value, 95 % interval", "over", "meaning"});
  for (const GraphScore& row : report.graph) {
    table.add({row.networks, row.name, shown(row.estimate), row.counted, row.meaning});
  }
  return "## Metabolic networks\n\nWhat the graph part knows of networks, whatever becomes of a planet: those that it "
         "draws from its prior, and held-out ones, encoded and decoded again. Intervals are over draws of systems; of "
         "drawn networks and of recovery over draws of networks. A network that is feasible says nothing about any "
         "planet.\n\n" +
         table.text();
}

}  // namespace ecumene::engine::report
