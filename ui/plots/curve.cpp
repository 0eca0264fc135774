// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ecumene::ui::plots {
namespace {

constexpr float kNothingLow = std::numeric_limits<float>::infinity();

void take(float value, float& low, float& high) {
  if (!std::isfinite(value)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

}  // namespace

void Curve::append(double x, double y) {
  x_.push_back(x);
  y_.push_back(static_cast<float>(y));
  if (x_.size() % kFan == 0) grow();
}

void Curve::append(double x, const Bucket& bucket) {
  // Single points that came before get extremes of their own.
  for (std::size_t i = buckets_.size(); i < y_.size(); ++i) buckets_.push_back({y_[i], y_[i], 1});
  buckets_.push_back({static_cast<float>(bucket.low), static_cast<float>(bucket.high),
                      static_cast<std::uint32_t>(std::max<std::size_t>(1, bucket.count))});
  append(x, bucket.mean);
}

void Curve::clear() {
  x_.clear();
  y_.clear();
  buckets_.clear();
  levels_.clear();
}

void Curve::removeAfter(double x) {
  const auto keep = static_cast<std::size_t>(std::upper_bound(x_.begin(), x_.end(), x) - x_.begin());
  x_.resize(keep);
  y_.resize(keep);
  if (buckets_.size() > keep) buckets_.resize(keep);
  std::size_t blocks = keep;
  for (std::vector<Block>& level : levels_) {
    blocks /= kFan;
    level.resize(std::min(level.size(), blocks));
  }
}

/// Closes the blocks that the newest point completes.
void Curve::grow() {
  std::size_t count = x_.size() / kFan;
  for (std::size_t k = 0; count > 0; ++k, count /= kFan) {
    if (levels_.size() == k) levels_.emplace_back();
    if (levels_[k].size() == count) return;
    Block block{kNothingLow, -kNothingLow};
    for (std::size_t i = (count - 1) * kFan; i < count * kFan; ++i) {
      if (k == 0) {
        takePoint(i, block.low, block.high);
      } else {
        block.low = std::min(block.low, levels_[k - 1][i].low);
        block.high = std::max(block.high, levels_[k - 1][i].high);
      }
    }
    levels_[k].push_back(block);
    if (count % kFan != 0) return;
  }
}

void Curve::takePoint(std::size_t i, float& low, float& high) const {
  if (i >= buckets_.size()) return take(y_[i], low, high);
  take(buckets_[i].low, low, high);
  take(buckets_[i].high, low, high);
}

/// Widens [low, high] by the points from `from` to before `to`, by the largest blocks that fit.
void Curve::join(std::size_t from, std::size_t to, float& low, float& high) const {
  while (from < to) {
    std::size_t size = 1, level = 0;
    while (level < levels_.size() && from % (size * kFan) == 0 && from + size * kFan <= to &&
           from / (size * kFan) < levels_[level].size()) {
      size *= kFan;
      ++level;
    }
    if (level == 0) {
      takePoint(from, low, high);
    } else {
      const Block& block = levels_[level - 1][from / size];
      low = std::min(low, block.low);
      high = std::max(high, block.high);
    }
    from += size;
  }
}

std::vector<Span> Curve::spans(double low, double high, std::size_t columns, bool logarithmic) const {
  std::vector<Span> spans;
  if (x_.empty() || columns == 0 || !(low < high)) return spans;
  const auto indexOf = [&](double x) {
    return static_cast<std::size_t>(std::lower_bound(x_.begin(), x_.end(), x) - x_.begin());
  };
  const auto add = [&](std::size_t from, std::size_t to) {
    if (from >= to) return;
    float least = kNothingLow, most = -kNothingLow;
    join(from, to, least, most);
    if (least > most) return;
    std::size_t first = from, last = to - 1;
    while (!std::isfinite(y_[first])) ++first;
    while (!std::isfinite(y_[last])) --last;
    spans.push_back({x_[from], y(first), static_cast<double>(least), static_cast<double>(most), y(last)});
  };
  const std::size_t begin = indexOf(low);
  auto end = static_cast<std::size_t>(std::upper_bound(x_.begin(), x_.end(), high) - x_.begin());
  if (begin > 0) add(begin - 1, begin);
  std::size_t from = begin;
  for (std::size_t column = 1; column <= columns && from < end; ++column) {
    const double share = static_cast<double>(column) / static_cast<double>(columns);
    const double edge = logarithmic ? low * std::pow(high / low, share) : low + (high - low) * share;
    const std::size_t to = column == columns ? end : std::min(end, indexOf(edge));
    add(from, to);
    from = std::max(from, to);
  }
  if (end < x_.size()) add(end, end + 1);
  return spans;
}

std::optional<std::size_t> Curve::nearest(double x) const {
  if (x_.empty()) return std::nullopt;
  const auto above = std::lower_bound(x_.begin(), x_.end(), x);
  if (above == x_.end()) return x_.size() - 1;
  const auto index = static_cast<std::size_t>(above - x_.begin());
  if (index == 0) return index;
  return x - x_[index - 1] < x_[index] - x ? index - 1 : index;
}

std::optional<Curve::Bounds> Curve::bounds(double low, double high, bool positive) const {
  const auto from = static_cast<std::size_t>(std::lower_bound(x_.begin(), x_.end(), low) - x_.begin());
  const auto to = static_cast<std::size_t>(std::upper_bound(x_.begin(), x_.end(), high) - x_.begin());
  float least = kNothingLow, most = -kNothingLow;
  join(from, to, least, most);
  if (positive && least <= 0.0F && most > 0.0F) {
    // Blocks know their smallest value only, so the smallest positive one is looked for.
    least = most;
    for (std::size_t i = from; i < to; ++i) {
      if (y_[i] > 0.0F && y_[i] < least) least = y_[i];
    }
  }
  if (least > most || (positive && most <= 0.0F)) return std::nullopt;
  return Bounds{static_cast<double>(least), static_cast<double>(most)};
}

Smoother::Smoother(double halfLife)
    : halfLife_(halfLife), keep_(halfLife > 0.0 ? std::pow(0.5, 1.0 / halfLife) : 0.0) {}

double Smoother::next(double value, std::size_t count) {
  if (!std::isfinite(value)) return value;
  const double keep = count == 1 || halfLife_ <= 0.0 ? keep_ : std::pow(0.5, static_cast<double>(count) / halfLife_);
  sum_ = keep * sum_ + (1.0 - keep) * value;
  weight_ = keep * weight_ + (1.0 - keep);
  return sum_ / weight_;
}

}  // namespace ecumene::ui::plots
