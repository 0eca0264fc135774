// SPDX-License-Identifier: Apache-2.0
#include "engine/hf/json_file.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "data/base/error.h"

namespace ecumene::engine::hf {
namespace {

constexpr std::uintmax_t kLargest = std::uintmax_t{64} << 20;

}  // namespace

nlohmann::json readJson(const std::filesystem::path& file) {
  std::error_code failure;
  const std::uintmax_t size = std::filesystem::file_size(file, failure);
  if (failure) throw systemError("cannot read the file", file.string(), failure.value());
  if (size > kLargest) {
    throw Error("the file is too large for what it should be")
        .on(file.string())
        .expected("at most 64 MiB of JSON")
        .found(std::to_string(size) + " bytes");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw systemError("cannot open the file", file.string(), errno);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  try {
    nlohmann::json parsed = nlohmann::json::parse(text);
    if (parsed.is_object()) return parsed;
  } catch (const nlohmann::json::exception& error) {
    throw Error("the file is not JSON").on(file.string()).found(error.what());
  }
  throw Error("the file holds no JSON object").on(file.string()).found(text.substr(0, 40));
}

void writeJson(const std::filesystem::path& file, const nlohmann::json& value) {
  std::ofstream stream(file, std::ios::binary);
  stream << value.dump(2) << '\n';
  stream.flush();
  if (!stream) throw systemError("cannot write the file", file.string(), errno);
}

}  // namespace ecumene::engine::hf
