// SPDX-License-Identifier: Apache-2.0
// Truth: what the word attend answers; h5dump reads the file.
#include "engine/train/attention_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "data/base/files.h"
#include "engine/inspect/attention.h"
#include "tests/engine/inspect/inspected_run.h"

namespace ecumene {
namespace {

using data::planet::Split;

class AttentionFile : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v h5dump > /dev/null") != 0) GTEST_SKIP() << "h5dump is not installed (hdf5-tools)";
    auto& run = test::openedRun();
    engine::train::writeAttention(file_, run.loaded.weights(), run.network, run.spec, run.content,
                                  test::subjects().store(), Split::kTrain, 2);
  }
  [[nodiscard]] std::string dumped(const std::string& words) const {
    const std::string out = folder_ / "out", printed = folder_ / "printed";
    EXPECT_EQ(std::system(("h5dump " + words + " " + file_.string() + " > " + printed).c_str()), 0) << words;
    return readFile(words.find("-o") == std::string::npos ? printed : out);
  }
  [[nodiscard]] std::vector<float> numbers(const std::string& dataset) const {
    const std::string raw = dumped("-d /" + dataset + " -b LE -o " + (folder_ / "out").string());
    std::vector<float> values(raw.size() / sizeof(float));
    std::memcpy(values.data(), raw.data(), values.size() * sizeof(float));
    return values;
  }
  [[nodiscard]] std::string text(const std::string& dataset) const { return dumped("-d /" + dataset); }

  test::TempFolder folder_;
  std::filesystem::path file_ = folder_ / "attention.h5";
};

TEST_F(AttentionFile, HoldsWhatTheWordAttendAnswers) {
  const auto& spec = test::openedRun().spec.model.fusion;
  const auto layers = static_cast<std::size_t>(spec.layers), queries = static_cast<std::size_t>(spec.queries);
  data::store::Filter filter;
  filter.split = Split::kTrain;
  const auto subject = test::subjects().readOne({test::subjects().store().list(filter).front().id, "", {}});
  EXPECT_NE(text("sample").find(subject->batch.sampleIds.front()), std::string::npos);
  for (std::size_t layer = 0; layer < layers; ++layer) {
    for (std::size_t query = 0; query < queries; ++query) {
      engine::inspect::AttentionQuestion question;
      question.layer = static_cast<std::int64_t>(layer);
      question.token = static_cast<std::int64_t>(query);
      const auto answer = engine::inspect::attend(test::openedRun(), *subject, question);
      std::size_t token = queries;  // the queries come first in the answer
      double sum = 0.0;
      for (const char* view : {"climate", "graph", "spectrum", "text", "scalars"}) {
        const std::vector<float> all = numbers(view);
        const std::size_t width = all.size() / (2 * layers * queries);
        const float* row = all.data() + (layer * queries + query) * width;
        for (std::size_t t = 0; t < width && !std::isnan(row[t]); ++t, ++token) {
          ASSERT_LT(token, answer.attendsTo.size());
          EXPECT_NEAR(row[t], answer.attendsTo[token], 1e-6) << view << ' ' << t;
          EXPECT_EQ(answer.tokens[token].view, view);
          sum += static_cast<double>(row[t]);
        }
      }
      EXPECT_EQ(token, answer.attendsTo.size());
      EXPECT_NEAR(sum, 1.0, 1e-5);
    }
  }
}

TEST_F(AttentionFile, HoldsTheSamplesWithoutTheirCubesToo) {
  const auto& spec = test::openedRun().spec.model.fusion;
  const auto layers = static_cast<std::size_t>(spec.layers), queries = static_cast<std::size_t>(spec.queries);
  data::store::Filter filter;
  filter.split = Split::kTrain;
  const auto subject = test::subjects().readOne({test::subjects().store().list(filter).front().id, "", {"climate"}});
  const auto prediction = test::openedRun().network.model->forward(subject->input);
  const auto first_M = prediction.fusion.viewWeight_BM[0].contiguous();
  const std::vector<float> weights = numbers("cube_hidden/view_weight");
  ASSERT_EQ(weights.size(), 10U);
  EXPECT_EQ(weights[0], 0.0F);
  for (std::size_t view = 0; view < 5; ++view) EXPECT_NEAR(weights[view], first_M.data_ptr<float>()[view], 1e-6);
  std::vector<double> sums(layers * queries);
  for (const char* view : {"graph", "spectrum", "text", "scalars"}) {
    const std::vector<float> all = numbers(std::string("cube_hidden/") + view);
    const std::size_t width = all.size() / (2 * layers * queries);
    for (std::size_t row = 0; row < sums.size(); ++row) {
      for (std::size_t t = 0; t < width; ++t) {
        if (!std::isnan(all[row * width + t])) sums[row] += static_cast<double>(all[row * width + t]);
      }
    }
  }
  for (const double sum : sums) EXPECT_NEAR(sum, 1.0, 1e-5);
  EXPECT_NE(std::system(("h5dump -d /cube_hidden/climate " + file_.string() + " > /dev/null 2>&1").c_str()), 0);
}

TEST_F(AttentionFile, WeightsOfViewsAddUpAndRecordingEnds) {
  const std::vector<float> weights = numbers("view_weight");
  ASSERT_EQ(weights.size(), 10U);
  for (const std::size_t sample : {0U, 1U}) {
    double sum = 0.0;
    for (std::size_t view = 0; view < 5; ++view) sum += static_cast<double>(weights[sample * 5 + view]);
    EXPECT_NEAR(sum, 1.0, 1e-6);
  }
  EXPECT_NE(text("about").find("dimensionless"), std::string::npos);
  // It says whose weights it is of.
  EXPECT_NE(dumped("-a /manifest").find('"' + test::openedRun().loaded.manifest + '"'), std::string::npos);
  EXPECT_NE(dumped("-a /step").find("(0): " + std::to_string(test::openedRun().loaded.step) + "\n"), std::string::npos);
  // Without planets there is nothing to keep, also of another evaluation.
  auto& run = test::openedRun();
  engine::train::writeAttention(file_, run.loaded.weights(), run.network, run.spec, run.content,
                                test::subjects().store(), Split::kObserved, 2);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace ecumene
