// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/inspectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "data/base/error.h"
#include "engine/daemon/go_on.h"
#include "engine/daemon/launch_spec.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;
using OrderedJson = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kInspectorsPause{200};
constexpr std::chrono::seconds kInspectorsLook{1};
/// For which a question is computed on though nobody wants its answer any more: loading the model again takes longer.
constexpr std::chrono::seconds kGrace{5};
/// Deeper than any question; the parser goes one call deeper for each.
constexpr int kMostDepth = 8;

/// The question on one line. Throws Error where it is no JSON object.
std::string lineOf(const std::string& json) {
  if (json.size() > Inspectors::kMostBytes) {
    throw Error("the question is too long", ErrorKind::kUsage)
        .expected(fmt::format("at most {} bytes", Inspectors::kMostBytes))
        .found(std::to_string(json.size()));
  }
  bool tooDeep = false;
  const auto depth = [&](int deep, OrderedJson::parse_event_t, const OrderedJson&) {
    tooDeep = tooDeep || deep > kMostDepth;
    return !tooDeep;
  };
  const OrderedJson asked = OrderedJson::parse(json, depth, false);
  if (tooDeep || !asked.is_object()) throw Error("a question is a JSON object", ErrorKind::kUsage);
  std::string line = asked.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
  if (line.size() > Inspectors::kMostBytes) throw Error("the question is too long", ErrorKind::kUsage);
  return line;
}

/// Throws what the child answered as an error.
void requireAnswered(const std::string& answer) {
  constexpr std::size_t kLongestError = std::size_t{64} << 10U;
  if (answer.size() > kLongestError || answer.find("\"error\"") == std::string::npos) return;
  const OrderedJson said = OrderedJson::parse(answer, nullptr, false);
  if (!said.is_object() || !said.contains("error") || !said.at("error").is_object()) return;
  throw trainerError({said.at("error").value("code", 1), answer, {}}, "answering");
}

}  // namespace

/// Somebody who waits, until when, and what is told.
class Inspectors::Waiting {
 public:
  Waiting(const Wanted& wanted, double seconds)
      : wanted_(wanted),
        until_(Clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3))),
        seconds_(seconds) {}
  /// Throws Error where the time is over or nobody wants the answer.
  void goOn(const std::string& waitsFor) const {
    if (!wanted_(waitsFor == said_ ? std::string() : waitsFor)) {
      throw Error("the question was given up before it was answered", ErrorKind::kCancelled);
    }
    said_ = waitsFor;
    if (isOver()) throw late();
  }
  [[nodiscard]] bool isOver() const { return Clock::now() >= until_; }
  [[nodiscard]] bool isWanted() const { return wanted_({}); }
  [[nodiscard]] Error late() const {
    return Error("the question was not answered in time", ErrorKind::kEnvironment)
        .expected(fmt::format("an answer within {:.0f} s", seconds_))
        .found(said_.empty() ? "" : "it waited: " + said_)
        .next("ask again with more time");
  }

 private:
  const Wanted& wanted_;
  const Clock::time_point until_;
  const double seconds_;
  mutable std::string said_;
};

/// A place in a model's line, until it is left.
class Inspectors::Turn {
 public:
  Turn(Inspectors& all, const ModelQuestion& question) : all_(all) {
    const std::lock_guard lock(all_.mutex_);
    if (all_.questions_ >= kMostQuestions) {
      throw Error("too many questions wait already", ErrorKind::kEnvironment)
          .expected(fmt::format("at most {}", kMostQuestions))
          .next("ask again when some are answered");
    }
    std::shared_ptr<Model>& model = all_.models_[question.run + "\n" + question.store];
    if (!model) {
      model = std::make_shared<Model>();
      model->run = question.run;
      model->store = question.store;
    }
    model_ = model;
    model_->line.push_back(this);
    ++all_.questions_;
  }
  ~Turn() {
    const std::lock_guard lock(all_.mutex_);
    std::erase(model_->line, this);
    model_->used = Clock::now();
    --all_.questions_;
    all_.changed_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  /// Until it is ours.
  Model& wait(const Waiting& waiting) {
    std::unique_lock lock(all_.mutex_);
    while (model_->line.front() != this) {
      lock.unlock();
      waiting.goOn("other questions to this run come first");
      lock.lock();
      all_.changed_.wait_for(lock, kInspectorsPause);
    }
    return *model_;
  }

 private:
  Inspectors& all_;
  std::shared_ptr<Model> model_;
};

/// The one who loads a model, until it is loaded.
class Inspectors::Loading {
 public:
  Loading(Inspectors& all, const Waiting& waiting) : all_(all) {
    std::unique_lock lock(all_.mutex_);
    while (all_.loading_) {
      lock.unlock();
      waiting.goOn("another model is loaded first");
      lock.lock();
      all_.changed_.wait_for(lock, kInspectorsPause);
    }
    all_.loading_ = true;
  }
  ~Loading() {
    const std::lock_guard lock(all_.mutex_);
    all_.loading_ = false;
    all_.changed_.notify_all();
  }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

