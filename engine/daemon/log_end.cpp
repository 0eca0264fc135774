// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/log_end.h"

#include <algorithm>
#include <fstream>

namespace ecumene::engine::daemon {
namespace {

constexpr std::streamoff kMostBytes = 16 << 10;
constexpr std::size_t kLongestLine = 500;

}  // namespace

std::string logEnd(const std::filesystem::path& log) {
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  if (!file) return {};
  const std::streamoff size = file.tellg();
  const std::streamoff begin = std::max<std::streamoff>(0, size - kMostBytes);
  std::string text(static_cast<std::size_t>(size - begin), '\0');
  file.seekg(begin);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::string lastLine(const std::string& text) {
  const std::size_t end = text.find_last_not_of(" \r\n\t");
  if (end == std::string::npos) return {};
  // Behind the break in front of it, or from the beginning: npos + 1 is 0.
  const std::size_t begin = text.find_last_of("\r\n", end) + 1;
  return text.substr(begin, std::min(end - begin + 1, kLongestLine));
}

}  // namespace ecumene::engine::daemon
