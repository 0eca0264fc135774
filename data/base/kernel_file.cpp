// SPDX-License-Identifier: Apache-2.0
#include "data/base/kernel_file.h"

#include <fstream>
#include <sstream>

namespace ecumene {

std::optional<std::int64_t> kernelBytes(const std::string& file, std::string_view key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, unit;
    std::int64_t kibibytes = 0;
    if (!(words >> name >> kibibytes >> unit) || unit != "kB") continue;
    if (name.size() == key.size() + 1 && name.starts_with(key) && name.ends_with(':')) return kibibytes * 1024;
  }
  return std::nullopt;
}

}  // namespace ecumene
