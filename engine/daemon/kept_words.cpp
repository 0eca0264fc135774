// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/kept_words.h"

#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostSettingsBytes = 1 << 20;
constexpr const char* kOnAlert = "on_alert";
constexpr const char* kInspectMemory = "inspect_memory";

fs::path fileOf(const fs::path& runs) {
  return runs / kOwnFolder / "settings.json";
}

}  // namespace

KeptWords keptWords(const fs::path& runs) {
  const fs::path file = fileOf(runs);
  std::error_code ignored;
  KeptWords words;
  if (!fs::exists(file, ignored)) return words;
  try {
    const auto json = nlohmann::json::parse(readFile(file, kMostSettingsBytes));
    json.at(kOnAlert).get_to(words.onAlert);
    if (const auto& bytes = json.at(kInspectMemory); !bytes.is_null()) words.inspectBytes = bytes.get<std::int64_t>();
  } catch (const nlohmann::json::exception& problem) {
    throw Error("the daemon's settings are damaged", ErrorKind::kEnvironment)
        .on(file.string())
        .found(problem.what())
        .next("remove the file, and say --on-alert and --inspect-memory anew");
  }
  return words;
}

void keepWords(const fs::path& runs, const KeptWords& words) {
  nlohmann::ordered_json json = {{kOnAlert, words.onAlert}, {kInspectMemory, nullptr}};
  if (words.inspectBytes) json[kInspectMemory] = *words.inspectBytes;
  writeFileAtomically(fileOf(runs), json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace ecumene::engine::daemon
