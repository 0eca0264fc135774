// SPDX-License-Identifier: Apache-2.0
#include "data/loader/loader.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>

#include "data/base/checked.h"
#include "data/base/error.h"
#include "data/loader/parts.h"

namespace ecumene::data::loader {

/// A planet and one of its archetypes: cases [first, last) of SampleIndex::cases are the network variants.
struct SampleRow {
  std::uint32_t planet = 0, first = 0, last = 0;
};

namespace {

using store::SampleIndex;

std::vector<SampleRow> rowsOf(const std::vector<SampleIndex>& planets) {
  std::vector<SampleRow> rows;
  for (std::uint32_t p = 0; p < planets.size(); ++p) {
    const auto& cases = planets[p].cases;
    for (std::uint32_t first = 0, last = 0; first < cases.size(); first = last) {
      while (last < cases.size() && cases[last].archetype == cases[first].archetype) ++last;
      rows.push_back({p, first, last});
    }
  }
  return rows;
}

bool describes(const SampleIndex::TextSize& text, const SampleIndex::Case& one) {
  return !text.metabolism || *text.metabolism == one.position;
}

std::string idOf(const SampleIndex& planet, const SampleRow& row) {
  return planet.cube.id + "/" + std::string(name(planet.cases[row.first].archetype));
}

std::uint32_t epochsOf(const store::CubeIndex& cube) {
  for (const planet::VariableInfo& row : planet::variables()) {
    const auto& place = cube.variables.at(static_cast<std::size_t>(row.id));
    if (place) return static_cast<std::uint32_t>(std::max<std::size_t>(1, place->count / valuesOfEpoch(row.id)));
  }
  return 1;
}

SampleSize sizeOf(const SampleIndex& planet, const SampleRow& row) {
  SampleSize size;
  size.id = idOf(planet, row);
  size.epochs = epochsOf(planet.cube);
  size.planet = planet.cube.id;
  size.spectra = static_cast<std::uint32_t>(planet.spectra.size());
  for (std::uint32_t c = row.first; c < row.last; ++c) {
    size.graphNodes.push_back(planet.cases[c].nodes);
    std::vector<std::uint32_t>& lengths = size.textLength.emplace_back();
    for (const SampleIndex::TextSize& text : planet.texts) {
      if (describes(text, planet.cases[c])) lengths.push_back(text.length);
    }
  }
  return size;
}

store::SampleDraw drawOf(const SampleIndex& planet, const SampleRow& row, const Choice& choice) {
  const SampleIndex::Case& drawn = planet.cases.at(row.first + choice.variant);
  store::SampleDraw draw{drawn.position, std::nullopt, std::nullopt};
  if (!planet.spectra.empty()) draw.spectrum = planet.spectra.at(choice.spectrum);
  std::uint32_t skip = choice.text;
  for (const SampleIndex::TextSize& text : planet.texts) {
    if (!describes(text, drawn)) continue;
    if (skip-- > 0) continue;
    draw.text = text.position;
    break;
  }
  return draw;
}

SampleSize sizeOf(const Part& part, const store::TextLength& textLength) {
  SampleSize size;
  size.id = part.id;
  size.planet = part.contents.id;
  size.spectra = static_cast<std::uint32_t>(part.contents.spectra.size());
  size.graphNodes = {nodesOf(part)};
  std::vector<std::uint32_t>& lengths = size.textLength.emplace_back();
  for (const planet::Text& text : part.contents.texts) lengths.push_back(textLength(text.body));
  return size;
}

std::vector<SampleSize> sizesOf(const std::vector<Part>& parts, const store::TextLength& textLength) {
  std::vector<SampleSize> sizes;
  sizes.reserve(parts.size());
  for (const Part& part : parts) sizes.push_back(sizeOf(part, textLength));
  return sizes;
}

/// The spectrum on the model's grid, with its instrument.
void give(Sample& sample, const planet::Spectrum& spectrum) {
  sample.spectrum = planet::rebin(spectrum);
  sample.instrument = spectrum.instrument;
}

Sample sampleOf(const Part& part, const Choice& choice) {
  const planet::Planet& contents = part.contents;
  Sample sample;
  sample.id = part.id;
  sample.planet = contents.id;
  sample.choice = choice;
  sample.scalars = contents.scalars;
  if (!contents.networks.empty()) sample.network = contents.networks.front();
  if (!contents.spectra.empty()) give(sample, contents.spectra.at(choice.spectrum));
  if (!contents.texts.empty()) sample.text = contents.texts.at(choice.text);
  sample.quality = contents.quality;
  return sample;
}

}  // namespace

std::uint32_t textBytes(std::string_view text) {
  return checkedCast<std::uint32_t>(text.size(), "a text");
}

struct Loader::State {
  /// A batch that is being read. Its samples are written by the threads that took them, each in its place.
  struct InFlight {
    Batch batch;
    std::span<const PlannedSample> planned;
    std::size_t taken = 0, done = 0;
    /// Of the first sample, in order, that could not be read.
    std::exception_ptr error;
    std::size_t errorAt = std::numeric_limits<std::size_t>::max();
  };

