// SPDX-License-Identifier: Apache-2.0
#include "engine/train/feed.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "data/batch/collate.h"

namespace ecumene::engine::train {
namespace {

using data::batch::MultiModalBatch;

/// Collated batches that wait beside the one in use.
constexpr std::size_t kAhead = 2;

data::loader::LoaderOptions loaderOptions(const data::batch::TrainingContent& content, const config::RunSpec& spec,
                                          FeedOptions options) {
  const auto samples = static_cast<std::uint32_t>(options.microBatch);
  const auto text = static_cast<std::uint32_t>(spec.data.textLength);
  data::loader::LoaderOptions made;
  made.seed = static_cast<std::uint64_t>(spec.train.seed);
  made.budget = {samples, samples * text, static_cast<std::uint32_t>(spec.data.graphNodes)};
  made.filter = std::move(options.filter);
  made.threads = static_cast<unsigned>(spec.data.threads);
  made.together = static_cast<std::size_t>(options.together);
  made.parts = options.parts;
  made.textLength = [tokeniser = content.tokeniser, text](std::string_view body) {
    return static_cast<std::uint32_t>(std::min<std::size_t>(tokeniser->encode(body).size(), text));
  };
  return made;
}

}  // namespace

FeedOptions ofSplit(data::planet::Split split, const config::RunSpec& spec) {
  FeedOptions options;
  options.filter = filterOf(split);
  options.microBatch = spec.train.microBatch;
  options.together = spec.data.together;
  return options;
}

FeedOptions forTraining(const config::RunSpec& spec) {
  FeedOptions options = ofSplit(trainSplit(spec.data), spec);
  options.parts = learnsFromParts(spec.data);
  return options;
}

FeedOptions forEvaluation(data::planet::Split split, const config::RunSpec& spec) {
  FeedOptions options = ofSplit(split, spec);
  options.together = static_cast<std::int64_t>(data::planet::kArchetypeCount);
  options.microBatch = std::max(options.microBatch, options.together);
  return options;
}

struct Feed::State {
  State(const data::store::Store& store, const data::batch::TrainingContent& content, const config::RunSpec& spec,
        FeedOptions options)
      : loader(store, loaderOptions(content, spec, std::move(options))),
        collator(content.statistics, content.tokeniser, content.vocabulary,
                 {.textLength = static_cast<std::size_t>(spec.data.textLength)}) {}

  struct Item {
    MultiModalBatch batch;
    std::int64_t position = 0;
  };

  /// On the collating thread.
  void run(const std::stop_token& stop) {
    try {
      while (auto raw = loader.next()) {
        Item item;
        {
          const std::lock_guard lock(mutex);
          if (!spare.empty()) {
            item.batch = std::move(spare.back());
            spare.pop_back();
          }
        }
        collator.collate(*raw, item.batch);
        item.position = static_cast<std::int64_t>(loader.position());
        std::unique_lock lock(mutex);
        if (!changed.wait(lock, stop, [this] { return ready.size() < kAhead; })) return;
        ready.push_back(std::move(item));
        changed.notify_all();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  }

  void stop() {
    if (!thread.joinable()) return;
    thread.request_stop();
    loader.cancel();
    thread.join();
  }

  data::loader::Loader loader;
  data::batch::Collator collator;
  mutable std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<Item> ready;
  std::vector<MultiModalBatch> spare;
  std::exception_ptr failure;
  bool ended = true;
  std::int64_t position = 0;
  double waited = 0.0;
  std::jthread thread;
};

Feed::Feed(const data::store::Store& store, const data::batch::TrainingContent& content, const config::RunSpec& spec,
           FeedOptions options)
    : state_(std::make_unique<State>(store, content, spec, std::move(options))) {}

Feed::~Feed() {
  state_->stop();
}

std::size_t Feed::samples() const {
  return state_->loader.samples();
}

void Feed::start(std::int64_t epoch, std::int64_t position) {
  State& state = *state_;
  state.stop();
  state.loader.start(static_cast<std::uint64_t>(epoch), static_cast<std::size_t>(position));
  state.ready.clear();
  state.failure = nullptr;
  state.ended = false;
  state.position = position;
  state.thread = std::jthread([&state](const std::stop_token& stop) { state.run(stop); });
}

std::int64_t Feed::batches() const {
  return static_cast<std::int64_t>(state_->loader.batches());
}

bool Feed::next(MultiModalBatch& batch) {
  State& state = *state_;
  const auto begin = std::chrono::steady_clock::now();
  std::unique_lock lock(state.mutex);
  state.changed.wait(lock, [&state] { return !state.ready.empty() || state.ended; });
  state.waited += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (state.ready.empty()) {
    if (state.failure) std::rethrow_exception(state.failure);
    return false;
  }
  State::Item item = std::move(state.ready.front());
  state.ready.pop_front();
  state.position = item.position;
  std::swap(batch, item.batch);
  state.spare.push_back(std::move(item.batch));
  state.changed.notify_all();
  return true;
}

std::int64_t Feed::position() const {
  return state_->position;
}

double Feed::waited() const {
  return state_->waited;
}

}  // namespace ecumene::engine::train
