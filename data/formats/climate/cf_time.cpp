// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/cf_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "data/base/error.h"
#include "data/formats/climate/climate_units.h"
#include "data/formats/common/text_table.h"
#include "data/planet/cube.h"

namespace ecumene::data::formats {
namespace {

using planet::kMonths;

constexpr std::array<int, kMonths> kMonthDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
constexpr double kLongestDays = 4e9;  // ten million years: beyond it a double has no minutes

/// Days before 1 January of a year in a calendar of years of 365 days and `leap` leap days.
long daysOfYears(long year, Calendar calendar) {
  const auto floorDivide = [](long a, long b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); };
  const long before = year - 1;
  switch (calendar) {
    case Calendar::kJulian:
      return 365 * before + floorDivide(before, 4);
    case Calendar::kNoLeap:
      return 365 * before;
    case Calendar::kAllLeap:
      return 366 * before;
    case Calendar::k360Day:
      return 360 * before;
    default:
      return 365 * before + floorDivide(before, 4) - floorDivide(before, 100) + floorDivide(before, 400);
  }
}

int daysOfMonth(long year, int month, Calendar calendar) {
  if (calendar == Calendar::k360Day) return 30;
  const bool leap = daysOfYears(year + 1, calendar) - daysOfYears(year, calendar) == 366;
  return kMonthDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

/// Whole days from 1 January of year 1 of the calendar.
long dayNumber(long year, int month, int day, Calendar calendar) {
  long days = daysOfYears(year, calendar) + day - 1;
  for (int m = 1; m < month; ++m) days += daysOfMonth(year, m, calendar);
  return days;
}

CalendarDate dateOf(double number, Calendar calendar) {
  const double whole = std::floor(number);
  const auto days = static_cast<long>(whole);
  const double length = calendar == Calendar::k360Day    ? 360.0
                        : calendar == Calendar::kNoLeap  ? 365.0
                        : calendar == Calendar::kAllLeap ? 366.0
                        : calendar == Calendar::kJulian  ? 365.25
                                                         : 365.2425;
  long year = static_cast<long>(std::floor(number / length)) + 1;
  while (daysOfYears(year, calendar) > days) --year;
  while (daysOfYears(year + 1, calendar) <= days) ++year;
  long left = days - daysOfYears(year, calendar);
  int month = 1;
  while (left >= daysOfMonth(year, month, calendar)) left -= daysOfMonth(year, month++, calendar);
  return {year, month, static_cast<double>(left) + 1.0 + (number - whole)};
}

/// First Gregorian day of the standard calendar, 15 October 1582, in both of its countings.
const long kGregorianStart = dayNumber(1582, 10, 15, Calendar::kProlepticGregorian);
const long kJulianEnd = dayNumber(1582, 10, 5, Calendar::kJulian);

std::optional<CalendarDate> parseDate(const std::string& text) {
  long year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0.0;
  const int read = std::sscanf(text.c_str(), "%ld-%d-%d%*[ T]%d:%d:%lf", &year, &month, &day, &hour, &minute, &second);
  if (read < 3 || month < 1 || month > 12 || day < 1 || day > 31 || std::abs(year) > 9999999) return std::nullopt;
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || !(second >= 0.0 && second <= 60.0)) return std::nullopt;
  return CalendarDate{year, month, day + (hour + (minute + second / 60.0) / 60.0) / 24.0};
}

[[noreturn]] void refuse(const std::string& what, const std::string& where, const std::string& found) {
  Error error(what);
  if (!where.empty()) error.on(where);
  if (!found.empty()) error.found(found);
  throw error.next(
      "say what the steps are: --set time=twelfths (in their order, one year) or --set "
      "time=constant (their mean, for a planet without seasons)");
}

/// The widths of the steps' bounds; empty unless every step has bounds of a width.
std::vector<double> boundWidths(const TimeAxis& axis, std::size_t steps) {
  if (axis.bounds.size() != 2 * steps) return {};
  std::vector<double> widths(steps);
  for (std::size_t i = 0; i < steps; ++i) {
    widths[i] = std::abs(axis.bounds[2 * i + 1] - axis.bounds[2 * i]);
    if (!(widths[i] > 0.0 && std::isfinite(widths[i]))) return {};
  }
  return widths;
}

/// Whether each time lies between its bounds, but for rounding.
bool boundsHold(const TimeAxis& axis) {
  constexpr double kRounding = 0.01;  // of the width: files keep times as float32
  for (std::size_t i = 0; i < axis.value.size(); ++i) {
    const auto [low, high] = std::minmax(axis.bounds[2 * i], axis.bounds[2 * i + 1]);
    const double slack = kRounding * (high - low);
    if (!(axis.value[i] >= low - slack && axis.value[i] <= high + slack)) return false;
  }
  return true;
}

/// Times that lie inside the steps: models stamp a mean at either end of its bounds, which may be another month's.
std::vector<double> timesInside(const TimeAxis& axis) {
  std::vector<double> times = axis.value;
  if (boundWidths(axis, times.size()).empty()) return times;
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = 0.5 * (axis.bounds[2 * i] + axis.bounds[2 * i + 1]);
  return times;
}

/// Months of the steps, 0 to 11, by the axis's own dates.
struct Dates {
  std::vector<int> month;  ///< empty: they cannot be read
  std::string unread;      ///< why not
  bool atTurns = false;    ///< every time is the first instant of a month
};

/// The word before " since ", or the whole unit.
std::string stepUnit(const TimeAxis& axis) {
  return lower(trim(axis.units.substr(0, axis.units.find(" since "))));
}

bool isMonth(const std::string& unit) {
  return unit == "months" || unit == "month";
}

constexpr double kDaySeconds = 86400.0;

/// Days of the axis's unit; none if that has no known length.
std::optional<double> daysOfUnit(const TimeAxis& axis) {
  constexpr double kMonth = 365.2425 / 12.0;
  const std::string unit = stepUnit(axis);
  if (isMonth(unit)) return kMonth;
  const std::optional<Unit> length = findClimateUnit(unit);
  if (!length || length->dimension != Dimension::kTime) return std::nullopt;
  return length->toSi / kDaySeconds;
}

void requireNumber(double value, double days, const TimeAxis& axis) {
  if (!(std::abs(days) < kLongestDays)) refuse("the time is no number", axis.name, fmt::format("{}", value));
}

Dates absoluteDates(const TimeAxis& axis) {
  Dates dates;
  for (const double value : axis.value) {
    const double month = std::floor(std::fmod(std::abs(value), 1e4) / 100.0);
    if (!(month >= 1.0 && month <= 12.0)) refuse("the time is no date", axis.name, fmt::format("{}", value));
    dates.month.push_back(static_cast<int>(month) - 1);
  }
  return dates;
}

Dates monthsSince(const TimeAxis& axis, const CalendarDate& from) {
  constexpr double kRounding = 1e-6;
  Dates dates;
  dates.atTurns = from.day == 1.0;
  for (const double value : timesInside(axis)) {
    requireNumber(value, value, axis);
    const double month = std::floor(static_cast<double>(from.month - 1) + value + kRounding);
    dates.month.push_back(static_cast<int>(month - 12.0 * std::floor(month / 12.0)));
    dates.atTurns = dates.atTurns && std::abs(value - std::round(value)) < kRounding;
  }
  return dates;
}

/// The axis's dates, which those that count from a date have in the middle of their bounds.
Dates datesOf(const TimeAxis& axis) {
  if (axis.value.empty()) return {{}, "they have no times"};
  if (axis.units.starts_with("day as ")) return absoluteDates(axis);
  const std::size_t since = axis.units.find(" since ");
  if (since == std::string::npos) return {{}, fmt::format("their unit '{}' counts from no date", axis.units)};
  const std::string epoch = trim(axis.units.substr(since + 7));
  const std::optional<CalendarDate> from = parseDate(epoch);
  if (!from) return {{}, fmt::format("they count from '{}', which is no date", epoch)};
  if (isMonth(stepUnit(axis))) return monthsSince(axis, *from);
  const std::optional<double> unitDays = daysOfUnit(axis);
  if (!unitDays) return {{}, fmt::format("'{}' is no known unit of time", stepUnit(axis))};
  const std::optional<Calendar> calendar = calendarCalled(axis.calendar);
  if (!calendar) return {{}, fmt::format("the calendar '{}' is not known", axis.calendar)};
  constexpr double kRounding = 1e-4;  // of a day
  Dates dates;
  dates.atTurns = true;
  for (const double value : timesInside(axis)) {
    const double days = value * *unitDays;
    requireNumber(value, days, axis);
    dates.month.push_back(addDays(*from, days, *calendar).month - 1);
    dates.atTurns = dates.atTurns && addDays(*from, days + kRounding, *calendar).day < 1.0 + 2.0 * kRounding;
  }
  return dates;
}

/// Throws Error unless twelve steps whose dates cannot be read may be the twelfths of a year.
void requireYear(const TimeAxis& axis, const std::string& unread) {
  if (axis.value.empty()) return;
  constexpr double kUneven = 1.25;
  constexpr double kShortestYear = 300.0;
  constexpr double kLongestYear = 400.0;
  double least = std::abs(axis.value[1] - axis.value[0]);
  double most = least;
  bool oneWay = true;
  for (std::size_t i = 1; i < axis.value.size(); ++i) {
    const double step = axis.value[i] - axis.value[i - 1];
    oneWay = oneWay && step * (axis.value[1] - axis.value[0]) > 0.0;
    least = std::min(least, std::abs(step));
    most = std::max(most, std::abs(step));
  }
  if (!oneWay || !(most <= kUneven * least)) {
    refuse("the dates of the steps cannot be read (" + unread + "), and the steps are not even", axis.name,
           fmt::format("steps of {:g} to {:g}", least, most));
  }
  const std::optional<double> unitDays = daysOfUnit(axis);
  const double step = std::abs(axis.value.back() - axis.value.front()) / static_cast<double>(axis.value.size() - 1);
  const double year = step * static_cast<double>(kMonths) * unitDays.value_or(0.0);
  if (!unitDays || (year >= kShortestYear && year <= kLongestYear)) return;
  refuse("the dates of the steps cannot be read (" + unread + "), and twelve of them are no year", axis.name,
         fmt::format("steps of {:g} d", step * *unitDays));
}

std::string datesWords(const TimeAxis& axis, std::size_t steps) {
  const std::string calendar = axis.calendar.empty() ? "standard" : axis.calendar;
  return fmt::format("months of the {} calendar; {} steps", calendar, steps) +
         (steps > kMonths ? ", averaged by month" : "");
}

}  // namespace

