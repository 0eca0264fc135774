// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/manifest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "data/base/error.h"

namespace ecumene::engine::checkpoint {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "ecumene-checkpoint";

/// JSON has no words for what is not finite; finite numbers are written so that reading gives the same bits.
Json written(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

double number(const Json& json) {
  if (json.is_number()) return json.get<double>();
  const auto& word = json.get_ref<const std::string&>();
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-inf") return -std::numeric_limits<double>::infinity();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  throw Error("the number is neither one nor inf, -inf or nan").found(word);
}

/// A name that stays in the checkpoint's folder.
const std::string& plainName(const std::string& name) {
  const bool plain = !name.empty() && name[0] != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  if (!plain) throw Error("a file of the checkpoint has an impossible name");
  return name;
}

Progress progressFrom(const Json& json) {
  Progress progress;
  progress.step = json.at("step").get<std::int64_t>();
  progress.epoch = json.at("epoch").get<std::int64_t>();
  progress.position = json.at("position").get<std::int64_t>();
  progress.bestScore = number(json.at("best_score"));
  progress.bestStep = json.at("best_step").get<std::int64_t>();
  progress.sinceBest = json.at("since_best").get<std::int64_t>();
  for (const auto& [name, value] : json.at("numbers").items()) progress.numbers.emplace(name, number(value));
  // Checkpoints of before they were kept do not know them.
  progress.seconds = json.contains("seconds") ? number(json.at("seconds")) : std::nan("");
  progress.positionUnit = json.value("position_unit", std::string());
  return progress;
}

Manifest manifestFrom(const Json& json) {
  if (json.at("format") != kFormat) throw Error("the file describes no checkpoint");
  const int version = json.at("version").get<int>();
  if (version > kFormatVersion) {
    throw Error("the checkpoint was written by a newer version of Ecumene")
        .expected("format version " + std::to_string(kFormatVersion))
        .found(std::to_string(version))
        .next("use that version or a newer one");
  }
  Manifest manifest;
  manifest.progress = progressFrom(json.at("progress"));
  // Checkpoints of before it was kept have none.
  if (json.contains("attention")) manifest.attention = json.at("attention").get<std::vector<std::string>>();
  for (const auto& [name, file] : json.at("files").items()) {
    manifest.files[plainName(name)] = {file.at("bytes").get<std::int64_t>(), file.at("sha256").get<std::string>()};
  }
  for (const auto& [group, tensors] : json.at("tensors").items()) {
    auto& entries = manifest.tensors[group];
    for (const auto& [name, tensor] : tensors.items()) {
      entries[name] = {tensor.at("dtype").get<std::string>(), tensor.at("shape").get<std::vector<std::int64_t>>(),
                       plainName(tensor.at("file").get<std::string>())};
    }
  }
  return manifest;
}

}  // namespace

std::string toJson(const Manifest& manifest) {
  const Progress& progress = manifest.progress;
  Json numbers = Json::object();
  for (const auto& [name, value] : progress.numbers) numbers[name] = written(value);
  Json files = Json::object();
  for (const auto& [name, file] : manifest.files) files[name] = {{"bytes", file.bytes}, {"sha256", file.sha256}};
  Json tensors = Json::object();
  for (const auto& [group, entries] : manifest.tensors) {
    Json& of = tensors[group] = Json::object();
    for (const auto& [name, entry] : entries) {
      of[name] = {{"dtype", entry.dtype}, {"shape", entry.shape}, {"file", entry.file}};
    }
  }
  const Json json = {{"format", kFormat},
                     {"version", kFormatVersion},
                     {"progress",
                      {{"step", progress.step},
                       {"epoch", progress.epoch},
                       {"position", progress.position},
                       {"position_unit", progress.positionUnit},
                       {"best_score", written(progress.bestScore)},
                       {"best_step", progress.bestStep},
                       {"since_best", progress.sinceBest},
                       {"seconds", written(progress.seconds)},
                       {"numbers", numbers}}},
                     {"attention", manifest.attention},
                     {"files", files},
                     {"tensors", tensors}};
  return json.dump(1) + "\n";
}

Manifest fromJson(std::string_view text, const std::string& file) {
  try {
    return manifestFrom(Json::parse(text));
  } catch (const nlohmann::json::exception& problem) {
    throw Error("the manifest is damaged").on(file).found(problem.what());
  } catch (Error& error) {
    throw error.on(file);
  }
}

}  // namespace ecumene::engine::checkpoint
