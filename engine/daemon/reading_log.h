// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <mutex>
#include <vector>

#include "data/sql/sql.h"
#include "engine/daemon/readings.h"

namespace ecumene::engine::daemon {

/// Readings of the machine in a file, so that who looks later sees them too: one every kPause seconds, of those older
/// than kYoung one every kOldPause, none older than kKept. About 18,000 rows. Any thread.
class ReadingLog {
 public:
  static constexpr double kPause = 10.0, kOldPause = 120.0;                      ///< seconds
  static constexpr double kYoung = 24.0 * 3600.0, kKept = 14.0 * 24.0 * 3600.0;  ///< seconds

  explicit ReadingLog(const std::filesystem::path& file);
  /// Nothing where the last one is not kPause old. Throws Error where the disk takes it not.
  void add(const Readings& readings);
  /// Those later than `time`, in their order; of more than `most` >= 1 every second, third, .., the newest among them.
  /// Without what they say in words.
  std::vector<Readings> after(double time, std::size_t most);

 private:
  std::mutex mutex_;  ///< of all below
  data::sql::Connection connection_;
  double last_ = 0.0;
};

}  // namespace ecumene::engine::daemon