std::optional<Calendar> calendarCalled(const std::string& name) {
  const std::string called = lower(name);
  if (called.empty() || called == "standard" || called == "gregorian") return Calendar::kStandard;
  if (called == "proleptic_gregorian") return Calendar::kProlepticGregorian;
  if (called == "julian") return Calendar::kJulian;
  if (called == "noleap" || called == "365_day") return Calendar::kNoLeap;
  if (called == "all_leap" || called == "366_day") return Calendar::kAllLeap;
  if (called == "360_day") return Calendar::k360Day;
  return std::nullopt;
}

CalendarDate addDays(const CalendarDate& from, double days, Calendar calendar) {
  const auto day = static_cast<int>(std::floor(from.day));
  const double part = from.day - std::floor(from.day);
  if (calendar != Calendar::kStandard) {
    return dateOf(static_cast<double>(dayNumber(from.year, from.month, day, calendar)) + part + days, calendar);
  }
  // Gregorian day numbers throughout; those before the reform are counted down from it in the Julian calendar.
  const bool early =
      std::array{from.year, static_cast<long>(from.month), static_cast<long>(day)} < std::array{1582L, 10L, 15L};
  const long start = early ? dayNumber(from.year, from.month, day, Calendar::kJulian) - kJulianEnd + kGregorianStart
                           : dayNumber(from.year, from.month, day, Calendar::kProlepticGregorian);
  const double number = static_cast<double>(start) + part + days;
  if (number >= static_cast<double>(kGregorianStart)) return dateOf(number, Calendar::kProlepticGregorian);
  return dateOf(number - static_cast<double>(kGregorianStart - kJulianEnd), Calendar::kJulian);
}

