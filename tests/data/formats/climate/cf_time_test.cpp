// SPDX-License-Identifier: Apache-2.0
// Truth: cftime (tests/oracles/climate_cf.py), and calendars' own definitions.
#include "data/formats/climate/cf_time.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "tests/support/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::data::formats;

TimeAxis axis(const std::string& units, const std::vector<double>& value, const std::string& calendar = "") {
  return {"time", value, units, calendar, {}};
}

std::vector<double> every(double first, double step, std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = first + step * static_cast<double>(i);
  return values;
}

TEST(CfTime, DatesAgreeWithCftimeInEveryCalendar) {
  const auto reference = test::reference("climate_cf.json").at("dates");
  ASSERT_GE(reference.size(), 16U);
  for (const auto& row : reference) {
    const std::string units = row.at("units");
    SCOPED_TRACE(row.dump());
    const std::string unit = units.substr(0, units.find(' '));
    const double days = unit == "days" ? 1.0 : unit == "hours" ? 24.0 : unit == "minutes" ? 1440.0 : 86400.0;
    CalendarDate from;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int day = 0;
    std::sscanf(units.c_str() + units.find("since") + 6, "%ld-%d-%d %d:%d:%d", &from.year, &from.month, &day, &hour,
                &minute, &second);
    from.day = day + (hour + (minute + second / 60.0) / 60.0) / 24.0;
    const CalendarDate got = addDays(from, row.at("value").get<double>() / days, *calendarCalled(row.at("calendar")));
    EXPECT_EQ(got.year, row.at("year").get<long>());
    EXPECT_EQ(got.month, row.at("month").get<int>());
    EXPECT_NEAR(got.day, row.at("day").get<double>(), 1e-4);
  }
}

TEST(CfTime, DaysOfOneYearFallIntoTheirMonthsInEveryCalendar) {
  for (const auto& [calendar, days] : std::vector<std::pair<std::string, std::vector<int>>>{
           {"noleap", {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}},
           {"all_leap", {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}},
           {"360_day", std::vector<int>(12, 30)},
           {"standard", {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}}}) {
    std::size_t length = 0;
    for (const int n : days) length += static_cast<std::size_t>(n);
    const MonthPlan plan = monthsOf(axis("days since 2000-01-01", every(0.5, 1.0, length), calendar), length, nullptr);
    std::vector<int> counted(12, 0);
    for (const int month : plan.month) ++counted.at(static_cast<std::size_t>(month));
    EXPECT_EQ(counted, days) << calendar;
  }
}

TEST(CfTime, MonthsOfSeveralYearsAreAveragedByMonth) {
  const MonthPlan plan = monthsOf(axis("days since 1999-11-01", every(15.0, 30.4375, 36)), 36, nullptr);
  EXPECT_EQ(plan.month[0], 10);
  EXPECT_EQ(plan.month[2], 0);
  EXPECT_EQ(plan.month[14], 0);
  EXPECT_NE(plan.words.find("averaged by month"), std::string::npos);
}

TEST(CfTime, ReadsMonthsSinceAndAbsoluteDates) {
  const MonthPlan since = monthsOf(axis("months since 1979-03-01", every(0.0, 1.0, 12)), 12, nullptr);
  EXPECT_EQ(since.month[0], 2);
  EXPECT_EQ(since.month[10], 0);
  std::vector<double> absolute;
  for (int m = 1; m <= 12; ++m) absolute.push_back(19790000.0 + 100.0 * m + 15.5);
  const MonthPlan as = monthsOf(axis("day as %Y%m%d.%f", absolute), 12, nullptr);
  for (int m = 0; m < 12; ++m) EXPECT_EQ(as.month[static_cast<std::size_t>(m)], m);
}

TEST(CfTime, HoursMinutesAndSecondsAreThoseOfTheirDays) {
  // The middle of each month of a 360-day year.
  const std::vector<int> order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  for (const auto& [units, perDay] : std::map<std::string, double>{{"days", 1.0},
                                                                   {"day", 1.0},
                                                                   {"d", 1.0},
                                                                   {"hours", 24.0},
                                                                   {"hour", 24.0},
                                                                   {"h", 24.0},
                                                                   {"minutes", 1440.0},
                                                                   {"min", 1440.0},
                                                                   {"seconds", 86400.0},
                                                                   {"sec", 86400.0},
                                                                   {"s", 86400.0}}) {
    const TimeAxis middle = axis(units + " since 2001-01-01", every(15.0 * perDay, 30.0 * perDay, 12), "360_day");
    EXPECT_EQ(monthsOf(middle, 12, nullptr).month, order) << units;
  }
}

