// SPDX-License-Identifier: Apache-2.0
#include "engine/report/predictions_file.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string_view>

#include "data/base/files.h"
#include "data/store/hdf5_image.h"

namespace ecumene::engine::report {
namespace {

using data::store::Array;

/// Columns of one predictor, gathered under its group.
class Columns {
 public:
  Columns(std::vector<Array>& arrays, std::string group, const std::vector<Prediction>& rows)
      : arrays_(arrays), group_(std::move(group)), rows_(rows) {}

  void text(std::string_view name, const std::string& value) {
    if (value.empty()) return;
    arrays_.push_back(data::store::textArray(path(name), value));
  }
  template <class Of>
  void lines(std::string_view name, const Of& of) {
    std::string joined;
    for (const Prediction& row : rows_) joined += std::invoke(of, row) + "\n";
    text(name, joined);
  }
  void whole(std::string_view name, const std::function<std::int64_t(const Prediction&)>& of) {
    std::vector<std::int32_t> values;
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    for (const Prediction& row : rows_) values.push_back(static_cast<std::int32_t>(std::min(of(row), kMost)));
    whole(name, values);
  }
  void whole(std::string_view name, const std::vector<std::int32_t>& values) {
    arrays_.push_back(data::store::numberArray(path(name), {values.size()}, values));
  }
  void number(std::string_view name, const std::function<double(const Prediction&)>& of) {
    std::vector<float> values;
    for (const Prediction& row : rows_) values.push_back(static_cast<float>(of(row)));
    arrays_.push_back(data::store::numberArray(path(name), {rows_.size()}, values));
  }
  /// Rows shorter than the longest end in NaN.
  template <class Of>
  void table(std::string_view name, const Of& of) {
    std::size_t width = 0;
    for (const Prediction& row : rows_) width = std::max(width, of(row).size());
    if (width == 0) return;
    std::vector<float> values;
    for (const Prediction& row : rows_) {
      const auto& given = of(row);
      for (std::size_t i = 0; i < width; ++i) {
        values.push_back(i < given.size() ? static_cast<float>(given[i]) : std::numeric_limits<float>::quiet_NaN());
      }
    }
    arrays_.push_back(data::store::numberArray(path(name), {rows_.size(), width}, values));
  }

 private:
  [[nodiscard]] std::string path(std::string_view name) const { return group_ + "/" + std::string(name); }

  std::vector<Array>& arrays_;
  std::string group_;
  const std::vector<Prediction>& rows_;
};

void addShare(Columns& columns, const std::string& name, SharePrediction Prediction::*share) {
  const std::pair<const char*, double SharePrediction::*> parts[] = {
      {"mean", &SharePrediction::mean},
      {"low", &SharePrediction::low},
      {"high", &SharePrediction::high},
      {"conformal_low", &SharePrediction::conformalLow},
      {"conformal_high", &SharePrediction::conformalHigh},
      {"crps", &SharePrediction::crps},
      {"nll", &SharePrediction::nll}};
  for (const auto& [part, member] : parts) {
    columns.number(name + "/" + part, [=, m = member](const Prediction& row) { return row.*share.*m; });
  }
  columns.table(
      name + "/probability", [=](const Prediction& row) -> const auto& { return (row.*share).probability; });
}

void addPredictor(std::vector<Array>& arrays, const std::string& group, const Predictor& predictor) {
  Columns columns(arrays, group, predictor.predictions);
  columns.text("name", predictor.name);
  columns.text("about", predictor.about);
  if (predictor.predictions.empty()) return;
  columns.lines("sample", &Prediction::sample);
  columns.lines("planet", &Prediction::planet);
  columns.lines("split", &Prediction::split);
  columns.lines("subset", &Prediction::subset);
  columns.lines("given", [](const Prediction& row) -> const std::string& { return viewsGiven(row); });
  columns.whole("archetype", [](const Prediction& row) { return row.archetype; });
  columns.whole("real", [](const Prediction& row) { return row.real ? 1 : 0; });
  columns.whole("out_of_hull", [](const Prediction& row) { return row.hull ? (row.hull->outside ? 1 : 0) : -1; });
  columns.whole("tokens", [](const Prediction& row) { return row.tokens; });
  columns.table(
      "regime", [](const Prediction& row) -> const auto& { return row.regime; });
  columns.number("habitable", [](const Prediction& row) { return row.habitable; });
  columns.number("viable", [](const Prediction& row) { return row.viable; });
  columns.number("language_nll", [](const Prediction& row) { return row.languageNll; });
  addShare(columns, "f_hab", &Prediction::fHab);
  addShare(columns, "h050", &Prediction::h050);
  columns.whole("label/regime", [](const Prediction& row) { return row.truth.regime; });
  columns.number("label/habitable", [](const Prediction& row) { return row.truth.habitable; });
  columns.number("label/viable", [](const Prediction& row) { return row.truth.viable; });
  columns.number("label/f_hab", [](const Prediction& row) { return row.truth.fHab; });
  columns.number("label/h050", [](const Prediction& row) { return row.truth.h050; });
  std::vector<Prediction> embedded;
  std::vector<std::int32_t> at;
  for (std::size_t i = 0; i < predictor.predictions.size(); ++i) {
    if (predictor.predictions[i].embedding.empty()) continue;
    embedded.push_back(predictor.predictions[i]);
    at.push_back(static_cast<std::int32_t>(i));
  }
  if (embedded.empty()) return;
  Columns(arrays, group, embedded)
      .table(
          "embedding", [](const Prediction& row) -> const auto& { return row.embedding; });
  columns.whole("embedding_row", at);
}

}  // namespace

void writePredictions(const std::filesystem::path& file, const std::vector<Predictor>& predictors,
                      const WeightsId& weights) {
  std::vector<Array> arrays;
  for (std::size_t i = 0; i < predictors.size(); ++i) addPredictor(arrays, std::to_string(i), predictors[i]);
  const std::vector<data::store::Attribute> root{{"format", std::string("ecumene predictions 1")},
                                                 {"step", static_cast<double>(weights.step)},
                                                 {"manifest", weights.manifest}};
  const data::store::Hdf5Image image = data::store::buildHdf5Image(arrays, root);
  writeFileAtomically(file, std::string_view(reinterpret_cast<const char*>(image.bytes.data()), image.bytes.size()));
}

}  // namespace ecumene::engine::report
