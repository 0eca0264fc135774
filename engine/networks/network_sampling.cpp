// SPDX-License-Identifier: Apache-2.0
#include "engine/networks/network_sampling.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "data/base/random.h"

namespace ecumene::engine::networks {
namespace {

using data::planet::Metabolism;

constexpr std::size_t kAtOnce = 8;  ///< held-out networks in one batch

/// A choice of `count` of the rows, ascending; depends on (seed, index) alone.
Rows chosen(Rows rows, std::size_t count, std::uint64_t seed, std::size_t index) {
  Random random(seed, "removed-reactions", index);
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(rows[i], rows[i + random.below(static_cast<std::uint32_t>(rows.size() - i))]);
  }
  rows.resize(count);
  std::ranges::sort(rows);
  return rows;
}

/// The metabolism without these rows, and without metabolites that nothing touches any more.
Metabolism without(const Metabolism& metabolism, const Rows& removed, const data::batch::ReactionVocabulary& rows) {
  Metabolism rest = metabolism;
  auto& network = rest.network;
  std::erase_if(network.reactions, [&](const data::planet::Reaction& reaction) {
    const auto row = rows.find(metabolism.network, reaction);
    return row && std::ranges::binary_search(removed, *row);
  });
  std::vector<std::size_t> place(network.metabolites.size(), 0);
  for (const auto& reaction : network.reactions) {
    for (const auto& term : reaction.stoichiometry) place[term.first] = 1;
  }
  std::vector<data::planet::Metabolite> kept;
  for (std::size_t m = 0; m < place.size(); ++m) {
    if (place[m] == 0) continue;
    place[m] = kept.size();
    kept.push_back(std::move(network.metabolites[m]));
  }
  network.metabolites = std::move(kept);
  for (auto& reaction : network.reactions) {
    for (auto& term : reaction.stoichiometry) term.first = place[term.first];
  }
  return rest;
}

/// Logits [B, R] of the latents' means, on the CPU in float32.
torch::Tensor logitsOf(models::graph::GraphModel& model, std::span<const Metabolism> networks,
                       const GraphsOf& graphsOf) {
  std::vector<torch::Tensor> logits;
  for (std::size_t begin = 0; begin < networks.size(); begin += kAtOnce) {
    const auto part = networks.subspan(begin, std::min(kAtOnce, networks.size() - begin));
    logits.push_back(model.forward(graphsOf(part)).reactionLogits_BR.to(torch::kCPU, torch::kFloat32));
  }
  return torch::cat(logits).contiguous();
}

std::span<const float> row(const torch::Tensor& x_BR, std::size_t b) {
  const auto width = static_cast<std::size_t>(x_BR.size(1));
  return {x_BR.const_data_ptr<float>() + b * width, width};
}

Rows likely(std::span<const float> logits) {
  Rows rows;
  for (std::size_t r = 0; r < logits.size(); ++r) {
    if (logits[r] > 0.0F) rows.push_back(r);
  }
  return rows;
}

void judgeDrawn(SamplingReport& report, const NetworkReference& reference) {
  for (const Rows& rows : report.networks) report.verdicts.push_back(reference.judge(rows));
  const auto total = [&](const auto& of) {
    double sum = 0.0;
    for (const NetworkVerdict& verdict : report.verdicts) sum += static_cast<double>(of(verdict));
    return sum;
  };
  const auto count = static_cast<double>(std::max<std::size_t>(report.networks.size(), 1));
  const double judged = total([](const NetworkVerdict& v) { return v.judged; });
  report.balanced = judged == 0.0 ? 0.0 : total([](const NetworkVerdict& v) { return v.balanced; }) / judged;
  report.feasible = total([](const NetworkVerdict& v) { return v.feasible; }) / count;
  report.consistent = total([](const NetworkVerdict& v) { return v.consistent; }) / count;
  report.novel = total([](const NetworkVerdict& v) { return v.novel; }) / count;
  report.nearestF1 = total([](const NetworkVerdict& v) { return v.nearestF1; }) / count;
  const std::set<Rows> different(report.networks.begin(), report.networks.end());
  report.distinct = static_cast<double>(different.size()) / count;
}

void reconstruct(SamplingReport& report, models::graph::GraphModel& model, const NetworkReference& reference,
                 std::span<const Metabolism> heldOut, const GraphsOf& graphsOf) {
  const torch::Tensor logits = logitsOf(model, heldOut, graphsOf);
  for (std::size_t b = 0; b < heldOut.size(); ++b) {
    report.reconstructionF1 += setF1(likely(row(logits, b)), reference.rows(heldOut[b].network));
  }
  report.heldOut = heldOut.size();
  report.reconstructionF1 /= static_cast<double>(heldOut.size());
}

void recover(SamplingReport& report, models::graph::GraphModel& model, const NetworkReference& reference,
             std::span<const Metabolism> heldOut, const GraphsOf& graphsOf, const SamplingOptions& options) {
  std::vector<Metabolism> reduced;
  std::vector<Rows> held, removed;
  for (std::size_t b = 0; b < heldOut.size(); ++b) {
    const Rows all = reference.rows(heldOut[b].network), candidates = reference.removable(all);
    const auto count =
        static_cast<std::size_t>(std::round(options.removedShare * static_cast<double>(candidates.size())));
    if (count == 0 || all.size() == reference.vocabulary().size()) continue;
    removed.push_back(chosen(candidates, count, options.seed, b));
    Rows& rest = held.emplace_back();
    std::ranges::set_difference(all, removed.back(), std::back_inserter(rest));
    reduced.push_back(without(heldOut[b], removed.back(), reference.vocabulary()));
  }
  report.recovered = reduced.size();
  if (reduced.empty()) return;
  const torch::Tensor logits = logitsOf(model, reduced, graphsOf);
  const double each = 1.0 / static_cast<double>(reduced.size());
  for (std::size_t b = 0; b < reduced.size(); ++b) {
    const Recovery recovery = recoveryOf(row(logits, b), held[b], removed[b]);
    report.recoveries.push_back(recovery);
    report.recoveryAuroc += recovery.auroc * each;
    report.recoveryTopShare += recovery.topShare * each;
    report.recoveryChance += recovery.chance * each;
  }
}

}  // namespace

