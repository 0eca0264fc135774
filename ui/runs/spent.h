// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

#include "ecumene.pb.h"

namespace ecumene::ui::runs {

/// What an hour of the machine that trains costs.
struct Price {
  double perHour = 0.0;  ///< 0: not known, and no cost is said
  QString currency;
  bool operator==(const Price&) const = default;
};
/// "0.213 USD", "3.20 USD"; empty without a price.
QString costText(const Price& price, double seconds);

/// How long training has had its machine, by the run's events: from each "started" or "resumed" to the "stopped",
/// "finished" or "failed" that follows, pauses within; where none follows, to the last thing that a trainer that was
/// killed has done. Evaluations behind the end are not in it.
class TrainedTime {
 public:
  void take(const wire::Event& event);
  void clear() { *this = {}; }
  /// Events before those that are taken are not there: the time is not known.
  void lacksBeginning() { known_ = false; }
  /// Seconds, 0 where they are not known; to `now` (of its machine, since 1970) where somebody trains the run.
  [[nodiscard]] double seconds(const wire::Run& run, double now) const;

 private:
  bool known_ = true;
  double closed_ = 0.0;
  std::optional<double> begin_;
  double last_ = 0.0;  ///< time and step of the last thing that a trainer has done
  std::int64_t step_ = 0;
};

}  // namespace ecumene::ui::runs
