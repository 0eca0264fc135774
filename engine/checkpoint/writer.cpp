// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/writer.h"

#include <chrono>
#include <utility>

namespace ecumene::engine::checkpoint {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point from) {
  return std::chrono::duration<double>(Clock::now() - from).count();
}

/// Training changes its tensors in place from the next step on, so each is copied, also those on the CPU.
Tensors copied(const Tensors& tensors) {
  Tensors copies;
  for (const auto& [name, tensor] : tensors) copies.emplace(name, tensor.detach().to(torch::kCPU, false, true));
  return copies;
}

}  // namespace

Writer::Writer(std::filesystem::path checkpoints, std::function<void()> before, std::int64_t shardBytes)
    : checkpoints_(std::move(checkpoints)), before_(std::move(before)), shardBytes_(shardBytes) {
  sweep(checkpoints_);
  thread_ = std::thread([this] { work(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Writer::write(const Checkpoint& checkpoint, std::int64_t keepLast) {
  wait();
  const Clock::time_point from = Clock::now();
  Job job{{copied(checkpoint.model), copied(checkpoint.optimiser), copied(checkpoint.averaged),
           copied(checkpoint.buffers), checkpoint.progress, checkpoint.runToml, checkpoint.attention},
          keepLast};
  {
    const std::lock_guard lock(mutex_);
    job_ = std::move(job);
  }
  changed_.notify_all();
  stallSeconds_ += secondsSince(from);
}

std::vector<Outcome> Writer::collect() {
  const std::lock_guard lock(mutex_);
  return std::exchange(finished_, {});
}

void Writer::wait() {
  const Clock::time_point from = Clock::now();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !job_; });
  stallSeconds_ += secondsSince(from);
}

bool Writer::isWriting() const {
  const std::lock_guard lock(mutex_);
  return job_.has_value();
}

std::optional<double> Writer::writeSeconds() const {
  const std::lock_guard lock(mutex_);
  return writeSeconds_;
}

void Writer::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return job_ || ending_; });
    if (!job_) return;
    const Job& job = *job_;  // stays as it is while this thread is at work
    lock.unlock();
    const Clock::time_point from = Clock::now();
    Outcome outcome{job.checkpoint.progress.step, 0.0, std::nullopt};
    try {
      if (before_) before_();
      checkpoint::write(checkpoints_, job.checkpoint, shardBytes_);
      prune(checkpoints_, job.keepLast, job.checkpoint.progress.bestStep, outcome.step);
    } catch (const Error& error) {
      outcome.error = error;
    } catch (const std::exception& error) {
      outcome.error = Error(std::string("the checkpoint cannot be written: ") + error.what(), ErrorKind::kEnvironment)
                          .on(checkpoints_.string());
    }
    outcome.seconds = secondsSince(from);
    lock.lock();
    job_.reset();
    if (!outcome.error) writeSeconds_ = outcome.seconds;
    finished_.push_back(std::move(outcome));
    changed_.notify_all();
  }
}

}  // namespace ecumene::engine::checkpoint
