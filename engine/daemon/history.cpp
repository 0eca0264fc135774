// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/history.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <future>
#include <limits>
#include <utility>

#include "data/base/error.h"
#include "engine/run/journal.h"

namespace ecumene::engine::daemon {
namespace {

constexpr std::size_t kHistoryRowsAtOnce = 200'000;
constexpr std::int64_t kMany = 500'000;  ///< rows that two threads read

/// Adds these points as one bucket.
void addBucket(Curve& curve, std::span<const std::int64_t> steps, std::span<const double> values) {
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -minimum;
  double sum = 0.0;
  std::uint32_t finite = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    minimum = std::min(minimum, value);
    maximum = std::max(maximum, value);
    sum += value;
    ++finite;
  }
  const double none = std::numeric_limits<double>::quiet_NaN();
  curve.firstStep.push_back(steps.front());
  curve.lastStep.push_back(steps.back());
  curve.minimum.push_back(finite > 0 ? minimum : none);
  curve.maximum.push_back(finite > 0 ? maximum : none);
  curve.mean.push_back(finite > 0 ? sum / finite : none);
  curve.count.push_back(static_cast<std::uint32_t>(values.size()));
  curve.infinite.push_back(static_cast<std::uint32_t>(values.size()) - finite);
}

std::size_t bytesOf(const run::Event& event) {
  return sizeof(event) + event.kind.size() + event.text.size();
}

/// Points by their names, with sequence numbers in (after, through].
std::map<std::string, Column> columnsOf(const std::filesystem::path& journal, std::int64_t after,
                                        std::int64_t through) {
  run::Journal reader(journal, data::sql::readAccess(journal));
  std::map<std::int64_t, Column> columns;
  // Steps have their metrics in one order, mostly: the place of the next is known.
  auto at = columns.end();
  reader.eachPoint(after, through, [&](std::int64_t name, std::int64_t step, double value) {
    if (at != columns.end()) ++at;
    if (at == columns.end()) at = columns.begin();
    if (at == columns.end() || at->first != name) at = columns.try_emplace(name).first;
    at->second.add(step, value);
  });
  std::map<std::string, Column> named;
  const auto names = reader.names();
  for (auto& [number, column] : columns) named.emplace(names.at(number), std::move(column));
  return named;
}

}  // namespace

void Column::add(std::int64_t step, double value) {
  if (step_.empty() || step >= step_.back()) {
    step_.push_back(step);
    value_.push_back(value);
    return;
  }
  // An evaluation made anew of an earlier step: behind all of its step.
  const auto place = std::upper_bound(step_.begin(), step_.end(), step);
  value_.insert(value_.begin() + (place - step_.begin()), value);
  step_.insert(place, step);
}

void Column::add(Column&& later) {
  if (step_.empty()) {
    *this = std::move(later);
  } else if (later.step_.empty() || later.step_.front() >= step_.back()) {
    step_.insert(step_.end(), later.step_.begin(), later.step_.end());
    value_.insert(value_.end(), later.value_.begin(), later.value_.end());
  } else {
    for (std::size_t i = 0; i < later.step_.size(); ++i) add(later.step_[i], later.value_[i]);
  }
}

void Column::forgetAfter(std::int64_t step) {
  step_.erase(std::upper_bound(step_.begin(), step_.end(), step), step_.end());
  value_.resize(step_.size());
}

Curve Column::curve(std::int64_t first, std::int64_t last, std::size_t buckets) const {
  Curve curve;
  const auto begin = std::lower_bound(step_.begin(), step_.end(), first);
  const auto end = std::upper_bound(begin, step_.end(), last);
  const auto bucket = [&](auto from, auto to) {
    const auto offset = static_cast<std::size_t>(from - step_.begin());
    const auto size = static_cast<std::size_t>(to - from);
    addBucket(curve, std::span(step_).subspan(offset, size), std::span(value_).subspan(offset, size));
  };
  if (static_cast<std::size_t>(end - begin) <= buckets) {
    for (auto point = begin; point != end; ++point) bucket(point, point + 1);
    return curve;
  }
  // Ranges of steps that there are, so that a range without end has buckets of use.
  const double low = static_cast<double>(*begin);
  const double width = (static_cast<double>(*(end - 1)) - low + 1.0) / static_cast<double>(buckets);
  auto from = begin;
  for (std::size_t i = 1; i <= buckets; ++i) {
    const double border = low + width * static_cast<double>(i);
    const auto to = i == buckets ? end : std::partition_point(from, end, [&](std::int64_t step) {
      return static_cast<double>(step) < border;
    });
    if (to != from) bucket(from, to);
    from = to;
  }
  return curve;
}

