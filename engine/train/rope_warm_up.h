// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/config/run_spec.h"
#include "models/language/language.h"

/// Training of the language part that begins with short texts: rotary positions turn slowly only where texts are long,
/// so that both lengths grow together and every wavelength is met from the start.
namespace ecumene::engine::train {

/// Share of the full length in step 0..steps - 1, in [train.rope_begin, 1]: it grows linearly with the step over the
/// first train.rope_share of the steps, then is 1.
double ropeReach(const config::TrainSpec& spec, std::int64_t step, std::int64_t steps);
/// Most tokens of a text at that reach: at least 2, since one token says nothing of a next one.
std::int64_t textAtReach(double reach, std::int64_t length);

/// Rotary positions of a model at a reach (language::Rope::setReach) as long as this lives; its full reach comes back.
class ReachGuard {
 public:
  ReachGuard(models::language::LanguageModel& model, double reach) : model_(model) { model_.setReach(reach); }
  ~ReachGuard() { model_.setReach(1.0); }
  ReachGuard(const ReachGuard&) = delete;
  ReachGuard& operator=(const ReachGuard&) = delete;

 private:
  models::language::LanguageModel& model_;
};

/// Cuts texts at so many tokens; what is cut is not scored.
void cutTexts(models::language::LanguageInput& text, std::int64_t tokens);

}  // namespace ecumene::engine::train
