// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "engine/report/prediction.h"

namespace ecumene::test {

/// Of the test split and without views, with nothing said yet.
inline engine::report::Prediction sampleRow(std::size_t planet, std::size_t sample) {
  engine::report::Prediction made;
  made.planet = "p" + std::to_string(planet);
  made.sample = made.planet + "/" + std::to_string(sample);
  made.split = "test";
  made.subset = "none";
  return made;
}

}  // namespace ecumene::test
