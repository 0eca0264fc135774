// SPDX-License-Identifier: Apache-2.0
// Shape letters: S samples, L layers, Q queries, T tokens of a view, H heads.
#include "engine/train/attention_file.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "data/base/files.h"
#include "data/batch/collate.h"
#include "data/batch/planet_samples.h"
#include "data/store/hdf5_image.h"
#include "engine/report/prediction.h"
#include "engine/train/draws.h"
#include "engine/train/run_content.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

using data::store::Array;
using data::store::numberArray;
using data::store::textArray;
using models::fusion::kViewCount;

constexpr const char* kAbout =
    "Attention of fusion's queries to the views' tokens: means over the heads, dimensionless; of all views together "
    "they add up to 1 for a sample, layer and query. <view>[sample, layer, query, token]; tokens as `ecumene-train "
    "attend --part fusion` lists them behind the queries; NaN: no such token. cube_hidden/<view>: of the same samples "
    "without their climate. Attention says what was read, not why.";
constexpr const char* kHiddenGroup = "cube_hidden/";

/// Records all layers of fusion while it lives.
class FusionRecords {
 public:
  FusionRecords(models::fusion::FusionModel& fusion, std::int64_t layers)
      : fusion_(fusion), records_(static_cast<std::size_t>(layers)) {
    for (std::size_t i = 0; i < records_.size(); ++i) fusion_.recordTo(i, &records_[i]);
  }
  ~FusionRecords() {
    for (std::size_t i = 0; i < records_.size(); ++i) fusion_.recordTo(i, nullptr);
  }
  FusionRecords(const FusionRecords&) = delete;
  FusionRecords& operator=(const FusionRecords&) = delete;
  /// [L, Q, T] of the batch's only sample, T over all views.
  [[nodiscard]] torch::Tensor weights() const {
    std::vector<torch::Tensor> layers;
    for (const auto& record : records_) layers.push_back(record.weights_BHTS[0].mean(0));
    return torch::stack(layers).to(torch::kCPU, torch::kFloat32);
  }

 private:
  models::fusion::FusionModel& fusion_;
  std::vector<models::layers::AttentionRecord> records_;
};

/// How many tokens fusion was given of each view.
std::array<std::int64_t, kViewCount> tokenCounts(const models::unified::UnifiedOutput& output) {
  const auto count = [](const torch::Tensor& x_BTC) { return x_BTC.defined() ? x_BTC.size(1) : 0; };
  return {count(output.climate.tokens.values_BTC), count(output.graph.tokens.values_BTC),
          count(output.spectrum.tokens.values_BTC), count(output.text.hidden_BTC), count(output.scalars.values_BTC)};
}

/// Samples of [L, Q, T] with T of their own, as one array [S, L, Q, longest T].
Array padded(const std::string& path, const std::vector<torch::Tensor>& samples_LQT) {
  std::int64_t longest = 0;
  for (const torch::Tensor& x_LQT : samples_LQT) longest = std::max(longest, x_LQT.size(2));
  const auto samples = static_cast<std::int64_t>(samples_LQT.size());
  const std::int64_t layers = samples_LQT.front().size(0), queries = samples_LQT.front().size(1);
  const torch::Tensor all = torch::full({samples, layers, queries, longest}, std::numeric_limits<float>::quiet_NaN());
  for (std::int64_t s = 0; s < samples; ++s) {
    const torch::Tensor& x_LQT = samples_LQT[static_cast<std::size_t>(s)];
    all[s].narrow(2, 0, x_LQT.size(2)).copy_(x_LQT);
  }
  const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  const float* begin = all.const_data_ptr<float>();
  return numberArray(path, {size(samples), size(layers), size(queries), size(longest)},
                     std::vector<float>(begin, begin + all.numel()));
}

/// What fusion read of samples that were given views of one subset.
class Read {
 public:
  explicit Read(unsigned subset) : subset_(subset) {}

