// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

/// What keeps a bad step from the weights. Plain numbers, no tensors.
namespace ecumene::engine::train {

enum class Verdict {
  kGood,
  kSkip,      ///< leave the update out
  kRollBack,  ///< leave it out and go back to the last checkpoint: the weights themselves are suspect
  kStop,      ///< it has gone back kMostRollbacks times already
};

/// Looks at the loss and the gradient norm of every step before the weights change. Bad is a loss or norm that is not
/// finite, or a norm above `spike` times the median of the last kRecent good ones (once there are kLeast). kPatience
/// bad steps in a row are not a matter of their samples any more: roll back.
class Guard {
 public:
  static constexpr std::size_t kRecent = 64, kLeast = 16;
  static constexpr std::int64_t kPatience = 3, kMostRollbacks = 3;

  /// `spike` 0: norms are not compared.
  Verdict judge(double loss, double gradientNorm, double spike);
  /// Why the last verdict was not good: "the loss is not finite".
  [[nodiscard]] const std::string& reason() const { return reason_; }
  [[nodiscard]] std::int64_t rollbacks() const { return rollbacks_; }

  /// State for a checkpoint, and back; what a rollback counts is not taken back by it.
  void save(std::map<std::string, double>& numbers) const;
  void load(const std::map<std::string, double>& numbers);

 private:
  std::deque<double> norms_;
  std::int64_t bad_ = 0, rollbacks_ = 0;
  std::string reason_;
};

/// Dynamic scale of the loss for float16 gradients (Micikevicius et al. 2018, arXiv 1710.03740, sec. 3.2): halved at an
/// overflow, doubled after kGrowth steps without one. 1 and constant if `on` is false.
class LossScale {
 public:
  static constexpr std::int64_t kGrowth = 1000;
  explicit LossScale(bool on) : on_(on), scale_(on ? 65536.0 : 1.0) {}
  [[nodiscard]] double value() const { return scale_; }
  /// `finite`: the gradients were. Gives whether an overflow was the scale's, not the model's: the step is left out
  /// and no more is to be done.
  bool after(bool finite);
  void save(std::map<std::string, double>& numbers) const;
  void load(const std::map<std::string, double>& numbers);

 private:
  bool on_;
  double scale_;
  std::int64_t steps_ = 0;
};

}  // namespace ecumene::engine::train