  const store::Store& store;
  const LoaderOptions options;
  const std::vector<SampleIndex> planets;
  const std::vector<SampleRow> rows;
  const std::vector<Part> parts;  ///< samples behind the rows
  const std::vector<SampleSize> partSizes;
  const std::shared_ptr<CubePool> pool;

  std::unique_ptr<const EpochPlan> plan;
  std::size_t delivered = 0;  ///< position after the batches given

  std::mutex mutex;
  std::condition_variable roomFree, batchDone;
  // All below under `mutex`.
  std::deque<InFlight> window;  ///< in order; an element stays where it is while threads read into it
  std::size_t nextToPlan = 0;
  bool failed = false, cancelled = false, stopped = false;
  // Last, so that threads end before what they use.
  std::vector<std::jthread> threads;

  State(const store::Store& from, LoaderOptions given)
      : store(from),
        options(std::move(given)),
        planets(from.samples(options.filter, options.textLength)),
        rows(rowsOf(planets)),
        parts(options.parts ? partsOf(store) : std::vector<Part>()),
        partSizes(sizesOf(parts, options.textLength)),
        pool(std::make_shared<CubePool>((options.batchesAhead + 2) * options.budget.samples)) {}
  ~State() { join(); }

  void join() {
    {
      const std::lock_guard lock(mutex);
      stopped = true;
    }
    roomFree.notify_all();
    threads.clear();
  }

  Sample read(const PlannedSample& planned, store::CubeReader& reader) const {
    if (planned.sample >= rows.size()) return sampleOf(parts.at(planned.sample - rows.size()), planned.choice);
    const SampleRow& row = rows[planned.sample];
    const SampleIndex& planet = planets[row.planet];
    Sample sample;
    sample.id = idOf(planet, row);
    sample.planet = planet.cube.id;
    sample.choice = planned.choice;
    try {
      sample.cube = FlatCube(pool, planet.cube);
      reader.read(planet.cube, sample.cube.values());
      if (options.cubesOnly) return sample;
      store::SampleParts drawn = store.sample(planet, drawOf(planet, row, planned.choice));
      sample.scalars = drawn.scalars;
      sample.truth = drawn.truth;
      sample.labels = drawn.labels;
      sample.metabolism = std::move(drawn.metabolism);
      if (drawn.spectrum) give(sample, *drawn.spectrum);
      sample.text = std::move(drawn.text);
      sample.quality = std::move(drawn.quality);
    } catch (Error& error) {
      if (error.object().empty()) error.on(planet.cube.file.string());
      error.within("reading the sample " + sample.id);
      throw;
    }
    return sample;
  }

  /// The first sample in order that no thread has taken, from a new batch where there is room; none: wait.
  InFlight* take() {
    for (InFlight& flight : window) {
      if (flight.taken < flight.planned.size()) return &flight;
    }
    if (failed || window.size() >= options.batchesAhead || nextToPlan >= plan->batches()) return nullptr;
    InFlight& flight = window.emplace_back();
    flight.batch.position = nextToPlan;
    flight.planned = plan->batch(nextToPlan);
    flight.batch.samples.resize(flight.planned.size());
    nextToPlan += options.worldSize;
    return &flight;
  }