  /// Of a sample that is a batch of its own.
  void ask(Network& network, const FusionRecords& records, models::unified::UnifiedInput input) {
    keepOnly(input, subset_);
    const models::unified::UnifiedOutput output = network.model->forward(input);
    const torch::Tensor weights_LQT = records.weights();
    std::int64_t first = 0;
    const auto counts = tokenCounts(output);
    for (std::size_t view = 0; view < counts.size(); ++view) {
      tokens_.at(view).push_back(weights_LQT.narrow(2, first, counts.at(view)).contiguous());
      first += counts.at(view);
    }
    const torch::Tensor weight_M = output.fusion.viewWeight_BM[0].to(torch::kCPU, torch::kFloat32).contiguous();
    viewWeights_.insert(viewWeights_.end(), weight_M.data_ptr<float>(), weight_M.data_ptr<float>() + kViewCount);
  }

  /// Its arrays, in `group`. What was hidden from all has none.
  void put(const std::string& group, std::vector<Array>& arrays) const {
    arrays.push_back(numberArray(group + "view_weight", {viewWeights_.size() / kViewCount, kViewCount}, viewWeights_));
    for (std::size_t view = 0; view < tokens_.size(); ++view) {
      const auto none = [](const torch::Tensor& x_LQT) { return x_LQT.size(2) == 0; };
      if ((subset_ >> view & 1U) == 0 || std::ranges::all_of(tokens_.at(view), none)) continue;
      const std::string name(models::fusion::name(static_cast<models::fusion::View>(view)));
      arrays.push_back(padded(group + name, tokens_.at(view)));
    }
  }

 private:
  unsigned subset_;
  std::array<std::vector<torch::Tensor>, kViewCount> tokens_;  ///< [L, Q, T] by sample
  std::vector<float> viewWeights_;
};

}  // namespace

void writeAttention(const std::filesystem::path& file, const WeightsId& weights, Network& network,
                    const config::RunSpec& spec, const data::batch::TrainingContent& content,
                    const data::store::Store& store, data::planet::Split split, std::size_t most,
                    const Progress& progress) {
  std::vector<data::store::Row> planets = store.list(filterOf(split));
  planets.resize(std::min(planets.size(), most));
  if (planets.empty()) {
    std::filesystem::remove(file);
    return;
  }
  data::batch::Collator collator(content.statistics, content.tokeniser, content.vocabulary,
                                 {.textLength = static_cast<std::size_t>(spec.data.textLength)});
  const torch::NoGradGuard noGradients;
  const Autocast autocast(spec.train.precision, network.device);
  const FusionRecords records(*network.model->fusion, spec.model.fusion.layers);
  Read all(report::kAllViews), hidden(report::kAllViews & ~static_cast<unsigned>(report::kClimate));
  std::string samples;
  for (std::size_t p = 0; p < planets.size(); ++p) {
    std::vector<data::loader::Sample> cases = data::batch::samplesOf(store.get(planets[p].id));
    data::loader::Batch one;
    one.samples.push_back(std::move(cases.at(p % cases.size())));
    const data::batch::MultiModalBatch batch = collator.collate(one);
    const models::unified::UnifiedInput input = toTensors(batch, network.device);
    all.ask(network, records, input);
    hidden.ask(network, records, input);
    samples += batch.sampleIds.front() + "\n";
    if (progress) progress(p + 1, planets.size(), planets[p].id);
  }
  std::vector<Array> arrays{textArray("sample", samples), textArray("about", kAbout)};
  all.put("", arrays);
  hidden.put(kHiddenGroup, arrays);
  const std::vector<data::store::Attribute> root{{"format", std::string("ecumene attention 1")},
                                                 {"step", static_cast<double>(weights.step)},
                                                 {"manifest", weights.manifest}};
  const data::store::Hdf5Image image = data::store::buildHdf5Image(arrays, root);
  writeFileAtomically(file, std::string_view(reinterpret_cast<const char*>(image.bytes.data()), image.bytes.size()));
}

}  // namespace ecumene::engine::train
