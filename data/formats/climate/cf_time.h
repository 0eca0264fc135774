// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ecumene::data::formats {

/// Calendars of CF 4.4.1.
enum class Calendar { kStandard, kProlepticGregorian, kJulian, kNoLeap, kAllLeap, k360Day };
/// By its CF name in any case; none if it is unknown.
std::optional<Calendar> calendarCalled(const std::string& name);

/// A day of a calendar, the time of day as a fraction in `day` (1.5 is noon of the first).
struct CalendarDate {
  long year = 0;
  int month = 1;  ///< 1 to 12
  double day = 1.0;
};
/// Date that lies `days` after another. Standard is Julian up to 4 October 1582 and Gregorian from 15 October on.
CalendarDate addDays(const CalendarDate& from, double days, Calendar calendar);

/// A time coordinate as the file has it.
struct TimeAxis {
  std::string name;           ///< variable, for messages; empty: there is no time at all
  std::vector<double> value;  ///< one for each step; empty if the steps have no coordinate
  std::string units, calendar;
  std::vector<double> bounds;  ///< [step][2]; empty: every step counts alike
};

/// Which of the twelve months each step belongs to, and how much it counts.
struct MonthPlan {
  std::vector<int> month;  ///< 0 to 11, or -1: all twelve
  std::vector<double> weight;
  std::string words;  ///< what was taken for months
};

/// Months of a file's steps. `choice`, from the user, may be "constant" (the mean of all steps stands for all twelve:
/// a planet without seasons) or "twelfths" (the steps, in their order, are one year, cut into twelve equal
/// parts). Without it: dates ("days since 1850-01-01", "months since", "day as %Y%m%d.%f") are sorted into the
/// calendar's months by the middle of their bounds, where they have some; all twelve must be there. Twelve steps whose
/// dates cannot be read are the file's own twelfths if they are even and, where their unit has a length, make up a year
/// of 300 to 400 d. A single state or mean is refused, as nothing in it says that the planet has no seasons. Bounds
/// that do not hold their times are left aside, which `words` say, as they say how times at the turns of months were
/// read.
MonthPlan monthsOf(const TimeAxis& axis, std::size_t steps, const std::string* choice);

}  // namespace ecumene::data::formats
