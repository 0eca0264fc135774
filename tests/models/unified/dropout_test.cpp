// SPDX-License-Identifier: Apache-2.0
// The dropout of a part may change while a model is trained.
#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>

#include "engine/train/draws.h"
#include "tests/models/unified/planets.h"

namespace ecumene::models::unified {
namespace {

class Dropout : public testing::Test {
 protected:
  Dropout() : batch(Planets::shared().batch({0, 1, 2})), model(Planets::shared().model(spec, torch::kFloat32)) {
    spec.model.fusion.dropout = 0.0;
    engine::train::drawForTraining(batch.input, batch.ids(), spec, 0);
    model.train();
  }
  /// The answers with the spec's dropout, always by the same random numbers.
  torch::Tensor answer() {
    const torch::NoGradGuard noGradients;
    model.setDropout(spec.model);
    torch::manual_seed(1);
    return model.forward(batch.input).fusion.prediction.regime_BG;
  }

  engine::config::RunSpec spec = nano();
  Batch batch;
  UnifiedModel model;
};

TEST_F(Dropout, OfEachPartIsReadAnewAndZeroIsNone) {
  const torch::Tensor none = answer();
  model.eval();
  EXPECT_TRUE(torch::equal(answer(), none));
  model.train();
  for (const auto& [name, share] :
       std::initializer_list<std::pair<const char*, double*>>{{"climate", &spec.model.climate.dropout},
                                                              {"graph", &spec.model.graph.dropout},
                                                              {"spectrum", &spec.model.spectrum.dropout},
                                                              {"language", &spec.model.language.dropout},
                                                              {"fusion", &spec.model.fusion.dropout}}) {
    *share = 0.5;
    EXPECT_FALSE(torch::allclose(answer(), none)) << name;
    *share = 0.0;
    EXPECT_TRUE(torch::equal(answer(), none)) << name;
  }
}

}  // namespace
}  // namespace ecumene::models::unified
