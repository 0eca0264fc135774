// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ecumene::ui::plots {

/// What one column of pixels shows of a curve.
struct Span {
  double x = 0.0;  ///< of its first point
  double first = 0.0, low = 0.0, high = 0.0, last = 0.0;
};

/// Some neighbouring points of a curve as one.
struct Bucket {
  double mean = 0.0, low = 0.0, high = 0.0;  ///< of finite values; NaN: there are none
  std::size_t count = 1;                     ///< points
};

/// Points of a growing curve by ascending x, with smallest and largest values of blocks kept in a pyramid, so that a
/// million points are drawn in as many spans as there are pixels and no peak is lost. Values that are not finite break
/// nothing: they are left out of every span.
class Curve {
 public:
  /// x must not be less than the last one.
  void append(double x, double y);
  /// Shown by its extremes, read by its mean.
  void append(double x, const Bucket& bucket);
  void clear();
  [[nodiscard]] std::size_t size() const { return x_.size(); }
  [[nodiscard]] double x(std::size_t i) const { return x_[i]; }
  [[nodiscard]] double y(std::size_t i) const { return static_cast<double>(y_[i]); }
  /// Points that this one stands for.
  [[nodiscard]] std::size_t count(std::size_t i) const { return i < buckets_.size() ? buckets_[i].count : 1; }
  /// Removes the points with an x greater than this: a resumed run makes them again.
  void removeAfter(double x);

  /// Spans of at most `columns` equal parts of [low, high] (of its logarithm), those without points left out; one point
  /// beyond either end too, so that a line leaves the picture.
  [[nodiscard]] std::vector<Span> spans(double low, double high, std::size_t columns, bool logarithmic) const;
  /// Index of the point nearest in x; none without points.
  [[nodiscard]] std::optional<std::size_t> nearest(double x) const;

  struct Bounds {
    double low = 0.0, high = 0.0;
  };
  /// Of finite values with x in [low, high]; only positive ones for a logarithmic axis. None if there is none.
  [[nodiscard]] std::optional<Bounds> bounds(double low, double high, bool positive) const;

 private:
  static constexpr std::size_t kFan = 16;  ///< blocks in a block
  struct Block {
    float low, high;  ///< low > high: no finite value
  };
  struct Extremes {
    float low, high;
    std::uint32_t count;
  };
  void grow();
  void takePoint(std::size_t i, float& low, float& high) const;
  void join(std::size_t from, std::size_t to, float& low, float& high) const;

  std::vector<double> x_;
  std::vector<float> y_;
  std::vector<Extremes> buckets_;           ///< of the first points; those behind them are single
  std::vector<std::vector<Block>> levels_;  ///< level k: blocks of kFan^(k+1) points, whole ones
};

/// The curve averaged over steps: exponential moving average with half of the weight on the last `halfLife` points,
/// corrected for the start (Kingma & Ba 2015, arXiv:1412.6980, section 3). halfLife 0: the curve itself.
class Smoother {
 public:
  explicit Smoother(double halfLife);
  /// The average after one more value, or `count` equal ones; a value that is not finite changes nothing and is given
  /// back.
  double next(double value, std::size_t count = 1);

 private:
  double halfLife_, keep_, sum_ = 0.0, weight_ = 0.0;
};

}  // namespace ecumene::ui::plots