namespace {

/// Of an axis whose bounds hold its times.
MonthPlan planOf(const TimeAxis& axis, std::size_t steps, const std::string* choice) {
  MonthPlan plan;
  plan.weight = boundWidths(axis, steps);
  const bool bounded = !plan.weight.empty();
  if (!bounded) plan.weight.assign(steps, 1.0);
  if (choice != nullptr && *choice == "constant") {
    plan.month.assign(steps, -1);
    plan.words =
        steps == 1
            ? "one state stands for all twelve months, as --set time=constant says"
            : fmt::format("the mean of {} steps stands for all twelve months, as --set time=constant says", steps);
    return plan;
  }
  if (choice != nullptr && *choice != "twelfths") {
    throw Error("unknown choice", ErrorKind::kUsage).on("--set time=" + *choice).expected("constant or twelfths");
  }
  if (choice == nullptr && steps < kMonths) {
    refuse(steps == 1 ? "the file holds one state or mean, and a climate has twelve months"
                      : "the file has too few steps for twelve months",
           axis.name, fmt::format("{} of them", steps));
  }
  std::string unread;
  if (choice == nullptr) {
    Dates dates = datesOf(axis);
    if (!dates.month.empty()) {
      for (int m = 0; m < static_cast<int>(kMonths); ++m) {
        if (std::find(dates.month.begin(), dates.month.end(), m) == dates.month.end()) {
          refuse("the file's dates leave out a month", axis.name, fmt::format("no step in month {}", m + 1));
        }
      }
      plan.month = std::move(dates.month);
      plan.words = datesWords(axis, steps);
      if (dates.atTurns && !bounded) {
        plan.words +=
            "; the times are at the turns of months and have no bounds: each is read as the month that begins there; "
            "if they end the months that they stand for, and the first is January: --set time=twelfths";
      }
      return plan;
    }
    unread = std::move(dates.unread);
    if (steps != kMonths) refuse("the file's steps have no dates that can be read", axis.name, unread);
    requireYear(axis, unread);
  }
  if (steps % kMonths != 0)
    refuse("the steps do not fall into twelve equal parts", axis.name, fmt::format("{} of them", steps));
  for (std::size_t i = 0; i < steps; ++i) plan.month.push_back(static_cast<int>(i * kMonths / steps));
  plan.words = "months are the file's own twelfths of its year" +
               (steps == kMonths ? "" : fmt::format(", {} steps each", steps / kMonths)) +
               (unread.empty() ? "" : ", as its twelve steps have no dates that can be read: " + unread);
  return plan;
}

}  // namespace

MonthPlan monthsOf(const TimeAxis& axis, std::size_t steps, const std::string* choice) {
  if (steps == 0) throw Error("the file has no steps").on(axis.name);
  if (axis.value.size() != steps || boundWidths(axis, steps).empty() || boundsHold(axis))
    return planOf(axis, steps, choice);
  TimeAxis unbounded = axis;
  unbounded.bounds.clear();
  MonthPlan plan = planOf(unbounded, steps, choice);
  plan.words += "; the bounds of " + axis.name + " do not hold its times and are left aside: every step counts alike";
  return plan;
}

}  // namespace ecumene::data::formats