  void work() {
    store::CubeReader reader;
    std::unique_lock lock(mutex);
    while (true) {
      InFlight* flight = nullptr;
      roomFree.wait(lock, [&] { return stopped || (flight = take()) != nullptr; });
      if (stopped) return;
      const std::size_t index = flight->taken++;
      lock.unlock();
      Sample sample;
      std::exception_ptr error;
      try {
        sample = read(flight->planned[index], reader);
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      flight->batch.samples[index] = std::move(sample);
      ++flight->done;
      if (error) {
        failed = true;
        if (index < flight->errorAt) {
          flight->error = error;
          flight->errorAt = index;
        }
      }
      if (flight->done == flight->planned.size()) batchDone.notify_all();
    }
  }
};

Loader::Loader(const store::Store& store, LoaderOptions options) {
  const auto refuse = [](const std::string& what, const std::string& expected, std::size_t found) {
    throw Error("a loader cannot be made so", ErrorKind::kUsage)
        .on(what)
        .expected(expected)
        .found(std::to_string(found));
  };
  if (options.worldSize == 0) refuse("world size", "at least 1", 0);
  if (options.rank >= options.worldSize) {
    refuse("rank", "below the world size " + std::to_string(options.worldSize), options.rank);
  }
  if (options.batchesAhead == 0) refuse("batches ahead", "at least 1", 0);
  if (options.together == 0) refuse("samples together", "at least 1", 0);
  if (options.threads == 0) options.threads = std::max(1U, std::thread::hardware_concurrency());
  state_ = std::make_unique<State>(store, std::move(options));
}

Loader::~Loader() = default;
Loader::Loader(Loader&&) noexcept = default;
Loader& Loader::operator=(Loader&&) noexcept = default;

std::size_t Loader::samples() const {
  return state_->rows.size() + state_->parts.size();
}

void Loader::start(std::uint64_t epoch, std::size_t position) {
  State& s = *state_;
  s.join();
  s.window.clear();
  s.plan.reset();
  {
    const std::lock_guard lock(s.mutex);  // cancel() may come now.
    s.failed = s.cancelled = s.stopped = false;
  }
  std::vector<SampleSize> sizes;
  sizes.reserve(samples());
  for (const SampleRow& row : s.rows) sizes.push_back(sizeOf(s.planets[row.planet], row));
  sizes.insert(sizes.end(), s.partSizes.begin(), s.partSizes.end());
  auto plan = std::make_unique<const EpochPlan>(sizes, s.options.seed, epoch, s.options.budget, s.options.together);
  if (position > plan->batches()) {
    throw Error("the epoch ends before this position")
        .on("epoch " + std::to_string(epoch))
        .expected("at most " + std::to_string(plan->batches()) + " batches")
        .found(std::to_string(position))
        .next("start with the store, filter, seed and budget that the position was counted with");
  }
  s.plan = std::move(plan);
  s.delivered = position;
  s.nextToPlan = position + s.options.rank;
  for (unsigned i = 0; i < s.options.threads; ++i) {
    s.threads.emplace_back([&s] { s.work(); });
  }
}

std::size_t Loader::batches() const {
  return state_->plan ? state_->plan->batches() : 0;
}

std::size_t Loader::position() const {
  return std::min(state_->delivered, batches());
}

std::optional<Batch> Loader::next() {
  State& s = *state_;
  if (!s.plan) throw internalError("a loader is asked before it is started");
  std::unique_lock lock(s.mutex);
  const auto ended = [&] { return s.window.empty() && s.nextToPlan >= s.plan->batches(); };
  s.batchDone.wait(lock, [&] {
    return s.cancelled || ended() || (!s.window.empty() && s.window.front().done == s.window.front().planned.size());
  });
  if (s.cancelled) throw Error("reading was cancelled", ErrorKind::kCancelled);
  if (ended()) {
    s.delivered = s.plan->batches();
    return std::nullopt;
  }
  State::InFlight& front = s.window.front();
  if (front.error) std::rethrow_exception(front.error);
  Batch batch = std::move(front.batch);
  s.window.pop_front();
  s.delivered += s.options.worldSize;
  s.roomFree.notify_all();
  return batch;
}

void Loader::cancel() {
  State& s = *state_;
  {
    const std::lock_guard lock(s.mutex);
    s.cancelled = s.stopped = true;
  }
  s.roomFree.notify_all();
  s.batchDone.notify_all();
}

}  // namespace ecumene::data::loader