TEST(CfTime, TwelveStepsWithoutDatesAreTheFilesOwnTwelfths) {
  const MonthPlan plan = monthsOf(axis("timesteps", every(559.0, 960.0, 12)), 12, nullptr);
  for (int m = 0; m < 12; ++m) EXPECT_EQ(plan.month[static_cast<std::size_t>(m)], m);
  EXPECT_NE(plan.words.find("twelfths"), std::string::npos);
  EXPECT_NE(plan.words.find("'timesteps' counts from no date"), std::string::npos) << plan.words;
  EXPECT_NE(monthsOf(axis("", {}), 12, nullptr).words.find("they have no times"), std::string::npos);
  // A month each, of a calendar or from a date that cannot be read.
  const TimeAxis martian = axis("days since 0001-01-01", every(15.0, 30.4, 12), "martian");
  EXPECT_NE(monthsOf(martian, 12, nullptr).words.find("the calendar 'martian' is not known"), std::string::npos);
  const TimeAxis zero = axis("months since 0000-00-00", every(0.0, 1.0, 12));
  EXPECT_NE(monthsOf(zero, 12, nullptr).words.find("'0000-00-00', which is no date"), std::string::npos);
}

TEST(CfTime, TwelveUndatedStepsThatAreUnevenOrNoYearAreAskedAbout) {
  const std::string twelfths = "twelfths";
  for (const auto& [given, said] : std::vector<std::pair<TimeAxis, std::string>>{
           {axis("days since 0001-01-01", every(0.0, 0.25, 12), "martian"), "steps of 0.25 d"},
           {axis("hours since 0001-01-01", every(0.0, 6.0, 12), "martian"), "steps of 0.25 d"},
           {axis("days since 0000-00-00", every(0.5, 1.0, 12)), "'0000-00-00', which is no date"},
           {axis("days", every(0.0, 365.0, 12)), "no year"},
           {axis("days since 0001-01-01", {0, 1, 2, 3, 100, 101, 102, 103, 300, 301, 303, 304}, "none"), "not even"},
           {axis("", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 10}), "not even"},
           {axis("", std::vector<double>(12, 0.0)), "not even"}}) {
    try {
      static_cast<void>(monthsOf(given, 12, nullptr));
      ADD_FAILURE() << said;
    } catch (const Error& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find(said), std::string::npos) << text;
      EXPECT_NE(text.find("cannot be read"), std::string::npos) << text;
      EXPECT_NE(text.find("--set time=twelfths"), std::string::npos) << text;
    }
    EXPECT_EQ(monthsOf(given, 12, &twelfths).month.back(), 11);
  }
}

TEST(CfTime, TheUserSaysWhatTheFileCannot) {
  const std::string constant = "constant";
  const std::string twelfths = "twelfths";
  EXPECT_EQ(monthsOf(axis("", {}), 1, &constant).month, std::vector<int>{-1});
  const MonthPlan cut = monthsOf(axis("days", every(0.0, 1.0, 24)), 24, &twelfths);
  EXPECT_EQ(cut.month[1], 0);
  EXPECT_EQ(cut.month[2], 1);
  EXPECT_EQ(cut.month[23], 11);
}

TEST(CfTime, BoundsSayHowMuchAStepCounts) {
  TimeAxis monthly = axis("days since 2001-01-01", every(5.0, 30.4, 12), "noleap");
  for (int m = 0; m < 12; ++m)
    monthly.bounds.insert(monthly.bounds.end(), {30.4 * m, 30.4 * m + (m == 3 ? 10.0 : 30.4)});
  EXPECT_NEAR(monthsOf(monthly, 12, nullptr).weight[3], 10.0, 1e-9);
  EXPECT_NEAR(monthsOf(monthly, 12, nullptr).weight[4], 30.4, 1e-9);
}

TEST(CfTime, MeansStampedAtTheEndOfTheirMonthAreOfThatMonth) {
  // As CAM and CESM write them: the mean of January is stamped 1 February.
  const std::vector<double> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  TimeAxis ends = axis("days since 0001-01-01 00:00:00", {}, "noleap");
  TimeAxis months = axis("months since 0001-01-01", {});
  double day = 0.0;
  for (std::size_t m = 0; m < 12; ++m) {
    ends.bounds.insert(ends.bounds.end(), {day, day + days[m]});
    ends.value.push_back(day += days[m]);
    months.bounds.insert(months.bounds.end(), {static_cast<double>(m), static_cast<double>(m + 1)});
    months.value.push_back(static_cast<double>(m + 1));
  }
  const std::vector<int> order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  EXPECT_EQ(monthsOf(ends, 12, nullptr).month, order);
  EXPECT_EQ(monthsOf(ends, 12, nullptr).weight, days);
  EXPECT_EQ(monthsOf(months, 12, nullptr).month, order);
  // Bounds without a width say nothing: the stamps stay.
  ends.bounds[1] = ends.bounds[0];
  EXPECT_EQ(monthsOf(ends, 12, nullptr).month.front(), 1);
}

