// SPDX-License-Identifier: Apache-2.0
#include "engine/train/weights_file.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr std::string_view kPredictions = "predictions";  ///< how the names of files of predictions begin

}  // namespace

OfWeights readOfWeights(const fs::path& file, const WeightsId& weights) {
  if (!fs::exists(file)) return {};
  try {
    const nlohmann::json json = nlohmann::json::parse(readFile(file));
    if (json.is_object() && !json.contains("format")) return {{}, "is of an earlier version of this program"};
    const WeightsId of{json.at("step").get<std::int64_t>(), json.at("manifest").get<std::string>()};
    if (json.at("format").get<int>() != kFormat) throw Error("the file is of another version of this program");
    if (of == weights) return {json.at("content").dump(), {}};
    return {{}, "is of the weights of " + words(of) + ", these are of " + words(weights)};
  } catch (const nlohmann::json::exception& error) {
    throw Error("the file is damaged, or of another version of this program")
        .on(file.string())
        .found(error.what())
        .next("make it anew: ecumene-train eval");
  } catch (Error& error) {
    throw error.on(file.string()).next("make it anew: ecumene-train eval");
  }
}

void writeOfWeights(const fs::path& file, const WeightsId& weights, const std::string& content) {
  const nlohmann::ordered_json json = {{"format", kFormat},
                                       {"step", weights.step},
                                       {"manifest", weights.manifest},
                                       {"content", nlohmann::ordered_json::parse(content)}};
  writeFileAtomically(file, json.dump());
}

void removeStale(const fs::path& artifacts, const WeightsId& weights) {
  bool same = false;
  try {
    same = !readOfWeights(artifacts / kHullFile, weights).content.empty();
  } catch (const Error&) {
    // Damaged: nothing of it can be told.
  }
  if (same) return;
  for (const char* file : {kHullFile, kConformalFile, kFluxFile, kAttentionFile}) fs::remove(artifacts / file);
  if (!fs::is_directory(artifacts)) return;
  std::vector<fs::path> predictions;
  for (const fs::directory_entry& entry : fs::directory_iterator(artifacts)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kPredictions) && name.ends_with(".h5")) predictions.push_back(entry.path());
  }
  for (const fs::path& file : predictions) fs::remove(file);
}

}  // namespace ecumene::engine::train
