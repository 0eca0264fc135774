// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "data/batch/collate.h"
#include "data/batch/training_content.h"
#include "tests/data/batch/small_texts.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::batch {

/// A store of planets of the train split on the canonical grid with everything, and what is made of it.
struct CollateSet {
  test::TempFolder folder;
  store::Store store = store::Store::open(folder / "s", store::Mode::kCreate);
  store::Statistics statistics;
  std::shared_ptr<const ReactionVocabulary> vocabulary;
  std::shared_ptr<const Tokeniser> tokeniser;
  CollateSet() {
    std::uint64_t added = 0;
    for (std::uint64_t number = 0; added < 4; ++number) {
      planet::Planet p = test::samplePlanet(number, {true, 32, 64, 1, 2, 0, 2});
      if (planet::splitOf(p.origin, p.systemKey) != planet::Split::kTrain) continue;
      store.add(p);
      ++added;
    }
    statistics = store.computeStatistics();
    vocabulary = std::make_shared<const ReactionVocabulary>(splitContent(store, planet::Split::kTrain).vocabulary);
    tokeniser = std::make_shared<const Tokeniser>(Tokeniser::train(smallTexts(), {400}, folder / "t.model"));
  }
};

class CollateTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { set_ = std::make_unique<CollateSet>(); }
  static void TearDownTestSuite() { set_.reset(); }
  void SetUp() override {
    loader::LoaderOptions options;
    options.budget.samples = 4;
    options.threads = 1;
    loader::Loader loader(set_->store, options);
    loader.start(0);
    batch_ = *loader.next();
  }
  [[nodiscard]] Collator collator(const CollateOptions& options = {}) const {
    return Collator(statistics_, tokeniser_, vocabulary_, options);
  }

  static inline std::unique_ptr<CollateSet> set_;
  store::Statistics statistics_ = set_->statistics;
  const std::shared_ptr<const ReactionVocabulary> vocabulary_ = set_->vocabulary;
  const std::shared_ptr<const Tokeniser> tokeniser_ = set_->tokeniser;
  loader::Batch batch_;
};

}  // namespace ecumene::data::batch
