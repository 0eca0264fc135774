// SPDX-License-Identifier: Apache-2.0
#include "app/ecumenectl/metric_log.h"

namespace ecumene::ecumenectl {

void MetricLog::take(const wire::News& news) {
  for (const wire::Event& event : news.events()) {
    event_ = event.sequence();
    if (event.kind() == "rewound") std::erase_if(points_, [&](const Point& p) { return p.step > event.step(); });
  }
  for (const wire::MetricName& name : news.names()) names_[name.number()] = name.name();
  for (int i = 0; i < news.sequence_size(); ++i) {
    points_.push_back({news.step(i), news.time(i), names_.at(news.name(i)), news.value(i)});
    metric_ = news.sequence(i);
  }
}

}  // namespace ecumene::ecumenectl
