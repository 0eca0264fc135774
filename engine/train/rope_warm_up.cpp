// SPDX-License-Identifier: Apache-2.0
#include "engine/train/rope_warm_up.h"

#include <algorithm>
#include <cmath>

namespace ecumene::engine::train {

double ropeReach(const config::TrainSpec& spec, std::int64_t step, std::int64_t steps) {
  const double over = spec.ropeShare * static_cast<double>(steps);
  if (over <= 0.0) return 1.0;
  const double done = std::min(1.0, static_cast<double>(step) / over);
  return spec.ropeBegin + (1.0 - spec.ropeBegin) * done;
}

std::int64_t textAtReach(double reach, std::int64_t length) {
  return std::max<std::int64_t>(2, static_cast<std::int64_t>(std::ceil(reach * static_cast<double>(length))));
}

void cutTexts(models::language::LanguageInput& text, std::int64_t tokens) {
  if (text.ids_BT.size(1) <= tokens) return;
  text.ids_BT = text.ids_BT.narrow(1, 0, tokens);
  text.keep_BT = text.keep_BT.narrow(1, 0, tokens);
  text.labels_BT = text.labels_BT.narrow(1, 0, tokens);
}

}  // namespace ecumene::engine::train