torch::Tensor priorLatents(std::uint64_t seed, std::int64_t count, std::int64_t width) {
  torch::Tensor latents = torch::empty({count, width}, torch::kFloat32);
  float* to = latents.data_ptr<float>();
  for (std::int64_t i = 0; i < count; ++i) {
    Random random(seed, "network-latent", static_cast<std::uint64_t>(i));
    for (std::int64_t z = 0; z < width; ++z) *to++ = static_cast<float>(random.normal());
  }
  return latents;
}

std::vector<Rows> decodedRows(const models::graph::GraphModel& model, const torch::Tensor& latent) {
  const torch::NoGradGuard noGradients;
  const torch::Tensor logits = model.decode(latent).reactionLogits_BR.to(torch::kCPU, torch::kFloat32).contiguous();
  std::vector<Rows> networks;
  for (std::int64_t b = 0; b < logits.size(0); ++b)
    networks.push_back(likely(row(logits, static_cast<std::size_t>(b))));
  return networks;
}

SamplingReport sampleNetworks(models::graph::GraphModel& model, const NetworkReference& reference,
                              std::span<const Metabolism> heldOut, const GraphsOf& graphsOf,
                              const SamplingOptions& options) {
  const torch::NoGradGuard noGradients;
  SamplingReport report;
  const torch::Tensor latents = priorLatents(options.seed, options.networks, options.latentWidth);
  report.networks = decodedRows(model, latents.to(model.parameters().front().options()));
  judgeDrawn(report, reference);
  if (heldOut.empty()) return report;
  reconstruct(report, model, reference, heldOut, graphsOf);
  recover(report, model, reference, heldOut, graphsOf, options);
  return report;
}

std::string toJson(const SamplingReport& report, const data::batch::ReactionVocabulary& vocabulary) {
  using Json = nlohmann::ordered_json;
  const bool judged = std::ranges::any_of(report.verdicts, [](const NetworkVerdict& v) { return v.judged > 0; });
  const auto where = [](bool known, double score) { return known ? Json(score) : Json(nullptr); };
  const bool reconstructed = report.heldOut > 0, recovered = report.recovered > 0;
  Json json{{"networks", report.networks.size()},
            {"training_networks", report.learned},
            {"balanced", where(judged, report.balanced)},
            {"feasible", report.feasible},
            {"thermodynamically_consistent", report.consistent},
            {"novel", report.novel},
            {"distinct", report.distinct},
            {"nearest_f1", report.nearestF1},
            {"held_out", report.heldOut},
            {"reconstruction_f1", where(reconstructed, report.reconstructionF1)},
            {"recovery_networks", report.recovered},
            {"recovery_auroc", where(recovered, report.recoveryAuroc)},
            {"recovery_top_share", where(recovered, report.recoveryTopShare)},
            {"recovery_chance", where(recovered, report.recoveryChance)},
            {"not_scored_because", recovered       ? Json(nullptr)
                                   : reconstructed ? Json("the held-out networks have no reactions to take away")
                                                   : Json("there are no held-out networks")}};
  json["drawn"] = Json::array();
  for (std::size_t i = 0; i < report.networks.size(); ++i) {
    const NetworkVerdict& verdict = report.verdicts[i];
    std::vector<std::string> ids;
    for (const std::size_t r : report.networks[i]) ids.push_back(vocabulary.rows()[r].id);
    json["drawn"].push_back({{"reactions", ids},
                             {"feasible", verdict.feasible},
                             {"thermodynamically_consistent", verdict.consistent},
                             {"novel", verdict.novel},
                             {"nearest_f1", verdict.nearestF1}});
  }
  return json.dump();
}

}  // namespace ecumene::engine::networks
