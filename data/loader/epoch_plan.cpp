// SPDX-License-Identifier: Apache-2.0
#include "data/loader/epoch_plan.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "data/base/error.h"
#include "data/base/random.h"

namespace ecumene::data::loader {
namespace {

/// Samples are bucketed inside windows of the shuffled order, so that a batch is random in everything but its length.
constexpr std::size_t kWindowBatches = 16;

struct Drawn {
  std::uint64_t key;  // place in the shuffled order
  PlannedSample planned;
  std::uint32_t text, nodes, epochs;
  // Of the samples that it is kept together with, itself among them: longest text, nodes in all, first place.
  std::uint32_t groupText;
  std::uint64_t groupNodes, groupKey;
};

std::uint32_t drawIndex(Random& random, std::size_t count) {
  return count == 0 ? 0 : random.below(static_cast<std::uint32_t>(count));
}

std::vector<Drawn> shuffled(std::span<const SampleSize> samples, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<Drawn> order;
  order.reserve(samples.size());
  std::unordered_set<std::string_view> ids;
  for (std::uint32_t i = 0; i < samples.size(); ++i) {
    const SampleSize& s = samples[i];
    if (!ids.insert(s.id).second) throw Error("two samples have one id").on(s.id);
    Random random(seed, "loader:" + s.id, epoch);
    Drawn d{};
    d.key = (static_cast<std::uint64_t>(random.bits()) << 32U) | random.bits();
    d.planned.sample = i;
    d.epochs = s.epochs;
    d.planned.choice.variant = drawIndex(random, s.graphNodes.size());
    d.planned.choice.spectrum = drawIndex(random, s.spectra);
    if (!s.graphNodes.empty()) d.nodes = s.graphNodes[d.planned.choice.variant];
    if (d.planned.choice.variant < s.textLength.size()) {
      const std::vector<std::uint32_t>& texts = s.textLength[d.planned.choice.variant];
      d.planned.choice.text = drawIndex(random, texts.size());
      if (!texts.empty()) d.text = texts[d.planned.choice.text];
    }
    order.push_back(d);
  }
  std::sort(order.begin(), order.end(), [&](const Drawn& a, const Drawn& b) {
    return std::tie(a.key, samples[a.planned.sample].id) < std::tie(b.key, samples[b.planned.sample].id);
  });
  return order;
}

/// Brings samples of one planet together, in groups of at most `together`, each where its first one stood.
std::vector<Drawn> grouped(std::vector<Drawn> order, std::span<const SampleSize> samples, std::size_t together) {
  std::vector<std::vector<Drawn>> groups;
  std::unordered_map<std::string_view, std::size_t> open;  // group of a planet that has room
  for (const Drawn& d : order) {
    const auto [found, fresh] = open.try_emplace(samples[d.planned.sample].planet, groups.size());
    if (!fresh && groups[found->second].size() == together) found->second = groups.size();
    if (found->second == groups.size()) groups.emplace_back();
    groups[found->second].push_back(d);
  }
  order.clear();
  for (std::vector<Drawn>& group : groups) {
    std::uint32_t text = 0;
    std::uint64_t nodes = 0;
    for (const Drawn& d : group) {
      text = std::max(text, d.text);
      nodes += d.nodes;
    }
    for (Drawn& d : group) {
      d.groupText = text;
      d.groupNodes = nodes;
      d.groupKey = group.front().key;
      order.push_back(d);
    }
  }
  return order;
}

void refuseOversized(const Drawn& d, const SampleSize& sample, const Budget& budget) {
  if (budget.samples > 0 && d.text <= budget.textUnits && d.nodes <= budget.graphNodes) return;
  throw Error("a sample alone exceeds the budget of a batch")
      .on(sample.id)
      .expected("at most " + std::to_string(budget.textUnits) + " text units and " + std::to_string(budget.graphNodes) +
                " nodes")
      .found(std::to_string(d.text) + " and " + std::to_string(d.nodes))
      .next("raise the budget, or shorten the text");
}

}  // namespace

EpochPlan::EpochPlan(std::span<const SampleSize> samples, std::uint64_t seed, std::uint64_t epoch, const Budget& budget,
                     std::size_t together) {
  std::vector<Drawn> order = grouped(shuffled(samples, seed, epoch), samples, together);
  const std::size_t window = std::max<std::size_t>(1, budget.samples) * kWindowBatches;
  for (std::size_t start = 0; start < order.size(); start += window) {
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(start);
    const auto last = order.begin() + static_cast<std::ptrdiff_t>(std::min(start + window, order.size()));
    std::sort(first, last, [](const Drawn& a, const Drawn& b) {
      return std::tie(a.epochs, a.groupText, a.groupNodes, a.groupKey, a.text, a.nodes, a.key) <
             std::tie(b.epochs, b.groupText, b.groupNodes, b.groupKey, b.text, b.nodes, b.key);
    });
    std::vector<PlannedSample> batch;
    std::uint32_t longest = 0;
    std::uint64_t nodes = 0;
    for (auto d = first; d != last; ++d) {
      refuseOversized(*d, samples[d->planned.sample], budget);
      const std::uint32_t longer = std::max(longest, d->text);
      const std::uint64_t padded = static_cast<std::uint64_t>(longer) * (batch.size() + 1);
      if (batch.size() == budget.samples || padded > budget.textUnits || nodes + d->nodes > budget.graphNodes ||
          (!batch.empty() && d->epochs != samples[batch.back().sample].epochs)) {
        batches_.push_back(std::move(batch));
        batch.clear();
        longest = 0;
        nodes = 0;
      }
      batch.push_back(d->planned);
      longest = std::max(longest, d->text);
      nodes += d->nodes;
    }
    if (!batch.empty()) batches_.push_back(std::move(batch));
  }
  // Fisher and Yates: lengths must not come in waves.
  Random random(seed, "loader-batches", epoch);
  for (std::size_t i = batches_.size(); i > 1; --i) {
    std::swap(batches_[i - 1], batches_[random.below(static_cast<std::uint32_t>(i))]);
  }
}

}  // namespace ecumene::data::loader
