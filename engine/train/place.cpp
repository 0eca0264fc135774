// SPDX-License-Identifier: Apache-2.0
#include "engine/train/place.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/loader/parts.h"
#include "engine/run/commands.h"
#include "engine/run/events.h"
#include "engine/train/count.h"
#include "engine/train/learner.h"
#include "engine/train/run_content.h"
#include "engine/train/runs.h"

namespace ecumene::engine::train {
namespace {

bool isDevice(const std::string& word) {
  constexpr std::string_view kNumbered = "cuda:";
  if (word == "cpu" || word == "cuda") return true;
  const std::string number = word.starts_with(kNumbered) ? word.substr(kNumbered.size()) : "";
  return !number.empty() && number.size() <= 3 && number.find_first_not_of("0123456789") == std::string::npos;
}

std::string deviceAt(const config::TrainSpec& spec, const Place& place) {
  if (place.device == "auto") {
    if (spec.device == "cpu" || torch::cuda::is_available()) return spec.device;
    if (spec.device != "auto" && place.say)
      place.say("the run was trained on a GPU and is asked on the CPU: no GPU here");
    return "cpu";
  }
  if (isDevice(place.device)) return place.device;
  throw Error("this is no device", ErrorKind::kUsage).on(place.device).expected("auto, cpu, cuda or cuda:N");
}

/// What the run says that it learned from; empty: it does not.
std::string learnedFrom(const run::RunDirectory& run) {
  const std::vector<run::Event> events = run::eventsOf(run, {"learns_from"});
  return events.empty() ? std::string() : events.front().text;
}

}  // namespace

std::string planetsLearnedFrom(const data::store::Store& store, const config::DataSpec& spec) {
  std::string said, contents;
  using data::planet::Split;
  for (const auto& [split, use] :
       {std::pair(trainSplit(spec), "to learn from"), std::pair(Split::kValidation, "to judge by")}) {
    data::store::Filter filter = filterOf(split);
    filter.hasClimate = true;
    const std::vector<data::store::Row> rows = store.list(filter);
    for (const data::store::Row& row : rows) contents += row.id + " " + row.contentHash + "\n";
    contents += "\n";
    said += counted(static_cast<std::int64_t>(rows.size()), "planet ", "planets ") + use + ", ";
  }
  if (learnsFromParts(spec)) {
    const std::vector<data::loader::Part> parts = data::loader::partsOf(store);
    for (const data::loader::Part& part : parts) {
      contents += part.id + " " + data::store::contentHash(part.contents) + "\n";
    }
    if (!parts.empty()) said += "without a climate " + data::loader::wordsOf(parts) + ", ";
  }
  return said + "SHA-256 " + sha256(contents);
}

config::RunSpec specAt(const run::RunDirectory& run, const Place& place) {
  config::RunSpec spec = run::currentSpec(run);
  spec.train.device = deviceAt(spec.train, place);
  prepareTorch(spec.train);
  if (place.store.empty()) return spec;
  spec.data.store = std::filesystem::absolute(place.store).lexically_normal().string();
  const std::string expected = learnedFrom(run);
  const std::string found = planetsLearnedFrom(storeOf(spec), spec.data);
  if (found == expected) return spec;
  throw Error("this is not the store that the run learned from")
      .on(spec.data.store)
      .expected(expected.empty() ? "a run that says what it learned from" : expected)
      .found(found);
}

}  // namespace ecumene::engine::train
