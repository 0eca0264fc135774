// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/metrics_service.h"

#include <chrono>
#include <limits>
#include <set>
#include <vector>

#include "data/base/error.h"
#include "engine/protocol/errors.h"

namespace ecumene::engine::daemon {
namespace {

using protocol::answer;
using protocol::utf8;

constexpr std::chrono::milliseconds kNewsPoll{100};
constexpr std::size_t kNewsRowsAtOnce = 5000;    ///< of about 30 bytes
constexpr std::size_t kMostTextBytes = 1 << 20;  ///< of one message
constexpr std::int32_t kMostBuckets = 10000;
constexpr std::size_t kMostBucketsOfMessage = 20000;  ///< of about 40 bytes
constexpr int kMostNames = 1000;

/// About how many bytes it takes.
std::size_t fill(wire::Event& row, const run::Event& event) {
  row.set_sequence(event.sequence);
  row.set_step(event.step);
  row.set_time(event.time);
  row.set_kind(utf8(event.kind.substr(0, History::kLongestText)));
  row.set_text(utf8(event.text.substr(0, History::kLongestText)));
  return row.kind().size() + row.text().size() + sizeof(wire::Event);
}

/// As messages of at most about 1 MiB: events, then points.
std::vector<wire::News> toWire(const run::News& news, std::set<std::int64_t>& said) {
  std::vector<wire::News> messages(1);
  std::size_t bytes = 0;
  for (const run::Event& event : news.events) {
    if (bytes > kMostTextBytes) {
      messages.emplace_back();
      bytes = 0;
    }
    bytes += fill(*messages.back().add_events(), event);
  }
  wire::News& out = messages.back();
  for (const run::Point& point : news.points) {
    if (said.insert(point.name).second) {
      wire::MetricName& name = *out.add_names();
      name.set_number(static_cast<std::uint32_t>(point.name));
      name.set_name(utf8(news.names.at(point.name)));
    }
    out.add_sequence(point.sequence);
    out.add_step(point.step);
    out.add_time(point.time);
    out.add_name(static_cast<std::uint32_t>(point.name));
    out.add_value(point.value);
  }
  return messages;
}

void addCurve(wire::HistoryReply& reply, const Curve& curve) {
  wire::Curve& out = *reply.add_curves();
  out.set_name(utf8(curve.name));
  out.mutable_first_step()->Assign(curve.firstStep.begin(), curve.firstStep.end());
  out.mutable_last_step()->Assign(curve.lastStep.begin(), curve.lastStep.end());
  out.mutable_minimum()->Assign(curve.minimum.begin(), curve.minimum.end());
  out.mutable_maximum()->Assign(curve.maximum.begin(), curve.maximum.end());
  out.mutable_mean()->Assign(curve.mean.begin(), curve.mean.end());
  out.mutable_count()->Assign(curve.count.begin(), curve.count.end());
  out.mutable_infinite()->Assign(curve.infinite.begin(), curve.infinite.end());
}

}  // namespace

grpc::Status MetricsService::Follow(grpc::ServerContext* context, const wire::FollowRequest* request,
                                    grpc::ServerWriter<wire::News>* writer) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    std::int64_t metric = request->after_metric(), event = request->after_event();
    std::set<std::int64_t> said;
    bool first = true;
    do {
      // Opened at each look: where the run is removed, that is said.
      const run::News news = registry_.open(request->run())->newsAfter(metric, event, kNewsRowsAtOnce);
      const bool complete = news.points.size() < kNewsRowsAtOnce && news.events.size() < kNewsRowsAtOnce;
      if (!news.points.empty()) metric = news.points.back().sequence;
      if (!news.events.empty()) event = news.events.back().sequence;
      if (first || !news.points.empty() || !news.events.empty()) {
        std::vector<wire::News> messages = toWire(news, said);
        messages.back().set_complete(complete);
        for (const wire::News& message : messages) {
          if (!writer->Write(message)) return;
        }
        first = false;
      }
      if (complete && !request->live()) return;
      if (complete && !place.wait(kNewsPoll)) break;
    } while (place.goesOn());
    if (!context->IsCancelled())
      throw Error("the daemon ends", ErrorKind::kEnvironment).next("ecumenectl daemon start");
  });
}

grpc::Status MetricsService::History(grpc::ServerContext* context, const wire::HistoryRequest* request,
                                     grpc::ServerWriter<wire::HistoryReply>* writer) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    if (request->buckets() < 1 || request->buckets() > kMostBuckets || request->names_size() > kMostNames ||
        request->events() < 0 || static_cast<std::size_t>(request->events()) > History::kMostEvents) {
      throw Error("this is no history", ErrorKind::kUsage)
          .expected("1 to 10000 buckets, at most 1000 names and 5000 events");
    }
    const std::vector<std::string> names(request->names().begin(), request->names().end());
    const std::int64_t last =
        request->last_step() == 0 ? std::numeric_limits<std::int64_t>::max() : request->last_step();
    const auto answered =
        histories_.curves(request->run(), registry_.open(request->run()), names, request->first_step(), last,
                          static_cast<std::size_t>(request->buckets()), static_cast<std::size_t>(request->events()));
    wire::HistoryReply message;
    message.set_events_left_out(answered.eventsLeftOut);
    std::size_t buckets = 0;
    const auto send = [&] {
      message.set_last_sequence(answered.lastSequence);
      message.set_last_event(answered.lastEvent);
      const bool sent = writer->Write(message);
      message.Clear();
      buckets = 0;
      return sent;
    };
    std::size_t bytes = 0;
    for (const run::Event& event : answered.events) {
      bytes += fill(*message.add_events(), event);
      if (bytes < kMostTextBytes) continue;
      if (!send()) return;
      bytes = 0;
    }
    for (const Curve& curve : answered.curves) {
      if (buckets + curve.mean.size() > kMostBucketsOfMessage && !send()) return;
      addCurve(message, curve);
      buckets += curve.mean.size();
    }
    send();
  });
}

}  // namespace ecumene::engine::daemon
