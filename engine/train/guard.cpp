// SPDX-License-Identifier: Apache-2.0
#include "engine/train/guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "data/base/median.h"

namespace ecumene::engine::train {

Verdict Guard::judge(double loss, double gradientNorm, double spike) {
  reason_.clear();
  if (!std::isfinite(loss)) {
    reason_ = fmt::format("the loss is {}", loss);
  } else if (!std::isfinite(gradientNorm)) {
    reason_ = fmt::format("the gradient's norm is {}", gradientNorm);
  } else if (spike > 0.0 && norms_.size() >= kLeast) {
    const double usual = median({norms_.begin(), norms_.end()});
    if (gradientNorm > spike * usual) {
      reason_ = fmt::format("the gradient's norm {:.3g} is more than {:g} times the recent median {:.3g}", gradientNorm,
                            spike, usual);
    }
  }
  if (reason_.empty()) {
    bad_ = 0;
    norms_.push_back(gradientNorm);
    if (norms_.size() > kRecent) norms_.pop_front();
    return Verdict::kGood;
  }
  if (++bad_ < kPatience) return Verdict::kSkip;
  bad_ = 0;
  if (rollbacks_ == kMostRollbacks) return Verdict::kStop;
  ++rollbacks_;
  // A new level of the norm would be called a spike for ever.
  norms_.clear();
  return Verdict::kRollBack;
}

void Guard::save(std::map<std::string, double>& numbers) const {
  numbers["guard.bad"] = static_cast<double>(bad_);
  numbers["guard.rollbacks"] = static_cast<double>(rollbacks_);
  for (std::size_t i = 0; i < norms_.size(); ++i) numbers[fmt::format("guard.norm.{:02}", i)] = norms_[i];
}

void Guard::load(const std::map<std::string, double>& numbers) {
  norms_.clear();
  for (std::size_t i = 0; i < kRecent; ++i) {
    const auto found = numbers.find(fmt::format("guard.norm.{:02}", i));
    if (found != numbers.end()) norms_.push_back(found->second);
  }
  const auto bad = numbers.find("guard.bad"), rollbacks = numbers.find("guard.rollbacks");
  bad_ = bad == numbers.end() ? 0 : static_cast<std::int64_t>(bad->second);
  rollbacks_ = rollbacks == numbers.end() ? 0 : static_cast<std::int64_t>(rollbacks->second);
}

bool LossScale::after(bool finite) {
  if (!on_) return false;
  if (finite) {
    if (++steps_ == kGrowth) {
      scale_ *= 2.0;
      steps_ = 0;
    }
    return false;
  }
  steps_ = 0;
  // At scale 1 the gradients themselves are not finite.
  if (scale_ <= 1.0) return false;
  scale_ *= 0.5;
  return true;
}

void LossScale::save(std::map<std::string, double>& numbers) const {
  if (!on_) return;
  numbers["scale.value"] = scale_;
  numbers["scale.steps"] = static_cast<double>(steps_);
}

void LossScale::load(const std::map<std::string, double>& numbers) {
  const auto value = numbers.find("scale.value"), steps = numbers.find("scale.steps");
  if (!on_ || value == numbers.end() || steps == numbers.end()) return;
  scale_ = value->second;
  steps_ = static_cast<std::int64_t>(steps->second);
}

}  // namespace ecumene::engine::train