TEST(CfTime, BoundsThatDoNotHoldTheirTimesAreLeftAsideAndSaid) {
  TimeAxis monthly = axis("days since 2001-01-01", every(15.0, 30.4, 12), "noleap");
  for (int m = 0; m < 12; ++m) monthly.bounds.insert(monthly.bounds.end(), {500.0 + 30.0 * m, 530.0 + 30.0 * m});
  const MonthPlan plan = monthsOf(monthly, 12, nullptr);
  EXPECT_EQ(plan.month, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(plan.weight, std::vector<double>(12, 1.0));
  EXPECT_NE(plan.words.find("bounds of time do not hold its times"), std::string::npos) << plan.words;
  // Those that hold theirs, at either end, are believed.
  for (int m = 0; m < 12; ++m) {
    monthly.bounds[2U * static_cast<std::size_t>(m)] = monthly.value[static_cast<std::size_t>(m)];
    monthly.bounds[2U * static_cast<std::size_t>(m) + 1] = monthly.value[static_cast<std::size_t>(m)] + 10.0;
  }
  EXPECT_EQ(monthsOf(monthly, 12, nullptr).words.find("bounds"), std::string::npos);
}

TEST(CfTime, TimesAtTheTurnsOfMonthsAreSaidToBe) {
  const std::vector<double> ends{31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
  const std::string twelfths = "twelfths";
  const MonthPlan turns = monthsOf(axis("days since 0001-01-01", ends, "365_day"), 12, nullptr);
  EXPECT_EQ(turns.month.front(), 1);
  EXPECT_NE(turns.words.find("each is read as the month that begins there"), std::string::npos) << turns.words;
  EXPECT_NE(turns.words.find("--set time=twelfths"), std::string::npos);
  EXPECT_EQ(monthsOf(axis("days since 0001-01-01", ends, "365_day"), 12, &twelfths).month.front(), 0);
  const TimeAxis whole = axis("months since 1979-01-01", every(0.0, 1.0, 12));
  EXPECT_NE(monthsOf(whole, 12, nullptr).words.find("turns of months"), std::string::npos);
  for (const TimeAxis& other :
       {axis("months since 1979-01-01", every(0.5, 1.0, 12)), axis("months since 1979-01-16", every(0.0, 1.0, 12)),
        axis("days since 1979-01-01", every(0.0, 1.0, 365), "365_day"),
        axis("days since 1979-01-01", every(15.0, 30.4, 12), "365_day")}) {
    const MonthPlan plan = monthsOf(other, other.value.size(), nullptr);
    EXPECT_EQ(plan.words.find("turns of months"), std::string::npos) << other.units << other.value[0];
  }
}

TEST(CfTime, AbsoluteDatesWithBoundsStayDates) {
  TimeAxis as = axis("day as %Y%m%d.%f", {});
  for (int m = 1; m <= 12; ++m) {
    as.value.push_back(19790000.0 + 100.0 * m + 15.5);
    as.bounds.push_back(19790000.0 + 100.0 * m + 1.0);
    as.bounds.push_back(m == 12 ? 19800101.0 : 19790000.0 + 100.0 * (m + 1) + 1.0);
  }
  for (int m = 0; m < 12; ++m) EXPECT_EQ(monthsOf(as, 12, nullptr).month[static_cast<std::size_t>(m)], m);
}

std::string refusalOfTimes(const TimeAxis& given, std::size_t steps, const std::string* choice = nullptr) {
  try {
    static_cast<void>(monthsOf(given, steps, choice));
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(CfTime, WhatCannotBeKnownIsRefusedWithTheOptionThatSettlesIt) {
  const std::string twelfths = "twelfths";
  const std::string nonsense = "often";
  for (const std::string& text :
       {refusalOfTimes(axis("", {}), 1), refusalOfTimes(axis("days since 2000-01-01", every(0.0, 1.0, 5)), 5),
        refusalOfTimes(axis("days since 2000-01-01", every(0.0, 1.0, 200)), 200),  // to July
        refusalOfTimes(axis("days since 0000-00-0 00:00:00", every(0.0, 10.0, 30)), 30),
        refusalOfTimes(axis("days since 2000-01-01", every(0.0, 1e12, 12)), 12),
        refusalOfTimes(axis("days since 2000-01-01", every(0.0, 30.0, 13), "martian"), 13)}) {
    EXPECT_NE(text.find("--set time="), std::string::npos) << text;
  }
  EXPECT_NE(refusalOfTimes(axis("", {}), 0, &twelfths).find("no steps"), std::string::npos);
  EXPECT_NE(refusalOfTimes(axis("", {}), 13, &twelfths).find("twelve equal parts"), std::string::npos);
  EXPECT_NE(refusalOfTimes(axis("", {}), 12, &nonsense).find("constant or twelfths"), std::string::npos);
}

}  // namespace
