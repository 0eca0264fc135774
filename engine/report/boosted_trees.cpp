// SPDX-License-Identifier: Apache-2.0
#include "engine/report/boosted_trees.h"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>

#include "data/base/error.h"

namespace ecumene::engine::report {
namespace {

void require(int status, const char* doing) {
  if (status != 0) throw Error("XGBoost failed", ErrorKind::kInternal).found(XGBGetLastError()).within(doing);
}

struct XgboostRows {
  DMatrixHandle handle = nullptr;

  explicit XgboostRows(const Matrix& x, std::span<const double> y = {}) {
    const std::vector<float> values(x.values.begin(), x.values.end());
    require(XGDMatrixCreateFromMat_omp(values.data(), x.rows, x.columns, std::numeric_limits<float>::quiet_NaN(),
                                       &handle, 1),
            "giving rows to the trees");
    const std::vector<float> labels(y.begin(), y.end());
    if (!labels.empty() && XGDMatrixSetFloatInfo(handle, "label", labels.data(), labels.size()) != 0) {
      XGDMatrixFree(handle);
      throw Error("XGBoost refuses the labels", ErrorKind::kInternal).found(XGBGetLastError());
    }
  }
  ~XgboostRows() { XGDMatrixFree(handle); }
  XgboostRows(const XgboostRows&) = delete;
  XgboostRows& operator=(const XgboostRows&) = delete;
};

struct Setting {
  std::string objective, loss;
};
Setting setting(TreeObjective objective) {
  switch (objective) {
    case TreeObjective::kClasses:
      return {"multi:softprob", "mlogloss"};
    case TreeObjective::kProbability:
      return {"binary:logistic", "logloss"};
    case TreeObjective::kNumber:
      break;
  }
  return {"reg:squarederror", "rmse"};
}

}  // namespace

std::string xgboostVersion() {
  int major = 0, minor = 0, patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

struct BoostedTrees::State {
  BoosterHandle handle = nullptr;
  double loss = std::numeric_limits<double>::infinity();
  int rounds = 0;
  std::size_t columns = 1;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (handle != nullptr) XGBoosterFree(handle);
  }
  void set(const char* name, const std::string& value) const {
    require(XGBoosterSetParam(handle, name, value.c_str()), name);
  }
};

BoostedTrees::BoostedTrees(std::unique_ptr<State> state) : state_(std::move(state)) {}
BoostedTrees::~BoostedTrees() = default;
BoostedTrees::BoostedTrees(BoostedTrees&&) noexcept = default;
BoostedTrees& BoostedTrees::operator=(BoostedTrees&&) noexcept = default;
double BoostedTrees::validationLoss() const {
  return state_->loss;
}
int BoostedTrees::rounds() const {
  return state_->rounds;
}

BoostedTrees BoostedTrees::fit(const Matrix& x, std::span<const double> y, const Matrix& validationX,
                               std::span<const double> validationY, const TreeOptions& options) {
  const XgboostRows train(x, y), validation(validationX, validationY);
  auto state = std::make_unique<State>();
  require(XGBoosterCreate(&train.handle, 1, &state->handle), "making the trees");
  const auto [objective, loss] = setting(options.objective);
  state->set("nthread", "1");
  state->set("verbosity", "0");
  state->set("seed", "1");
  state->set("tree_method", "hist");
  state->set("objective", objective);
  state->set("eval_metric", loss);
  state->set("max_depth", std::to_string(options.depth));
  state->set("learning_rate", fmt::format("{}", options.learningRate));
  if (options.objective == TreeObjective::kClasses) {
    state->columns = static_cast<std::size_t>(options.classes);
    state->set("num_class", std::to_string(options.classes));
  }
  const char* name = "validation";
  for (int round = 0; round < options.mostRounds && round < state->rounds + options.patience; ++round) {
    require(XGBoosterUpdateOneIter(state->handle, round, train.handle), "growing trees");
    DMatrixHandle handle = validation.handle;
    const char* answer = nullptr;  // "[3]\tvalidation-rmse:0.125"
    require(XGBoosterEvalOneIter(state->handle, round, &handle, &name, 1, &answer), "judging trees");
    const std::string text = answer;
    const double value = std::strtod(text.c_str() + text.rfind(':') + 1, nullptr);
    if (value < state->loss) {
      state->loss = value;
      state->rounds = round + 1;
    }
  }
  return BoostedTrees(std::move(state));
}

Matrix BoostedTrees::predict(const Matrix& x) const {
  Matrix result{x.rows, state_->columns, {}};
  if (x.rows == 0) return result;
  const XgboostRows rows(x);
  const std::string config = fmt::format(
      R"({{"type":0,"training":false,"iteration_begin":0,"iteration_end":{},"strict_shape":true}})", state_->rounds);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  require(XGBoosterPredictFromDMatrix(state_->handle, rows.handle, config.c_str(), &shape, &dimensions, &values),
          "predicting with trees");
  result.values.assign(values, values + x.rows * state_->columns);
  return result;
}

}  // namespace ecumene::engine::report