 private:
  Inspectors& all_;
};

Inspectors::Inspectors(Registry& registry, const Stores& stores, Supervisor& supervisor, Monitor& monitor, Setup setup)
    : registry_(registry), stores_(stores), supervisor_(supervisor), monitor_(monitor), setup_(std::move(setup)) {
  fs::create_directories(setup_.logs);
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Inspectors::~Inspectors() {
  end();
}

void Inspectors::end() {
  std::vector<std::shared_ptr<InspectorChild>> children;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    for (const auto& [key, model] : models_) {
      if (model->child) children.push_back(model->child);
    }
  }
  changed_.notify_all();
  for (const auto& child : children) child->end("the daemon ends");
}

std::string Inspectors::ask(const ModelQuestion& question, const Wanted& wanted) {
  [[maybe_unused]] const OpenedRun checked = registry_.open(question.run);
  if (!question.store.empty()) (void)stores_.folderOf(question.store);
  if (!(question.seconds > 0.0 && question.seconds <= ModelQuestion::kMostSeconds)) {
    throw Error("the time for an answer does not fit", ErrorKind::kUsage)
        .expected(fmt::format("up to {:.0f} seconds", ModelQuestion::kMostSeconds));
  }
  const std::string line = lineOf(question.json);
  const Waiting waiting(wanted, question.seconds);
  Turn turn(*this, question);
  Model& model = turn.wait(waiting);
  const std::shared_ptr<InspectorChild> child = warm(model, waiting);
  waiting.goOn("the model computes");
  std::optional<Clock::time_point> gone;
  const std::string answer = child->ask(line, [&] {
    if (waiting.isOver()) throw waiting.late();
    if (!gone && !wanted({})) gone = Clock::now();
    return !gone || Clock::now() - *gone < kGrace;
  });
  requireAnswered(answer);
  return answer;
}

// --- loading ---

std::shared_ptr<InspectorChild> Inspectors::warm(Model& model, const Waiting& waiting) {
  const std::string version = versionOf(model.run);
  std::shared_ptr<InspectorChild> child;
  {
    const std::lock_guard lock(mutex_);
    if (model.child && model.loaded == version && !model.child->hasEnded()) return model.child;
    child = std::exchange(model.child, nullptr);
  }
  child.reset();
  const Loading loading(*this, waiting);
  waiting.goOn("the model is loaded");
  makeRoom(model, waiting);
  const int gpu = place(model, needOf(model));
  child = std::make_shared<InspectorChild>(program(model, "--whole", gpu), setup_.logs / (model.run + ".log"));
  {
    const std::lock_guard lock(mutex_);
    if (ended_) throw Error("the daemon ends", ErrorKind::kCancelled);
    model.child = child;
    model.loaded = version;
    model.gpu = gpu;
  }
  // Who asked may have gone: the next one will want it loaded too.
  requireAnswered(child->ask(R"({"ask":"about"})", [&] {
    if (waiting.isOver()) throw waiting.late();
    return true;
  }));
  return child;
}

void Inspectors::makeRoom(const Model& model, const Waiting& waiting) {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      const auto warm =
          std::ranges::count_if(models_, [](const auto& entry) { return entry.second->child != nullptr; });
      if (static_cast<std::size_t>(warm) < kMostWarm) return;
    }
    if (endIdle(&model)) continue;
    waiting.goOn("the other models that are loaded are being asked");
    std::this_thread::sleep_for(kInspectorsPause);
  }
}

/// The one that was asked longest ago; false where all are asked now.
bool Inspectors::endIdle(const Model* but) {
  std::shared_ptr<InspectorChild> child;
  {
    const std::lock_guard lock(mutex_);
    Model* oldest = nullptr;
    for (const auto& [key, model] : models_) {
      if (model.get() == but || !model->child || !model->line.empty()) continue;
      if (oldest == nullptr || model->used < oldest->used) oldest = model.get();
    }
    if (oldest == nullptr) return false;
    child = std::exchange(oldest->child, nullptr);
  }
  return true;
}

// --- ending them ---

void Inspectors::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    goOn([this] { look(); });
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, kInspectorsLook, [] { return false; });
  }
}

void Inspectors::look() {
  std::vector<std::shared_ptr<InspectorChild>> idle;
  std::vector<std::pair<int, std::shared_ptr<InspectorChild>>> onGpu;
  bool inMemory = false;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [key, model] : models_) {
      if (!model->child) continue;
      if (model->gpu >= 0) onGpu.emplace_back(model->gpu, model->child);
      inMemory = inMemory || model->gpu < 0;
      const bool unused = model->line.empty() && Clock::now() - model->used > setup_.idle;
      if (unused || model->child->hasEnded()) idle.push_back(std::exchange(model->child, nullptr));
    }
    std::erase_if(models_, [](const auto& entry) { return entry.second->line.empty() && !entry.second->child; });
  }
  // What trains may take again what it had.
  if (inMemory && memoryForUs() < 0) endIdle(nullptr);
  for (const auto& [gpu, child] : onGpu) {
    const std::string run = trainedOn(gpu);
    if (!run.empty()) child->end("a training needs the GPU on which the model was asked: " + run);
  }
}

}  // namespace ecumene::engine::daemon
