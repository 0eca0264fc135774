// SPDX-License-Identifier: Apache-2.0
#include "engine/transfer/origin.h"

#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::engine::transfer {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::optional<Origin> originOf(const fs::path& run) {
  std::error_code ignored;
  if (!fs::exists(run / kOriginFile, ignored)) return std::nullopt;
  try {
    const Json json = Json::parse(readFile(run / kOriginFile));
    Origin origin{json.at("host"), json.at("id"), json.at("time"), json.at("state_times"), json.at("mirror"), {}};
    for (const auto& [name, file] : json.at("files").items()) {
      origin.files.push_back({name, file.at("bytes"), file.at("sha256")});
    }
    return origin;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void writeOrigin(const fs::path& run, const Origin& origin) {
  Json files = Json::object();
  for (const File& file : origin.files) files[file.name] = {{"bytes", file.bytes}, {"sha256", file.sha256}};
  const Json json = {{"host", origin.host},     {"id", origin.id},
                     {"time", origin.time},     {"state_times", origin.stateTimes},
                     {"mirror", origin.mirror}, {"files", files}};
  writeFileAtomically(run / kOriginFile, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace ecumene::engine::transfer
