// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/cf_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "data/base/error.h"
#include "data/base/units.h"
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

/// Times that lie inside the steps: models stamp a mean at either end of its bounds, which may be another month's.
std::vector<double> timesInside(const TimeAxis& axis) {
  std::vector<double> times = axis.value;
  if (boundWidths(axis, times.size()).empty()) return times;
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = 0.5 * (axis.bounds[2 * i] + axis.bounds[2 * i + 1]);
  return times;
}

/// Month of a step, 0 to 11, by the axis's own dates, which those that count from a date have in the middle of their
/// bounds; none if it has none that can be read.
std::optional<std::vector<int>> datedMonths(const TimeAxis& axis) {
  std::vector<int> months;
  if (axis.value.empty()) return std::nullopt;
  if (axis.units.starts_with("day as ")) {
    for (const double value : axis.value) {
      const double month = std::floor(std::fmod(std::abs(value), 1e4) / 100.0);
      if (!(month >= 1.0 && month <= 12.0)) refuse("the time is no date", axis.name, fmt::format("{}", value));
      months.push_back(static_cast<int>(month) - 1);
    }
    return months;
  }
  const std::size_t since = axis.units.find(" since ");
  if (since == std::string::npos) return std::nullopt;
  const std::optional<CalendarDate> from = parseDate(trim(axis.units.substr(since + 7)));
  if (!from) return std::nullopt;
  std::string unit = lower(trim(axis.units.substr(0, since)));
  const std::vector<double> times = timesInside(axis);
  if (unit == "months" || unit == "month") {
    for (const double value : times) {
      if (!(std::abs(value) < kLongestDays)) refuse("the time is no number", axis.name, fmt::format("{}", value));
      const double month = std::floor(static_cast<double>(from->month - 1) + value + 1e-6);
      months.push_back(static_cast<int>(month - 12.0 * std::floor(month / 12.0)));
    }
    return months;
  }
  if (unit.size() > 1 && unit.back() == 's') unit.pop_back();
  if (unit == "hour") unit = "h";
  if (unit == "minute") unit = "min";
  if (unit == "second" || unit == "sec") unit = "s";
  const std::optional<Unit> length = findUnit(unit);
  if (!length || length->dimension != Dimension::kTime) return std::nullopt;
  const std::optional<Calendar> calendar = calendarCalled(axis.calendar);
  if (!calendar) return std::nullopt;
  constexpr double kDay = 86400.0;
  for (const double value : times) {
    const double days = value * length->toSi / kDay;
    if (!(std::abs(days) < kLongestDays)) refuse("the time is no number", axis.name, fmt::format("{}", value));
    months.push_back(addDays(*from, days, *calendar).month - 1);
  }
  return months;
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

MonthPlan monthsOf(const TimeAxis& axis, std::size_t steps, const std::string* choice) {
  if (steps == 0) throw Error("the file has no steps").on(axis.name);
  MonthPlan plan;
  plan.weight = boundWidths(axis, steps);
  if (plan.weight.empty()) plan.weight.assign(steps, 1.0);
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
  if (choice == nullptr) {
    if (const std::optional<std::vector<int>> months = datedMonths(axis); months) {
      for (int m = 0; m < static_cast<int>(kMonths); ++m) {
        if (std::find(months->begin(), months->end(), m) == months->end()) {
          refuse("the file's dates leave out a month", axis.name, fmt::format("no step in month {}", m + 1));
        }
      }
      plan.month = *months;
      plan.words = datesWords(axis, steps);
      return plan;
    }
    if (steps != kMonths) refuse("the file's steps have no dates that can be read", axis.name, "'" + axis.units + "'");
  }
  if (steps % kMonths != 0)
    refuse("the steps do not fall into twelve equal parts", axis.name, fmt::format("{} of them", steps));
  for (std::size_t i = 0; i < steps; ++i) plan.month.push_back(static_cast<int>(i * kMonths / steps));
  plan.words = "months are the file's own twelfths of its year" +
               (steps == kMonths ? "" : fmt::format(", {} steps each", steps / kMonths));
  return plan;
}

}  // namespace ecumene::data::formats