void History::take(const std::vector<run::Event>& events) {
  for (const run::Event& event : events) {
    event_ = event.sequence;
    ++eventCount_;
    events_.push_back({event.sequence, event.step, event.time, event.kind.substr(0, kLongestText),
                       event.text.substr(0, kLongestText)});
    eventBytes_ += bytesOf(events_.back());
    if (events_.size() > kMostEvents) {
      eventBytes_ -= bytesOf(events_.front());
      events_.pop_front();
    }
    if (event.kind != "rewound") continue;
    for (auto& [name, column] : columns_) column.forgetAfter(event.step);
  }
}

/// The halves are of two moments. What a rewind takes back in between is either gone when it is read, or taken back by
/// the event, which is read after it; what is made again has later numbers.
void History::readWhole(const run::RunDirectory& run, std::int64_t last) {
  const std::filesystem::path journal = run.folder() / "run.sqlite";
  while (true) {
    const auto events = run.eventsAfter(event_, kHistoryRowsAtOnce);
    take(events);
    if (events.size() < kHistoryRowsAtOnce) break;
  }
  auto later = std::async(std::launch::async, [&] { return columnsOf(journal, last / 2, last); });
  auto halves = std::array{columnsOf(journal, 0, last / 2), later.get()};
  for (auto& half : halves) {
    for (auto& [name, column] : half) columns_[name].add(std::move(column));
  }
  metric_ = last;
}

void History::update(const run::RunDirectory& run) {
  if (metric_ == 0) {
    const std::int64_t last = run.lastMetric();
    if (last > kMany) readWhole(run, last);
  }
  while (true) {
    const run::News news = run.newsAfter(metric_, event_, kHistoryRowsAtOnce);
    take(news.events);
    std::map<std::int64_t, Column*> columns;
    for (const auto& [number, name] : news.names) columns[number] = &columns_[name];
    for (const run::Point& point : news.points) columns.at(point.name)->add(point.step, point.value);
    if (!news.points.empty()) metric_ = news.points.back().sequence;
    if (news.points.size() < kHistoryRowsAtOnce && news.events.size() < kHistoryRowsAtOnce) return;
  }
}

std::vector<std::string> History::names() const {
  std::vector<std::string> names;
  for (const auto& [name, column] : columns_) {
    if (column.size() > 0) names.push_back(name);
  }
  return names;
}

Curve History::curve(const std::string& name, std::int64_t first, std::int64_t last, std::size_t buckets) const {
  const auto found = columns_.find(name);
  if (found == columns_.end()) {
    throw Error("the run has no such metric").on(name).next("leave the names out for all of them");
  }
  Curve curve = found->second.curve(first, last, buckets);
  curve.name = name;
  return curve;
}

std::size_t History::bytes() const {
  std::size_t points = 0;
  for (const auto& [name, column] : columns_) points += column.size();
  return points * (sizeof(std::int64_t) + sizeof(double)) + eventBytes_;
}

std::shared_ptr<Histories::Kept> Histories::keep(const std::string& id, const OpenedRun& run) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const auto& entry) { return entry.first->id == id; });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    // Another object may be the same run, opened anew; or another run that has taken the id.
    if (found->first->run == run) return found->first;
    kept_.pop_front();
  }
  auto kept = std::make_shared<Kept>();
  kept->id = id;
  kept->run = run;
  kept_.emplace_front(kept, 0);
  return kept;
}

void Histories::forgetOld() {
  std::size_t bytes = 0;
  for (auto entry = kept_.begin(); entry != kept_.end();) {
    bytes += entry->second;
    entry = bytes > kMostBytes && entry != kept_.begin() ? kept_.erase(entry) : std::next(entry);
  }
}

Histories::Answer Histories::curves(const std::string& id, const OpenedRun& run, std::span<const std::string> names,
                                    std::int64_t first, std::int64_t last, std::size_t buckets, std::size_t events) {
  const std::shared_ptr<Kept> kept = keep(id, run);
  Answer answer;
  std::size_t bytes = 0;
  {
    const std::lock_guard lock(kept->mutex);
    kept->history.update(*run);
    const std::vector<std::string> all = names.empty() ? kept->history.names() : std::vector<std::string>();
    for (const std::string& name : names.empty() ? std::span<const std::string>(all) : names) {
      answer.curves.push_back(kept->history.curve(name, first, last, buckets));
    }
    answer.lastSequence = kept->history.lastSequence();
    answer.lastEvent = kept->history.lastEvent();
    const auto& newest = kept->history.events();
    answer.events.assign(newest.end() - static_cast<std::ptrdiff_t>(std::min(events, newest.size())), newest.end());
    answer.eventsLeftOut = kept->history.eventCount() - answer.events.size();
    bytes = kept->history.bytes();
  }
  const std::lock_guard lock(mutex_);
  for (auto& entry : kept_) {
    if (entry.first == kept) entry.second = bytes;
  }
  forgetOld();
  return answer;
}

}  // namespace ecumene::engine::daemon
